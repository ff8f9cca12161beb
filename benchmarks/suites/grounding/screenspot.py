"""ScreenSpot and ScreenSpot-v2: 1,272 things each on phones, desktops and pages, as text or as an icon.

The group `cell` is one of the six of platform and type, over which some papers average.

Three forms of their files are known, and told apart by the fields of each row:

- `img_filename` and `data_source`: SeeClick's and OS-Copilot's JSON; boxes are x, y, width, height in pixels.
- `img_filename` and `img_size`: GUI-Actor's JSON; boxes are x1, y1, x2, y2 in pixels.
- `file_name` and `image`: parquet of the hub; boxes are x1, y1, x2, y2, in pixels or, where no number is above 1, in
  shares of the picture.

The setting `boxes` (`xywh`, `xyxy`) says it of rows that are in none of them. A box that does not lie on its picture
is an error, so that a form that was mistaken does not pass as a poor result.
"""

from collections.abc import Iterator
from typing import Literal

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, Stored, open_data, read_entries
from ....screen import Box, Size
from ...suite import Choice
from ..samples import SampleSuite
from ..settings import one_of, require_known
from .boxes import SHARES, Four, Pixels, from_corners, from_side_lengths, size_of
from .described import Described
from .targets import InBox

METRIC = "click accuracy: the point lies in the box, edges included; micro average"
ROWS = ("screenspot_*.json", "annotations/screenspot_*.json", "screenspot*.json", "data/*.parquet", "*.parquet")
PICTURES = (".", "images", "screenspot_imgs", "screenspotv2_image", "screenspotv2_imgs")
PLATFORMS = {
    **dict.fromkeys(("windows", "macos"), "desktop"),
    **dict.fromkeys(("ios", "android"), "mobile"),
    **dict.fromkeys(("tool", "shop", "gitlab", "forum"), "web"),
}
"""What each source is, as eval/screenSpot_v2.py of GUI-Actor has it."""

Form = Literal["xywh", "xyxy"]


class Spot(Record):
    """A row in any form."""

    img_filename: str = ""
    file_name: str = ""
    image: Stored | None = None
    bbox: Four
    instruction: str
    data_type: str = ""
    data_source: str = ""
    img_size: Pixels | None = None
    platform: str = ""
    ui_type: str = ""
    group: str = ""


def open_v1(choice: Choice) -> SampleSuite:
    return _open(choice, "screenspot")


def open_v2(choice: Choice) -> SampleSuite:
    return _open(choice, "screenspot-v2")


def _open(choice: Choice, name: str) -> SampleSuite:
    require_known(choice.settings, "boxes")
    said = one_of(choice.settings, "boxes", "auto", "xywh", "xyxy")
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_samples(choice, name, said)))


def _samples(choice: Choice, name: str, said: str) -> Iterator[Described]:
    folder = open_data(choice.data, name)
    for entry in read_entries(folder, folder.require("annotations of ScreenSpot", *ROWS), Spot):
        yield _described(folder, entry, said)


def _described(folder: DataFolder, entry: Entry[Spot], said: str) -> Described:
    spot = entry.value
    box, of = _box(entry, _form(entry) if said == "auto" else said)
    return Described(
        name=entry.name,
        description=spot.instruction,
        picture=folder.reader(spot.image or spot.img_filename or spot.file_name, entry.place, *PICTURES),
        target=InBox(box, of),
        place=entry.place,
        file=entry.file,
        image=spot.img_filename or spot.file_name,
        groups=_groups(entry),
    )


def _form(entry: Entry[Spot]) -> Form:
    spot = entry.value
    if spot.img_filename and bool(spot.data_source) != (spot.img_size is not None):
        return "xyxy" if spot.img_size is not None else "xywh"
    if spot.file_name and not spot.img_filename:
        return "xyxy"
    raise UsageError(
        f"{entry.place}: its fields do not say whether the box is x, y, width, height or two corners; "
        "say it with --set boxes=xywh or boxes=xyxy"
    )


def _box(entry: Entry[Spot], form: str) -> tuple[Box, Size | None]:
    """The box, and the size of the picture that it is of, where that is told."""
    spot = entry.value
    if form == "xywh":
        return from_side_lengths(spot.bbox, entry.place), size_of(spot.img_size)
    box = from_corners(spot.bbox, entry.place)
    is_share = not spot.img_filename and max(spot.bbox) <= 1
    return box, SHARES if is_share else size_of(spot.img_size)


def _groups(entry: Entry[Spot]) -> dict[str, str]:
    spot = entry.value
    source = spot.data_source or spot.platform
    named = next((word for word in ("desktop", "mobile", "web") if word in entry.file.lower()), "")
    platform, kind = spot.group or named or PLATFORMS.get(source, ""), spot.ui_type or spot.data_type
    cell = f"{platform} {kind}" if platform and kind else ""
    groups = {"platform": platform, "type": kind, "cell": cell, "source": source}
    return {name: value for name, value in groups.items() if value}
