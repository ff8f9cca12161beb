"""The files of Multimodal-Mind2Web in their three forms, as steps of episodes."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, Stored, read_entries
from ....screen import Box, Screenshot
from ...metrics.mind2web import CLICKS
from ..grounding.boxes import Four, from_side_lengths

PICTURES = (".", "images", "mind2web_images", "blocks", "screenshots")
Operation = Literal["CLICK", "TYPE", "SELECT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done, and where it may be done, in pixels of the picture; nowhere, where the data do not say."""

    operation: Operation
    value: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStep:
    """One step, as all forms tell it. It has a picture where it has a box."""

    task_id: str
    action_id: str
    goal: str
    deed: Deed
    picture: Callable[[], Screenshot] | None
    place: str
    said: str = ""
    groups: Mapping[str, str] = field(default_factory=dict[str, str])


def _json(found: object) -> object:
    """Objects that stand in a row as a string of JSON."""
    return json.loads(found) if isinstance(found, str) else found


class _Operation(Record):
    op: str = ""
    original_op: str = ""
    value: str = ""


class _Sides(Record):
    x: float
    y: float
    width: float
    height: float


class _Attributes(Record):
    bounding_box_rect: str = ""


class _Candidate(Record):
    attributes: Annotated[_Attributes, BeforeValidator(_json)] = _Attributes()


class _HubRow(Record):
    annotation_id: str
    action_uid: str
    confirmed_task: Annotated[str, Field(min_length=1)]
    operation: Annotated[_Operation, BeforeValidator(_json)]
    pos_candidates: tuple[Annotated[_Candidate, BeforeValidator(_json)], ...]
    screenshot: str | Stored | None = None
    website: str = ""
    domain: str = ""
    target_action_reprs: str = ""


class _BlockRow(Record):
    annotation_id: str
    action_uid: str
    task: Annotated[str, Field(min_length=1)]
    operation: str
    value: str = ""
    target_blocks: dict[str, list[Four]]
    blocks_path: str
    website: str = ""
    domain: str = ""
    split: str = ""


class _Action(Record):
    action_uid: str
    operation: _Operation
    bbox: _Sides | None = None


class _Episode(Record):
    annotation_id: str
    confirmed_task: Annotated[str, Field(min_length=1)]
    actions: tuple[_Action, ...]
    website: str = ""
    domain: str = ""


class _Any(Record):
    """Tells the forms apart."""

    target_blocks: object = None
    actions: object = None


def read_steps(folder: DataFolder, split: str) -> Iterator[PageStep]:
    """The steps of all episodes in the order of the data.

    `split` empty: all files. Raises UsageError where there are none.
    """
    part = f"*{split}*" if split else "*"
    names = f"{part}.json", f"{part}.jsonl", f"test{part}.parquet", f"{part}.parquet"
    rows = (*names[:2], *(f"data/{name}" for name in names), *names[2:])
    for path in folder.require("rows of Mind2Web", *rows):
        first = next(read_entries(folder, (path,), _Any), None)
        match first.value if first else None:
            case _Any(target_blocks=None, actions=None):
                kind, steps = _HubRow, _of_hub
            case _Any(actions=None):
                kind, steps = _BlockRow, _of_block
            case _Any():
                kind, steps = _Episode, _of_episode
            case _:
                continue
        for entry in read_entries(folder, (path,), kind):
            yield from cast(Callable[..., Iterator[PageStep]], steps)(folder, entry)


def _of_hub(folder: DataFolder, entry: Entry[_HubRow]) -> Iterator[PageStep]:
    row = entry.value
    rects = [candidate.attributes.bounding_box_rect for candidate in row.pos_candidates]
    boxes = tuple(_rect(rect, entry.place) for rect in rects if rect)
    picture = row.screenshot or f"{row.annotation_id}-{row.action_uid}"
    yield PageStep(
        task_id=row.annotation_id,
        action_id=row.action_uid,
        goal=row.confirmed_task,
        deed=Deed(operation=_name(row.operation, entry.place), value=row.operation.value, boxes=boxes),
        picture=_picture(folder, picture, entry.place) if boxes else None,
        place=entry.place,
        said=row.target_action_reprs,
        groups=_groups(entry.file, row.website, row.domain),
    )


def _of_block(folder: DataFolder, entry: Entry[_BlockRow]) -> Iterator[PageStep]:
    row = entry.value
    block = next((name for name, boxes in row.target_blocks.items() if boxes), "")
    deed = Deed(
        operation=_name(_Operation(op=row.operation), entry.place),
        value=row.value,
        boxes=tuple(from_side_lengths(box, entry.place) for box in row.target_blocks.get(block, ())),
    )
    yield PageStep(
        task_id=row.annotation_id,
        action_id=row.action_uid,
        goal=row.task,
        deed=deed,
        picture=_picture(folder, f"{row.blocks_path}/{block}.png", entry.place) if block else None,
        place=entry.place,
        groups=_groups(entry.file, row.website, row.domain, row.split),
    )


def _of_episode(folder: DataFolder, entry: Entry[_Episode]) -> Iterator[PageStep]:
    episode = entry.value
    for action in episode.actions:
        name, sides = f"{episode.annotation_id}-{action.action_uid}", action.bbox
        box = () if sides is None else (sides.x, sides.y, sides.width, sides.height)
        boxes = (from_side_lengths(box, entry.place),) if box else ()
        yield PageStep(
            task_id=episode.annotation_id,
            action_id=action.action_uid,
            goal=episode.confirmed_task,
            deed=Deed(operation=_name(action.operation, entry.place), value=action.operation.value, boxes=boxes),
            picture=_picture(folder, name, entry.place) if boxes else None,
            place=entry.place,
            groups=_groups(entry.file, episode.website, episode.domain),
        )


def _picture(folder: DataFolder, picture: str | Stored, place: str) -> Callable[[], Screenshot]:
    """What reads it; one that is named by its step alone is JPEG, or else PNG."""
    if isinstance(picture, str) and "." not in picture.rpartition("/")[2]:
        picture = f"{picture}.jpg" if folder.holds(f"{picture}.jpg", *PICTURES) else f"{picture}.png"
    return folder.reader(picture, place, *PICTURES)


def _name(operation: _Operation, place: str) -> Operation:
    match operation.op or operation.original_op:
        case "TYPE" | "SELECT" as name:
            return name
        case name if name in CLICKS:
            return "CLICK"
        case name:
            raise UsageError(f"{place}: the operation {name!r} is none of {', '.join(CLICKS)}, TYPE and SELECT")


def _rect(rect: str, place: str) -> Box:
    try:
        x, y, width, height = (float(number) for number in rect.split(","))
        return from_side_lengths((x, y, width, height), place)
    except ValueError:
        raise UsageError(f"{place}: {rect[:80]!r} is no box, which has four numbers") from None


def _groups(file: str, website: str, domain: str, split: str = "") -> dict[str, str]:
    named = next((word for word in ("task", "website", "domain") if word in file.rpartition("/")[2].lower()), "")
    groups = {"split": split or named, "website": website, "domain": domain}
    return {name: value for name, value in groups.items() if value}
