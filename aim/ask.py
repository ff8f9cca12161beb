"""Asks a model to point at each target of a page, and keeps the numbers that it writes as they are."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from math import isfinite

from ..errors import BadModelOutput, UsageError
from ..model import Decoding, Grammar
from ..policies import ModelPolicy
from ..policies.grammars import Answer as ActingAnswer
from ..policies.grammars import Canvas, Language, Occasion, PlaceLanguage, Reference, Shape, Space, center_of
from ..policies.grammars.answers import without_thinking
from ..policies.profiles import Profile
from ..policies.reading.places import NUMBER, number_at, place_spans
from ..screen import Observation, Screenshot, Size
from ..tools import Action, Task, points_of
from .pages import Page, Target, View

MAX_TOKENS = 128
"""Of one answer that begins with its place. A model that has not named it by then does not."""
MAX_CHARS = 2_000
"""That are read behind what was thought: more than a place takes, whatever a server sends."""
_FAR = 2**20
_AS_WRITTEN = Canvas(size=Size(_FAR, _FAR), space=Space(name="numbers", extent=_FAR, decimals=6))
"""On this canvas every number means itself, exactly: its size is a power of two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model wrote of one target: its text, and the middle of the first place in it; None where it has none."""

    target: Target
    text: str
    numbers: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All answers to one page. `seen` is the size at which the model read its picture."""

    view: View
    screenshot: Screenshot
    seen: Size
    answers: tuple[Answer, ...]


def writes_places(profile: Profile) -> bool:
    """Whether there is anything to measure: a checkpoint that only names things, or boxes by number, writes none."""
    return profile.ground is not None or (profile.act is not None and not profile.act.naming)


def ask(policy: ModelPolicy, page: Page, targets: Sequence[Target] | None = None) -> Asked:
    """Have the policy's model point at the targets of a page, all of them unless given.

    It is asked in the words of its profile, yet not kept to the profile's grammar, which would hide in which
    coordinates it answers. Raises ModelUnavailable when it cannot run, UsageError for a profile without places.
    """
    if not writes_places(policy.profile):
        raise UsageError(f"{policy.profile.title} writes no places: there is nothing to measure")
    free = _freed(policy)
    answers = tuple(_answer(free, page.screenshot, target) for target in (targets or page.targets))
    seen = policy.model.seen_size(page.screenshot.size)  # behind the answers: an engine may have had to relieve itself
    return Asked(view=page.view, screenshot=page.screenshot, seen=seen, answers=answers)


def _freed(policy: ModelPolicy) -> ModelPolicy:
    """The same policy without grammars and second looks."""
    profile, act = policy.profile, None
    ground = profile.ground and replace(profile.ground, places=_FreePlaces(profile.ground.places))
    if ground is None and profile.act is not None:
        act = replace(profile.act, language=_FreeLanguage(profile.act.language))
    thinks = profile.ground is None or profile.ground.thinks
    most = profile.max_new_tokens if thinks else min(MAX_TOKENS, profile.max_new_tokens)
    short = Decoding(max_new_tokens=most, stop=profile.stop)
    return ModelPolicy(policy.model, profile=replace(profile, ground=ground, act=act, doubt=None), decoding=short)


def _answer(policy: ModelPolicy, screenshot: Screenshot, target: Target) -> Answer:
    pointing = policy.profile.ground
    try:
        if pointing is None:
            return _acted(policy, screenshot, target)
        found = policy.ground(screenshot, target.description)
    except BadModelOutput as error:
        has_head = pointing is not None and pointing.has_head
        return Answer(
            target=target, text=error.raw, numbers=None if has_head else read_numbers(error.raw, policy.profile)
        )
    text = "" if found.generation is None else found.generation.text
    if pointing.has_head:  # it writes no numbers: its places are pixels already
        return Answer(target=target, text=text, numbers=(found.point.x, found.point.y))
    return Answer(target=target, text=text, numbers=read_numbers(text, policy.profile))


def _acted(policy: ModelPolicy, screenshot: Screenshot, target: Target) -> Answer:
    """The place of a click, of a checkpoint that only acts."""
    policy.reset(Task(goal=f"Click {target.description}."))
    decided = policy.act(Observation(screenshot=screenshot), ())
    text = "" if decided.generation is None else decided.generation.text
    return Answer(target=target, text=text, numbers=read_numbers(text, policy.profile))


def read_numbers(text: str, profile: Profile) -> tuple[float, float] | None:
    """The middle of the first place of an answer in the numbers that it is written in.

    Read as the profile has it, else as any place in brackets, else as the only two or four numbers that there are.
    """
    text = without_thinking(text)[:MAX_CHARS]
    readers: list[Callable[[], Iterable[tuple[float, float]]]] = [
        lambda: _read_as_told(text, profile),
        lambda: (_middle(text, spans) for spans in place_spans(text)),
        lambda: [_middle(text, [number.span() for number in NUMBER.finditer(text)])],
    ]
    for read in readers:
        with suppress(BadModelOutput, UsageError):
            for x, y in read():
                if isfinite(x) and isfinite(y):
                    return x, y
    return None


def _read_as_told(text: str, profile: Profile) -> Iterable[tuple[float, float]]:
    if profile.ground is not None:
        references = profile.ground.places.parse(profile.ground.prefill + text, _AS_WRITTEN)
        shapes: Iterable[Shape] = chain.from_iterable(reference.shapes for reference in references)
        return [(center.x, center.y) for center in map(center_of, shapes)]
    if profile.act is not None:
        told = profile.act.language.parse(profile.act.prefill + text, _AS_WRITTEN)
        return [(point.x, point.y) for action in told.actions for point in points_of(action)]
    raise UsageError(f"{profile.title} neither points nor acts")


def _middle(text: str, spans: Sequence[tuple[int, int]]) -> tuple[float, float]:
    if len(spans) not in (2, 4, 8):
        raise BadModelOutput(f"a place has 2, 4 or 8 coordinates, not {len(spans)}")
    numbers = [number_at(text, span) for span in spans]
    xs, ys = numbers[::2], numbers[1::2]
    return sum(xs) / len(xs), sum(ys) / len(ys)


@dataclass(frozen=True, slots=True)
class _FreePlaces:
    """Another language for places, to which answers are not kept."""

    inner: PlaceLanguage

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        return self.inner.parse(text, canvas)

    def write(self, reference: Reference, canvas: Canvas) -> str:
        return self.inner.write(reference, canvas)

    def grammar(self, canvas: Canvas) -> Grammar | None:
        return None


@dataclass(frozen=True, slots=True)
class _FreeLanguage:
    """Another language for actions, to which answers are not kept."""

    inner: Language

    def parse(self, text: str, canvas: Canvas) -> ActingAnswer:
        return self.inner.parse(text, canvas)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        return self.inner.write(actions, canvas, thought=thought)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        return None
