"""The published files about videos, each in its own form, as one kind of row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, Row
from ....files.records import understood
from ....files.rows import read_json
from .fields import (
    Text,
    Texts,
    entries_of,
    letter_of,
    named,
    options_of,
    patterns,
    require_answer,
    rows_of,
    told_groups,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmRow:
    """A question about a video, or about the part of it between two times."""

    name: str
    video: str
    """Its file, the suffix told or not, or the folder of its frames."""
    question: str
    options: Mapping[str, str]
    letter: str
    groups: Mapping[str, str] = field(default_factory=dict[str, str])
    start_s: float = 0.0
    end_s: float | None = None


class Film(Record):
    """A question in any of the forms that have a row for each."""

    name: Text = named("question_id", "q_uid", "qid", "id", "index", default="")
    video: Text = named("videoID", "video_idx", "video_name", "video_id", "q_uid", "video")
    question: Text = named("question")
    options: Texts = named("options", "option", "candidates", default=())
    answer: Text = named("answer", default="")
    number: Text = named("answer_id", default="")
    start: float | None = None
    end: float | None = None
    duration: Text = ""
    domain: Text = ""
    task: Text = named("task_type", "area", default="")
    reasoning: Text = ""


class Sorted(Record):
    """A question of NExT-QA, whose answers stand in columns."""

    qid: Text
    video: Text
    question: Text
    answer: Text
    type: Text
    a0: Text
    a1: Text
    a2: Text
    a3: Text
    a4: Text


class Situation(Record):
    """A question of STAR."""

    question_id: Text
    video_id: Text
    question: Text
    answer: Text
    start: float
    end: float
    choices: tuple[dict[str, JsonValue], ...]


MVBENCH_FOLDERS: Mapping[str, str] = {
    "action_sequence": "star/Charades_v1_480",
    "action_prediction": "star/Charades_v1_480",
    "action_antonym": "ssv2_video",
    "fine_grained_action": "Moments_in_Time_Raw/videos",
    "unexpected_action": "FunQA_test/test",
    "object_existence": "clevrer/video_validation",
    "object_interaction": "star/Charades_v1_480",
    "object_shuffle": "perception/videos",
    "moving_direction": "clevrer/video_validation",
    "action_localization": "sta/sta_video",
    "scene_transition": "scene_qa/video",
    "action_count": "perception/videos",
    "moving_count": "clevrer/video_validation",
    "moving_attribute": "clevrer/video_validation",
    "state_change": "perception/videos",
    "fine_grained_pose": "nturgbd",
    "character_order": "perception/videos",
    "egocentric_navigation": "vlnqa",
    "episodic_reasoning": "tvqa/frames_fps3_hq",
    "counterfactual_inference": "clevrer/video_validation",
}
"""Where the videos of each of the twenty kinds lie, below `video`: VLMEvalKit, vlmeval/dataset/mvbench.py."""
NEXTQA_KINDS: Mapping[str, str] = {"C": "causal", "T": "temporal", "D": "descriptive"}
"""By the first letter of the type: doc-doc/NExT-QA, eval_mc.py, where TP counts as TN."""


def mvbench_rows(folder: DataFolder, *files: str) -> Sequence[FilmRow]:
    """MVBench: json/<kind>.json, the right option as its text."""
    found: list[FilmRow] = []
    for path in folder.require("questions", *(files or ("json/*.json", "*.json"))):
        kind = path.stem
        for entry in entries_of(folder, Film, folder.name(path)):
            place = MVBENCH_FOLDERS.get(kind)
            video = f"{place}/{entry.value.video}" if place else entry.value.video
            row = _film(entry, name=f"{kind}:{entry.number}", video=video, groups={"kind": kind})
            found.append(row)
    return found


def video_mme_rows(folder: DataFolder, *files: str) -> Sequence[FilmRow]:
    """Video-MME: the shards of the hub. Grouped by length, as its table is, by domain and by task."""
    found: list[FilmRow] = []
    for entry in entries_of(folder, Film, *(files or patterns("Video-MME", "test"))):
        film = entry.value
        groups = told_groups([("length", film.duration), ("domain", film.domain), ("task", film.task)])
        found.append(_film(entry, name=film.name, video=film.video, groups=groups))
    return found


def perceptiontest_rows(folder: DataFolder, *files: str) -> Sequence[FilmRow]:
    """PerceptionTest: the hub's shards of the validation split, or its own file, one object with an entry a video."""
    found: list[FilmRow] = []
    for row in rows_of(
        folder, *(files or patterns("PerceptionTest_VAL", "validation", "valid", part="mc_question_val"))
    ):
        for number, inner in enumerate(_questions(row)):
            film = understood(inner, Film)
            name = f"{film.video}:{film.name or number}"
            groups = told_groups([("area", film.task), ("reasoning", film.reasoning)])
            found.append(_film(Entry(film, row.file, row.number), name=name, video=film.video, groups=groups))
    return found


