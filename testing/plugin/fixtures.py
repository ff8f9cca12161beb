"""The fixtures `ui` and `async_ui`, and those that users may override: `ui_screen` and `ui_model`."""

from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, Any

import pytest

from .options import settings_of
from .running import run_of

if TYPE_CHECKING:
    from ..eyes import Eyes
    from ..front import Ui
    from ..ui import AsyncUi

NO_SCREEN = (
    "a UI test needs a screen: install pytest-playwright, or write a fixture ui_screen that returns a page or an "
    "environment"
)


@pytest.fixture(scope="session")
def ui_model(pytestconfig: pytest.Config) -> "str | Eyes":
    """Who looks at the screen where a model has to: `--ui-model`, loaded once, when it is first needed.

    Override it to give your own `Eyes`.
    """
    settings = settings_of(pytestconfig)
    if settings.mode == "replay":
        return settings.model
    from ..ways.choose import eyes_of

    return eyes_of(settings.model)


@pytest.fixture
def ui(request: pytest.FixtureRequest, ui_screen: Any, ui_model: "str | Eyes") -> "Generator[Ui]":
    """The words of a test over what `ui_screen` returns: `page`, where it is not overridden.

    What was recorded or healed is written when the test has passed. An environment is closed afterwards.
    """
    from ..front import Ui

    run = run_of(request.node)
    with Ui(ui_screen, **run.arguments(ui_model)) as opened:
        run.words = opened.words
        yield opened
        run.tell_allure()


async def opened(request: pytest.FixtureRequest, ui_screen: Any, ui_model: "str | Eyes") -> "AsyncGenerator[AsyncUi]":
    """As the fixture `ui` has it, for tests that `await`."""
    from ..front import open_ui

    run = run_of(request.node)
    run.words = words = open_ui(ui_screen, **run.arguments(ui_model))
    try:
        yield words
        run.tell_allure()
    finally:
        await words.stage.end()


async_ui = pytest.fixture(name="async_ui")(opened)


def screen_fixtures(has_page: bool) -> object:
    """Where a test's screen comes from when its user says nothing. `has_page`: pytest-playwright is there."""
    return _Page() if has_page else _AnyPage()


class _Page:
    @pytest.fixture
    def ui_screen(self, page: Any) -> Any:
        """The page of pytest-playwright. Override it to return an environment, one for each test."""
        return page


class _AnyPage:
    @pytest.fixture
    def ui_screen(self, request: pytest.FixtureRequest) -> Any:
        """A fixture `page` of the user's. Override it to return an environment, one for each test."""
        from ...errors import UsageError

        try:
            return request.getfixturevalue("page")
        except pytest.FixtureLookupError as error:
            if error.argname != "page":
                raise
            raise UsageError(NO_SCREEN) from None
