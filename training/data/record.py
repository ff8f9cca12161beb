"""One example to train on, whatever checkpoint it is for: what is seen, asked, answered and done.

A record is one line of JSON. Every place is in pixels of its native picture, so that one record can be said in the
words and in the space of each family of checkpoints.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator
from pydantic_core import PydanticSerializationError

from ...errors import UsageError
from ...files.records import told_at
from ...policies.grammars import Shape
from ...screen import Box, Point, Quad, Size, Tab
from ...tools import Action, Function, points_of

MAX_LINE_CHARS = 16_000_000
"""Of one record; a trajectory of a hundred steps has about 100,000."""

Numbers = Annotated[tuple[FiniteFloat, ...], Field(min_length=2, max_length=8)]
"""A place: x and y of a point, of two corners of a box, or of the four corners of a quad."""
Index = Annotated[int, Field(ge=0)]
"""Of a picture of the record."""
Kind = Literal["trajectory", "pointing", "video", "places", "question"]
"""What a record teaches: to act, to point, to answer about a video, to name places in words, or to answer."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class PictureFile(_Value):
    """A picture by its path below the folder of the records. `frame` is the hash that `Screenshot.frame` has."""

    file: Annotated[str, Field(min_length=1, max_length=1000)]
    frame: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]

    @property
    def size(self) -> Size:
        return Size(self.width, self.height)


class Text(_Value):
    kind: Literal["text"] = "text"
    text: str


class Shown(_Value):
    """A picture, where it stands in the message."""

    kind: Literal["picture"] = "picture"
    picture: Index


class FrameAt(_Value):
    picture: Index
    at_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """Seconds from the beginning of the video."""


class Film(_Value):
    """A video as a run of frames of one size, oldest first."""

    kind: Literal["video"] = "video"
    frames: Annotated[tuple[FrameAt, ...], Field(min_length=1)]


class Locate(_Value):
    """Asks where a thing is, in whatever words the checkpoint was trained to be asked."""

    kind: Literal["locate"] = "locate"
    text: Annotated[str, Field(min_length=1)]
    picture: Index = 0


class Named(_Value):
    """What is meant, and every place where it is. The text may be empty."""

    kind: Literal["reference"] = "reference"
    text: str = ""
    places: Annotated[tuple[Numbers, ...], Field(min_length=1)]
    picture: Index = 0

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return tuple(shape_of(numbers) for numbers in self.places)


class Acted(_Value):
    """What was done, and what was thought before."""

    kind: Literal["actions"] = "actions"
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]
    thought: str = ""
    picture: Index = 0


Part = Annotated[Text | Shown | Film | Locate | Named | Acted, Field(discriminator="kind")]


class Said(_Value):
    """A message. `others` are further answers that count as right; they are not learned."""

    role: Literal["system", "user", "assistant"]
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    others: tuple[str, ...] = ()


class Seen(_Value):
    """What was seen before a step: the picture, and what a browser tells beside it."""

    picture: Index
    url: str = ""
    title: str = ""
    tabs: tuple[Tab, ...] = ()
    error: str | None = None
    events: tuple[str, ...] = ()


class Target(_Value):
    """What an action is meant for."""

    text: str
    box: Annotated[tuple[FiniteFloat, ...], Field(min_length=4, max_length=4)]

    @property
    def as_box(self) -> Box:
        return Box(*self.box)


class CourseStep(_Value):
    """What was seen, thought and done. `raw` is an answer that could not be read: then nothing was done."""

    saw: Seen
    actions: tuple[Action, ...] = ()
    thought: str = ""
    target: Target | None = None
    raw: str = ""
    worked: bool = True
    """What did not work is told to a model that is told of its history, and never learned."""
    learned: bool = True
    """Else it is only told to the steps behind it."""
    error: str | None = None
    """What the model was told of what did not work."""
    verdict: Literal["allowed", "asked", "denied"] | None = None
    """What the permissions said, where anybody asked them."""

    @model_validator(mode="after")
    def _does_something(self) -> "CourseStep":
        if self.worked and not self.actions:
            raise ValueError("a step that worked has at least one action")
        return self


class Course(_Value):
    """A trajectory: a goal and the steps towards it. `tools` are functions of the user's that may be called."""

    goal: Annotated[str, Field(min_length=1)]
    steps: Annotated[tuple[CourseStep, ...], Field(min_length=1)]
    tools: tuple[Function, ...] = ()
    outcome: Literal["success", "failure", "stopped"] | None = None
    """How it ended; None where nobody said."""

    @property
    def is_failed(self) -> bool:
        """Whether it is known that the goal was not reached."""
        return self.outcome in ("failure", "stopped")


