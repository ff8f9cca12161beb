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
from clickwright.policies.grammars import Canvas, parse_grounding
from clickwright.policies.profiles import find_profile
from clickwright.screen import Point, Screenshot, Size, write_image
from clickwright.tools import Click, Finish, Press
from clickwright.training.data import Locate, Named, Record, RecordFolder, Said
from clickwright.training.lesson import Lesson
from clickwright.training.tuning.data import lessons_in
from clickwright.training.tuning.examples import example_of
from clickwright.training.tuning.run import Wanted, lessons_of, tune_checkpoint
from clickwright.training.tuning.settings import Settings
from clickwright.training.tuning.sharded import World
from clickwright.training.tuning.tunable import open_processor, open_tunable
from rich.console import Console

from ...agent.conftest import FIELD, PAGES

MINI = find_profile("clickwright/mini")
SEEN = open_processor("clickwright/mini").resized


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
    first, second = lessons_in(folder, MINI, seen=SEEN)
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
        (said("Go", "Yes", images=["../secret.png"]), "jsonl:1: the name '../secret.png' leads out of the folder"),
        (said("Go", "Yes", images=["nowhere.png"]), "has no file 'nowhere.png'"),
        (said("Go", "Yes", images=["a\0.png"]), "leads out of the folder"),
        ({"messages": [{"role": "assistant", "content": "x"}], "images": ["page.png"]}, "no message of a user"),
        ("", "its files are empty"),
    ],
)
def test_what_is_no_lesson_is_told(tmp_path, line, words):
    with pytest.raises(UsageError, match=words):
        list(lessons_in(write(tmp_path, line), MINI, seen=SEEN))


def test_a_folder_without_lessons_is_told(tmp_path):
    with pytest.raises(UsageError, match="neither records, nor runs, nor files"):
        lessons_in(tmp_path, MINI, seen=SEEN)


def test_lines_are_those_of_json_whatever_else_a_text_holds(tmp_path):
    folder = write(tmp_path, json.dumps(said("a\u2028b", "c\x85d"), ensure_ascii=False))
    (folder / "lessons.jsonl").write_bytes(b"\xef\xbb\xbf" + (folder / "lessons.jsonl").read_bytes())
    (lesson,) = lessons_in(folder, MINI, seen=SEEN)
    assert lesson.messages[0].parts == ("a\u2028b",)


def recorded(path: Path, goal: str) -> Path:
    script = [Click(point=FIELD.center), Press(keys=("Enter",)), Finish()]
    environment = MemoryEnvironment(PAGES, size=Size(320, 180))
    Agent(goal, policy=ScriptedPolicy(script), environment=environment, run_dir=path).run()
    return path


def test_recorded_runs_are_learned_and_only_those(tmp_path, capsys):
    out, one = tmp_path / "out", tmp_path / "one"
    wanted = Wanted(model="clickwright/mini", profile=MINI, data=one, out=out, device="cpu")
    recorded(one / "run", "Go on.")
    tune_checkpoint(wanted, Settings(steps=1, rate=1e-5))
    assert "2 lessons" in capsys.readouterr().out
    other = recorded(tmp_path / "other", "Go elsewhere.")
    console = Console(quiet=True)
    found = lessons_of(other, replace(wanted, data=other), "records", World(), console)
    assert {str(lesson.messages[0].parts[-1]) for lesson in found} == {"Go elsewhere."}
    told = [str(lesson.messages[lesson.learned[0]].parts[0]) for lesson in found]
    assert ["left_click" in told[0], '"keys": ["Enter"]' in told[1]] == [True, True]
    with pytest.raises(UsageError, match="holds a run already"):
        tune_checkpoint(wanted, Settings(steps=1))


def test_places_are_written_for_the_size_at_which_the_checkpoint_reads(tmp_path):
    folder = RecordFolder(tmp_path)
    tall = folder.keep(Screenshot(pixels=np.full((2400, 1080, 3), 9, np.uint8)))
    asked = Said(role="user", parts=(Locate(text="the cart"),))
    told = Said(role="assistant", parts=(Named(text="the cart", places=((100, 1200, 300, 1300),)),))
    folder.put([Record(id="a", source="b", pictures=(tall,), messages=(asked, told))])
    processor = open_processor("clickwright/mini")
    (lesson,) = lessons_in(tmp_path, MINI, seen=processor.resized)
    (box,) = parse_grounding(
        str(lesson.messages[1].parts[0]),
        Canvas(size=Size(1080, 2400), space=MINI.space, seen=processor.resized(Size(1080, 2400))),
    )[0].shapes
    assert box.center.distance(Point(200, 1250)) < 4


def test_what_is_only_told_is_not_learned():
    turns = (Message("user", ("Go",)), Message("assistant", ("Off",)), Message("user", ("On",)))
    whole = Lesson(name="all", messages=(*turns, Message("assistant", ("There",))))
    last = replace(whole, given=frozenset({1}))
    mini = open_tunable("clickwright/mini")
    assert [len(example_of(one, mini).turns) for one in (whole, last)] == [2, 1]
    assert example_of(last, mini).turns[0].ids == example_of(whole, mini).turns[1].ids
