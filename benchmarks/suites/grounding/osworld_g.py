"""OSWorld-G: 564 things on a desktop, given by a box, by an outline, or not there at all.

The folder as published: `OSWorld-G.json` (or `OSWorld-G_refined.json`, with the setting `instructions=refined`) and
`images/`. The right answer to a thing that is not there is a point below 0, as `_eval` in eval.py of OSWorld-G has it:
an answer that says so of itself, by coordinates that are all below 0, counts even where no place was read from it. With
the setting `refusals=left_out` those 54 samples are not asked: most models were never told how to refuse.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, FiniteFloat

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, Stored, open_data, read_entries
from ....screen import Point
from ...suite import Choice
from ..samples import SampleSuite
from ..settings import one_of, require_known
from .boxes import Pixels, from_side_lengths, size_of
from .described import Described, Target
from .targets import InBox, InOutline, Nowhere

METRIC = "accuracy: the point lies in the box or outline, or refuses where nothing fits; micro average"
PICTURES = ("images", ".")


def _words(found: object) -> object:
    """Types come as a list, or as `/` where there are none."""
    return () if found == "/" or found is None else found


class Thing(Record):
    id: str = ""
    image_path: str = ""
    image: Stored | None = None
    image_size: Pixels | None = None
    instruction: str
    box_type: Literal["bbox", "polygon", "refusal"]
    box_coordinates: tuple[FiniteFloat, ...] = ()
    GUI_types: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()


def open_osworld_g(choice: Choice) -> SampleSuite:
    require_known(choice.settings, "instructions", "refusals")
    words = one_of(choice.settings, "instructions", "original", "refined")
    refusals = one_of(choice.settings, "refusals", "asked", "left_out") == "asked"
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_samples(choice, words, refusals)))


def _samples(choice: Choice, words: str, refusals: bool) -> Iterator[Described]:
    folder = open_data(choice.data, "osworld-g")
    name = "OSWorld-G.json" if words == "original" else "OSWorld-G_refined.json"
    files = folder.require("annotations of OSWorld-G", name, f"benchmark/{name}", "data/*.parquet", "*.parquet")
    for entry in read_entries(folder, files, Thing):
        if refusals or entry.value.box_type != "refusal":
            yield _described(folder, entry)


def _described(folder: DataFolder, entry: Entry[Thing]) -> Described:
    thing = entry.value
    places = [f"{above}{place}" for above in ("", "benchmark/") for place in PICTURES]
    kinds = {"kinds": ", ".join(thing.GUI_types)} if thing.GUI_types else {}
    return Described(
        name=thing.id or entry.name,
        description=thing.instruction,
        picture=folder.reader(thing.image or thing.image_path, entry.place, *places),
        target=_target(entry),
        place=entry.place,
        file=entry.file,
        image=thing.image_path,
        groups={"box": thing.box_type, **kinds},
    )


def _target(entry: Entry[Thing]) -> Target:
    thing, numbers = entry.value, entry.value.box_coordinates
    of = size_of(thing.image_size)
    match thing.box_type:
        case "refusal":
            return Nowhere()
        case "bbox" if len(numbers) == 4:
            return InBox(from_side_lengths(numbers, entry.place), of)
        case "polygon" if len(numbers) >= 6 and len(numbers) % 2 == 0:
            corners = [Point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
            return InOutline(corners, of)
        case kind:
            raise UsageError(f"{entry.place}: {len(numbers)} numbers are no {kind}")
