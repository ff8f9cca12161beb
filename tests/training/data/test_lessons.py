"""Records in the words of every family: what a lesson says is read back as what the record says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.model import Marked, Message, Picture, Video
from clickwright.policies.grammars import Canvas, box_of, center_of
from clickwright.policies.profiles import PROFILES, Alone, Dialogue, Profile
from clickwright.screen import Box, Point
from clickwright.tools import Action, Click, Finish, Function, Press, Scroll, TypeText, points_of
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.lessons import Lessons, Made, lessons_of, seen_by
from clickwright.training.data.record import CourseStep, Film, FrameAt, Named, Record, Said, Seen, Shown, Target, Text
from hypothesis import given, settings
from hypothesis import strategies as st

from ...policies.any_action import actions, custom_of
from .made import SIZE, course, pointing, question, screen

ACTING = [name for name, profile in PROFILES.items() if profile.act and profile.act.naming is None]
POINTING = [name for name, profile in PROFILES.items() if profile.ground and not profile.ground.has_head]
places = st.builds(Point, st.floats(0, SIZE.width), st.floats(0, SIZE.height))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RecordFolder:
    return RecordFolder(tmp_path_factory.mktemp("records"))


def canvas_of(profile: Profile) -> Canvas:
    return Canvas(size=SIZE, space=profile.space, seen=seen_by(profile)(SIZE))


def words_of(message: Message) -> str:
    return "".join(part for part in message.parts if isinstance(part, str))


def learned(made: Made) -> list[str]:
    return [words_of(lesson.messages[n]) for lesson in made.lessons for n in lesson.learned]


def is_near(meant: Point, found: Point, canvas: Canvas) -> bool:
    edge = 1 if canvas.space.page else 0  # the edge of a part of a page is read as its last pixel
    across, down = (1.01 * unit * canvas.space.step + edge + 1e-6 for unit in canvas.unit)
    return abs(meant.x - found.x) <= across and abs(meant.y - found.y) <= down


def require_same(done: Sequence[Action], read: Sequence[Action], canvas: Canvas) -> None:
    """The same kinds at the same places; a call more or less where a family says one action by two."""
    if len(done) != len(read):
        return
    assert {type(action) for action in read} <= {type(action) for action in done}
    for before, after in zip(done, read, strict=True):
        if type(before) is type(after) and len(points_of(before)) == len(points_of(after)):
            assert all(is_near(*pair, canvas) for pair in zip(points_of(before), points_of(after), strict=True))


@pytest.mark.parametrize("name", ACTING)
@settings(max_examples=40)
@given(done=st.lists(actions(places), min_size=1, max_size=2))
def test_what_a_lesson_says_is_what_was_done(name: str, folder: RecordFolder, done: list[Action]) -> None:
    profile = PROFILES[name]
    assert profile.act is not None
    tools = tuple(Function(name=one, description="", parameters={"type": "object"}) for one in sorted(custom_of(*done)))
    canvas = replace(canvas_of(profile), tools=custom_of(*done))
    step = CourseStep(saw=Seen(picture=0), actions=tuple(done))
    made = lessons_of(course(folder, step, tools=tools), folder, profile)
    kept = [action for action in done if not (profile.act.is_single_step and isinstance(action, Finish))]
    for said in learned(made):
        require_same(kept, profile.act.language.parse(said, canvas).actions, canvas)
    assert len(made.lessons) + len(made.left_out) == bool(kept)


@pytest.mark.parametrize("name", ACTING)
def test_a_click_is_learned_by_every_family_that_acts(name: str, folder: RecordFolder) -> None:
    profile, canvas = PROFILES[name], canvas_of(PROFILES[name])
    assert profile.act is not None
    clicks = [Click(point=Point(100 * n + 50, 250)) for n in range(3)]
    made = lessons_of(course(folder, *clicks), folder, profile)
    assert made.left_out == ()
    answers = [words for words in learned(made) if not words.startswith("<|recipient|>all")]
    read = [profile.act.language.parse(words, canvas).actions for words in answers]
    assert len(read) == 3
    for click, (found, *_) in zip(clicks, read, strict=True):
        assert isinstance(found, Click)
        assert is_near(click.point, found.point, canvas)


@pytest.mark.parametrize("name", POINTING)
@settings(max_examples=40)
@given(corners=st.tuples(places, places))
def test_a_place_that_a_lesson_names_is_that_of_the_record(
    name: str, folder: RecordFolder, corners: tuple[Point, Point]
) -> None:
    profile, canvas = PROFILES[name], canvas_of(PROFILES[name])
    assert profile.ground is not None
    box = Box.around(*corners)
    (lesson,) = lessons_of(pointing(folder, "the bell", box.x1, box.y1, box.x2, box.y2), folder, profile).lessons
    (said,) = (words_of(lesson.messages[n]) for n in lesson.learned)
    assert "the bell" in "".join(map(words_of, lesson.messages[:-1]))
    (reference,) = profile.ground.places.parse(said, canvas)
    shape = reference.shapes[0]
    found = box_of(shape)
    assert is_near(box.center, center_of(shape), canvas)
    if found is not None:
        assert all(is_near(*pair, canvas) for pair in zip(box.corners, found.corners, strict=True))


def test_the_same_record_is_said_in_the_words_of_each_family(folder: RecordFolder) -> None:
    record = pointing(folder, "the bell", 100, 50, 300, 150)
    said = {name: learned(lessons_of(record, folder, PROFILES[name]))[0] for name in ("instruct", "showui", "ui-tars")}
    assert said == {
        "instruct": "<|object_ref_start|>the bell<|object_ref_end|><|box_start|>(100,100),(300,300)<|box_end|>",
        "showui": "[0.2, 0.2]",
        "ui-tars": "(200,200)",
    }


def test_a_dialogue_is_one_lesson_and_others_are_one_a_step(folder: RecordFolder) -> None:
    record = course(folder, *(Click(point=Point(10, 10 + n)) for n in range(4)))
    made = {name: lessons_of(record, folder, profile).lessons for name, profile in PROFILES.items() if name in ACTING}
    for name, lessons in made.items():
        acting = PROFILES[name].act
        assert acting is not None
        is_one = isinstance(acting.history, Dialogue) and acting.history.images >= 4
        assert len(lessons) == (1 if is_one else 4), name
        if is_one:
            assert lessons[0].given == frozenset()
            assert sum(isinstance(part, Picture) for m in lessons[0].messages for part in m.parts) == 4


def test_where_old_screenshots_are_taken_out_answers_are_learned_with_those_that_were_seen(
    folder: RecordFolder,
) -> None:
    """UI-TARS is shown five at most: a longer run is several lessons, and no answer is learned twice."""
    record = course(folder, *(Click(point=Point(10, 10 + n)) for n in range(12)))
    made = lessons_of(record, folder, PROFILES["ui-tars"])
    answers = learned(made)
    assert len(answers) == 12 == len(set(answers))
    assert len(made.lessons) == 4
    for lesson in made.lessons:
        first = lesson.learned[0]
        assert sum(isinstance(part, Picture) for message in lesson.messages for part in message.parts) <= 5
        assert isinstance(lesson.messages[first - 1].parts[-1], Picture)
    assert all(lesson.given for lesson in made.lessons[1:])


def test_what_did_not_work_is_told_where_that_is_told_and_never_learned(folder: RecordFolder) -> None:
    failed = CourseStep(
        saw=Seen(picture=1), actions=(Click(point=Point(7, 7)),), worked=False, error="nothing is there"
    )
    record = course(folder, Click(point=Point(1, 1)), failed, Click(point=Point(3, 3)))
    (lesson,) = lessons_of(record, folder, PROFILES["instruct"]).lessons
    assert len(lesson.learned) == 2
    assert len(lesson.given) == 1
    assert "nothing is there" in "".join(map(words_of, lesson.messages))
    tars = lessons_of(record, folder, PROFILES["ui-tars"]).lessons
    assert "(7,14)" not in "".join(words_of(message) for lesson in tars for message in lesson.messages)


def test_mini_learns_what_is_meant_and_its_box(folder: RecordFolder) -> None:
    step = CourseStep(
        saw=Seen(picture=0),
        actions=(Click(point=Point(200, 100)), Finish()),
        target=Target(text="the bell", box=(100, 50, 300, 150)),
    )
    profile = PROFILES["mini"]
    assert profile.act is not None
    assert isinstance(profile.act.history, Alone)
    (lesson,) = lessons_of(course(folder, step), folder, profile).lessons
    said = words_of(lesson.messages[-1])
    # 1000 x 500 pixels are read at 1008 x 504, a part of a page of 1288 x 728
    assert said.startswith("<|object_ref_start|>the bell<|object_ref_end|><|box_start|>(78,69),(235,208)<|box_end|>")
    (read,) = profile.act.language.parse(said, canvas_of(profile)).actions
    assert isinstance(read, Click)
    assert is_near(Point(200, 100), read.point, canvas_of(profile))


def test_what_a_family_has_no_word_for_is_left_out_and_told(folder: RecordFolder) -> None:
    record = course(folder, Click(point=Point(1, 1)), Press(keys=("F7",)), TypeText(text="x"))
    made = lessons_of(record, folder, PROFILES["showui"])
    assert len(made.lessons) == 2
    assert len(made.left_out) == 1
    assert made.left_out[0].startswith("c/1: ")
    for name, reason in (("uground", "only points"), ("planner", "names elements"), ("marks", "names elements")):
        assert reason in lessons_of(record, folder, PROFILES[name]).left_out[0]
    assert "points with a head" in lessons_of(pointing(folder), folder, PROFILES["gui-actor"]).left_out[0]


def test_questions_for_places_are_learned_whatever_stands_around_them(folder: RecordFolder) -> None:
    """A system message is the family's own, and a question for no place is left out alone."""
    where, place = pointing(folder).messages
    asked, answer = (Said(role=role, parts=(Text(text=role),)) for role in ("user", "assistant"))
    system = Said(role="system", parts=(Text(text="Be brief."),))

    def made(*messages: Said) -> tuple[list[str], tuple[str, ...]]:
        made = lessons_of(pointing(folder).model_copy(update={"messages": messages}), folder, PROFILES["showui"])
        assert set(learned(made)) == {"[0.2, 0.2]"}
        return [lesson.name for lesson in made.lessons], made.left_out

    assert made(system, where, place) == (["p"], ())
    reason = "p/1: what is no question for a place is not learned beside those that are"
    assert made(where, place, asked, answer, where, place) == (["p/0", "p/2"], (reason,))
    reason = "p/0: a question for a place asks for one thing and is answered by one reference"
    assert made(where, where, place) == (["p/1"], (reason,))


