"""A run as JSON lines: one for each step, its pictures by their paths."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from ...tools import ACTION
from ..record.folder import RunFolder
from ..record.trace import Did, Sight, Step, Trajectory
from ..view.steps import look_of
from ..words import in_words

Line = dict[str, JsonValue]


def step_lines(run: Trajectory, folder: RunFolder, base: Path) -> list[Line]:
    """What each step saw, decided and did. Paths are relative to the folder `base`."""
    return [_line(step, folder, base) for step in run.steps]


def write_lines(lines: list[Line], path: Path) -> None:
    """One JSON object a line, as UTF-8."""
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    path.write_text(text.encode("utf-8", "replace").decode(), "utf-8")


def picture_path(sight: Sight, folder: RunFolder, base: Path) -> str:
    """Where a picture is, with slashes, seen from the folder `base`."""
    return Path(os.path.relpath(folder.frame_path(sight.frame).resolve(), base.resolve())).as_posix()


def _line(step: Step, folder: RunFolder, base: Path) -> Line:
    decided = step.decided
    line: Mapping[str, JsonValue] = {
        "step": step.number,
        "goal": step.goal,
        "url": step.saw.url,
        "title": step.saw.title,
        "picture": picture_path(step.saw, folder, base),
        "size": [step.saw.width, step.saw.height],
        "scale": step.saw.scale,
        "told": list(step.saw.events),
        "thought": step.thought,
        "target": decided.target if decided else "",
        "raw": decided.raw if decided else "",
        "confidence": step.confidence,
        "did": [_did(did) for did in step.did],
        "decided": [ACTION.dump_python(action, mode="json") for action in step.actions],
        "look": look_of(step),
        "error": step.error,
        "left": None if step.left is None else picture_path(step.left, folder, base),
        "seconds": round(step.seconds, 3),
        "timing": None if decided is None else decided.timing.model_dump(),
        "tokens": {"read": decided.prompt_tokens, "written": decided.new_tokens} if decided else None,
        "outcome": None if step.outcome is None else step.outcome.model_dump(),
    }
    return dict(line)


def _did(did: Did) -> JsonValue:
    told = did.model_dump(mode="json", exclude={"action"})
    return {"words": in_words(did.action), "action": ACTION.dump_python(did.action, mode="json"), **told}
