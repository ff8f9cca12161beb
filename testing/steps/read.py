"""A step file from its YAML. Anything that is not as it should be is one UsageError, with the file and the line."""

import re
from pathlib import Path

from ...errors import UsageError
from ...options.sizes import read_size
from .file import Limits, Start, StepFile, StepTest
from .known import require_all_known
from .nodes import MAX_BYTES, Entries, Node, StepFileError, Text, read_nodes
from .read_step import read_steps, require_name
from .step import Step
from .taking import Taken, items_in, plain_in, text_in, words_in
from .words import Words

MAX_TESTS = 1000
MAX_ROWS = 1000
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_LOCALE = re.compile(r"[A-Za-z0-9-]{2,35}")
_TOP = ("name", "start", "variables", "tags", "budget", "before", "after", "tests")
_START = ("url", "desktop", "demo", "viewport", "scale", "mobile", "locale")


def read_file(path: Path) -> StepFile:
    """Raises UsageError for a file that is missing, and for the first thing in it that is not as it should be."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    return parse_file(content, path)


def parse_file(content: bytes, path: Path) -> StepFile:
    """The same for what a file holds."""
    try:
        file = _file(read_nodes(content), path)
        require_all_known(file)
    except StepFileError as fault:
        raise UsageError(f"{path}:{fault.line}: {fault}") from None
    return file


def _file(node: Node, path: Path) -> StepFile:
    taken = Taken(node, "the file", _TOP)
    tags = _tags(taken)
    tests = tuple(_test(item, tags) for item in taken.items("tests"))
    if not tests:
        raise StepFileError(taken.line, "the file needs `tests` with at least one test in it")
    if len(tests) > MAX_TESTS:
        raise StepFileError(
            taken.needed("tests").line, f"a file has at most {MAX_TESTS:,} tests, this one {len(tests):,}"
        )
    variables = _variables(taken, "variables")
    return StepFile(
        path=path,
        name=taken.plain("name") or path.stem,
        start=_start(taken.needed("start")),
        tests=tests,
        variables=variables,
        lines={name: value.line for name, value in taken.entries("variables")},
        budget=_budget(taken.node("budget")),
        before=_steps(taken, "before"),
        after=_steps(taken, "after"),
    )


def _test(node: Node, tags: frozenset[str]) -> StepTest:
    taken = Taken(node, "a test", ("name", "tags", "for_each", "steps"))
    name, steps = taken.words("name"), read_steps(taken.needed("steps"), "`steps`")
    if "\n" in name.text:
        raise StepFileError(name.line, "`name` of a test should be one line")
    if not steps:
        raise StepFileError(taken.needed("steps").line, "`steps` should hold at least one step")
    rows = tuple(_row(row) for row in taken.items("for_each"))
    if "for_each" in taken and not 1 <= len(rows) <= MAX_ROWS:
        raise StepFileError(
            taken.needed("for_each").line, f"`for_each` should hold 1 to {MAX_ROWS:,} rows, not {len(rows):,}"
        )
    return StepTest(name=name, line=taken.line, tags=tags | _tags(taken), steps=steps, rows=rows)


def _row(node: Node) -> dict[str, Words]:
    if not isinstance(node, Entries) or not node.entries:
        raise StepFileError(
            node.line, "a row of `for_each` should be a map of names and values, like {size: S, price: 10}"
        )
    return {name: _value(name, value, node.lines[name]) for name, value in node.entries.items()}


def _variables(taken: Taken, key: str) -> dict[str, Words | None]:
    found: dict[str, Words | None] = {}
    for name, value in taken.entries(key):
        is_to_be_given = isinstance(value, Text) and value.is_left_out
        if is_to_be_given:
            require_name(name, value.line)
        found[name] = None if is_to_be_given else _value(name, value, value.line)
    return found


def _value(name: str, node: Node, line: int) -> Words:
    require_name(name, line)
    return words_in(node, f"the variable {name}", may_be_empty=True)


def _steps(taken: Taken, key: str) -> tuple[Step, ...]:
    return read_steps(taken.needed(key), f"`{key}`") if key in taken else ()


def _tags(taken: Taken) -> frozenset[str]:
    tags = [(plain_in(item, "a tag"), item.line) for item in taken.items("tags")]
    for tag, line in tags:
        if not _TAG.fullmatch(tag):
            raise StepFileError(line, f"a tag is a word of letters, digits and _.:-, not {tag[:50]!r}")
    return frozenset(tag for tag, _ in tags)


def _budget(node: Node | None) -> Limits:
    if node is None:
        return Limits()
    taken = Taken(node, "`budget`", ("seconds", "tokens", "steps"))
    seconds = taken.number("seconds", least=0, most=86_400)
    return Limits(
        seconds=seconds, tokens=taken.whole("tokens", most=100_000_000), steps=taken.whole("steps", most=100_000)
    )


def _start(node: Node) -> Start:
    if isinstance(node, Text):
        return Start(url=words_in(node, "`start`"))
    taken = Taken(node, "`start`", _START)
    if sum(key in taken for key in ("url", "desktop", "demo")) != 1:
        raise StepFileError(taken.line, "`start` needs one of `url`, `desktop` and `demo`")
    scale = taken.number("scale", least=0.25, most=8)
    start = Start(
        url=taken.some_words("url"),
        desktop=_command(taken),
        demo=taken.whole("demo", most=1_000_000),
        viewport=_viewport(taken),
        scale=1.0 if scale is None else scale,
        mobile=taken.one_of("mobile", ("no", "yes")) == "yes",
        locale=_locale(taken),
    )
    for key in ("scale", "mobile", "locale"):
        if start.desktop and key in taken:
            raise StepFileError(taken.needed(key).line, f"a desktop has no `{key}`: leave it out")
    return start


def _command(taken: Taken) -> tuple[Words, ...]:
    if "desktop" not in taken:
        return ()
    node = taken.needed("desktop")
    words = tuple(words_in(item, "`desktop`") for item in items_in(node, "`desktop`"))
    if not words:
        raise StepFileError(node.line, "`desktop` should be a command as a list of words, like [xterm, -e, top]")
    return words


def _viewport(taken: Taken) -> str:
    text = taken.plain("viewport")
    if text:
        try:
            read_size(text, "`viewport`")
        except UsageError as error:
            raise StepFileError(text_in(taken.needed("viewport"), "`viewport`").line, str(error)) from None
    return text


def _locale(taken: Taken) -> str:
    text = taken.plain("locale")
    if text and not _LOCALE.fullmatch(text):
        raise StepFileError(taken.needed("locale").line, f"`locale` is written like de-DE, not {text[:50]!r}")
    return text
