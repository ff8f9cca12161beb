"""Android in the Zoo (AITZ): what to do next on a phone.

As published: an object for each step in `SUBSET/EPISODE/EPISODE.json`, below `test/` where that is there; pictures by
`image_path`, or beside their file. Judged as AITW, with the same gestures.
"""

import json
from collections.abc import Callable, Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field, FiniteFloat

from ....files import DataFolder, Record, open_data, read_entries
from ....screen import Screenshot
from ...metrics.aitw import Gesture, Kind
from ...suite import Choice
from ..grounding.boxes import Four
from ..samples import SampleSuite
from ..settings import require_known
from .gestures import METRIC, GestureRules, Told
from .steps import Seen, Step

PICTURES = (".", "images", "test", "android-in-the-wild")
_Place = tuple[FiniteFloat, FiniteFloat]


def _json(found: object) -> object:
    """Lists that stand in a row as a string of JSON."""
    return json.loads(found) if isinstance(found, str) else found


class _ZooStep(Record):
    """Boxes are y, x, height, width in pixels of the picture, places y, x in shares of it."""

    episode_id: str
    step_id: int
    instruction: Annotated[str, Field(min_length=1)]
    image_path: str
    ui_positions: Annotated[tuple[Four, ...], BeforeValidator(_json)] = ()
    result_action_type: Kind
    result_action_text: str = ""
    result_touch_yx: Annotated[_Place, BeforeValidator(_json)] = (-1.0, -1.0)
    result_lift_yx: Annotated[_Place, BeforeValidator(_json)] = (-1.0, -1.0)
    coat_action_desc: str = ""


def open_aitz(choice: Choice) -> SampleSuite:
    require_known(choice.settings)
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_samples(open_data(choice.data, "aitz"))))


def _samples(folder: DataFolder) -> Iterator[Step[Told]]:
    for path in folder.require("episodes of AITZ", "test/**/*.json", "**/*.json"):
        entries = sorted(read_entries(folder, (path,), _ZooStep), key=lambda entry: entry.value.step_id)
        seen = [
            Seen(
                picture=_picture(folder, entry.value, entry.place, folder.name(path.parent)),
                truth=_truth(entry.value),
                said=entry.value.coat_action_desc,
            )
            for entry in entries
        ]
        for index, entry in enumerate(entries):
            step = entry.value
            subset = step.image_path.partition("/")[0]
            yield Step(
                name=f"{subset}:{step.episode_id}/{step.step_id}",
                goal=step.instruction,
                episode=seen,
                index=index,
                rules=GestureRules(),
                groups={"subset": subset, "kind": step.result_action_type.name, "episode": step.episode_id},
            )


def _truth(step: _ZooStep) -> Told:
    gesture = Gesture(
        kind=step.result_action_type,
        touch=step.result_touch_yx,
        lift=step.result_lift_yx,
        text=step.result_action_text,
    )
    return Told(gesture=gesture, boxes=step.ui_positions, in_pixels=True)


def _picture(folder: DataFolder, step: _ZooStep, place: str, beside: str) -> Callable[[], Screenshot]:
    name = step.image_path
    if not folder.holds(name, *PICTURES):
        return folder.reader(name.rpartition("/")[2], place, beside)
    return folder.reader(name, place, *PICTURES)
