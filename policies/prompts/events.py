"""What happened beside the screen, such as what the user answered, as a model is told of it."""

from collections.abc import Sequence

from ...screen import Observation
from ..policy import Turn

ANSWERED = "the user answered: "
"""How an event begins that is the user's word. What an environment tells of a page begins otherwise."""
MAX_EVENT_CHARS = 4500
"""Of one event: what a tool returned has room, and the words before it."""
MAX_EVENTS_CHARS = 9000
"""Of all events of one screen. A hostile page can make many."""


def told_events(current: Observation) -> list[str]:
    """The events of a screen, each cut where it is long; where they are too many, the newest, and how many more."""
    told: list[str] = []
    left = MAX_EVENTS_CHARS
    for event in reversed(current.events):
        event = cut(event, MAX_EVENT_CHARS)
        left -= len(event)
        if left < 0:
            return [f"{len(current.events) - len(told)} earlier ones", *told[::-1]]
        told.append(event)
    return told[::-1]


def is_news(current: Observation, before: Turn | None) -> bool:
    """Whether the events of a screen, and its error, were not told with the turn before.

    After an answer that did not work the same look is shown again, as it was. After a question too, but what the user
    answered is new, even where it is what he answered before.
    """
    if before is None or before.error is None or not is_same_look(current, before.observation):
        return True
    return (current.events, current.error) != (before.observation.events, before.observation.error)


def is_same_look(one: Observation, other: Observation) -> bool:
    """Whether the screen was not looked at again between them."""
    a, b = one.screenshot, other.screenshot
    return (a.frame, a.taken_s) == (b.frame, b.taken_s)


def with_answers(goal: str, history: Sequence[Turn], observation: Observation) -> str:
    """The goal, and below it a line for each answer of the user: for checkpoints that are told of no events."""
    lines = [goal]
    befores = (None, *history)
    seen = (*(turn.observation for turn in history), observation)
    for current, before in zip(seen, befores, strict=True):
        answers = (event.removeprefix(ANSWERED) for event in current.events if event.startswith(ANSWERED))
        if is_news(current, before):
            lines += [f"The user answered: {' '.join(cut(answer, MAX_EVENT_CHARS).split())}" for answer in answers]
    return "\n".join(lines)


def cut(text: str, most: int) -> str:
    """The first `most` characters of a text, and how many more there are."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most:,} more characters)"
