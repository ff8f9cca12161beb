"""Pages that people look at after a run of UI tests: one of all tests, and one for each."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...pages import SCRIPT, STYLE, page, write_page
from .patch import read_patch
from .pictures import Pictures, Shot
from .shown import (
    COLOURS,
    FOUND_BY,
    MEANINGS,
    WORDS,
    Count,
    Kind,
    counts_of,
    failed_step,
    failure_of,
    kind_of,
    shown_steps,
    words_of,
)
from .told import TESTS, Results, StepTold, TestTold, read_results, safe_name
from .unasked import unasked_words

INDEX = "index.html"
MOST_CLOSE_UPS = 24
"""Failures that the page of all tests shows with their screen; the others are told there and shown on their own."""
_TEMPLATES = Path(__file__).parent / "templates"
_STYLES = (STYLE, "tests.css")
_POLICY = "img-src 'self' file: data:"
_KINDS: tuple[Kind, ...] = ("product", "environment", "model", "inconclusive", "flaky", "passed")
"""The order of a list of tests: what somebody has to act on comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One test on the page of all. `kinds` are what it can be filtered by."""

    told: TestTold
    kind: Kind
    href: str
    kinds: tuple[str, ...]
    counts: tuple[Count, ...]
    healed: int
    step: str
    """The words of the step that ended it; empty where it passed."""
    shot: Shot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Something that tests can be filtered by, and how many there are."""

    kind: str
    words: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Tests that ended alike as a share of all. `start` and `share` are 0 to 100."""

    kind: Kind
    n: int
    start: float
    share: float


def write_pages(results: Path) -> Path:
    """Write the page of all tests and one for each, and say where the first is.

    A file of results that cannot be read is named on the page. Raises UsageError where a page cannot be written.
    """
    found = read_results(results)
    pictures, patches = Pictures(results, down=1), results
    for told in found.tests:
        write_page(render_test(told, pictures, patches), results / TESTS / f"{safe_name(told.test)}.html")
    results.mkdir(parents=True, exist_ok=True)
    return write_page(render_index(found, Pictures(results)), results / INDEX)


def render_test(told: TestTold, pictures: Pictures, results: Path) -> str:
    """The page of one test as HTML, with links as they are from `tests/`."""
    steps = shown_steps(told, pictures)
    failure = failure_of(told, pictures)
    return page(
        "test.html",
        folder=_TEMPLATES,
        policy=_POLICY,
        styles=_STYLES,
        scripts=(SCRIPT,),
        words=WORDS,
        meanings=MEANINGS,
        found_by=FOUND_BY,
        colours=COLOURS,
        told=told,
        kind=kind_of(told),
        steps=steps,
        failure=failure and (failure.close_up or failure),
        failed=next((shown.number for shown in reversed(steps) if shown.step.verdict != "passed"), 0),
        counts=counts_of(told.steps),
        unasked_words=unasked_words,
        patch=read_patch(told.patch, results),
        index=f"../{INDEX}",
    )


def render_index(results: Results, pictures: Pictures) -> str:
    """The page of all tests as HTML, with links as they are from the folder of results."""
    tests = _rows(results.tests, pictures)
    steps = [step for told in results.tests for step in told.steps]
    return page(
        "index.html",
        folder=_TEMPLATES,
        policy=_POLICY,
        styles=_STYLES,
        scripts=("tests.js",),
        words=WORDS,
        meanings=MEANINGS,
        tests=tests,
        faults=results.faults,
        slices=list(_slices(results.tests)),
        filters=list(_filters(tests)),
        counts=counts_of(steps),
        facts=list(_facts(results.tests, steps)),
        started=min((told.started_at for told in results.tests if told.started_at), default=None),
    )


def _rows(tests: Sequence[TestTold], pictures: Pictures) -> list[Row]:
    shown = list[Row]()
    for n, told in enumerate(sorted(tests, key=_order)):
        failed = failed_step(told)
        whole = failure_of(told, pictures) if n < MOST_CLOSE_UPS else None
        shown.append(
            Row(
                told=told,
                kind=kind_of(told),
                href=f"{TESTS}/{safe_name(told.test)}.html",
                kinds=tuple(_kinds(told)),
                counts=counts_of(told.steps),
                healed=sum(step.healed for step in told.steps),
                step="" if failed is None or told.verdict == "passed" else words_of(failed),
                shot=whole and (whole.close_up or whole),
            )
        )
    return shown


def _order(told: TestTold) -> tuple[object, ...]:
    is_healed = any(step.healed for step in told.steps)
    return _KINDS.index(kind_of(told)), not is_healed, told.file, told.line, _natural(told.test)


def _natural(name: str) -> tuple[object, ...]:
    """Text and numbers in turn, so that case 10 comes after case 9."""
    return tuple(int(part) if n % 2 else part for n, part in enumerate(re.split("([0-9]{1,18})", name)))


def _kinds(told: TestTold) -> Iterator[str]:
    yield kind_of(told)
    if any(step.healed for step in told.steps):
        yield "healed"


def _filters(tests: Sequence[Row]) -> Iterator[Filter]:
    """Those that some test is of."""
    known = Counter(kind for shown in tests for kind in shown.kinds)
    words = {**{kind: WORDS[kind] for kind in _KINDS}, "healed": "with healed steps"}
    yield Filter(kind="all", words="all tests", n=len(tests))
    yield from (Filter(kind=kind, words=word, n=known[kind]) for kind, word in words.items() if known[kind])


def _slices(tests: Sequence[TestTold]) -> Iterator[Slice]:
    known, start = Counter(kind_of(told) for told in tests), 0.0
    for kind in reversed(_KINDS):
        if known[kind]:
            share = 100 * known[kind] / len(tests)
            yield Slice(kind=kind, n=known[kind], start=round(start, 2), share=round(share, 2))
            start += share


def _facts(tests: Sequence[TestTold], steps: Sequence[StepTold]) -> Iterator[tuple[str, str]]:
    yield "Steps", f"{len(steps):,}"
    yield "Tokens", f"{sum(told.tokens for told in tests):,}"
    for name, values in (
        ("Mode", {told.mode for told in tests}),
        ("Model", {told.model for told in tests if told.model}),
        ("Workers", {told.worker for told in tests if told.worker}),
    ):
        if values:
            yield name, str(len(values)) if name == "Workers" else ", ".join(sorted(values))
