"""One step: a map of one word of the vocabulary, and what it is about."""

import re
from collections.abc import Callable
from functools import partial
from typing import Literal

from ...errors import BadModelOutput
from ...tools.keys import split_chord
from .nodes import Entries, Node, StepFileError, Text
from .step import Choose, Drag, Fill, Get, Goto, LookLike, Point, Press, Say, ScrollTo, Step, Upload, WaitFor
from .taking import Taken, items_in, kind_of, plain_in, words_in
from .words import NAME, Words, meant

MAX_STEPS = 1000
NAME_OF_PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
MAX_WAIT_S = 3600
MAX_PRESS_S = 60


def read_steps(node: Node, what: str) -> tuple[Step, ...]:
    """Raises StepFileError for what is no list of steps."""
    items = items_in(node, what)
    if len(items) > MAX_STEPS:
        raise StepFileError(node.line, f"{what} has at most {MAX_STEPS:,} steps, this one {len(items):,}")
    return tuple(read_step(item) for item in items)


def read_step(node: Node) -> Step:
    if not isinstance(node, Entries) or len(node.entries) != 1:
        shown = "a map of several words" if isinstance(node, Entries) and node.entries else kind_of(node)
        raise StepFileError(node.line, f"a step is one word and what it is about, like `- tap: Log in`, not {shown}")
    ((verb, about),) = node.entries.items()
    line = node.lines[verb]
    if verb not in VOCABULARY:
        raise StepFileError(line, f"there is no step {verb[:50]!r}{meant(verb, VOCABULARY)}")
    return VOCABULARY[verb](about, line)


def _point(
    node: Node, line: int, *, does: Literal["tap", "double_tap", "long_press", "hover"], also: tuple[str, ...] = ()
) -> Step:
    if isinstance(node, Text):
        return Point(does=does, what=words_in(node, f"`{does}`"), line=line)
    taken = Taken(node, f"`{does}`", ("what", "selector", *also))
    return Point(
        does=does,
        what=taken.words("what"),
        selector=taken.some_words("selector"),
        button=taken.one_of("button", ("left", "right", "middle")),
        seconds=taken.number("seconds", least=0.1, most=MAX_PRESS_S),
        line=line,
    )


def _fill(node: Node, line: int) -> Step:
    taken = Taken(node, "`fill`", ("field", "with", "selector"))
    field = taken.words("field")
    text = words_in(taken.needed("with"), "`with` of `fill`", may_be_empty=True)
    return Fill(field=field, text=text, selector=taken.some_words("selector"), line=line)


def _choose(node: Node, line: int) -> Step:
    taken = Taken(node, "`choose`", ("from", "option", "selector"))
    field, option = taken.words("from"), taken.words("option")
    return Choose(field=field, option=option, selector=taken.some_words("selector"), line=line)


def _upload(node: Node, line: int) -> Step:
    taken = Taken(node, "`upload`", ("field", "file", "files", "selector"))
    given = [words_in(item, "`files` of `upload`") for item in taken.items("files")]
    files = (*((taken.words("file"),) if "file" in taken else ()), *given)
    if not files:
        raise StepFileError(line, "`upload` needs `file`, or `files` with at least one of them")
    return Upload(field=taken.words("field"), files=files, selector=taken.some_words("selector"), line=line)


def _drag(node: Node, line: int) -> Step:
    taken = Taken(node, "`drag`", ("what", "to"))
    return Drag(what=taken.words("what"), to=taken.words("to"), line=line)


def _scroll_to(node: Node, line: int) -> Step:
    if isinstance(node, Text):
        return ScrollTo(what=words_in(node, "`scroll_to`"), line=line)
    taken = Taken(node, "`scroll_to`", ("what", "inside"))
    return ScrollTo(what=taken.words("what"), inside=taken.some_words("inside"), line=line)


def _press(node: Node, line: int) -> Step:
    chord = plain_in(node, "`press`")
    try:
        return Press(keys=split_chord(chord), line=line)
    except BadModelOutput as error:
        raise StepFileError(node.line, f"`press` should be keys like Control+s: {error}") from None


def _say(node: Node, line: int, *, does: Literal["do", "check", "locate", "switch_tab"]) -> Step:
    return Say(does=does, what=words_in(node, f"`{does}`"), line=line)


