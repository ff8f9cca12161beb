"""A line of AgentLab's reproducibility journal.

Columns, dates and rounding are those of reproducibility_journal.csv and of
src/agentlab/experiments/reproducibility_util.py in https://github.com/ServiceNow/AgentLab; `std_err` is that of
src/agentlab/analyze/inspect_results.py.
"""

import csv
import io
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev

from ...errors import UsageError
from ..figures import rate
from ..record import RunRecord
from ..summary import Summary, summarise

COLUMNS = (
    "git_user",
    "agent_name",
    "benchmark",
    "benchmark_version",
    "date",
    "study_id",
    "avg_reward",
    "std_err",
    "n_err",
    "n_completed",
    "comment",
    "os",
    "python_version",
    "playwright_version",
    "agentlab_version",
    "agentlab_git_hash",
    "agentlab__local_modifications",
    "browsergym_version",
    "browsergym_git_hash",
    "browsergym__local_modifications",
)


def journal(record: RunRecord) -> str:
    """The head of the journal and one line of it.

    AgentLab counts an episode that broke as a reward of 0 and so does this line; its comment says what the rate is
    without them. What AgentLab says of itself stays empty. Raises UsageError for a run without rows.
    """
    summary = summarise(record)
    if not record.rows:
        raise UsageError(f"{record.folder} has no results to export yet")
    return _written([COLUMNS, [_values(record, summary).get(name, "") for name in COLUMNS]])


def append_journal(kept: str, written: str, path: Path) -> str:
    """A journal with one more line. Raises UsageError for a file that is no such journal."""
    head, line = csv.reader(io.StringIO(written))
    known = next(csv.reader(io.StringIO(kept)), None)
    if known is None:
        return written
    if sorted(known) != sorted(COLUMNS):
        raise UsageError(f"{path} is there and is not a reproducibility journal of AgentLab")
    values = dict(zip(head, line, strict=True))
    return kept + ("" if kept.endswith("\n") else "\n") + _written([[values[name] for name in known]])


def _values(record: RunRecord, summary: Summary) -> dict[str, str]:
    manifest = record.manifest
    versions, player = manifest.versions, manifest.player
    rewards = [0.0 if row.score is None else row.score for row in record.rows]
    return {
        "agent_name": player.checkpoint or player.name,
        "benchmark": manifest.suite,
        "benchmark_version": versions.get(manifest.suite, ""),
        "date": f"{manifest.began_at:%Y-%m-%d_%H-%M-%S}",
        "study_id": record.folder.resolve().name,
        "avg_reward": str(round(fmean(rewards), 3)),
        "std_err": str(round(standard_error(rewards), 3)),
        "n_err": str(summary.failed),
        "n_completed": f"{summary.rows}/{summary.total}",
        "comment": _comment(record, summary),
        "os": manifest.hardware.get("system", ""),
        "python_version": versions.get("python", ""),
        "playwright_version": versions.get("playwright", ""),
        "browsergym_version": versions.get("browsergym-core", ""),
    }


def standard_error(rewards: Sequence[float]) -> float:
    """Of a mean, as AgentLab reckons it: by p (1 - p) where each is 0 or 1, else from the sample."""
    if all(reward in (0, 1) for reward in rewards):
        share = fmean(rewards)
        return sqrt(share * (1 - share) / len(rewards))
    return stdev(rewards) / sqrt(len(rewards)) if len(rewards) > 1 else 0.0


def _comment(record: RunRecord, summary: Summary) -> str:
    manifest = record.manifest
    version = f" {manifest.versions['clickwright']}" if "clickwright" in manifest.versions else ""
    commit = f" at {manifest.commit[:12]}{' with changes' if manifest.dirty else ''}" if manifest.commit else ""
    rest = f"; {rate(summary.score.value)} of those that did not break" if summary.failed and summary.score else ""
    return f"run by Clickwright{version}{commit}{rest}"


def _written(lines: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
