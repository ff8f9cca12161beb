"""Finding a browser: settings first, then Playwright's own builds, then PATH, else one sentence; and installing one."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from clickwright.environments import find_browser, install_browser
from clickwright.environments.browser.find import VARIABLE
from clickwright.errors import EnvironmentLost


def program(path: Path, script: str = "exit 0") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nothing is installed."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))


def revision(name: str) -> str:
    spec = find_spec("playwright")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    listed = Path(spec.submodule_search_locations[0]) / "driver" / "package" / "browsers.json"
    return next(entry["revision"] for entry in json.loads(listed.read_text())["browsers"] if entry["name"] == name)


def test_no_browser_is_one_sentence_that_says_what_to_install() -> None:
    with pytest.raises(EnvironmentLost) as caught:
        find_browser()
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert all(word in sentence for word in ("Chrome", "Chromium", "Edge", VARIABLE))


def test_browsers_on_path_are_found_chrome_first(tmp_path: Path) -> None:
    edge = program(tmp_path / "bin" / "microsoft-edge")
    assert find_browser() == edge
    chromium = program(tmp_path / "bin" / "chromium")
    assert find_browser() == chromium
    chrome = program(tmp_path / "bin" / "google-chrome")
    assert find_browser() == chrome
    shell = program(tmp_path / "bin" / "chromium-headless-shell")
    assert (find_browser(), find_browser(headless=False)) == (shell, chrome)


def test_playwrights_own_comes_before_path_and_its_shell_only_without_a_window(tmp_path: Path) -> None:
    chromium = program(tmp_path / "bin" / "chromium")
    downloads = tmp_path / "downloads"
    folder = f"chromium_headless_shell-{revision('chromium-headless-shell')}"
    shell = program(downloads / folder / "chrome-headless-shell-linux64" / "chrome-headless-shell")
    assert (find_browser(), find_browser(headless=False)) == (shell, chromium)
    windowed = program(downloads / f"chromium-{revision('chromium')}" / "chrome-linux64" / "chrome")
    assert find_browser(headless=False) == windowed
    shell.chmod(0o644)
    assert find_browser() == windowed
    program(downloads / "chromium-1" / "chrome-linux64" / "chrome")  # of another version of Playwright
    windowed.unlink()
    assert find_browser() == chromium


def test_a_setting_wins_and_a_wrong_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin" / "chromium")
    mine, variables = program(tmp_path / "mine"), program(tmp_path / "variables")
    monkeypatch.setenv(VARIABLE, str(variables))
    assert find_browser() == variables
    assert find_browser(mine) == mine
    assert find_browser("chromium") == tmp_path / "bin" / "chromium"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nothing"))
    with pytest.raises(EnvironmentLost, match=f"{VARIABLE} names .*nothing, which is not a program"):
        find_browser()


def test_installing_does_nothing_where_there_is_a_browser(tmp_path: Path) -> None:
    chromium = program(tmp_path / "bin" / "chromium")
    told: list[str] = []
    assert install_browser(told.append) == chromium
    assert told == []


@pytest.mark.slow
def test_installing_goes_on_to_the_package_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:1")  # nothing answers there
    monkeypatch.setattr("os.geteuid", lambda: 0)
    chromium = tmp_path / "bin" / "chromium"
    program(tmp_path / "bin" / "env", 'shift; exec "$@"')
    program(
        tmp_path / "bin" / "apt-get",
        f'[ "$2" = install ] && echo "#!/bin/sh" > {chromium} && /bin/chmod 755 {chromium}',
    )
    told: list[str] = []
    assert install_browser(told.append) == chromium
    assert told[0].startswith("Asking Playwright")
    assert any(sentence.startswith("Asking the system's package manager") for sentence in told)


@pytest.mark.slow
def test_installing_ends_with_the_sentence_when_nothing_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:1")
    told: list[str] = []
    with pytest.raises(EnvironmentLost, match="no browser was found"):
        install_browser(told.append)
    assert "There is no apt-get here." in told
