"""Android in the Wild (AITW), in SeeClick's split: what to do next on a phone.

`aitw_data_test.json` of SeeClick is an object of subsets, each a list of episodes, each a list of steps; pictures by
`img_filename` and `.png`. Judged as google-research does. SeeClick's score is the mean over the five subsets.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field, FiniteFloat

from ....errors import UsageError
from ....files import DataFolder, Record, Row, open_data
from ....files.records import understood
from ....files.rows import read_json
from ...metrics.aitw import Gesture, Kind
from ...suite import Choice
from ..samples import SampleSuite
from ..settings import require_known
from .gestures import METRIC, SWIPES, GestureRules, Told
from .steps import Seen, Step

PICTURES = (".", "images", "aitw_images", "aitw_imgs")
_Pair = tuple[FiniteFloat, FiniteFloat]


class _Touch(Record):
    """A step. Places are x, y here, boxes y, x, height, width one after another; all are shares of the screen."""

    img_filename: str
    goal: Annotated[str, Field(min_length=1)]
    action_type_id: Kind
    action_type_text: str = ""
    touch: _Pair = (-1.0, -1.0)
    lift: _Pair = (-1.0, -1.0)
    type_text: str = ""
    annot_position: tuple[FiniteFloat, ...] = ()


class _Subsets(Record):
    subsets: dict[str, tuple[tuple[_Touch, ...], ...]]


def open_aitw(choice: Choice) -> SampleSuite:
    require_known(choice.settings)
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_samples(open_data(choice.data, "aitw"))))


def _samples(folder: DataFolder) -> Iterator[Step[Told]]:
    for path in folder.require("steps of AITW", "aitw_data_test.json", "*aitw*test*.json", "*aitw*.json"):
        file = folder.name(path)
        found = understood(Row({"subsets": read_json(path, name=file)}, file, 1), _Subsets)
        for subset, episodes in found.subsets.items():
            for number, episode in enumerate(episodes, 1):
                yield from _steps(folder, episode, f"{subset}:{number}", subset, file)


def _steps(folder: DataFolder, episode: Sequence[_Touch], name: str, subset: str, file: str) -> Iterator[Step[Told]]:
    seen: list[Seen[Told]] = []
    for index, touch in enumerate(episode):
        place = f"{file} {name} step {index}"
        picture = folder.reader(f"{touch.img_filename}.png", place, *PICTURES)
        seen.append(Seen(picture=picture, truth=_truth(touch, place)))
    for index, touch in enumerate(episode):
        yield Step(
            name=f"{name}/{index}",
            goal=touch.goal,
            episode=seen,
            index=index,
            rules=GestureRules(),
            groups={"subset": subset, "kind": touch.action_type_id.name, "episode": name},
        )


def _truth(touch: _Touch, place: str) -> Told:
    """A step as `action_2_format` in agent_tasks/action_matching.py of SeeClick has it."""
    numbers = touch.annot_position
    if len(numbers) % 4:
        raise UsageError(f"{place}: annot_position has {len(numbers)} numbers, and boxes have four each")
    boxes = tuple(zip(numbers[::4], numbers[1::4], numbers[2::4], numbers[3::4], strict=True))
    if touch.action_type_id != Kind.DUAL_POINT:
        return Told(gesture=Gesture(kind=touch.action_type_id, text=touch.type_text), boxes=boxes)
    if touch.action_type_text in SWIPES:
        start, end = SWIPES[touch.action_type_text]
    else:
        start, end = (touch.touch[1], touch.touch[0]), (touch.lift[1], touch.lift[0])
    return Told(gesture=Gesture(kind=Kind.DUAL_POINT, touch=start, lift=end), boxes=boxes)
