"""What a run does, from the first look to the last word."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright.agent import Agent, AskUser, Permissions, Step, read_run
from clickwright.agent.plans import numbered_lines
from clickwright.environments.environment import Facts
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.errors import BadModelOutput, EnvironmentLost, ModelUnavailable, UsageError
from clickwright.model import Generation
from clickwright.policies.policy import Decision, Turn
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Box, Observation, Point
from clickwright.tools import (
    Action,
    Ask,
    CallTool,
    Click,
    Finish,
    Hover,
    Limits,
    Navigate,
    Press,
    Task,
    TypeText,
    Wait,
)

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
FIELD = Click(point=Point(110, 75))
PAY = Click(point=Point(70, 155))
NOTHING = Click(point=Point(270, 160))


class Listening(ScriptedPolicy):
    """Keeps the history of each turn."""

    def __init__(self, script: list[Action | list[Action] | Decision | Exception]) -> None:
        super().__init__(script)
        self.histories: list[tuple[Turn, ...]] = []

    def act(self, observation: Observation, history: object) -> Decision:
        assert isinstance(history, tuple)
        self.histories.append(history)
        return super().act(observation, history)


class Answering:
    """A user who is there."""

    def __init__(self, *, agrees: bool = True, answer: str | None = "blue") -> None:
        self.agrees = agrees
        self._answer = answer
        self.asked: list[str] = []
        self.requests: list[AskUser] = []

    async def approve(self, request: AskUser, question: str) -> bool:
        self.requests.append(request)
        self.asked.append(question)
        return self.agrees

    async def answer(self, question: str) -> str | None:
        self.asked.append(question)
        return self._answer


def test_one_goal(make: Make, shop: MemoryEnvironment) -> None:
    result = make([NEXT, [NEXT, Finish(answer="49")]]).run()
    assert (result.status, result.answer, result.exit_code, result.stop) == ("success", "49", 0, None)
    assert [step.position for step in result.steps] == [0, 0]
    assert [did.name for step in result.steps for did in step.did] == ["Next", "Next"]
    assert shop.page == "third"
    assert shop.closed == 1


@pytest.mark.parametrize(
    "task",
    [
        Task(goal="both", steps=("first", "second")),
        Task(goal="Do this:\n1. first\n2) second"),
    ],
)
def test_the_policy_is_given_one_step_of_the_plan_at_a_time(make: Make, task: Task) -> None:
    policy = Listening([NEXT, Finish(), [NEXT, Finish()]])
    result = make([], task, policy=policy).run()
    assert result.status == "success"
    assert [given.goal for given in policy.tasks] == ["first", "second"]
    assert [step.goal for step in result.steps] == ["first", "first", "second"]
    assert [len(history) for history in policy.histories] == [0, 1, 0]


@pytest.mark.parametrize(
    ("goal", "steps"),
    [
        ("1. a\n2. b\n  and c\n3) d", ("a", "b\nand c", "d")),
        ("1. only one", ()),
        ("buy 2. things\nand 3 more", ()),
        ("2. b\n1. a", ()),
        ("1. a\n1. b", ()),
        ("10. a\n11. b", ()),
    ],
)
def test_numbered_lines(goal: str, steps: tuple[str, ...]) -> None:
    assert numbered_lines(goal) == steps


def test_a_bad_output_is_told_to_the_policy_and_asked_again_on_the_same_screen(make: Make) -> None:
    policy = Listening([BadModelOutput("no call found", raw="Well,"), [NEXT, Finish()]])
    result = make([], policy=policy).run()
    assert result.status == "success"
    (turn,) = policy.histories[1]
    assert (turn.error, turn.raw, turn.decision) == ("no call found", "Well,", None)
    assert policy.seen[0].screenshot.frame == policy.seen[1].screenshot.frame
    assert result.steps[0].decided is not None
    assert result.steps[0].decided.raw == "Well,"


@pytest.mark.parametrize("decision", [[], [Finish(), NEXT]])
def test_a_decision_that_cannot_be_done_counts_as_a_bad_output(make: Make, decision: list[Action]) -> None:
    result = make([decision, [NEXT, Finish()]]).run()
    assert result.status == "success"
    assert result.steps[0].is_bad_output


def test_finish_counts_only_after_a_visible_effect(make: Make, shop: MemoryEnvironment) -> None:
    shop.ignore(1)
    policy = Listening([[NEXT, Finish()], [NEXT, Finish()]])
    result = make([], policy=policy).run()
    assert result.status == "success"
    assert [step.did[0].effect for step in result.steps] == ["unchanged", "changed"]
    assert policy.histories[1][0].error == "nothing changed on the screen after the click"
    assert policy.histories[1][0].decision is not None


@pytest.mark.parametrize("action", [Wait(seconds=0.01), Hover(point=Point(5, 5))])
def test_waiting_and_pointing_need_no_visible_effect(make: Make, action: Action) -> None:
    assert make([[action, Finish()]]).run().status == "success"


def test_a_change_without_a_new_picture_counts(make: Make, shop: MemoryEnvironment) -> None:
    class Chatty(MemoryEnvironment):
        async def step(self, action: Action) -> Observation:
            self.happen("a dialog said hello")
            return await super().step(action)

    chatty = Chatty([MemoryPage()], size=shop.size)
    result = make([[NOTHING, Finish()]], environment=chatty).run()
    assert result.status == "success"


def test_a_refused_action_ends_the_turn_and_the_reason_is_told(make: Make, shop: MemoryEnvironment) -> None:
    shop.refuse("the button is covered")
    policy = Listening([[NEXT, TypeText(text="lost"), Finish()], [NEXT, Finish()]])
    result = make([], policy=policy).run()
    assert result.status == "success"
    assert policy.histories[1][0].error == "the button is covered"
    assert policy.seen[1].error == "the button is covered"
    assert [did.effect for did in result.steps[0].did] == ["failed"]


def test_giving_up_is_a_failure(make: Make) -> None:
    result = make([[NEXT, Finish(status="failure", answer="sold out")]], Task(goal="x", steps=("a", "b"))).run()
    assert (result.status, result.reason, result.exit_code) == ("failure", "sold out", 1)


@pytest.mark.parametrize(
    ("limits", "script", "stop", "reason", "code"),
    [
        (Limits(steps=2), [NEXT, NEXT, NEXT], "steps", "the limit of 2 steps", 5),
        (Limits(seconds=0.001), [NEXT, NEXT], "seconds", "the limit of 0.001 seconds", 5),
        (Limits(bad_outputs=2), [BadModelOutput("odd"), BadModelOutput("worse")], "bad_outputs", "the last: worse", 3),
        (Limits(repeats=2), [NOTHING, NOTHING, NEXT], "stuck", "the same action on the same screen, 2 times", 5),
        (Limits(fruitless=2), [[NOTHING, Finish()], [FIELD, FIELD, Finish()]], "stuck", "2 turns in a row", 5),
    ],
)
def test_every_stop_names_its_reason(
    make: Make, limits: Limits, script: list[Action | Exception], stop: str, reason: str, code: int
) -> None:
    result = make(script, Task(goal="x", limits=limits)).run()
    assert (result.status, result.stop, result.exit_code) == ("stopped", stop, code)
    assert reason in result.reason


def test_the_limit_on_tokens_counts_what_was_read_and_written(make: Make) -> None:
    wrote = Generation(text="a", token_ids=(1, 2, 3), prompt_tokens=40)
    decision = Decision(actions=(FIELD,), frame="", generation=wrote)
    result = make([decision, decision, NEXT], Task(goal="x", limits=Limits(tokens=80))).run()
    assert (result.stop, len(result.steps)) == ("tokens", 2)
    assert result.steps[0].decided is not None
    assert result.steps[0].decided.tokens == 43


def test_waiting_again_and_again_is_not_being_stuck(make: Make) -> None:
    wait = Wait(seconds=0.01)
    result = make([wait, wait, wait, Finish()], Task(goal="x", limits=Limits(repeats=2))).run()
    assert result.status == "success"


def test_a_question_is_answered_by_the_user(make: Make) -> None:
    user, policy = Answering(), Listening([Ask(question="Which colour?"), [NEXT, Finish()]])
    result = make([], policy=policy, approver=user).run()
    assert result.status == "success"
    assert user.asked == ["Which colour?"]
    assert policy.seen[1].events == ("the user answered: blue",)


@pytest.mark.parametrize("user", [None, Answering(answer=None)])
def test_a_question_that_nobody_answers_ends_inconclusive(make: Make, user: Answering | None) -> None:
    result = make([Ask(question="Which colour?")], approver=user).run()
    assert (result.stop, result.exit_code) == ("unanswered", 5)
    assert "Which colour?" in result.reason


def test_what_the_permissions_deny_is_not_done(make: Make, shop: MemoryEnvironment) -> None:
    result = make([Navigate(url="file:///etc/passwd")]).run()
    assert (result.stop, result.exit_code) == ("denied", 6)
    assert "pages of file: are not allowed" in result.reason
    assert shop.actions == []
    assert result.steps[0].did[0].verdict == "denied"


@pytest.mark.parametrize(("user", "done"), [(None, 0), (Answering(agrees=False), 0), (Answering(agrees=True), 1)])
def test_a_payment_is_made_only_when_the_user_agrees(
    make: Make, shop: MemoryEnvironment, user: Answering | None, done: int
) -> None:
    result = make([[PAY, Finish()]], approver=user).run()
    assert len(shop.actions) == done
    assert result.stop == (None if done else "denied")
    assert result.steps[0].did[0].verdict == ("asked" if done else "denied")
    if user is not None:
        assert user.asked == ["click on button 'Pay now': 'Pay now' looks like a payment. Do it?"]
        assert user.requests[0].trigger == "payment"


def test_an_agreement_holds_only_for_the_thing_that_was_asked_about(make: Make, shop: MemoryEnvironment) -> None:
    class Slow(Answering):
        async def approve(self, request: AskUser, question: str) -> bool:
            shop.show("second")  # the page moves on while the user thinks; the start's "Pay now" is gone
            return await super().approve(request, question)

    denied = Permissions(origins=("memory:",), ask=frozenset({"payment"}), denied=frozenset({"press"}))
    result = make([[PAY, Finish()], [Press(keys=("Enter",))]], approver=Slow(), permissions=denied).run()
    assert shop.actions == []
    assert result.steps[0].error == "what the user agreed to is no longer at that place"
    assert result.stop == "denied"


def test_a_tool_is_called_and_its_result_is_told(make: Make) -> None:
    def add(a: int, b: int) -> int:
        """The sum."""
        return a + b

    calls = [
        CallTool(name="add", arguments={"a": 2, "b": 3}),
        CallTool(name="add", arguments={"a": "x", "b": 3}),
        CallTool(name="gone"),
    ]
    policy = Listening([*calls, Finish()])
    result = make([], policy=policy, tools=[add]).run()
    assert result.status == "success"
    assert policy.seen[1].events == ("add returned 5",)
    assert "add was not called: a" in str(policy.seen[2].error)
    assert "there is no tool gone; known are add" in str(policy.seen[3].error)
    assert [step.did[0].result for step in result.steps[:3]] == ["5", "", ""]


def test_a_tool_that_does_not_end_is_cut_off_at_the_limit(make: Make) -> None:
    async def sleep() -> None:
        """Never ends."""
        await asyncio.sleep(60)

    result = make([CallTool(name="sleep"), Finish()], Task(goal="x", limits=Limits(seconds=0.3)), tools=[sleep]).run()
    assert result.stop == "seconds"
    assert "did not end" in str(result.steps[0].error)


@pytest.mark.parametrize("error", [ModelUnavailable("no memory"), UsageError("no such thing")])
def test_what_the_policy_cannot_go_on_from_is_raised_and_noted(
    make: Make, shop: MemoryEnvironment, error: Exception
) -> None:
    agent = make([NEXT, error])
    with pytest.raises(type(error)):
        agent.run()
    assert shop.closed == 1
    found = read_run(agent.run_dir)
    assert found.info is not None
    assert (found.info.outcome, len(found.steps)) == (None, 1)
    assert str(error) in found.info.fault


@pytest.mark.parametrize("after", [0, 1])
def test_a_lost_screen_is_opened_again_and_nothing_is_blindly_redone(
    make: Make, shop: MemoryEnvironment, after: int
) -> None:
    policy = Listening([NEXT, [NEXT, Finish()], [NEXT, Finish()]])
    agent = make([], policy=policy, screen_tells=True)

    def lose(step: Step) -> None:
        if step.number == 1:
            shop.lose("the browser is gone", after=after)

    result = agent.run(on_step=lose)
    assert result.status == "success"
    assert result.steps[1].did[0].effect == ("in_doubt" if after else "not_done")
    assert "the browser is gone" in str(policy.histories[2][1].error)
    assert policy.seen[2].events == ("the screen was lost and opened again: the browser is gone",)
    assert policy.seen[2].title == "second"


def test_a_screen_that_stays_lost_is_raised_and_the_run_can_be_resumed(make: Make, shop: MemoryEnvironment) -> None:
    class Gone(MemoryEnvironment):
        async def recover(self) -> Observation:
            raise EnvironmentLost("it does not start")

    gone = Gone([MemoryPage(items=(MemoryItem(name="a", box=Box(0, 0, 99, 99), role="checkbox"),))], size=shop.size)
    agent = make([NEXT, NEXT], environment=gone)
    with pytest.raises(EnvironmentLost, match="it does not start"):
        agent.run(on_step=lambda step: gone.lose("the browser is gone", after=1))
    found = read_run(agent.run_dir)
    assert found.info is not None
    assert found.info.fault == "EnvironmentLost: it does not start"
    result = Agent.resume(agent.run_dir, policy=ScriptedPolicy([Finish()]), environment=gone).run()
    assert result.status == "success"
    assert [step.number for step in result.steps] == [1, 2, 3]
    assert result.steps[1].did[0].effect == "in_doubt"


def test_a_screen_that_is_lost_again_and_again_ends_the_run(make: Make, shop: MemoryEnvironment) -> None:
    with pytest.raises(EnvironmentLost, match="the browser is gone"):
        make([NEXT] * 20, Task(goal="x", limits=Limits(repeats=99)), screen_tells=True).run(
            on_step=lambda step: shop.lose("the browser is gone", after=1)
        )


def test_what_a_lost_screen_left_in_doubt_is_not_done_again_without_the_user(
    make: Make, shop: MemoryEnvironment
) -> None:
    def lose(step: Step) -> None:
        if step.number == 1:
            shop.lose("the browser is gone", after=1)

    result = make([NEXT, NEXT, NEXT, Finish()]).run(on_step=lose)
    assert (result.stop, len(result.in_doubt)) == ("in_doubt", 1)
    assert len(shop.actions) == 2


def test_a_tool_that_may_go_on_is_in_doubt(make: Make) -> None:
    async def letter() -> str:
        """Send it."""
        await asyncio.sleep(5)
        return "sent"

    task = Task(goal="x", limits=Limits(seconds=0.2))
    result = make([CallTool(name="letter", arguments={})], task, tools=[letter]).run()
    assert [did.effect for did in result.in_doubt] == ["in_doubt"]


def test_an_address_that_would_hold_a_secret_is_not_opened_and_not_kept(make: Make, shop: MemoryEnvironment) -> None:
    class Telling(MemoryEnvironment):
        async def facts(self, action: Action) -> Facts:
            return Facts(url="https://shop.test/?pw=hunter22!")

    there = Telling([MemoryPage()], size=shop.size)
    agent = make(
        [Navigate(url="#top"), Finish()], environment=there, secrets={"pin": "hunter22!"}, permissions=Permissions()
    )
    result = agent.run()
    assert "would hold a secret" in str(result.steps[0].error)
    assert there.actions == []
    assert not any(b"hunter22" in path.read_bytes() for path in agent.run_dir.rglob("*") if path.is_file())


def test_a_folder_holds_one_run(make: Make) -> None:
    make([[NEXT, Finish()]]).run()
    with pytest.raises(UsageError, match="holds a run already"):
        make([[NEXT, Finish()]]).run()


def test_everything_is_in_the_folder(make: Make) -> None:
    thought = Decision(actions=(NEXT, Finish()), frame="", thought="on we go", boxes=(Box(1, 2, 3, 4),), confidence=0.5)
    result = make([thought], "find it").run()
    found = read_run(result.run_dir)
    assert found.steps == result.steps
    assert found.outcome is not None
    assert found.info is not None
    assert (found.info.task.goal, found.info.policy) == ("find it", "ScriptedPolicy")
    step = found.steps[0]
    assert (step.thought, step.confidence, step.decided and step.decided.boxes) == ("on we go", 0.5, (Box(1, 2, 3, 4),))
    frames = {path.stem for path in Path(result.run_dir, "frames").iterdir()}
    assert step.left is not None
    assert frames == {step.saw.frame, step.left.frame}
    assert json.loads(Path(result.run_dir, "run.json").read_text())["outcome"]["status"] == "success"
