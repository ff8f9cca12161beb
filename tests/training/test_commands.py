"""How the commands that draw, play and measure end: in one sentence, with the exit code of what went wrong."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from clickwright.errors import EnvironmentLost, ModelUnavailable
from clickwright.exits import in_one_sentence
from clickwright.training.episodes import play
from clickwright.training.figures import measure
from clickwright.training.pages import render

EMPTY = {
    "figures.calibrate": ["--held", "{}"],
    "figures.curve": ["{}", "--out", "{}/curve.png"],
    "figures.looks": ["--held", "{}"],
    "figures.measure": ["--held", "{}"],
    "figures.overlap": ["--trained", "{}", "--measured", "{}", "--run", "{}"],
    "pages.records": ["{}", "{}/records"],
}


def ended(name: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    """The exit code of a command."""
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    with pytest.raises(SystemExit) as end:
        import_module(f"clickwright.training.{name}").main()
    return end.value.code


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_folder_is_one_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if name in ("figures.calibrate", "figures.looks", "figures.measure"):
        module = import_module(f"clickwright.training.{name}")
        monkeypatch.setattr(module, "load_policy", lambda *_, **__: None)
    assert ended(name, [one.format(tmp_path) for one in EMPTY[name]], monkeypatch) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("clickwright: ")
    assert str(tmp_path) in told


@pytest.mark.parametrize("module", [render, play])
def test_a_missing_browser_is_one_sentence(
    module: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLICKWRIGHT_BROWSER", str(tmp_path / "nothing"))
    name = "pages.render" if module is render else "episodes.play"
    assert ended(name, ["--out", str(tmp_path / "out"), "--count", "1"], monkeypatch) == EnvironmentLost.exit_code
    (told,) = capsys.readouterr().err.splitlines()
    assert "is not a program on this machine" in told
    assert not any((tmp_path / "out").iterdir())


def test_what_is_no_error_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), in_one_sentence():
        raise ZeroDivisionError
    with pytest.raises(SystemExit, match=str(ModelUnavailable.exit_code)), in_one_sentence():
        raise ModelUnavailable("none")
    assert measure.main.__doc__
