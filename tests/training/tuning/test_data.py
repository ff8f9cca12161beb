"""Lessons from files, and what is told of files that hold none."""

import json
import shutil
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
from clickwright.training.data.lessons import Lessons
from clickwright.training.lesson import Lesson
from clickwright.training.tuning.data import lessons_in
from clickwright.training.tuning.examples import example_of
from clickwright.training.tuning.run import Wanted, lessons_of, tune_checkpoint
from clickwright.training.tuning.settings import Settings
from clickwright.training.tuning.sharded import World
from clickwright.training.tuning.survey import surveyed
from clickwright.training.tuning.trainer import Trainer
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


def recorded(path: Path, goal: str, *, end: Finish | None = None) -> Path:
    script = [Click(point=FIELD.center), Press(keys=("Enter",)), end or Finish()]
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


def test_a_resumed_run_goes_on_with_the_records_that_it_began_with(tmp_path, capsys):
    """Whatever was recorded since; a new one learns from that too."""
    runs, settings = tmp_path / "runs", Settings(steps=1, rate=1e-5)
    wanted = Wanted(model="clickwright/mini", profile=MINI, data=runs, out=tmp_path / "out", device="cpu")
    recorded(runs / "a", "Go on.")
    tune_checkpoint(wanted, settings)
    records = (wanted.out / "records" / "records.jsonl").read_bytes()
    recorded(runs / "b", "Go elsewhere.")
    capsys.readouterr()
    tune_checkpoint(replace(wanted, resume=True), settings)
    told = " ".join(capsys.readouterr().out.split())
    assert f"the records are those that the run began with, in {wanted.out / 'records'} 2 lessons" in told
    assert (wanted.out / "records" / "records.jsonl").read_bytes() == records
    tune_checkpoint(replace(wanted, out=tmp_path / "anew"), settings)
    assert "4 lessons" in capsys.readouterr().out


def test_a_resumed_run_goes_on_though_records_were_added(tmp_path, capsys):
    """And one that began before its records were kept as a store."""
    settings, data = Settings(steps=1, rate=1e-5), RecordFolder(tmp_path / "data")
    wanted = Wanted(model="clickwright/mini", profile=MINI, data=data.path, out=tmp_path / "out", device="cpu")
    data.put([asked(data, "the cart")])
    tune_checkpoint(wanted, settings)
    assert not (wanted.out / "records" / "pictures").exists()
    data.put([asked(data, "the bell")])
    tune_checkpoint(replace(wanted, resume=True), settings)
    assert "1 lesson," in capsys.readouterr().out.rpartition("began with")[2]
    shutil.rmtree(wanted.out / "records")
    with pytest.raises(UsageError, match="another run: its lessons was"):
        tune_checkpoint(replace(wanted, resume=True), settings)


def test_runs_that_failed_are_counted_and_learned_where_that_is_asked_for(tmp_path, capsys):
    runs = tmp_path / "runs"
    recorded(runs / "a", "Go on.")
    recorded(runs / "b", "Go elsewhere.", end=Finish(status="failure"))
    wanted = Wanted(model="clickwright/mini", profile=MINI, data=runs, out=tmp_path / "out", device="cpu")
    counts = [
        len(lessons_of(runs, replace(wanted, failed=failed), "records", World(), Console())) for failed in (False, True)
    ]
    assert counts[0] < counts[1]
    told = " ".join(capsys.readouterr().out.split())
    assert told == "left out: 1 trajectory that did not reach the goal; --failed learns from them too"


class Watched(Lessons):
    """Says how often a lesson was told, without its pictures and with them."""

    outlined = shown = 0

    def outline(self, number: int) -> Lesson:
        self.outlined += 1
        return super().outline(number)

    def __getitem__(self, index):
        self.shown += 1
        return super().__getitem__(index)


def test_lessons_are_looked_at_once_and_without_their_pictures(tmp_path):
    """What they are in tokens is kept beside the states: neither a new beginning nor a second process looks again."""
    folder = RecordFolder(tmp_path / "data")
    folder.put([asked(folder, word) for word in ("the cart", "the bell", "the door")])
    mini = open_tunable("clickwright/mini", device="cpu")
    lessons = [Watched(list(folder.read()), folder, MINI, seen=SEEN) for _ in range(3)]
    outlines = [example_of(lessons[0].outline(n), mini) for n in range(3)]
    assert [surveyed(one, 4096) for one in outlines] == [surveyed(example_of(one, mini), 4096) for one in lessons[0]]
    settings = Settings(steps=1, batch_tokens=4096)
    first = Trainer(mini, lessons[1], settings, tmp_path / "out")
    assert (lessons[1].outlined, lessons[1].shown) == (3, 0)
    again = Trainer(mini, lessons[2], settings, tmp_path / "out")
    assert (lessons[2].outlined, lessons[2].shown) == (0, 0)
    assert again._survey == first._survey
    assert Trainer(mini, lessons[2][:2], settings, tmp_path / "out")._survey != first._survey
    with pytest.raises(UsageError, match=r"has [\d,]+ tokens and a row 20"):
        Trainer(mini, lessons[2], replace(settings, batch_tokens=20), tmp_path / "out")


def test_a_lesson_that_is_another_one_when_it_is_learned_is_told(tmp_path):
    folder = write(tmp_path / "data", said("Go", "No", images=["page.png"]))
    mini = open_tunable("clickwright/mini", device="cpu")
    run = Trainer(mini, lessons_in(folder, MINI, seen=SEEN), Settings(steps=1), tmp_path / "out")
    write_image(folder / "page.png", Screenshot(pixels=np.full((28, 56, 3), 10, np.uint8)))
    with pytest.raises(UsageError, match=r"the lesson lessons\.jsonl:1 is no longer what it was when the run began"):
        run.train()


def asked(folder: RecordFolder, word: str, shade: int = 9) -> Record:
    """A record that asks where something is."""
    page = folder.keep(Screenshot(pixels=np.full((112, 140, 3), shade, np.uint8)))
    question = Said(role="user", parts=(Locate(text=word),))
    answer = Said(role="assistant", parts=(Named(text=word, places=((10, 20, 30, 40),)),))
    return Record(id=word, pictures=(page,), messages=(question, answer))


def test_what_is_held_out_and_learned_all_the_same_is_told(tmp_path, capsys):
    """By its picture or its target; lessons as they are say nothing of that."""
    learned, held, other = (RecordFolder(tmp_path / name) for name in ("learned", "held", "other"))
    learned.put([asked(learned, "the bell", shade=1), asked(learned, "the door", shade=2)])
    held.put([asked(held, "the cart", shade=1), asked(held, "the bell", shade=3), asked(held, "a tree", shade=4)])
    other.put([asked(other, "a tree", shade=4)])
    plain = write(tmp_path / "plain", said("Go", "No"))
    settings = Settings(steps=1, rate=1e-5, batch_tokens=4096)
    wanted = Wanted(model="clickwright/mini", profile=MINI, data=learned.path, out=tmp_path / "out", device="cpu")
    tune_checkpoint(replace(wanted, held_out=held.path), settings)
    told = " ".join(capsys.readouterr().out.split())
    assert "held out: 2 of 3 records share a picture or a target with what is learned; python -m" in told
    for number, folder in enumerate((other.path, plain)):
        tune_checkpoint(replace(wanted, held_out=folder, out=tmp_path / str(number)), settings)
        assert "share a picture" not in capsys.readouterr().out


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
