"""A person in the loop: what is asked, what may be answered, and what an answer is good for."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict

import pytest
from clickwright import build_graph
from clickwright.agent import (
    Agent,
    Answer,
    Approve,
    Edit,
    InterruptApprover,
    Permissions,
    Question,
    Refuse,
    TakeOver,
    read_run,
)
from clickwright.agent.approvals import ANSWER, read_answer
from clickwright.agent.permissions import AskUser, Budget
from clickwright.environments.environment import Facts
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.policies.policy import Decision
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Observation, Point
from clickwright.tools import Action, Click, Finish, Navigate, Press, TypeText, Wait
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph  # pyright: ignore[reportMissingTypeStubs]
from langgraph.types import Command

Make = Callable[..., Agent]
NEXT = Click(point=Point(60, 35))
PAY = Click(point=Point(70, 155))
LONG_AGO = datetime.now(UTC) - timedelta(seconds=121)
RULES = Permissions(origins=("memory:",))


class Person:
    """Answers each question by the next function of a list."""

    def __init__(self, *answers: Callable[[Question], bool | Answer]) -> None:
        self._answers = list(answers)
        self.asked: list[Question] = []

    async def approve(self, request: Question, question: str) -> bool | Answer:
        self.asked.append(request)
        return self._answers.pop(0)(request)

    async def answer(self, question: str) -> str | None:
        return None


def test_the_record_says_who_said_what_when_and_to_what(make: Make, shop: MemoryEnvironment) -> None:
    person = Person(lambda asked: asked.approve(by="Ann"))
    agent = make([[PAY, Finish()]], approver=person)
    assert agent.run().status == "success"
    (did,) = read_run(agent.run_dir).steps[0].did
    assert did.approval is not None
    assert (did.verdict, did.approval.answer, did.approval.by, did.approval.trigger) == (
        "asked",
        "approve",
        "Ann",
        "payment",
    )
    assert did.approval.digest == person.asked[0].digest
    assert did.approval.asked_at <= did.approval.answered_at
    assert did.approval.digest in (agent.run_dir / "journal.jsonl").read_text()


def test_an_approval_is_used_once(make: Make, shop: MemoryEnvironment) -> None:
    person = Person(lambda asked: asked.approve(), lambda asked: False)
    result = make([PAY, NEXT, [PAY, Finish()]], approver=person).run()
    assert result.stop == "denied"
    assert len({(asked.action, asked.name, asked.reason) for asked in person.asked}) == 1
    assert [action for action in shop.actions if action == PAY] == [PAY]


@pytest.mark.parametrize("kind", ["approve", "edit"])
def test_an_answer_that_is_given_again_is_refused(make: Make, shop: MemoryEnvironment, kind: str) -> None:
    """The same question is another one when it is asked again: one agreement is not good for two payments."""
    given: list[Answer] = []

    def first(asked: Question) -> Answer:
        given.append(asked.approve(by="Ann") if kind == "approve" else asked.edit(NEXT))
        return given[0]

    person = Person(first, lambda asked: given[0])
    back = Click(point=Point(60, 35))
    script = [PAY, back, [PAY, Finish()]] if kind == "approve" else [PAY, back, back, [PAY, Finish()]]
    result = make(script, approver=person, permissions=RULES).run()
    assert (result.stop, shop.actions.count(PAY)) == ("denied", 1 if kind == "approve" else 0)
    assert "the answer was given for another question; each is good for one question, once" in result.reason


def asking(script: list[Any], shop: MemoryEnvironment, folder: Path) -> tuple[Any, Any]:
    """A graph whose questions are answered from elsewhere, and the thread that it runs in."""
    graph = build_graph(
        policy=ScriptedPolicy(script),
        environment=shop,
        runs=folder / "runs",
        approver=InterruptApprover(),
        permissions=RULES,
        checkpointer=InMemorySaver(),
    )
    return graph, {"configurable": {"thread_id": "1"}}


async def test_an_answer_from_another_process_is_good_for_one_question(shop: MemoryEnvironment, tmp_path: Path) -> None:
    graph, config = asking([PAY, NEXT, [PAY, Finish()]], shop, tmp_path)
    asked = (await graph.ainvoke({"task": "pay"}, config))["__interrupt__"][0].value
    said = {"kind": "approve", "digest": asked["digest"]}
    again = (await graph.ainvoke(Command(resume=said), config))["__interrupt__"][0].value
    assert again["digest"] != asked["digest"]
    result = (await graph.ainvoke(Command(resume=said), config))["result"]
    assert (result["stop"], shop.actions) == ("denied", [PAY, NEXT])
    assert "given for another question" in result["reason"]


async def test_an_edit_to_the_same_action_is_another_question(shop: MemoryEnvironment, tmp_path: Path) -> None:
    graph, config = asking([[PAY, Finish()]], shop, tmp_path)
    asked = (await graph.ainvoke({"task": "pay"}, config))["__interrupt__"][0].value
    edit = {"kind": "edit", "digest": asked["digest"], "action": PAY.model_dump(mode="json")}
    again = (await graph.ainvoke(Command(resume=edit), config))["__interrupt__"][0].value
    assert again["digest"] != asked["digest"]
    said = {"kind": "approve", "digest": again["digest"]}
    assert (await graph.ainvoke(Command(resume=said), config))["result"]["status"] == "success"
    assert shop.actions == [PAY]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (lambda asked: Approve(digest="0" * 64), "given for another question"),
        (lambda asked: Edit(digest="0" * 64, action=NEXT), "given for another question"),
        (
            lambda asked: Approve(digest=asked.digest, answered_at=datetime.now(UTC) - timedelta(seconds=121)),
            "older than",
        ),
        (lambda asked: Refuse(reason="not today"), "not today"),
        (lambda asked: False, "the user said no"),
    ],
)
def test_what_is_no_answer_to_this_question_refuses(
    make: Make, shop: MemoryEnvironment, said: Callable[[Question], Answer], why: str
) -> None:
    result = make([[PAY, Finish()]], approver=Person(said)).run()
    assert (result.stop, shop.actions) == ("denied", [])
    assert why in result.reason
    assert result.steps[0].did[0].approval is not None


def test_nobody_answers_in_time(make: Make, shop: MemoryEnvironment) -> None:
    class Away(Person):
        async def approve(self, request: Question, question: str) -> bool:
            await asyncio.Event().wait()
            return True

    rules = RULES.model_copy(update={"approval_s": 0.05})
    result = make([[PAY, Finish()]], approver=Away(), permissions=rules).run()
    assert (result.stop, shop.actions) == ("denied", [])
    assert "nobody answered within 0.05 s" in result.reason


@pytest.mark.parametrize("says", [True, Approve(digest=""), Edit(digest="", action=NEXT)])
def test_an_answer_that_blocks_the_loop_until_its_time_is_over_comes_too_late(
    make: Make, shop: MemoryEnvironment, says: bool | Approve | Edit
) -> None:
    def slow(asked: Question) -> bool | Answer:
        time.sleep(0.3)
        return says if isinstance(says, bool) else says.model_copy(update={"digest": asked.digest})

    rules = RULES.model_copy(update={"approval_s": 0.05})
    result = make([[PAY, Finish()]], approver=Person(slow), permissions=rules).run()
    assert (result.stop, shop.actions) == ("denied", [])
    assert "the answer took longer than 0.05 s" in result.reason


def test_an_edited_action_is_done_in_the_place_of_the_first(make: Make, shop: MemoryEnvironment) -> None:
    result = make([[PAY, Finish()]], approver=Person(lambda asked: asked.edit(NEXT, by="Ann"))).run()
    assert result.status == "success"
    assert shop.actions == [NEXT]
    (did,) = result.steps[0].did
    assert (did.action, did.name, did.verdict) == (NEXT, "Next", "asked")
    assert did.approval is not None
    assert (did.approval.answer, did.approval.asked_about) == ("edit", PAY)


@pytest.mark.parametrize(
    ("edited", "done"),
    [
        (Press(keys=("Tab",)), "denied (action)"),
        (Navigate(url="chrome://settings"), "denied (scheme)"),
        (PAY, "asked again"),
    ],
)
def test_an_edit_is_judged_again(make: Make, shop: MemoryEnvironment, edited: Action, done: str) -> None:
    person = Person(lambda asked: asked.edit(edited), lambda asked: Refuse(reason="asked again"))
    rules = RULES.model_copy(update={"denied": frozenset({"press"})})
    result = make([[PAY, Finish()]], approver=person, permissions=rules).run()
    assert (result.stop, shop.actions) == ("denied", [])
    assert done in result.reason


def test_a_person_who_never_stops_editing_is_refused(make: Make, shop: MemoryEnvironment) -> None:
    person = Person(*[lambda asked: asked.edit(PAY)] * 9)
    result = make([[PAY, Finish()]], approver=person).run()
    assert (result.stop, shop.actions) == ("denied", [])
    assert len(person.asked) < 9


def test_a_secret_that_a_person_writes_into_an_edit_is_not_kept(make: Make, shop: MemoryEnvironment) -> None:
    person = Person(lambda asked: asked.edit(TypeText(text="12345678")), lambda asked: False)
    agent = make([[PAY, Finish()]], approver=person, secrets={"door": "12345678"}, permissions=RULES)
    agent.run()
    for path in agent.run_dir.rglob("*"):
        assert path.is_dir() or b"12345678" not in path.read_bytes(), path


def test_a_person_takes_over_and_hands_back(make: Make, shop: MemoryEnvironment) -> None:
    class Watching(ScriptedPolicy):
        def act(self, observation: Observation, history: Any) -> Decision:
            seen.append(observation.url)
            return super().act(observation, history)

    def act(asked: Question) -> Answer:
        shop.show("third")
        return TakeOver(by="Ann")

    seen: list[str] = []
    result = make([], approver=Person(act), policy=Watching([[PAY, Finish()], Finish(answer="done")])).run()
    assert (result.status, result.answer, shop.actions) == ("success", "done", [])
    assert seen == ["memory:start", "memory:third"]
    assert "the user acted in your place" in str(result.steps[0].error)
    assert result.steps[0].did[0].effect == "not_done"


def test_a_budget_counts_what_was_done_in_all_turns(make: Make, shop: MemoryEnvironment) -> None:
    rules = RULES.model_copy(update={"budget": Budget(kinds={"click": 2})})
    result = make([NEXT, [NEXT, NEXT, Finish()]], permissions=rules).run()
    assert (result.stop, shop.actions) == ("denied", [NEXT, NEXT])
    assert "at most 2 actions of the kind click" in result.reason


class Shifty(MemoryEnvironment):
    """Says of some facts that the thing has changed."""

    changes = 0

    async def facts(self, action: Action) -> Facts:
        from dataclasses import replace

        self.changes -= 1
        found = await super().facts(action)
        return replace(found, changed="it has moved there since the picture") if self.changes >= 0 else found


@pytest.mark.parametrize("times", [1, 99])
def test_what_changed_since_the_picture_is_looked_at_again(make: Make, shop: MemoryEnvironment, times: int) -> None:
    screen = Shifty(list(shop._pages.values()), size=shop.size)  # pyright: ignore[reportPrivateUsage]
    screen.changes = times
    policy = ScriptedPolicy([[PAY, Finish()]] * 4)
    person = Person(*[lambda asked: True] * 4)
    result = make([], policy=policy, environment=screen, approver=person).run()
    assert result.status == "success"
    assert screen.actions == [PAY]
    told = [step.error for step in result.steps[:-1]]
    assert told == ["look again: button 'Pay now' is not what you saw: it has moved there since the picture"] * min(
        times, 2
    )
    assert len(person.asked) == 1


def test_what_changes_and_does_not_matter_is_done(make: Make, shop: MemoryEnvironment) -> None:
    screen = Shifty(list(shop._pages.values()), size=shop.size)  # pyright: ignore[reportPrivateUsage]
    screen.changes = 99
    nothing = Click(point=Point(270, 160))
    assert make([nothing, Finish()], environment=screen).run().steps[0].error != "look again"
    assert screen.actions == [nothing]


QUESTION = Question(
    trigger="payment", digest="d" * 64, reason="why", action=PAY, role="button", name="Pay", page="https://x.test"
)


@pytest.mark.parametrize(
    "answer", [QUESTION.approve(by="Ann"), Refuse(reason="no"), QUESTION.edit(Wait()), TakeOver(by="Ann")]
)
def test_questions_and_answers_are_plain_json(answer: Answer) -> None:
    asked = QUESTION.as_json()
    assert json.loads(json.dumps(asked)) == asked
    assert read_answer(json.loads(ANSWER.dump_json(answer))) == answer


@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        "yes",
        {},
        {"kind": "approve"},
        {"kind": "approve", "digest": "x", "more": 1},
        {"kind": "edit", "digest": "x"},
    ],
)
def test_what_cannot_be_read_is_a_refusal(value: object) -> None:
    assert isinstance(read_answer(value), Refuse)


class Asking(TypedDict):
    said: str


async def test_a_graph_is_interrupted_with_the_question_and_resumed_with_the_answer() -> None:
    async def node(state: Asking) -> Asking:
        said = await InterruptApprover().approve(QUESTION, "pay?")
        told = await InterruptApprover().answer("which?")
        return Asking(said=f"{said.kind} {told}")

    graph: Any = StateGraph(Asking)
    graph.add_node("node", node)
    graph.add_edge(START, "node")
    graph.add_edge("node", END)
    compiled = graph.compile(checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "1"}}
    asked = (await compiled.ainvoke({"said": ""}, config))["__interrupt__"][0].value
    assert asked == {**QUESTION.as_json(), "question": "pay?"}
    again = await compiled.ainvoke(Command(resume={"kind": "approve", "digest": asked["digest"]}), config)
    assert again["__interrupt__"][0].value == {"kind": "question", "question": "which?"}
    done = await compiled.ainvoke(Command(resume="the red one"), config)
    assert done["said"] == "approve the red one"


def test_a_question_is_a_verdict_with_what_it_is_about() -> None:
    verdict = AskUser(trigger="payment", digest="d", reason="r")
    question = Question.of(verdict, PAY, Facts(url="https://xn--e1afmkfd.test/a", name="Pay"))
    assert (question.page, question.digest, question.name) == ("https://xn--e1afmkfd.test", "d", "Pay")
