"""The files of a recording: readable YAML, and the pictures of its things in a folder of the same name."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ...errors import UsageError
from ...screen import Screenshot, read_image
from ..whole import write_whole
from .recorded import Recording

MAX_BYTES = 8_000_000
_WIDTH = 120
_HEAD = "# Recorded by Clickwright; review it as you would review code. A test replays it without a model.\n"


def pictures_of(path: Path) -> Path:
    """The folder with the pictures of a recording."""
    return path.with_suffix("")


def read_recording(path: Path) -> Recording:
    """Raises UsageError, with what to do, where there is none, or where it is not one."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path} is larger than any recording: over {MAX_BYTES:,} bytes")
        told: Any = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506  a safe one, without aliases
    except FileNotFoundError:
        raise UsageError(f"there is no recording {path}: make it in the mode record (--ui-mode=record)") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # such as a date that is none, or endless brackets
        raise UsageError(f"{path} is no YAML: {' '.join(str(error).split())[:300]}") from None
    try:
        return Recording.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path} is no recording of this version: {where or 'it'}: {first['msg']}") from None


def read_picture(path: Path, name: str, scale: float) -> Screenshot:
    """One picture of a recording. Raises UsageError where it is missing, a link to elsewhere or no picture."""
    picture = pictures_of(path) / name
    if picture.is_symlink() or picture.parent.is_symlink():
        raise UsageError(f"{picture} is a link: a recording holds its pictures itself")
    return read_image(picture, scale=scale)


def pictures_in(recording: Recording) -> frozenset[str]:
    """The names of all pictures that a recording names."""
    targets = [target for step in recording.steps for target in (step.target, *(act.target for act in step.acts))]
    names = [name for target in targets if target is not None for name in (target.picture, target.around)]
    return frozenset(name for name in names if name is not None)


def recording_text(recording: Recording) -> str:
    """As it stands in the file: what is as usual is left out, boxes and points on one line."""
    told = recording.model_dump(mode="json", exclude_defaults=True)
    for step, written in zip(recording.steps, told.get("steps", ()), strict=True):
        for act, kept in zip(step.acts, written.get("acts", ()), strict=True):
            kept["action"] = {"kind": act.action.kind, **kept["action"]}
    told = {"format": recording.format, **told}
    return _HEAD + yaml.dump(told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def write_recording(path: Path, recording: Recording, pictures: Mapping[str, Screenshot]) -> None:
    """The file and those pictures that it names, in the place of those that were there. Raises UsageError.

    The pictures come first, so that a file that stands there has them all; old ones go last.
    """
    folder, old, new = pictures_of(path), _known_pictures(path), pictures_in(recording)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if new:
            folder.mkdir(exist_ok=True)
        for name in sorted(new & pictures.keys()):  # what was noted twice may have left another one behind
            _renew(folder / name, pictures[name].to_png(level=9))
        _renew(path, recording_text(recording).encode())
        for name in old - new:
            (folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # it is not there, or holds something else
            folder.rmdir()
    except OSError as error:
        raise UsageError(f"the recording {path} cannot be written: {error.strerror}") from None


def _known_pictures(path: Path) -> frozenset[str]:
    """Those of the recording that is there: nothing else in their folder is ours to delete."""
    try:
        return pictures_in(read_recording(path))
    except UsageError:
        return frozenset()


def _renew(path: Path, content: bytes) -> None:
    """What stands there already with this content stays as it is."""
    if not (path.is_file() and path.read_bytes() == content):
        write_whole(path, content)


class _Loader(yaml.SafeLoader):
    """Takes no aliases: a few lines of them stand for more than any memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # pyright: ignore[reportUnknownMemberType]
            raise yaml.YAMLError("aliases (*name) are not read here")
        return super().compose_node(parent, index)


class _Dumper(yaml.SafeDumper):
    """Lists of numbers on one line, everything else in blocks."""


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
    is_flat = all(isinstance(item, int | float | str) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=is_flat)


_Dumper.add_representer(list, _list)
