"""Suites that ask about documents, pictures and videos, and for calls of functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from ...suite import Choice, DataSuite
from ..known import Known

KIT = "its table of VLMEvalKit, its shards of the hub or its own files in --data"
VIDEOS = "its files and videos in --data, and pip install 'clickwright[video]'"


@dataclass(frozen=True, slots=True)
class _Told:
    title: str
    metric: str
    needs: str = KIT


_TABLE: Mapping[str, _Told] = {
    "docvqa": _Told("DocVQA", "ANLS"),
    "infovqa": _Told("InfographicVQA", "ANLS"),
    "chartqa": _Told("ChartQA", "relaxed accuracy"),
    "textvqa": _Told("TextVQA", "VQA accuracy"),
    "ocrbench": _Told("OCRBench", "share of the score of 1,000"),
    "mtvqa": _Told("MTVQA", "accuracy by inclusion"),
    "ai2d": _Told("AI2D", "accuracy"),
    "mmbench": _Told("MMBench", "accuracy, right in every rotation of the options"),
    "mmstar": _Told("MMStar", "accuracy"),
    "realworldqa": _Told("RealWorldQA", "accuracy"),
    "mmmu": _Told("MMMU", "accuracy"),
    "mathvista": _Told("MathVista", "accuracy, answers found by rules and not by GPT-4"),
    "mvbench": _Told("MVBench", "accuracy", VIDEOS),
    "perceptiontest": _Told("PerceptionTest", "accuracy", VIDEOS),
    "egoschema": _Told("EgoSchema", "accuracy", VIDEOS),
    "videomme": _Told("Video-MME", "accuracy", VIDEOS),
    "nextqa": _Told("NExT-QA", "accuracy", VIDEOS),
    "star": _Told("STAR", "accuracy", VIDEOS),
    "fncall": _Told("Function calls", "exact match of names and arguments", "questions.jsonl in --data"),
    "bfcl": _Told("Berkeley Function Calling Leaderboard", "calls that fit", "its data folder, with possible_answer"),
}


def _open(name: str, choice: Choice) -> DataSuite:
    from .opened import open_asking

    return open_asking(name, _TABLE[name].metric, choice)


SUITES: Mapping[str, Known] = {
    name: Known(
        title=told.title,
        metric=told.metric,
        open=partial(_open, name),
        oracle="the answers of the data",
        needs=told.needs,
    )
    for name, told in _TABLE.items()
}
