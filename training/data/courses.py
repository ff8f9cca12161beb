"""A trajectory as lessons, by the history rule of each family."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ...errors import UsageError
from ...model import Generation, Message, Picture
from ...policies import Decision, Turn
from ...policies.grammars import Canvas, answer
from ...policies.grammars.native import ShortAnswers
from ...policies.profiles import Acting
from ...policies.prompts import Told, acting_conversation
from ...screen import Observation, Point, Screenshot
from ...tools import Action, CallTool, Finish, all_functions, points_of
from ..lesson import Lesson
from .record import Course, CourseStep


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taught:
    """One step that is learned: what is told before its answer, and the answer, most often one message."""

    number: int
    told: tuple[Message, ...]
    answer: tuple[Message, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        return self.told + self.answer

    @property
    def learned(self) -> frozenset[int]:
        return frozenset(range(len(self.told), len(self.messages)))


def course_lessons(
    name: str, course: Course, acting: Acting, shots: Sequence[Screenshot], canvases: Sequence[Canvas]
) -> tuple[tuple[Lesson, ...], tuple[str, ...]]:
    """The lessons of a trajectory, and why steps are left out. `shots` and `canvases` are those of its pictures.

    Each step that worked is learned once, told as it would be asked: with the turns before it as the family has them.
    Where that begins with all that an earlier step was told and answered, both are one lesson.
    """
    observations = _observations(course, shots)
    places = _canvases(course, acting, canvases)
    turns = [_turn(*one, acting) for one in zip(course.steps, observations, places, strict=True)]
    own = course.tools if acting.is_told_of_tools else ()
    taught: list[_Taught] = []
    left_out: list[str] = []
    for n, step in enumerate(course.steps):
        actions = _kept(step.actions, acting)
        if not step.worked or not step.learned or not actions:
            continue
        canvas = places[n]
        try:
            said = _answer(step, actions, acting, canvas)
        except UsageError as error:
            left_out.append(f"{name}/{n}: {error}")
            continue
        width, height = (int(extent) for extent in canvas.extent)
        functions = all_functions(width, height, custom=own)
        told = Told(goal=course.goal, functions=functions, own=own, canvas=canvas)
        asked = acting_conversation(acting, told, turns[:n], observations[n]).messages
        taught.append(_Taught(number=n, told=asked, answer=_in_turns(said, acting)))
    return tuple(_joined(name, taught)), tuple(left_out)


def _joined(name: str, taught: Sequence[_Taught]) -> list[Lesson]:
    """Lessons in which every answer is learned once, in their order."""
    lessons: list[Lesson] = []
    left = list(taught)
    while left:
        last = left.pop()
        within = [step for step in left if _begins(last.messages, step.messages)]
        left = [step for step in left if step not in within]
        learned = last.learned.union(*(step.learned for step in within))
        answers = (n for n, message in enumerate(last.messages) if message.role == "assistant")
        given = frozenset(answers) - learned
        lessons.append(Lesson(name=f"{name}/{last.number}", messages=last.messages, given=given))
    return lessons[::-1]


def _begins(whole: Sequence[Message], start: Sequence[Message]) -> bool:
    """Whether a conversation begins with another."""
    return len(start) < len(whole) and all(_is_same(a, b) for a, b in zip(start, whole, strict=False))


def _is_same(one: Message, other: Message) -> bool:
    if one.role != other.role or len(one.parts) != len(other.parts):
        return False
    return all(
        a.pixels is b.pixels if isinstance(a, Picture) and isinstance(b, Picture) else a == b
        for a, b in zip(one.parts, other.parts, strict=True)
    )


def _observations(course: Course, shots: Sequence[Screenshot]) -> list[Observation]:
    """What was seen before each step. A screen is looked at anew, but for one to which no answer could be read."""
    found: list[Observation] = []
    for n, step in enumerate(course.steps):
        saw, before = step.saw, course.steps[n - 1] if n else None
        is_kept = before is not None and not before.actions and before.saw.picture == saw.picture
        taken_s = found[-1].screenshot.taken_s if is_kept else float(n)
        found.append(
            Observation(
                screenshot=replace(shots[saw.picture], taken_s=taken_s),
                url=saw.url,
                title=saw.title,
                tabs=saw.tabs,
                error=saw.error,
                events=saw.events,
            )
        )
    return found


def _turn(step: CourseStep, seen: Observation, canvas: Canvas, acting: Acting) -> Turn:
    """The step as a later one is told of it: with the words that a model would have written."""
    error = step.error or (None if step.worked else "it did not work")
    actions = _kept(step.actions, acting)
    if not actions:
        return Turn(observation=seen, raw=step.raw, error=error)
    target, boxes = (step.target.text, (step.target.as_box,)) if step.target else ("", ())
    frame = seen.screenshot.frame
    decision = Decision(actions=actions, frame=frame, thought=step.thought, target=target, boxes=boxes)
    with suppress(UsageError):
        said = _answer(step, actions, acting, canvas).removeprefix(acting.prefill)
        decision = replace(decision, generation=Generation(text=said))
    return Turn(observation=seen, decision=decision, error=error)


def _answer(step: CourseStep, actions: Sequence[Action], acting: Acting, canvas: Canvas) -> str:
    """What the family writes. Raises UsageError for what it has no words for, and for a function it is not told of."""
    for action in actions:
        if isinstance(action, CallTool) and action.name not in canvas.tools:
            raise UsageError(f"the function {action.name} is called, and the record does not tell of it")
    if step.target is not None and isinstance(acting.language, ShortAnswers):
        return answer(step.target.text, step.target.as_box, actions, canvas)
    return acting.language.write(actions, canvas, thought=step.thought)


def _in_turns(said: str, acting: Acting) -> tuple[Message, ...]:
    """One message, or two where the family first says what it does and then does it."""
    begins = said.find(acting.second) if acting.second else 0
    texts = (said[:begins].rstrip("\n"), said[begins:]) if begins > 0 else (said,)
    return tuple(Message("assistant", (text,)) for text in texts)


def _kept(actions: tuple[Action, ...], acting: Acting) -> tuple[Action, ...]:
    """Without the end of the step where one answer is the whole step."""
    return tuple(action for action in actions if not (acting.is_single_step and isinstance(action, Finish)))


def _canvases(course: Course, acting: Acting, canvases: Sequence[Canvas]) -> list[Canvas]:
    """The screen of each step, with the mouse where it was left and the user's functions, where any are told of."""
    tools = frozenset(tool.name for tool in course.tools if acting.is_told_of_tools)
    pointer: Point | None = None
    found: list[Canvas] = []
    for step in course.steps:
        found.append(replace(canvases[step.saw.picture], pointer=pointer, tools=tools))
        touched = [point for action in step.actions for point in points_of(action)]
        pointer = touched[-1] if touched else pointer
    return found