def _wait_for(node: Node, line: int) -> Step:
    if isinstance(node, Text):
        return WaitFor(claim=words_in(node, "`wait_for`"), line=line)
    taken = Taken(node, "`wait_for`", ("claim", "seconds"))
    return WaitFor(claim=taken.words("claim"), seconds=taken.number("seconds", least=0, most=MAX_WAIT_S), line=line)


def _get(node: Node, line: int) -> Step:
    taken = Taken(node, "`get`", ("what", "type", "as"))
    what, name = taken.words("what"), plain_in(taken.needed("as"), "`as` of `get`")
    require_name(name, taken.needed("as").line)
    return Get(what=what, kind=taken.one_of("type", ("text", "integer", "decimal", "date")), name=name, line=line)


def _goto(node: Node, line: int) -> Step:
    return Goto(url=words_in(node, "`goto`"), line=line)


def _look_like(node: Node, line: int) -> Step:
    if isinstance(node, Text):
        return LookLike(name=_picture_name(node), line=line)
    taken = Taken(node, "`look_like`", ("name", "area", "without", "tolerance"))
    return LookLike(
        name=_picture_name(taken.needed("name")),
        area=taken.some_words("area"),
        without=tuple(words_in(item, "`without` of `look_like`") for item in taken.items("without")),
        tolerance=taken.number("tolerance", least=0, most=1) or 0.0,
        line=line,
    )


def _picture_name(node: Node) -> str:
    name = plain_in(node, "`look_like`")
    if not NAME_OF_PICTURE.fullmatch(name):
        raise StepFileError(node.line, f"`look_like` should be a name of letters, digits, . _ and -, not {name[:50]!r}")
    return name


def require_name(name: str, line: int) -> None:
    """Raises StepFileError for what cannot stand in `${...}`."""
    if not NAME.fullmatch(name):
        raise StepFileError(line, f"a variable's name is of letters, digits and _, not {name[:50]!r}")


def told_words(step: Step) -> tuple[tuple[Words, str], ...]:
    """What a step says that is looked for, recorded or shown, so that no secret may stand in it."""
    match step:
        case Point():
            return ((step.what, f"`{step.does}`"), *_selector(step.selector))
        case Fill():
            return ((step.field, "`field` of `fill`"), *_selector(step.selector))
        case Choose():
            return (
                (step.field, "`from` of `choose`"),
                (step.option, "`option` of `choose`"),
                *_selector(step.selector),
            )
        case Upload():
            return ((step.field, "`field` of `upload`"), *_named(step.files, "`upload`"), *_selector(step.selector))
        case Drag():
            return _named((step.what, step.to), "`drag`")
        case ScrollTo():
            return _named((step.what, *((step.inside,) if step.inside else ())), "`scroll_to`")
        case Say():
            return ((step.what, f"`{step.does}`"),)
        case WaitFor():
            return ((step.claim, "`wait_for`"),)
        case Get():
            return ((step.what, "`get`"),)
        case LookLike():
            return _named((*((step.area,) if step.area else ()), *step.without), "`look_like`")
        case Press() | Goto():
            return ()


def hidden_words(step: Step) -> tuple[Words, ...]:
    """What a step types or opens, where secrets may stand."""
    match step:
        case Fill():
            return (step.text,)
        case Goto():
            return (step.url,)
        case _:
            return ()


def _named(some: tuple[Words, ...], what: str) -> tuple[tuple[Words, str], ...]:
    return tuple((words, what) for words in some)


def _selector(selector: Words | None) -> tuple[tuple[Words, str], ...]:
    return () if selector is None else ((selector, "`selector`"),)


VOCABULARY: dict[str, Callable[[Node, int], Step]] = {
    "tap": partial(_point, does="tap", also=("button",)),
    "double_tap": partial(_point, does="double_tap"),
    "long_press": partial(_point, does="long_press", also=("seconds",)),
    "hover": partial(_point, does="hover"),
    "fill": _fill,
    "choose": _choose,
    "press": _press,
    "upload": _upload,
    "drag": _drag,
    "scroll_to": _scroll_to,
    "switch_tab": partial(_say, does="switch_tab"),
    "do": partial(_say, does="do"),
    "wait_for": _wait_for,
    "check": partial(_say, does="check"),
    "get": _get,
    "goto": _goto,
    "locate": partial(_say, does="locate"),
    "look_like": _look_like,
}
