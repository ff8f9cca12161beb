"""A run as an evaluation log of inspect_ai, version 2 of its JSON form, which `inspect view` shows.

The names are those of inspect_ai/log/_log.py in https://github.com/UKGovernmentBEIS/inspect_ai, whose reader
(0.3.285) was given what is written here. A task with its seed is a sample, a repeat is an epoch.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from math import sqrt

from pydantic import JsonValue

from ..record import Manifest, RunRecord
from ..row import Row
from ..statistics import worth
from ..summary import Summary, summarise

SCORER = "clickwright"


def inspect_log(record: RunRecord) -> str:
    """The log as JSON. An attempt that broke has inspect's `error` and no score."""
    summary, manifest = summarise(record), record.manifest
    log: dict[str, JsonValue] = {
        "version": 2,
        "status": "success" if manifest.ended_at is not None and not summary.missing else "started",
        "eval": _spec(record, summary),
        "plan": {"name": "plan", "steps": [{"solver": manifest.player.name, "params": {}}], "config": {}},
        "results": _results(record, summary),
        "stats": {
            "started_at": _time(manifest.began_at),
            "completed_at": "" if manifest.ended_at is None else _time(manifest.ended_at),
            "model_usage": {_model(manifest): _usage(record.rows)},
        },
        "samples": [_sample(row, manifest) for row in record.rows],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _spec(record: RunRecord, summary: Summary) -> JsonValue:
    manifest = record.manifest
    player, choice = manifest.player, manifest.choice
    identity = hashlib.sha256(manifest.model_dump_json().encode()).hexdigest()[:22]
    spec: dict[str, JsonValue] = {
        "eval_id": identity,
        "run_id": identity,
        "created": _time(manifest.began_at),
        "task": manifest.suite,
        "task_id": f"{manifest.suite}-{identity[:8]}",
        "task_version": 0,
        "task_display_name": manifest.name,
        "task_args": {"episodes": choice.episodes, "seed": choice.seed, **choice.settings},
        "dataset": {"name": manifest.suite, "location": choice.data or None, "samples": _samples(record)},
        "model": _model(manifest),
        "model_args": {"profile": player.profile, "dtype": player.dtype, "checkpoint_hash": player.checkpoint_hash},
        "config": {"epochs": choice.repeats, "limit": choice.limit},
        "packages": dict(manifest.versions),
        "metadata": {"score": manifest.metric, "command": manifest.command, "hardware": dict(manifest.hardware)},
    }
    if manifest.commit:
        spec["revision"] = {"type": "git", "origin": "", "commit": manifest.commit, "dirty": bool(manifest.dirty)}
    return spec


def _results(record: RunRecord, summary: Summary) -> JsonValue:
    metrics: dict[str, JsonValue] = {}
    found = summary.score
    if found is not None:
        name = "accuracy" if summary.is_rate else "mean"
        metrics = {
            name: _metric(name, found.value),
            "stderr": _metric("stderr", _standard_error(record, found.value)),
            "low": _metric("low", found.low),
            "high": _metric("high", found.high),
        }
    score: dict[str, JsonValue] = {
        "name": SCORER,
        "scorer": SCORER,
        "scored_samples": summary.scored,
        "unscored_samples": summary.failed,
        "params": {},
        "metrics": metrics,
    }
    if found is not None:
        score["metadata"] = {"interval": f"95 %, {found.interval.method}"}
    return {"total_samples": summary.total, "completed_samples": summary.scored, "scores": [score]}


def _metric(name: str, value: float) -> JsonValue:
    return {"name": name, "value": value, "params": {}}


def _standard_error(record: RunRecord, value: float) -> float:
    """Of as many independent attempts as these are worth."""
    scored = [(row.score, row.cluster) for row in record.rows if row.score is not None]
    variance = sum((score - value) ** 2 for score, _ in scored) / len(scored)
    return sqrt(variance / worth([score for score, _ in scored], [cluster for _, cluster in scored]))


def _sample(row: Row, manifest: Manifest) -> JsonValue:
    sample: dict[str, JsonValue] = {
        "id": f"{row.task}/{row.seed}",
        "epoch": row.repeat + 1,
        "input": _instruction(row),
        "target": "" if row.expected is None else _text(row.expected),
        "messages": [],
        "output": {"model": _model(manifest), "choices": [], "completion": ""},
        "scores": {} if row.score is None else {SCORER: _score(row)},
        "metadata": {
            "groups": dict(row.groups),
            "ended": row.ended,
            "steps": row.steps,
            "seconds": dict(row.seconds),
            "confidence": row.confidence,
            "bad_outputs": row.bad_outputs,
            "trajectory": row.trajectory,
        },
        "store": {},
        "events": [],
        "model_usage": {_model(manifest): _usage([row])},
        "attachments": {},
    }
    if "total" in row.seconds:
        sample["total_time"] = row.seconds["total"]
    if row.error is not None:
        sample["error"] = {"message": f"{row.error}: {row.reason}", "traceback": "", "traceback_ansi": ""}
    return sample


def _score(row: Row) -> JsonValue:
    return {
        "value": row.score,
        "answer": None if row.prediction is None else _text(row.prediction),
        "explanation": row.reason or row.ended or None,
        "metadata": {"metrics": dict(row.metrics), "reward": row.reward, "success": row.success},
    }


def _instruction(row: Row) -> str:
    """What was asked, where the row has it, else the name of the task."""
    asked = row.expected.get("instruction") if isinstance(row.expected, dict) else None
    return asked if isinstance(asked, str) else row.task


def _usage(rows: Sequence[Row]) -> JsonValue:
    read, written = sum(row.prompt_tokens for row in rows), sum(row.new_tokens for row in rows)
    return {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}


def _samples(record: RunRecord) -> int:
    return len({(row.task, row.seed) for row in record.rows})


def _model(manifest: Manifest) -> str:
    """With a provider before it, as names of models in inspect have."""
    name = manifest.player.checkpoint or manifest.player.name
    return name if "/" in name else f"clickwright/{name}"


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")
