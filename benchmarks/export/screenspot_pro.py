"""The file that ScreenSpot-Pro's own evaluation writes, and its leaderboard is made from.

Field by field that of eval_screenspot_pro.py in https://github.com/likaixin2000/ScreenSpot-Pro-GUI-Grounding, for
things that are on the screen. A row tells `platform`, `application`, `group` and `ui_type` as groups, as expected an
object with `bbox` (left, top, right, bottom), `instruction`, `image` and `file`, and as the prediction one with `point`
in pixels and `text`, or what the model wrote where no point could be read from it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from pydantic import JsonValue

from ...errors import UsageError
from ..record import RunRecord
from ..row import Row

STYLE, KIND = "instruction", "positive"
NEEDED = ("platform", "application", "group", "ui_type")
Detail = Mapping[str, JsonValue]


def screenspot_pro(record: RunRecord) -> str:
    """Details of each sample and the metrics of each group.

    Raises UsageError for rows of another benchmark, and for a run with gaps: there is no word for an error in that
    file, and samples left out would be a better score than was earned.
    """
    rows = record.rows
    broken = sum(row.score is None for row in rows) + max(0, record.manifest.keys - len(rows))
    if broken or not rows:
        raise UsageError(f"{broken:,} samples of {record.folder} have no score; a leaderboard needs all of them")
    language = record.manifest.choice.settings.get("language", "en")
    details = [_detail(row, language) for row in rows]
    metrics: dict[str, JsonValue] = {
        "fine_grained": _by(
            details,
            lambda each: (
                f"plat:{each['platform']} app:{each['application']} "
                f"inst_style:{each['instruction_style']} gt_type:{each['gt_type']}"
            ),
        ),
        "seeclick_style": _by(
            details,
            lambda each: f"plat:{each['platform']} inst_style:{each['instruction_style']} gt_type:{each['gt_type']}",
        ),
        "leaderboard_simple_style": _by(details, lambda each: f"group:{each['group']}"),
        "leaderboard_detailed_style": _by(details, lambda each: f"app:{each['application']}"),
        "overall": _metrics(details),
    }
    return json.dumps({"details": details, "metrics": metrics}, indent=4, ensure_ascii=False) + "\n"


def _detail(row: Row, language: str) -> dict[str, JsonValue]:
    missing = [name for name in NEEDED if name not in row.groups]
    if missing:
        raise UsageError(f"these are no results of ScreenSpot-Pro: {row.key} has no {missing[0]}")
    answer, truth = _fields(row.prediction), _fields(row.expected)
    point = answer.get("point")
    return {
        "id": row.task,
        "img_path": truth.get("image", ""),
        "group": row.groups["group"],
        "platform": row.groups["platform"],
        "application": row.groups["application"],
        "lang": language,
        "instruction_style": STYLE,
        "prompt_to_evaluate": truth.get("instruction", ""),
        "gt_type": KIND,
        "ui_type": row.groups["ui_type"],
        "task_filename": PurePosixPath(str(truth.get("file", ""))).stem,
        "pred": point,
        "raw_response": row.prediction if isinstance(row.prediction, str) else answer.get("text", ""),
        "bbox": truth.get("bbox"),
        "correctness": "correct" if row.score == 1 else "wrong_format" if point is None else "wrong",
    }


def _fields(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _by(details: Sequence[Detail], name_of: Callable[[Detail], str]) -> dict[str, JsonValue]:
    members: dict[str, list[Detail]] = {}
    for each in details:
        members.setdefault(name_of(each), []).append(each)
    return {name: _metrics(found) for name, found in members.items()}


def _metrics(details: Sequence[Detail]) -> JsonValue:
    right = [each for each in details if each["correctness"] == "correct"]
    return {
        "num_correct_action": len(right),
        "num_total": len(details),
        "wrong_format_num": sum(each["correctness"] == "wrong_format" for each in details),
        "action_acc": _share(right, details),
        "text_acc": _share(_of(right, "text"), _of(details, "text")),
        "icon_acc": _share(_of(right, "icon"), _of(details, "icon")),
    }


def _of(details: Sequence[Detail], ui_type: str) -> Sequence[Detail]:
    return [each for each in details if each["ui_type"] == ui_type]


def _share(part: Sequence[Detail], whole: Sequence[Detail]) -> float:
    return len(part) / len(whole) if whole else 0
