"""What a lesson tells before each answer is what a policy of that family tells its model at that step."""

from dataclasses import replace

import numpy as np
import pytest
from clickwright.model import Conversation, Message, Picture, ScriptedModel
from clickwright.model.processor import Budget
from clickwright.policies import ModelPolicy, Turn
from clickwright.policies.grammars import Canvas
from clickwright.policies.profiles import PROFILES, Profile
from clickwright.screen import Observation, Point
from clickwright.tools import Click, Scroll, Task, points_of
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.lessons import lessons_of, seen_by
from clickwright.training.data.record import CourseStep, Record, Seen
from clickwright.training.lesson import Lesson

from .made import SIZE, course, pointing

STEPS = 11
"""So many that every family that forgets screenshots has done so twice."""
ACTING = [name for name, profile in PROFILES.items() if profile.act and profile.act.naming is None]
POINTING = [name for name, profile in PROFILES.items() if profile.ground and not profile.ground.has_head]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RecordFolder:
    return RecordFolder(tmp_path_factory.mktemp("asked"))


def record_of(folder: RecordFolder, profile: Profile) -> Record:
    """Clicks, and a scroll where the family has a word for one."""
    scrolled = Scroll(point=Point(500, 250), dy=250)
    for other in (scrolled, Click(point=Point(500, 250))):
        steps = [
            CourseStep(
                saw=Seen(picture=n, url=f"https://shop.test/{n // 3}", title="Shop", events=("It opened.",) * (n == 2)),
                actions=(other if n == 7 else Click(point=Point(50 + 70 * n, 40 + 30 * n)),),
                thought=f"Now {n}.",
            )
            for n in range(STEPS)
        ]
        record = course(folder, *steps)
        if not lessons_of(record, folder, profile).left_out:
            break
    return record


def model_of(profile: Profile, script: list[str]) -> ScriptedModel:
    budget = Budget().but(min_pixels=profile.min_pixels, max_pixels=profile.max_pixels)
    return ScriptedModel(script, budget=budget, factor=profile.factor)


def asked_of_policy(record: Record, folder: RecordFolder, profile: Profile) -> list[Conversation]:
    """What a policy asks at each step that its family has words for, and the answers are those of the record."""
    assert profile.act is not None
    assert record.trajectory is not None
    canvas = Canvas(size=SIZE, space=profile.space, seen=seen_by(profile)(SIZE))
    written: list[str] = []
    for step in record.trajectory.steps:
        written.append(profile.act.language.write(step.actions, canvas, thought=step.thought))
        canvas = replace(canvas, pointer=points_of(step.actions[-1])[-1])
    model = model_of(profile, [text.removeprefix(profile.act.prefill) for text in written])
    policy = ModelPolicy(model, profile=profile)
    policy.reset(Task(goal=record.trajectory.goal))
    history: list[Turn] = []
    for n, step in enumerate(record.trajectory.steps):
        shot = folder.load(record.pictures[n])
        seen = Observation(screenshot=shot, url=step.saw.url, title=step.saw.title, events=step.saw.events)
        history.append(Turn(observation=seen, decision=policy.act(seen, history)))
    return model.asked


def told(lessons: tuple[Lesson, ...]) -> list[tuple[Message, ...]]:
    """What stands before each answer that is learned; an answer of two turns is one."""
    return [
        lesson.messages[:n]
        for lesson in lessons
        for n in lesson.learned
        if n - 1 not in lesson.learned
    ]  # fmt: skip


def require_same(found: tuple[Message, ...], asked: Conversation) -> None:
    assert [message.role for message in found] == [message.role for message in asked.messages]
    for one, other in zip(found, asked.messages, strict=True):
        assert len(one.parts) == len(other.parts)
        assert one.is_marked == other.is_marked
        for part, wanted in zip(one.parts, other.parts, strict=True):
            if isinstance(wanted, Picture):
                assert isinstance(part, Picture)
                assert np.array_equal(part.pixels, wanted.pixels)
            else:
                assert part == wanted


@pytest.mark.parametrize("name", ACTING)
def test_every_step_is_told_as_the_policy_tells_it(name: str, folder: RecordFolder) -> None:
    record = record_of(folder, PROFILES[name])
    made = lessons_of(record, folder, PROFILES[name])
    assert made.left_out == ()
    found, asked = told(made.lessons), asked_of_policy(record, folder, PROFILES[name])
    assert len(found) == len(asked) == STEPS
    for messages, conversation in zip(found, asked, strict=True):
        require_same(messages, conversation)


@pytest.mark.parametrize("name", POINTING)
def test_a_question_for_a_place_is_asked_as_the_policy_asks_it(name: str, folder: RecordFolder) -> None:
    profile, record = PROFILES[name], pointing(folder)
    (lesson,) = lessons_of(record, folder, profile).lessons
    assert profile.ground is not None
    said = "".join(part for part in lesson.messages[-1].parts if isinstance(part, str))
    model = model_of(profile, [said.removeprefix(profile.ground.prefill)])
    found = ModelPolicy(model, profile=profile).ground(folder.load(record.pictures[0]), "the bell")
    assert found.point.distance(Point(200, 100)) < 10
    require_same(lesson.messages[:-1], model.asked[0])
    assert said.startswith(model.asked[0].prefix)
