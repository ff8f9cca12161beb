"""The node that keeps to the plan, and has it made anew where it does not go on."""

import asyncio
import time
from dataclasses import replace
from functools import partial

from ...errors import BadModelOutput, UsageError
from ...policies.policy import Turn
from ...policies.prompts.events import ANSWERED
from ..forms import task_with_form
from ..planning.facts import task_with_facts
from ..planning.planner import Evidence, Planner
from ..planning.stuck import in_brief
from ..plans import plan_of, task_of
from ..record.folder import dump
from ..record.sights import observation_of
from ..record.trace import PlanMade, Sight, Step
from ..retry import asked
from ..run import Run, State, Update, stopped, then

MAX_TOLD = 12
"""Turns of which a planner is told."""


async def plan(state: State, run: Run) -> Update:
    """Have what is due done: a first plan, another one, a word from the user. Then give the policy the step of the plan
    that is due, with the turns already spent on it."""
    update = await _what_is_due(state, run)
    if "outcome" not in update:
        await _reset(then(state, update), run)
    return Update(position=state["position"]) | update


async def _what_is_due(state: State, run: Run) -> Update:
    due = state["due"]
    if due is None:
        return await _made(state, run) if _wants_plan(state, run) else Update()
    if due["then"] == "ask":
        return await _helped(state, run, due["reason"])
    return await _made(state, run, due["reason"]) | Update(due=None)


def _wants_plan(state: State, run: Run) -> bool:
    return state["turn"] == 1 and run.planner is not None and not has_own_plan(run)


def has_own_plan(run: Run) -> bool:
    """Whether the user said which steps to take."""
    return plan_of(run.task) != (run.task.goal,)


def may_replan(state: State, run: Run) -> bool:
    """Whether there is a planner that may make this plan anew once more."""
    if run.planner is None or state["replans"] >= run.task.limits.replans:
        return False
    return not has_own_plan(run) or run.info.replans_steps


async def _made(state: State, run: Run, reason: str = "") -> Update:
    """The plan that a planner makes now, or made before the process was killed; the one there was if it makes none."""
    made = next((made for made in run.info.plans if made.turn == state["turn"]), None)
    if made is None:
        if run.planner is None:  # the run goes on without the planner that it began with
            return Update()
        made = await _ask_planner(state, run, run.planner, reason)
        run.note(plan=made.plan, plans=(*run.info.plans, made))
    return Update(plan=list(made.plan), tokens=state["tokens"] + made.tokens)


async def _ask_planner(state: State, run: Run, planner: Planner, reason: str) -> PlanMade:
    observation = run.live
    if observation is None:
        raise RuntimeError("plan runs after observe")
    done, began = tuple(state["plan"][: state["position"]]), time.monotonic()
    evidence = _evidence(state, run, reason) if reason else None
    made = PlanMade(turn=state["turn"], plan=tuple(state["plan"]), reason=reason)
    try:
        planning = await asked(run, partial(planner.plan, run.task, observation, evidence))
        if not planning.steps:
            raise BadModelOutput("the plan holds no sub-goal")
    except BadModelOutput as error:
        told = {"fault": run.secrets.hide(str(error)), "tokens": error.tokens, "seconds": time.monotonic() - began}
        return made.model_copy(update=told)
    steps = tuple(run.secrets.hide(step) for step in planning.steps)
    if evidence is None and len(steps) == 1:
        steps = (run.task.goal,)  # nothing to divide: the user's own words are the best
    seconds = time.monotonic() - began
    return made.model_copy(update={"plan": (*done, *steps), "tokens": planning.tokens, "seconds": seconds})


def _evidence(state: State, run: Run, reason: str) -> Evidence:
    position, whole = state["position"], tuple(state["plan"])
    tried = [_told(step) for step in run.steps.values() if step.position == position and (step.did or step.error)]
    return Evidence(
        reason=reason,
        done=whole[:position],
        failed=whole[position],
        left=whole[position + 1 :],
        tried=tuple(tried[-MAX_TOLD:]),
        facts=state["facts"],
    )


def _told(step: Step) -> str:
    return ": ".join(part for part in (in_brief(step), step.error or "") if part)


async def _helped(state: State, run: Run, reason: str) -> Update:
    """What the user says to do, told to the policy with the screen; the end of the run where nobody is there."""
    question = f"I get nowhere with {state['plan'][state['position']]!r}: {reason}. What should I do?"
    answer = await run.answer_to(question)
    if answer is None:
        return Update(
            due=None, outcome=dump(stopped("stuck", f"stuck: {reason}; the user was asked and did not answer"))
        )
    event = f"{ANSWERED}{run.secrets.hide(answer)}"
    seen = Sight.model_validate(state["saw"])
    seen = seen.model_copy(update={"events": (*seen.events, event)})
    if run.live is not None:
        run.live = replace(run.live, events=seen.events)
    return Update(due=None, saw=dump(seen), now=dump(seen))


async def _reset(state: State, run: Run) -> None:
    """Give the policy the step that is due, unless it has it."""
    position = state["position"]
    due = (position, state["plan"][position], position == len(state["plan"]) - 1)
    if run.reset_for == due:
        return
    task = task_with_facts(task_of(run.task, tuple(state["plan"]), position), state["facts"])
    if run.output is not None and due[2]:
        task = task_with_form(task, run.output)
    await asyncio.to_thread(run.policy.reset, task)
    run.turns = [turn for step in _spent_on(run, *due[:2]) if (turn := turn_of(step, run)) is not None]
    run.reset_for = due


def _spent_on(run: Run, position: int, goal: str) -> list[Step]:
    kept = [step for step in run.steps.values() if step.position == position and step.goal == goal]
    return [step for step in kept if step.next_position == position]


def turn_of(step: Step, run: Run) -> Turn | None:
    """The turn that a stored step was, if its picture is still there."""
    try:
        observation = observation_of(step.saw, run.folder.load_frame(step.saw.frame, scale=step.saw.scale))
    except UsageError:
        return None
    bad = step.decided is None or step.is_bad_output
    return Turn(
        observation=observation,
        decision=None if step.decided is None or bad else step.decided.decision(observation.screenshot.frame),
        raw="" if step.decided is None else step.decided.raw,
        error=step.error,
    )
