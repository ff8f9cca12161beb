"""Makes a virtual environment with BrowserGym in it, which cannot share one with us: it pins an old Playwright."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ...errors import EnvironmentLost, UsageError
from ..browser.find import find_browser

Tell = Callable[[str], object]

SUITES = ("miniwob", "webarena", "visualwebarena", "workarena", "assistantbench", "experiments")
"""What is to be had beside browsergym-core; experiments has the loop that runs agents."""
INSTALL_S = 1800.0
INSIDE = Path(__file__).with_name("venv_side")
_PATHS = "clickwright_agent.pth"


def install_browsergym(
    folder: Path | str, suites: Iterable[str] = ("miniwob",), *, tell: Tell | None = None, executable: str = ""
) -> Path:
    """Make or complete the virtual environment in this folder; the path of its Python, for BrowserGymEnvironment.

    Downloads from the package index: browsergym-core (Playwright, numpy, Pillow, lxml, mcp and more: 330 MB on
    disk), browsergym-SUITE for each suite, and for miniwob the pages of the package miniwob. No browser is downloaded:
    the one that we use is linked in the place of Playwright's own, or the one named by `executable`. Raises UsageError
    for a suite that is not known and for Windows, EnvironmentLost with pip's last line when it fails.
    """
    tell, chosen = tell or _to_terminal, tuple(suites)
    _require_possible(chosen)
    browser = Path(executable) if executable else find_browser()
    folder = Path(folder).resolve()
    python = folder / "bin" / "python"
    if not python.exists():
        tell(f"Making a virtual environment in {folder}.")
        _run((sys.executable, "-m", "venv", str(folder)))
    _install(python, chosen, tell)
    tell(f"Linking {browser} in the place of Playwright's own browser.")
    _link_browser(folder, python, browser)
    _site_packages(python).joinpath(_PATHS).write_text(f"{INSIDE}\n", "utf-8")
    return python


def _require_possible(suites: Sequence[str]) -> None:
    for suite in suites:
        if suite not in SUITES:
            raise UsageError(f"BrowserGym has no suite {suite}; known are {', '.join(SUITES)}")
    if os.name == "nt":
        raise UsageError("the browser is linked into the environment, which is not done on Windows; make it by hand")


def _install(python: Path, suites: Sequence[str], tell: Tell) -> None:
    packages = ["browsergym-core", *(f"browsergym-{suite}" for suite in suites)]
    if "experiments" in suites:
        packages.append("tqdm")  # imported there, but not declared
    pip = (str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check")
    tell(f"Downloading {', '.join(packages)} and what they need.")
    _run((*pip, *packages))
    if "miniwob" in suites:
        tell("Downloading the pages of miniwob.")
        _run((*pip, "--no-deps", "miniwob"))  # its pages are wanted, not selenium


def _link_browser(folder: Path, python: Path, browser: Path) -> None:
    """Where its Playwright looks for the revision of Chromium that it pins."""
    listed = _site_packages(python) / "playwright" / "driver" / "package" / "browsers.json"
    told = json.loads(listed.read_text("utf-8"))["browsers"]
    revision = next(one["revision"] for one in told if one["name"] == "chromium")
    home = folder / "browsers" / f"chromium-{revision}"
    inner = "chrome-mac/Chromium.app/Contents/MacOS/Chromium" if sys.platform == "darwin" else "chrome-linux/chrome"
    link = home / inner
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(browser.resolve())
    (home / "INSTALLATION_COMPLETE").touch()


def _site_packages(python: Path) -> Path:
    return Path(_run((str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")).strip())


def _run(command: Sequence[str]) -> str:
    """What it writes. Raises EnvironmentLost with its last line when it fails or takes too long."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=INSTALL_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise EnvironmentLost(f"{command[0]} was not done after {INSTALL_S:g} s") from None
    except OSError as error:
        raise EnvironmentLost(f"{command[0]} could not be started: {error.strerror}") from None
    if done.returncode != 0:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise EnvironmentLost(f"{Path(command[0]).name} failed: {lines[-1][:300] if lines else done.returncode}")
    return done.stdout


def _to_terminal(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
