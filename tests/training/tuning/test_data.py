"""Lessons from files, and what is told of files that hold none."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from clickwright.agent import Agent
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import UsageError
from clickwright.model import Message, Picture
from clickwright.policies import ScriptedPolicy
from clickwright.policies.profiles import find_profile
from clickwright.screen import Screenshot, Size, write_image
from clickwright.tools import Click, Finish, Press
from clickwright.training.lesson import Lesson
from clickwright.training.tuning.data import lessons_in
from clickwright.training.tuning.examples import example_of
from clickwright.training.tuning.tunable import open_tunable

from ...agent.conftest import FIELD, PAGES

MINI = find_profile("clickwright/mini")


def write(folder: Path, *lines: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "lessons.jsonl").write_text("\n".join(written))
    write_image(folder / "page.png", Screenshot(pixels=np.full((28, 56, 3), 9, np.uint8)))
    return folder


def said(*contents: str, images: list[str] | None = None) -> dict[str, object]:
    roles = ("user", "assistant") * len(contents)
    messages = [{"role": role, "content": content} for role, content in zip(roles, contents, strict=False)]
    return {"messages": messages} | ({"images": images} if images else {})


def test_pictures_stand_where_they_are_named_or_first(tmp_path):
    folder = write(
        tmp_path, said("See <image> there", "Yes", images=["page.png"]), "", said("Go", "No", images=["page.png"])
    )
    first, second = lessons_in(folder, MINI, records=tmp_path / "records")
    assert [type(part) for part in first.messages[0].parts] == [str, Picture, str]
    assert first.messages[0].parts[1].pixels.shape == (28, 56, 3)
    assert [type(part) for part in second.messages[0].parts] == [Picture, str]
    assert (first.name, second.name) == ("lessons.jsonl:1", "lessons.jsonl:3")
    assert second.messages[1].parts == ("No",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "lessons.jsonl:1 is no lesson"),
        ({"messages": [], "more": 1}, "more: Extra inputs"),
        ({"messages": [{"role": "tool", "content": ""}]}, "messages.0.role"),
        (said("<image><image>", "Yes", images=["page.png"]), "1 more <image> than images"),
        (said("Go", "Yes", images=["../secret.png"]), "lies outside its folder"),
        (said("Go", "Yes", images=["nowhere.png"]), "nowhere.png does not exist"),
        ("", "its files are empty"),
    ],
)
def test_what_is_no_lesson_is_told(tmp_path, line, words):
    with pytest.raises(UsageError, match=words):
        list(lessons_in(write(tmp_path, line), MINI, records=tmp_path / "records"))


def test_a_folder_without_lessons_is_told(tmp_path):
    with pytest.raises(UsageError, match="neither records, nor runs, nor files"):
        lessons_in(tmp_path, MINI, records=tmp_path / "records")


def test_records_and_recorded_runs_are_lessons_in_the_words_of_the_family(tmp_path):
    run = tmp_path / "runs" / "one"
    script = [Click(point=FIELD.center), Press(keys=("Enter",)), Finish()]
    environment = MemoryEnvironment(PAGES, size=Size(320, 180))
    Agent("Go on.", policy=ScriptedPolicy(script), environment=environment, run_dir=run).run()
    made = lessons_in(tmp_path / "runs", MINI, records=tmp_path / "made")
    kept = lessons_in(tmp_path / "made", MINI, records=tmp_path / "none")
    told = [lesson.messages[lesson.learned[0]].parts[0] for lesson in made]
    assert told == [lesson.messages[lesson.learned[0]].parts[0] for lesson in kept]
    assert ["left_click" in told[0], '"keys": ["Enter"]' in told[1]] == [True, True]
    assert not (tmp_path / "none").exists()


def test_what_is_only_told_is_not_learned():
    turns = (Message("user", ("Go",)), Message("assistant", ("Off",)), Message("user", ("On",)))
    whole = Lesson(name="all", messages=(*turns, Message("assistant", ("There",))))
    last = replace(whole, given=frozenset({1}))
    mini = open_tunable("clickwright/mini")
    assert [len(example_of(one, mini).turns) for one in (whole, last)] == [2, 1]
    assert example_of(last, mini).turns[0].ids == example_of(whole, mini).turns[1].ids
