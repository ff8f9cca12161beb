"""Options that several commands have: a dataclass in a command's parameters stands for its fields."""

from dataclasses import dataclass
from inspect import signature
from typing import Annotated

import pytest
import typer
from clickwright.errors import UsageError
from clickwright.options.grouped import Only, grouped
from typer.testing import CliRunner


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    colour: Annotated[str, typer.Option(help="Of all of it.")]
    coats: Annotated[int, typer.Option(min=1)] = 2
    glossy: Annotated[bool, typer.Option("--glossy")] = False
    over: Annotated[tuple[str, ...], typer.Option(metavar="WHAT")] = ()

    def __post_init__(self) -> None:
        if self.glossy and self.colour == "grey":
            raise UsageError("grey is not glossy")


told: list[object] = []
app = typer.Typer()


@app.command("paint")
@grouped
def paint_command(wall: str, *, paint: Paint, twice: bool = False) -> None:
    """Paint a wall."""
    told.append((wall, paint, twice))


@app.command("dot")
@grouped
def dot_command(size: int = 1, *, paint: Annotated[Paint, Only("colour", "over")]) -> None:
    """Paint a dot."""
    told.append((size, paint))


def run(*words: str) -> object:
    """What the command was told; None where it was not called."""
    told.clear()
    result = CliRunner().invoke(app, words)
    if isinstance(result.exception, UsageError):
        raise result.exception
    return told[0] if told else None


def test_each_field_is_an_option_and_comes_back_in_the_dataclass():
    assert run("paint", "north", "--colour", "red") == ("north", Paint(colour="red"), False)
    given = run("paint", "--colour", "red", "--coats", "3", "--glossy", "--over", "a", "--over", "b", "--twice", "x")
    assert given == ("x", Paint(colour="red", coats=3, glossy=True, over=("a", "b")), True)


def test_a_command_may_have_some_of_them_only():
    assert run("dot", "--colour", "red", "--over", "a") == (1, Paint(colour="red", over=("a",)))
    assert run("dot", "--colour", "red", "--coats", "3") is None
    assert list(signature(dot_command).parameters) == ["size", "colour", "over"]


def test_a_field_is_bound_as_a_parameter_is():
    assert run("paint", "north") is None  # without a colour
    assert run("paint", "north", "--colour", "red", "--coats", "0") is None


def test_what_does_not_go_together_is_refused_by_the_dataclass():
    with pytest.raises(UsageError, match="grey is not glossy"):
        run("paint", "north", "--colour", "grey", "--glossy")


def test_the_help_tells_of_the_fields():
    shown = CliRunner().invoke(app, ["paint", "--help"]).output
    assert "--coats" in shown
    assert "Of all of it." in shown
    assert "WHAT" in shown
