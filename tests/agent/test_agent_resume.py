"""Runs that were killed go on, and do nothing twice."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from clickwright.agent import Agent, AskUser, read_run, resume
from clickwright.agent.record.folder import RunFolder
from clickwright.agent.record.journal import Journal
from clickwright.agent.record.trace import Did, Sight
from clickwright.environments.environment import Facts
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryPage
from clickwright.errors import UsageError
from clickwright.policies.policy import Decision, Turn
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.reliability import kills
from clickwright.screen import Observation, Point, Screenshot, Size
from clickwright.tools import Action, CallTool, Click, Finish, Hover, Task

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
NOTHING = Click(point=Point(270, 160))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
@pytest.mark.parametrize("kind", ["asked", "blind"])
def test_nothing_is_lost_or_done_twice_when_killed_at_any_moment(tmp_path: Path, kind: str) -> None:
    """At 100 points in both together; at 500 in each with `python -m clickwright.reliability kills --nightly`."""
    runs = kills.killed(kind, tmp_path, 50)
    assert sum(run["kills"] for run in runs) > 100
    assert [run for run in runs if not kills.has_ended(run) or kills.lost(run) or kills.doubled(run)] == []
    counts = [kills.in_doubt(run) for run in runs]
    assert any(doubtful for _, doubtful in counts)
    if kind == "blind":
        assert [told for told, _ in counts] == [doubtful for _, doubtful in counts]


class Broken(Exception):  # noqa: N818
    """The process was killed here."""


class Dying(MemoryEnvironment):
    """Breaks off, as a killed process does, before or after the next action is done."""

    dies_before = False
    dies_after = False
    dies_at_facts = 0
    """Which call of `facts` is the last one; 0 for none."""

    async def facts(self, action: Action) -> Facts:
        self.dies_at_facts -= 1
        if self.dies_at_facts == 0:
            raise Broken
        return await super().facts(action)

    async def step(self, action: Action) -> Observation:
        if self.dies_before:
            raise Broken
        seen = await super().step(action)
        if self.dies_after:
            raise Broken
        return seen


@pytest.fixture
def shop(pages: tuple[MemoryPage, ...]) -> Dying:
    return Dying(pages, size=Size(320, 180))


def broken_off(make: Make, shop: Dying, script: list[Action | list[Action]], *, after: bool, **more: bool) -> Agent:
    """A run that broke off in the middle of its first action, in a world that is still there."""
    shop.dies_after, shop.dies_before = after, not after
    agent = make(script, keep_open=True, **more)
    with pytest.raises(Broken):
        agent.run()
    shop.dies_after = shop.dies_before = False
    return agent


class Hearing(ScriptedPolicy):
    def __init__(self, script: list[Action | list[Action]]) -> None:
        super().__init__(script)
        self.histories: list[Sequence[Turn]] = []

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        self.histories.append(history)
        return super().act(observation, history)


def test_an_action_whose_effect_is_seen_counts_as_done(make: Make, shop: Dying) -> None:
    agent = broken_off(make, shop, [[NEXT, Finish()]], after=True)
    policy = Hearing([])
    result = resume(agent.run_dir, policy, shop)
    assert result.status == "success"
    assert policy.histories == []
    assert shop.actions == [NEXT]


class Person:
    """Answers what they are asked, and notes it."""

    def __init__(self, said: str | None) -> None:
        self._said = said
        self.asked: list[str] = []

    async def approve(self, request: AskUser, question: str) -> bool:
        return False

    async def answer(self, question: str) -> str | None:
        self.asked.append(question)
        return self._said


def test_where_the_screen_tells_what_was_done_the_policy_decides(make: Make, shop: Dying) -> None:
    agent = broken_off(make, shop, [[NEXT, Finish()]], after=False, screen_tells=True)
    policy = Hearing([[NEXT, Finish()]])
    result = resume(agent.run_dir, policy, shop)
    assert result.status == "success"
    assert [step.did[0].effect for step in result.steps] == ["in_doubt", "changed"]
    assert [did.action for did in result.in_doubt] == [NEXT]
    assert "may or may not have been done" in str(policy.histories[0][0].error)
    assert shop.actions == [NEXT]


def test_what_is_in_doubt_waits_for_the_user_and_is_never_blindly_done_again(make: Make, shop: Dying) -> None:
    agent = broken_off(make, shop, [[NEXT, Finish()]], after=False)
    held = resume(agent.run_dir, ScriptedPolicy([[NEXT, Finish()]]), shop)
    assert (held.status, held.stop, held.exit_code) == ("stopped", "in_doubt", 5)
    assert "may or may not have been done" in held.reason
    assert [step.did[0].effect for step in held.steps] == ["in_doubt", "not_done"]
    assert shop.actions == []
    found = read_run(agent.run_dir)
    assert found.outcome is None
    assert found.info is not None
    assert found.info.fault == held.reason

    person = Person("yes")
    result = resume(agent.run_dir, ScriptedPolicy([[NEXT, Finish()]]), shop, approver=person)
    assert result.status == "success"
    assert ["Shall it be done again?" in asked for asked in person.asked] == [True]
    assert shop.actions == [NEXT]


def test_the_user_says_that_it_was_done(make: Make, shop: Dying) -> None:
    agent = broken_off(make, shop, [[NEXT, Finish()]], after=False)
    policy = Hearing([[NEXT, Finish()], Finish()])
    result = resume(agent.run_dir, policy, shop, approver=Person("it is done"))
    assert result.status == "success"
    assert "not to be done again" in str(policy.histories[1][1].error)
    assert shop.actions == []


def test_another_action_or_another_screen_is_no_repetition(make: Make, shop: Dying) -> None:
    agent = broken_off(make, shop, [[NEXT, Finish()]], after=False)
    policy = ScriptedPolicy([[Hover(point=NEXT.point), Finish()]])
    result = resume(agent.run_dir, policy, shop)
    assert result.status == "success"
    assert shop.actions == [Hover(point=NEXT.point)]


def test_a_further_action_of_a_killed_decision_is_not_taken_for_its_first(make: Make, shop: Dying) -> None:
    """The kill comes between the first action and the second, whose place in the journal is still empty."""
    agent = make([[NEXT, NEXT, Finish()]], keep_open=True)
    shop.dies_at_facts = 2
    with pytest.raises(Broken):
        agent.run()
    shop.dies_at_facts = 0
    result = resume(agent.run_dir, ScriptedPolicy([[NEXT, Finish()]]), shop)
    assert result.status == "success"
    assert [[did.action for did in step.did] for step in result.steps] == [[NEXT], [NEXT]]
    assert shop.actions == [NEXT, NEXT]
    assert shop.page == "third"


def test_what_was_left_of_a_decision_is_decided_anew(make: Make, shop: Dying) -> None:
    agent = broken_off(make, shop, [[NEXT, NEXT, Finish()]], after=True)
    policy = Hearing([Finish()])
    result = resume(agent.run_dir, policy, shop)
    assert result.status == "success"
    assert "what was left of this decision was not done" in str(policy.histories[0][0].error)
    assert shop.actions == [NEXT]


def test_a_page_that_was_only_loaded_anew_is_no_sign_of_an_effect(make: Make, shop: Dying) -> None:
    field = Click(point=Point(110, 75))
    shop.dies_before = False
    first = make([field, [NOTHING, Finish()]], keep_open=True)

    def die_next(step: object) -> None:
        shop.dies_before = True

    with pytest.raises(Broken):
        first.run(on_step=die_next)
    shop.dies_before = False
    shop._open = False  # the browser died with the process
    result = resume(first.run_dir, ScriptedPolicy([Finish()]), shop)
    assert result.steps[1].did[0].effect == "in_doubt"


def test_a_screen_that_changes_by_itself_is_no_sign_of_an_effect(
    make: Make, shop: Dying, pages: tuple[MemoryPage, ...]
) -> None:
    class Restless(MemoryEnvironment):
        seen = 0

        async def observe(self) -> Observation:
            self.seen += 1
            there = await super().observe()
            pixels = there.screenshot.pixels.copy()
            pixels[0, 0] = self.seen
            return replace(there, screenshot=Screenshot(pixels=pixels))

    agent = broken_off(make, shop, [[NEXT, Finish()]], after=False)
    restless = Restless(pages, size=shop.size)
    asyncio.run(restless.reset(Task(goal="x")))
    result = resume(agent.run_dir, ScriptedPolicy([Finish()]), restless)
    assert result.steps[0].did[0].effect == "in_doubt"


def test_the_turn_after_a_kill_begins_with_what_is_shown_and_not_with_what_was(make: Make, shop: Dying) -> None:
    """The journal has the end of a click on a field; the browser died with its focus, before the picture was stored."""
    field = Click(point=Point(110, 75))
    agent = make([[field], Finish()], keep_open=True)
    agent.run(on_step=lambda step: agent.stop())
    entry = Journal(agent.run_dir / "journal.jsonl").find(1, 0)
    assert entry is not None
    assert entry.after is not None
    assert entry.after.frame != entry.before.frame
    agent.run_dir.joinpath("steps.jsonl").unlink()
    agent.folder.frame_path(entry.after.frame).unlink()
    shop._open = False
    result = resume(agent.run_dir, ScriptedPolicy([Finish()]), shop)
    assert [step.saw.frame for step in result.steps] == [entry.before.frame, entry.before.frame]
    assert agent.folder.frame_path(result.steps[1].saw.frame).exists()


def test_a_screen_that_shows_another_site_is_brought_back(make: Make, shop: MemoryEnvironment) -> None:
    class Elsewhere(MemoryEnvironment):
        async def observe(self) -> Observation:
            seen = await super().observe()
            return replace(seen, url="https://other.test/") if self.page == "start" else seen

    agent = make([NEXT, NEXT], keep_open=True)
    agent.run(on_step=lambda step: agent.stop())
    pages = [MemoryPage(), MemoryPage(name="second", background="#ddeeff")]
    other = Elsewhere(pages, size=shop.size)
    asyncio.run(other.reset(Task(goal="something else")))
    policy = Hearing([Finish()])
    assert resume(agent.run_dir, policy, other).status == "success"
    assert policy.seen[0].url == "memory:second"


def test_the_policy_is_told_again_what_it_did(make: Make, shop: MemoryEnvironment) -> None:
    agent = make([NEXT, NEXT], Task(goal="x", steps=("a", "b")))
    agent.run(on_step=lambda step: agent.stop())
    policy = Hearing([Finish(), Finish()])
    result = resume(agent.run_dir, policy, shop)
    assert result.status == "success"
    assert [task.goal for task in policy.tasks] == ["a", "b"]
    (turn,) = policy.histories[0]
    assert turn.decision is not None
    assert turn.decision.actions == (NEXT,)
    assert turn.observation.title == "start"
    assert turn.observation.screenshot.size == shop.size
    assert policy.histories[1] == ()


def test_a_run_that_has_ended_only_says_again_how(make: Make, shop: MemoryEnvironment) -> None:
    first = make([[NEXT, Finish(answer="7")]]).run()
    again = resume(first.run_dir, ScriptedPolicy([]), shop)
    assert (again.status, again.answer, again.steps) == (first.status, first.answer, first.steps)
    assert len(shop.actions) == 1


def test_a_run_keeps_its_permissions_and_its_limits(make: Make, shop: MemoryEnvironment) -> None:
    agent = make([NEXT])
    agent.run(on_step=lambda step: agent.stop())
    resumed = Agent.resume(agent.run_dir, policy=ScriptedPolicy([NEXT]), environment=shop)
    resumed.run(on_step=lambda step: resumed.stop())
    info = read_run(agent.run_dir).info
    assert info is not None
    assert info.permissions is not None
    assert info.permissions.origins == ("memory:",)


def test_a_damaged_last_step_is_left_out_with_a_warning_and_cut_off(make: Make, shop: MemoryEnvironment) -> None:
    agent = make([NEXT, NEXT])
    agent.run(on_step=lambda step: agent.stop())
    steps = agent.run_dir / "steps.jsonl"
    steps.write_bytes(steps.read_bytes() + b'{"number": 2, "posi')
    found = read_run(agent.run_dir)
    assert found.warnings == ("the last line of steps.jsonl (line 2) is damaged and was left out",)
    assert resume(agent.run_dir, ScriptedPolicy([Finish()]), shop).status == "success"
    assert [step.number for step in read_run(agent.run_dir).steps] == [1, 2]


def test_damage_is_told_in_one_sentence(make: Make, shop: MemoryEnvironment) -> None:
    agent = make([NEXT])
    agent.run(on_step=lambda step: agent.stop())
    run_json = agent.run_dir / "run.json"
    whole = run_json.read_bytes()
    run_json.write_bytes(whole[:40])
    assert read_run(agent.run_dir).warnings == ("run.json is damaged",)
    with pytest.raises(UsageError, match=r"cannot be resumed: run\.json is damaged"):
        resume(agent.run_dir, ScriptedPolicy([]), shop)


def test_a_folder_without_a_run(tmp_path: Path, shop: MemoryEnvironment) -> None:
    with pytest.raises(UsageError, match="holds no run"):
        resume(tmp_path, ScriptedPolicy([]), shop)
    with pytest.raises(UsageError, match="holds no run"):
        read_run(tmp_path / "nowhere")


def test_a_damaged_step_in_the_middle_is_not_passed_over(make: Make) -> None:
    result = make([NEXT, Finish()]).run()
    steps = result.run_dir / "steps.jsonl"
    steps.write_bytes(b"oops\n" + steps.read_bytes())
    with pytest.raises(UsageError, match="line 1 of"):
        read_run(result.run_dir)


def test_two_cannot_run_in_one_folder(make: Make, tmp_path: Path, shop: MemoryEnvironment) -> None:
    agent = make([NEXT, Finish()])
    with RunFolder(agent.run_dir).locked(), pytest.raises(UsageError, match="another process is running in"):
        agent.run()
    assert agent.run().status == "success"


def test_a_run_folder_that_cannot_be_made(tmp_path: Path, shop: MemoryEnvironment) -> None:
    (tmp_path / "file").write_text("")
    agent = Agent("x", policy=ScriptedPolicy([]), environment=shop, run_dir=tmp_path / "file" / "run")
    with pytest.raises(UsageError, match="cannot be used as a run folder"):
        agent.run()


def test_a_screen_that_was_opened_anew_is_no_sign_whatever_it_shows(
    make: Make, shop: Dying, pages: tuple[MemoryPage, ...]
) -> None:
    agent = broken_off(make, shop, [[NEXT, Finish()]], after=False)
    elsewhere = MemoryEnvironment([MemoryPage(background="#123456"), *pages[1:]], size=shop.size)
    result = resume(agent.run_dir, ScriptedPolicy([Finish()]), elsewhere)
    assert [did.effect for did in result.in_doubt] == ["in_doubt"]


def test_what_is_in_doubt_is_so_on_the_screen_before_it_and_on_the_one_after(tmp_path: Path) -> None:
    journal, send = Journal(tmp_path / "journal.jsonl"), CallTool(name="send", arguments={"to": "a"})
    filled, empty, other = (Sight(frame=name, screen=name, width=9, height=9) for name in ("filled", "empty", "other"))
    for turn, action in enumerate((NEXT, send), 1):
        doubtful = Did(action=action, verdict="allowed", effect="in_doubt", error="?")
        journal.end(turn, 0, doubtful, filled, empty)
    assert all(journal.doubt(NEXT, seen) for seen in (filled, empty))
    assert journal.doubt(NEXT, other) is None
    assert journal.doubt(send, other) is not None
    assert journal.doubt(CallTool(name="send", arguments={"to": "b"}), filled) is None
    journal.end(3, 0, Did(action=NEXT, verdict="asked", effect="changed"), filled, other)
    assert journal.doubt(NEXT, filled) is None


def test_the_journal_knows_an_intent_from_an_end(make: Make) -> None:
    result = make([NEXT, Finish()]).run()
    path = result.run_dir / "journal.jsonl"
    entry = Journal(path).find(1, 0)
    assert entry is not None
    assert (entry.mark, entry.is_done, entry.did.effect) == ("done", True, "changed")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:50])
    torn = Journal(path)
    entry = torn.find(1, 0)
    assert entry is not None
    assert entry.mark == "intent"
    assert torn.find(1, 1) is None
