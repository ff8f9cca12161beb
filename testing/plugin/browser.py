"""A browser for pytest-playwright where Playwright's own is not installed. Loaded only beside that plugin."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Launch = Callable[..., Any]
_IS_EMPTIED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def launch_browser(
    launch_browser: Launch, browser_type_launch_args: dict[str, Any], browser_type: Any, connect_options: Any
) -> Launch:
    """What `find_browser` finds is launched, unless the user names a program, a channel or a server."""

    def launch(**said: Any) -> Any:
        """As pytest-playwright's own, with a program where Playwright has none."""
        wanted = {**browser_type_launch_args, **said}
        if (
            connect_options
            or browser_type.name != "chromium"
            or wanted.get("executable_path")
            or wanted.get("channel")
            or Path(browser_type.executable_path).exists()
        ):
            return launch_browser(**said)
        from ...environments import find_browser

        found = find_browser(headless=wanted.get("headless", True))
        return launch_browser(**said, executable_path=found)

    return launch


@pytest.fixture(scope="session", autouse=True)
def delete_output_dir(request: pytest.FixtureRequest) -> None:
    """Once in a run, also where the fixtures of the session begin anew because the browser has crashed."""
    if not request.config.stash.get(_IS_EMPTIED, False):
        request.config.stash[_IS_EMPTIED] = True
        request.getfixturevalue("delete_output_dir")
