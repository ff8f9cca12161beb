"""The commands about pictures: `clickwright ask` answers questions, `clickwright ground` finds one thing."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from .errors import BadModelOutput, UsageError
from .options.grouped import Only, grouped
from .options.model import LOADED, Chosen

if TYPE_CHECKING:
    from .model import Generation, Video
    from .policies import Reply
    from .screen import Mark, Point, Screenshot

USAGE = 'clickwright ask FILE... "QUESTION"'
MAX_LABEL_CHARS = 40
"""Of a description on a picture that holds many; the printed one is whole."""


@grouped
def ask(
    file: Annotated[list[str] | None, typer.Argument(help="Pictures in their order, or one video.")] = None,
    question: Annotated[str, typer.Argument(help="What you want to know; may be left out with --ground.")] = "",
    ground: Annotated[
        bool,
        typer.Option("--ground", help="Draw what the answer names on a copy of the picture; a caption unless asked."),
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Where the drawn picture goes; beside you unless told.")] = None,
    max_new_tokens: Annotated[int | None, typer.Option(min=1, help="End the answer after so many tokens.")] = None,
    *,
    chosen: Annotated[Chosen, Only(*LOADED)],
) -> None:
    """Ask about pictures or a video. With --ground, the boxes of the answer are drawn."""
    if out is not None and not ground:
        raise UsageError("--out is for the picture that --ground draws")
    files, asked = _parted(file or [], question, needs_question=not ground)
    if ground:
        _answer_with_places(chosen, files, asked, out, max_new_tokens)
    else:
        _answer(chosen, files, asked, max_new_tokens)


def _parted(files: Sequence[str], question: str, *, needs_question: bool) -> tuple[list[Path], str]:
    """The files and the question: the last word may be either, and one that names a file is one."""
    if _is_file(question):
        files, question = [*files, question], ""
    if not files and not question:
        raise UsageError(f"name a picture or a video and ask about it: {USAGE}")
    if not files:
        raise UsageError(f"no file stands before {question[:80]!r}, and none has that name: {USAGE}")
    if needs_question and not question.strip():
        raise UsageError(f"say what you want to know of {files[-1]}: {USAGE}")
    return [Path(file) for file in files], question.strip()


def _is_file(word: str) -> bool:
    try:
        return Path(word).is_file()
    except OSError:  # a question may be longer than any name
        return False


def _answer(chosen: Chosen, files: list[Path], question: str, max_new_tokens: int | None) -> None:
    """Print the answer as it is written."""
    from .agent.words import visible
    from .policies.asking import ask, require_asks

    require_asks(chosen.found_profile())
    seen = _read(files)
    policy = chosen.policy()
    reply = ask(
        policy.model,
        policy.profile,
        question,
        seen,
        max_new_tokens=max_new_tokens,
        on_text=lambda piece: typer.echo(visible(piece), nl=False),
    )
    typer.echo()
    _tell_cut(reply.generation)


def _answer_with_places(
    chosen: Chosen, files: list[Path], question: str, out: Path | None, max_new_tokens: int | None
) -> None:
    """Print the answer with a number for each place, then the places, and draw them."""
    from .agent.words import visible
    from .policies.asking import ask_places, require_asks
    from .screen import draw_marks, write_image

    require_asks(chosen.found_profile(), places=True)
    screenshot = _read_one(files)
    policy = chosen.policy()
    try:
        reply = ask_places(policy.model, policy.profile, question, screenshot, max_new_tokens=max_new_tokens)
    except BadModelOutput as error:
        typer.echo(visible(error.raw))  # an answer without places is one all the same
        raise
    if reply.text:
        typer.echo(f"{visible(reply.text)}\n")
    marks = _marks(reply)
    for mark in marks:
        typer.echo(f"{visible(mark.label)}  {_where(mark)}")
    drawn = draw_marks(screenshot, [_short(mark) for mark in marks])
    path = Path(f"{files[0].stem}-ask.png") if out is None else out
    write_image(path, drawn)
    typer.echo(f"picture: {path}")
    _tell_cut(reply.generation)


def _read(files: list[Path]) -> "tuple[Screenshot, ...] | Video":
    """Pictures, or the one video. Raises UsageError for both together and for files that cannot be read."""
    from .model.video import SUFFIXES, read_video
    from .screen import read_image

    videos = [file for file in files if file.suffix.lower() in SUFFIXES]
    if not videos:
        return tuple(read_image(file) for file in files)
    if len(files) > 1:
        raise UsageError(f"give pictures, or one video alone: {videos[0]} is a video")
    return read_video(videos[0])


def _read_one(files: list[Path]) -> "Screenshot":
    """The only picture. A place does not say on which of several it is."""
    match _read(files) if len(files) == 1 else None:
        case (screenshot,):
            return screenshot
        case _:
            raise UsageError("--ground draws on one picture: give one, and no video")


def _marks(reply: "Reply") -> "list[Mark]":
    """Every shape in order, with the number that stands for it in the text."""
    from .screen import Mark

    named = [(reference.description, shape) for reference in reply.references for shape in reference.shapes]
    return [Mark(shape=shape, label=f"[{n}] {words}".rstrip()) for n, (words, shape) in enumerate(named, 1)]


def _short(mark: "Mark") -> "Mark":
    label = mark.label
    return mark if len(label) <= MAX_LABEL_CHARS else replace(mark, label=f"{label[: MAX_LABEL_CHARS - 1]}…")


def _where(mark: "Mark") -> str:
    """In pixels of the picture."""
    from .screen import Box, Point, Quad

    match mark.shape:
        case Point() as point:
            return _pair(point)
        case Box(x1, y1, x2, y2):
            return f"{_pair(Point(x1, y1))} to {_pair(Point(x2, y2))}"
        case Quad(corners):
            return ", ".join(map(_pair, corners))
        case _:
            assert_never(mark.shape)


def _pair(point: "Point") -> str:
    return f"({point.x:.0f}, {point.y:.0f})"


def _tell_cut(generation: "Generation") -> None:
    if generation.finish == "length":
        typer.echo(f"cut off after {generation.new_tokens} tokens; --max-new-tokens allows more", err=True)


@grouped
def ground(
    image: Annotated[Path, typer.Argument(help="A screenshot: PNG, JPEG, WebP ...")],
    description: Annotated[str, typer.Argument(help="What to find, such as 'the green button'.")],
    out: Annotated[Path | None, typer.Option(help="Where the marked picture goes; beside you unless told.")] = None,
    *,
    chosen: Annotated[Chosen, Only(*LOADED, "zoom")],
) -> None:
    """Find a described thing on a screenshot: print its box, mark it on a copy."""
    from .screen import draw_overlay, read_image, write_image

    screenshot = read_image(image)
    found = chosen.policy().ground(screenshot, description)
    boxes = () if found.box is None else (found.box,)
    for box in boxes:
        typer.echo(f"box:        ({box.x1:.0f}, {box.y1:.0f}) to ({box.x2:.0f}, {box.y2:.0f})")
    typer.echo(f"click:      ({found.point.x:.0f}, {found.point.y:.0f})")
    sureness = "" if found.confidence is None else f"{100 * found.confidence:.0f} %"
    typer.echo(f"confidence: {sureness or 'not known'}{f', after {found.looks} looks' if found.looks > 1 else ''}")
    if found.spread is not None:
        typer.echo(f"spread:     ±{found.spread.x:.0f} px across, ±{found.spread.y:.0f} px down")
    marked = draw_overlay(screenshot, boxes=boxes, click=found.point, label=f"{description}  {sureness}")
    path = Path(f"{image.stem}-ground.png") if out is None else out
    write_image(path, marked)
    typer.echo(f"picture:    {path}")