def test_captions_with_places_and_questions_are_said_where_they_can_be(folder: RecordFolder) -> None:
    parts = (Text(text="A <|box_start|> and "), Named(text="a bell", places=((100, 50, 300, 150),)), Text(text=" here"))
    record = question(folder).model_copy(
        update={"messages": (question(folder).messages[0], Said(role="assistant", parts=parts))}
    )
    (lesson,) = lessons_of(record, folder, PROFILES["instruct"]).lessons
    assert words_of(lesson.messages[-1]) == (
        "A < |box_start|> and <|object_ref_start|>a bell<|object_ref_end|>"
        "<|box_start|>(100,100),(300,300)<|box_end|> here"
    )
    assert "no words for places" in lessons_of(record, folder, PROFILES["qwen2.5-vl"]).left_out[0]
    (plain,) = lessons_of(question(folder), folder, PROFILES["qwen2.5-vl"]).lessons
    assert [words_of(message) for message in plain.messages] == ["What?", "A bell."]
    assert "was not trained to answer" in lessons_of(question(folder), folder, PROFILES["ui-tars"]).left_out[0]


def test_a_question_that_names_a_place_has_its_marks_as_tokens(folder: RecordFolder) -> None:
    asked = Said(role="user", parts=(Shown(picture=0), Named(places=((0, 0, 500, 250),)), Text(text=" what is it?")))
    record = question(folder).model_copy(update={"messages": (asked, question(folder).messages[1])})
    (lesson,) = lessons_of(record, folder, PROFILES["instruct"]).lessons
    assert lesson.messages[0].is_marked
    assert all(isinstance(part, Marked) for part in lesson.messages[0].parts if isinstance(part, str))