class Record(_Value):
    """One example: messages, or a trajectory."""

    format: Literal[1] = 1
    id: Annotated[str, Field(min_length=1, max_length=1000)]
    source: str = ""
    """Where it comes from, such as the name of a data set or a task."""
    pictures: tuple[PictureFile, ...] = ()
    messages: tuple[Said, ...] = ()
    trajectory: Course | None = None

    @model_validator(mode="after")
    def _is_sound(self) -> "Record":
        if bool(self.messages) == (self.trajectory is not None):
            raise ValueError("a record has either messages or a trajectory")
        if self.messages and self.messages[-1].role != "assistant":
            raise ValueError("the last message is the assistant's")
        for place, picture, shapes in _places(self):
            _require_inside(place, picture, shapes, self.pictures)
        for message in self.messages:
            _require_even(message, self.pictures)
        return self

    @property
    def kind(self) -> Kind:
        parts = [part for message in self.messages for part in message.parts]
        if self.trajectory is not None or any(isinstance(part, Acted) for part in parts):
            return "trajectory"
        if any(isinstance(part, Locate) for part in parts):
            return "pointing"
        if any(isinstance(part, Film) for part in parts):
            return "video"
        return "places" if any(isinstance(part, Named) for part in parts) else "question"


def shape_of(numbers: Sequence[float]) -> Shape:
    """The point of two numbers, the box of four, the quad of eight. Raises UsageError for what is none."""
    match tuple(numbers):
        case (x, y):
            return Point(x, y)
        case (x1, y1, x2, y2):
            return Box(x1, y1, x2, y2)
        case (ax, ay, bx, by, cx, cy, dx, dy):
            return Quad((Point(ax, ay), Point(bx, by), Point(cx, cy), Point(dx, dy)))
        case _:
            raise UsageError(f"a place has 2, 4 or 8 numbers, not {len(numbers)}")


def numbers_of(shape: Shape) -> tuple[float, ...]:
    """What `shape_of` makes the shape of."""
    match shape:
        case Point(x, y):
            return x, y
        case Box(x1, y1, x2, y2):
            return x1, y1, x2, y2
        case Quad(corners):
            return tuple(number for corner in corners for number in (corner.x, corner.y))


def read_record(line: str | bytes, place: str) -> Record:
    """The record of a line. Raises UsageError with the place of the line, the field and what is wrong with it."""
    if len(line) > MAX_LINE_CHARS:
        raise UsageError(f"{place}: a record has at most {MAX_LINE_CHARS:,} characters, this one {len(line):,}")
    with told_at(place, "the record"):
        return Record.model_validate_json(line)


def written_record(record: Record) -> str:
    """One line of JSON. Raises UsageError for a text that is no Unicode, as an escape in JSON can make."""
    try:
        return record.model_dump_json()
    except PydanticSerializationError:
        raise UsageError(f"the record {record.id[:200]!a} cannot be written: a text in it is no Unicode") from None


def _places(record: Record) -> Iterator[tuple[str, int, tuple[Shape, ...]]]:
    """Every picture that is named, by which part, and the places on it."""
    for n, message in enumerate(record.messages):
        for part in message.parts:
            told = f"message {n}"
            match part:
                case Text():
                    pass
                case Shown() | Locate():
                    yield told, part.picture, ()
                case Film():
                    yield from ((told, frame.picture, ()) for frame in part.frames)
                case Named():
                    yield told, part.picture, part.shapes
                case Acted():
                    yield told, part.picture, _touched(part.actions)
    for n, step in enumerate(record.trajectory.steps if record.trajectory else ()):
        aimed = (step.target.as_box,) if step.target else ()
        yield f"step {n}", step.saw.picture, (*aimed, *_touched(step.actions))


def _touched(actions: Sequence[Action]) -> tuple[Point, ...]:
    return tuple(point for action in actions for point in points_of(action))


def _require_inside(place: str, picture: int, shapes: Sequence[Shape], pictures: Sequence[PictureFile]) -> None:
    if picture >= len(pictures):
        raise ValueError(f"{place} is about picture {picture}, and there are {len(pictures)}")
    width, height = pictures[picture].width, pictures[picture].height
    for shape in shapes:
        numbers = numbers_of(shape)
        if any(not 0 <= x <= width for x in numbers[::2]) or any(not 0 <= y <= height for y in numbers[1::2]):
            told = ", ".join(f"{number:g}" for number in numbers)
            raise ValueError(f"{place} has the place ({told}) outside of its picture of {width} x {height}")


def _require_even(message: Said, pictures: Sequence[PictureFile]) -> None:
    """Frames of one video have one size."""
    for part in message.parts:
        if isinstance(part, Film) and len({pictures[frame.picture].size for frame in part.frames}) > 1:
            raise ValueError("the frames of a video have one size")
