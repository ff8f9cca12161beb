"""ScreenSpot-Pro: 1,581 things in 26 professional applications at high resolution.

The folder as published: `annotations/*.json` and `images/`. A row's `ended` is the verdict of eval_screenspot_pro.py:
`correct`, `wrong` or `wrong_format`. The setting `language` (`en`, `cn`) says which instructions are used.
"""

from collections.abc import Iterator

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, Stored, open_data, read_entries
from ...suite import Choice
from ..samples import SampleSuite
from ..settings import one_of, require_known
from .boxes import Four, Pixels, from_corners, size_of
from .described import Described
from .targets import InBox

METRIC = "action accuracy: the point lies in the box, edges included; micro average"
ROWS = ("annotations/*.json", "data/*.parquet", "*.parquet", "*.json")
PICTURES = ("images", ".")


class ProSpot(Record):
    id: str = ""
    img_filename: str
    image: Stored | None = None
    bbox: Four
    img_size: Pixels
    instruction: str
    instruction_cn: str = ""
    application: str = ""
    platform: str = ""
    ui_type: str = ""
    group: str = ""


def open_pro(choice: Choice) -> SampleSuite:
    require_known(choice.settings, "language")
    language = one_of(choice.settings, "language", "en", "cn")
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_samples(choice, language)))


def _samples(choice: Choice, language: str) -> Iterator[Described]:
    folder = open_data(choice.data, "screenspot-pro")
    for entry in read_entries(folder, folder.require("annotations of ScreenSpot-Pro", *ROWS), ProSpot):
        yield _described(folder, entry, language)


def _described(folder: DataFolder, entry: Entry[ProSpot], language: str) -> Described:
    spot = entry.value
    fields = ("group", "application", "platform", "ui_type")
    return Described(
        name=spot.id or entry.name,
        description=_instruction(entry, language),
        picture=folder.reader(spot.image or spot.img_filename, entry.place, *PICTURES),
        target=InBox(from_corners(spot.bbox, entry.place), size_of(spot.img_size)),
        place=entry.place,
        file=entry.file,
        image=spot.img_filename,
        groups={name: value for name in fields if (value := str(getattr(spot, name)))},
    )


def _instruction(entry: Entry[ProSpot], language: str) -> str:
    said = entry.value.instruction if language == "en" else entry.value.instruction_cn
    if not said:
        raise UsageError(f"{entry.place} has no instruction in this language: {language}")
    return said