def test_a_video_is_one_part(folder: RecordFolder) -> None:
    pictures = tuple(folder.keep(screen(40 + n)) for n in range(4))
    film = Film(frames=tuple(FrameAt(picture=n, at_s=n / 2) for n in range(4)))
    messages = (
        Said(role="user", parts=(film, Text(text="What happens?"))),
        Said(role="assistant", parts=(Text(text="It rings."),)),
    )
    record = Record(id="v", pictures=pictures, messages=messages)
    assert record.kind == "video"
    (lesson,) = lessons_of(record, folder, PROFILES["instruct"]).lessons
    video = lesson.messages[0].parts[0]
    assert isinstance(video, Video)
    assert video.frames.shape == (4, SIZE.height, SIZE.width, 3)


def test_a_picture_that_is_gone_is_the_callers_fault(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    record = course(folder, Scroll(point=Point(1, 1), dy=100))
    (tmp_path / record.pictures[0].file).unlink()
    with pytest.raises(UsageError, match="is missing"):
        lessons_of(record, folder, PROFILES["instruct"])


def test_all_lessons_of_a_folder_are_a_sequence_that_reads_pictures_when_they_are_taken(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    clicks = (Click(point=Point(1, 1)), Click(point=Point(2, 2)), Press(keys=("F7",)))
    records = [pointing(folder), course(folder, *clicks), question(folder)]
    lessons = Lessons(records, folder, PROFILES["showui"])
    assert [lesson.name for lesson in lessons] == ["p", "c/0", "c/1"]
    assert [reason.partition(":")[0] for reason in lessons.left_out] == ["c/2", "q"]
    assert [lesson.name for lesson in lessons[1:]] == ["c/0", "c/1"]
    assert lessons[-1].name == "c/1"
    shown = [part for message in lessons[2].messages for part in message.parts if isinstance(part, Picture)]
    assert [part.pixels.mean() for part in shown] == [11]
    assert shown[0].pixels.shape == (SIZE.height, SIZE.width, 3)
    (tmp_path / records[1].pictures[0].file).unlink()
    again = Lessons(records, RecordFolder(tmp_path), PROFILES["showui"])
    assert again[2].name == "c/1"
    with pytest.raises(UsageError, match="is missing"):
        again[1]
    with pytest.raises(UsageError, match="learns nothing from these records: c: UGround-V1 only points"):
        Lessons(records[1:2], folder, PROFILES["uground"])
