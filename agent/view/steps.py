"""A step as a page shows it: in words, with its times, its tokens and a colour for how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...shown import percent
from ...tools import Finish
from ..record.folder import RunFolder
from ..record.trace import Chances, Step, Trajectory
from ..words import in_words, seconds
from .pictures import Frames, Picture, picture_of

Look = Literal["good", "still", "bad", "doubt", "asked", "denied"]
"""How a step went, as it is coloured. `still`: nothing changed, or there was nothing to change."""

_LEVELS = (0.98, 0.9, 0.7, 0.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A share of the time that a step took. `start` and `share` are 0 to 100, `colour` is a number of the style."""

    colour: int
    name: str
    time: str
    start: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of what the model wrote, and in words how sure it was of it. `level` is 0 for a sure one to 4."""

    text: str
    level: int
    chance: str
    rivals: str

    @property
    def told(self) -> str:
        return f"{self.chance}, not {self.rivals}" if self.rivals else self.chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One step on the page. `length` is its time as a share of the longest step's, 0 to 100."""

    step: Step
    picture: Picture
    look: Look
    words: str
    thing: str
    """What the first action was done to, as the page or the model calls it."""
    length: float
    parts: tuple[Part, ...]
    tokens: tuple[Token, ...]
    rest: str
    """What the model wrote behind `tokens`."""


def shown_steps(run: Trajectory, folder: RunFolder, frames: Frames) -> list[Shown]:
    """Every step of a run."""
    longest = max((step.seconds for step in run.steps), default=0.0) or 1.0
    return [_shown(step, picture_of(step.saw, folder, frames, step.decided), longest) for step in run.steps]


def last_screen(run: Trajectory, folder: RunFolder, frames: Frames) -> Picture | None:
    """The screen that the last step left; None where it did nothing."""
    last = run.steps[-1] if run.steps else None
    return None if last is None or last.left is None or not last.did else picture_of(last.left, folder, frames)


def words_of(step: Step) -> str:
    """What a step did, in one line."""
    done = [in_words(action) for action in step.actions if not isinstance(action, Finish)]
    if not step.actions:
        return "no answer that can be read" if step.decided else "nothing"
    return ", then ".join(done) or in_words(step.actions[-1])


def look_of(step: Step) -> Look:
    """How the step went."""
    if any(did.verdict == "denied" for did in step.did):
        return "denied"
    if any(did.effect == "in_doubt" for did in step.did):
        return "doubt"
    if step.error is not None or step.is_unconfirmed or any(did.effect == "failed" for did in step.did):
        return "bad"
    if any(did.verdict == "asked" for did in step.did):
        return "asked"
    is_end = step.outcome is not None and step.outcome.status == "success"
    return "good" if is_end or any(did.effect == "changed" for did in step.did) else "still"


def _shown(step: Step, picture: Picture, longest: float) -> Shown:
    tokens, rest = _tokens(step)
    return Shown(
        step=step,
        picture=picture,
        look=look_of(step),
        words=words_of(step),
        thing=_thing(step),
        length=100 * step.seconds / longest,
        parts=_parts(step),
        tokens=tokens,
        rest=rest,
    )


def _thing(step: Step) -> str:
    named = [did.name for did in step.did if did.name]
    return named[0] if named else step.decided.target if step.decided else ""


def _tokens(step: Step) -> tuple[tuple[Token, ...], str]:
    """What the model wrote, token by token, and what of it is left."""
    if step.decided is None:
        return (), ""
    tokens, left = list[Token](), step.decided.raw
    for chances in step.decided.written:
        text, _ = chances[0]
        kept = text if left.startswith(text) else left if text.startswith(left) else ""
        if not kept:
            break  # a stop string, or a turn that was begun for the model
        tokens.append(_token(kept, chances))
        left = left[len(kept) :]
    return tuple(tokens), left


def _token(text: str, chances: Chances) -> Token:
    (_, chance), *rivals = chances
    others = ", ".join(f"{rival!r} {percent(share)}" for rival, share in rivals)
    return Token(text=text, level=sum(chance < level for level in _LEVELS), chance=percent(chance), rivals=others)


def _parts(step: Step) -> tuple[Part, ...]:
    """Where the time of a step went, in order."""
    if step.decided is None or step.seconds <= 0:
        return ()
    timing = step.decided.timing
    told = timing.process_s + timing.vision_s + timing.prefill_s + timing.decode_s
    acting = sum(did.seconds for did in step.did)
    capture = step.left.capture_s if step.left is not None and step.did else 0.0
    spent = [
        ("pixels and text", timing.process_s),
        ("vision", timing.vision_s),
        ("prompt", timing.prefill_s),
        ("answer", timing.decode_s),
        ("decision" if told == 0 else "rest of the decision", max(0.0, timing.decide_s - told)),
        ("acting", max(0.0, acting - capture)),
        ("picture", min(acting, capture)),
    ]
    spent.append(("looking and checking", max(0.0, step.seconds - sum(time for _, time in spent))))
    return _shares(spent)


def _shares(spent: Sequence[tuple[str, float]]) -> tuple[Part, ...]:
    whole, start, parts = sum(time for _, time in spent), 0.0, list[Part]()
    for colour, (name, time) in enumerate(spent, 1):
        share = 100 * time / whole
        if time >= 0.0005:
            parts.append(
                Part(colour=colour, name=name, time=seconds(time), start=round(start, 2), share=round(share, 2))
            )
        start += share
    return tuple(parts)