def egoschema_rows(folder: DataFolder, *files: str) -> Sequence[FilmRow]:
    """EgoSchema: the hub's shards, or questions.json with subset_answers.json: the answers of 500 are published."""
    answers = _known_answers(folder)
    found: list[FilmRow] = []
    for row in rows_of(folder, *(files or ("questions.json", *patterns("EgoSchema", "test", part="Subset")))):
        columns = [row.values[f"option {n}"] for n in range(5) if f"option {n}" in row.values]
        film = understood(
            Row({"options": columns, **row.values} if columns else row.values, row.file, row.number), Film
        )
        number = film.answer or answers.get(film.name, "")
        if number or not answers:
            film = film.model_copy(update={"number": number})
            found.append(_film(Entry(film, row.file, row.number), name=film.name or film.video, video=film.video))
    if not found:
        raise UsageError("none of the questions has an answer in subset_answers.json")
    return found


def nextqa_rows(folder: DataFolder, *files: str) -> Sequence[FilmRow]:
    """NExT-QA with five options: the hub's shards or its own val.csv. Videos also as map_vid_vidorID.json has them."""
    renamed = _renamed(folder)
    found: list[FilmRow] = []
    for entry in entries_of(folder, Sorted, *(files or patterns("NExTQA", "test", "val", part="MC"))):
        asked = entry.value
        options = options_of([asked.a0, asked.a1, asked.a2, asked.a3, asked.a4])
        kind = "TN" if asked.type == "TP" else asked.type
        found.append(
            FilmRow(
                name=f"{asked.video}_{asked.qid}",
                video=renamed.get(asked.video, asked.video),
                question=asked.question,
                options=options,
                letter=_letter(entry.place, asked.answer, options, is_number=True),
                groups={"kind": NEXTQA_KINDS.get(kind[:1], kind), "type": kind},
            )
        )
    return found


def star_rows(folder: DataFolder, *files: str) -> Sequence[FilmRow]:
    """STAR: STAR_val.json, questions about a part of a video of Charades, four options."""
    found: list[FilmRow] = []
    for entry in entries_of(folder, Situation, *(files or ("STAR_val.json", *patterns("STAR", "val")))):
        asked = entry.value
        options = options_of([str(choice.get("choice", "")) for choice in asked.choices])
        found.append(
            FilmRow(
                name=asked.question_id,
                video=asked.video_id,
                question=asked.question,
                options=options,
                letter=_letter(entry.place, asked.answer, options),
                groups={"kind": asked.question_id.partition("_")[0]},
                start_s=asked.start,
                end_s=asked.end,
            )
        )
    return found


def _film(entry: Entry[Film], *, name: str, video: str, groups: Mapping[str, str] | None = None) -> FilmRow:
    film = entry.value
    options = options_of(film.options)
    return FilmRow(
        name=name,
        video=video,
        question=film.question,
        options=options,
        letter=_letter(entry.place, film.number or film.answer, options, is_number=bool(film.number)),
        groups=groups or {},
        start_s=film.start or 0.0,
        end_s=film.end,
    )


def _letter(place: str, answer: str, options: Mapping[str, str], *, is_number: bool = False) -> str:
    require_answer(answer, place)
    letter = letter_of(answer, options, is_number=is_number)
    if not letter:
        raise UsageError(f"{place}: the answer {answer[:60]!r} is none of its options")
    return letter


def _questions(row: Row) -> list[Row]:
    """A row as it is; or, of an object with an entry for each video, the questions of all of them."""
    if "question" in row.values:
        return [row]
    found: list[Row] = []
    for video, about in row.values.items():
        asked = cast(Mapping[str, object], about).get("mc_question") if isinstance(about, dict) else None
        for one in cast(list[object], asked) if isinstance(asked, list) else []:
            if isinstance(one, dict):
                found.append(Row({"video_name": video, **cast(dict[str, object], one)}, row.file, row.number))
    return found


def _known_answers(folder: DataFolder) -> Mapping[str, str]:
    return _object(folder, "subset_answers.json")


def _renamed(folder: DataFolder) -> Mapping[str, str]:
    return _object(folder, "map_vid_vidorID.json")


def _object(folder: DataFolder, name: str) -> Mapping[str, str]:
    """The texts and numbers of a file that is one object; none where it is not there."""
    files: Sequence[Path] = folder.files(name, f"**/{name}")
    if not files:
        return {}
    told = read_json(files[0], name=name)
    if not isinstance(told, dict):
        raise UsageError(f"{name} is no object")
    return {str(key): str(value) for key, value in cast(dict[object, object], told).items()}
