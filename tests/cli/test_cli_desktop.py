"""Runs on a desktop that the command starts, and what is told where it cannot."""

import json
from collections.abc import Callable
from pathlib import Path

import clickwright as package
import pytest
from clickwright.options.desktop import ChosenDesktop
from clickwright.screen import Size

from .conftest import Said

MINI = Path(package.__file__).parent / "model" / "mini"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands write into a folder of their own, and see no display."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.slow
@pytest.mark.skipif(not (MINI / "config.json").exists(), reason="clickwright/mini is not in this checkout")
def test_run_acts_on_an_application(clickwright: Callable[..., Said]):
    Path("a note.txt").write_text("")
    said = clickwright(
        *("run", "--step", 'Type "Hello".', "--run-dir", "run", "--max-steps", "2"),
        *("--virtual-display", "1000x700", "--app", "mousepad 'a note.txt'"),
    )
    assert "Traceback" not in said.out + said.err
    steps = [json.loads(line) for line in Path("run/steps.jsonl").read_text("utf-8").splitlines()]
    assert steps[0]["saw"]["title"].endswith("a note.txt - Mousepad")
    assert "</html>" in Path("run/report.html").read_text("utf-8")


def test_a_command_is_split_as_a_shell_would_and_given_to_none():
    chosen = ChosenDesktop(virtual_display="800x600", app="editor 'a b.txt' $HOME; ls")
    environment = chosen.environment()
    assert environment.virtual_display is not None
    assert environment.virtual_display.size == Size(800, 600)
    assert environment.app == ("editor", "a b.txt", "$HOME;", "ls")


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("--desktop",), 4, "there is no display: DISPLAY is not set"),
        (("--desktop", "--url", "https://example.org"), 2, "start a browser there with --app 'PROGRAM URL'"),
        (("--virtual-display", "big"), 2, "a virtual display is written like 1288x728, not 'big'"),
        (("--virtual-display", "800x600", "--app", "edit 'x"), 2, "--app is no command: No closing quotation"),
        (("--virtual-display", "800x600", "--region", "1,2,3"), 2, "a region is written X,Y,WIDTH,HEIGHT"),
        (("--virtual-display", "800x600", "--elements"), 2, "a desktop does not tell what can be used on it"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    clickwright: Callable[..., Said], arguments: tuple[str, ...], code: int, reason: str
):
    said = clickwright("run", "Click the green button.", *arguments)
    assert said.code == code
    assert reason in said.complaint
