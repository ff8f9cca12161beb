"""RefCOCO, RefCOCO+ and RefCOCOg: a thing on a photograph as someone referred to it, to be found as a box.

Two forms are read: Qwen-VL's JSONL (`image`, `sent`, `bbox` as x1, y1, x2, y2 in pixels, `width`, `height`, pictures
by the last part of their path), and the parquet of lmms-lab (`image`, `answer` with all that was said, `bbox` as x, y,
width, height in pixels), of which each saying is a sample. The pickles of REFER are not read. The setting `split`
names one, such as `testA`, where the folder holds several.
"""

from collections.abc import Iterator

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, Stored, open_data, read_entries
from ....screen import Size
from ...suite import Choice
from ..samples import SampleSuite
from ..settings import require_known
from .boxes import Four, from_corners, from_side_lengths
from .described import Described
from .targets import Overlap

METRIC = "precision at 1: the box overlaps the right one with an IoU of at least 0.5; micro average"
PICTURES = (".", "images", "train2014", "coco/train2014", "coco")


class Referred(Record):
    image: str | Stored
    bbox: Four
    sent: str = ""
    answer: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None


def open_refcoco(choice: Choice) -> SampleSuite:
    require_known(choice.settings, "split")
    split = choice.settings.get("split", "*")
    if not split.replace("+", "").isalnum() and split != "*":
        raise UsageError(f"a split is a word such as testA, not {split!r}")
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_samples(choice, split)))


def _samples(choice: Choice, split: str) -> Iterator[Described]:
    folder = open_data(choice.data, "refcoco")
    rows = (f"refcoco*_{split}.jsonl", f"**/refcoco*_{split}.jsonl", f"data/{split}-*.parquet", f"{split}-*.parquet")
    for entry in read_entries(folder, folder.require("rows of RefCOCO", *rows), Referred):
        yield from _described(folder, entry)


def _described(folder: DataFolder, entry: Entry[Referred]) -> Iterator[Described]:
    said = entry.value
    image = said.image.rpartition("/")[2] if isinstance(said.image, str) else said.image
    picture, target = folder.reader(image, entry.place, *PICTURES), _target(entry)
    sayings = (said.sent,) if said.sent else said.answer
    if not sayings:
        raise UsageError(f"{entry.place} has nothing that was said, neither sent nor answer")
    split = entry.file.rpartition("/")[2].rpartition(".")[0].rpartition("_")[2].partition("-")[0]
    for number, saying in enumerate(sayings):
        yield Described(
            name=entry.name if len(sayings) == 1 else f"{entry.name}.{number + 1}",
            description=saying,
            picture=picture,
            target=target,
            place=entry.place,
            file=entry.file,
            image=image if isinstance(image, str) else "",
            groups={"split": split},
        )


def _target(entry: Entry[Referred]) -> Overlap:
    said = entry.value
    if not said.sent:
        return Overlap(from_side_lengths(said.bbox, entry.place))
    of = Size(said.width, said.height) if said.width and said.height else None
    return Overlap(from_corners(said.bbox, entry.place), of)
