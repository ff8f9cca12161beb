"""The node that checks: did it work, is the step of the plan done, is the run over?"""

import hashlib
import json
from datetime import UTC, datetime

from ..errors import BadModelOutput
from ..policies.policy import Turn
from ..tools import ACTION, Finish, Wait
from .act import needs_no_change
from .forms import read_answer
from .limits import fruitless, limit_reached
from .plan import turn_of
from .record.folder import dump
from .record.trace import Decided, Did, Outcome, Sight, Step
from .run import Run, State, Update, then


async def review(state: State, run: Run) -> Update:
    """Go on with the decision's next action, or end the turn: judge it, put it into steps.jsonl, remember it."""
    if _goes_on(state, run):
        return Update(index=state["index"] + 1)
    step = run.steps.get(state["turn"])
    if step is None:  # it is there already when the process died after this line
        step = judge(state, run)
        await run.all_kept()
        run.folder.append(step)
        run.steps[step.number] = step
    _remember(step, run)
    return after(state, step)


def _goes_on(state: State, run: Run) -> bool:
    """Whether a further action of the same decision is to be done."""
    did, decided = _did(state), _decided(state)
    if state["outcome"] is not None or state["error"] is not None or decided is None or not did:
        return False
    if run.is_stopping or run.continued_turn == state["turn"] or did[-1].effect in ("failed", "in_doubt"):
        return False
    rest = decided.actions[state["index"] + 1 :]
    return bool(rest) and not isinstance(rest[0], Finish)


def judge(state: State, run: Run) -> Step:
    """The turn as a record: what did not work, whether the plan goes on, whether the run is over."""
    did, decided = _did(state), _decided(state)
    outcome = None if state["outcome"] is None else Outcome.model_validate(state["outcome"])
    error = state["error"] or (None if outcome else _fault(did, decided))
    finish = decided.actions[-1] if decided and decided.actions else None
    next_position, refusal = state["position"], None
    if outcome is None and error is None and isinstance(finish, Finish):
        next_position += finish.status == "success"
        outcome = _finished(state, finish, next_position)
        refusal = _refusal(outcome, run)
    if refusal is not None:
        outcome, error, next_position = None, refusal, state["position"]
    step = Step(
        number=state["turn"],
        position=state["position"],
        goal=state["plan"][state["position"]],
        saw=Sight.model_validate(state["saw"]),
        decided=decided,
        did=did,
        left=None if state["now"] is None else Sight.model_validate(state["now"]),
        error=error,
        next_position=next_position,
        is_refused=refusal is not None,
        outcome=outcome,
        ended_at=datetime.now(UTC),
        seconds=max(0.0, run.spent_s - state["spent_s"]),
    )
    return step if outcome else step.model_copy(update={"outcome": _limit(state, step, run)})


def _fault(did: tuple[Did, ...], decided: Decided | None) -> str | None:
    """Why the turn does not count as done, in words for the policy."""
    if not did or decided is None:
        return None
    last = did[-1]
    if last.effect in ("failed", "in_doubt"):
        return last.error
    rest = decided.actions[len(did) :]
    if rest and not isinstance(rest[0], Finish):
        return "the run was interrupted; what was left of this decision was not done"
    if rest and last.effect == "unchanged" and not needs_no_change(last.action):
        return f"nothing changed on the screen after the {last.action.kind.replace('_', ' ')}"
    return None


def _finished(state: State, finish: Finish, next_position: int) -> Outcome | None:
    """How the run ends with this Finish; None while the plan goes on."""
    answer = finish.answer or state["answer"]
    if finish.status == "failure":
        reason = finish.answer or "the policy gave the task up"
        return Outcome(status="failure", reason=reason, answer=answer)
    if next_position < len(state["plan"]):
        return None
    return Outcome(status="success", reason="the policy finished the task", answer=answer)


def _refusal(outcome: Outcome | None, run: Run) -> str | None:
    """Why the answer is not what was asked for; None where it is, or nothing was asked for."""
    if run.output is None or outcome is None or outcome.status != "success":
        return None
    try:
        read_answer(outcome.answer, run.output)
    except BadModelOutput as error:
        return str(error)
    return None


def _limit(state: State, step: Step, run: Run) -> Outcome | None:
    limits, counted = run.task.limits, then(state, after(state, step))
    return fruitless(limits, step, counted) or limit_reached(limits, counted, run.spent_s)


def after(state: State, step: Step) -> Update:
    """What the state is once this step is on disk. Pure, so that a resumed run arrives at the same state."""
    decided = step.decided
    moved_on = step.next_position != step.position
    came_to_nothing = bool(step.did) and step.error is not None and step.did[-1].effect in ("unchanged", "failed")
    key = _key(step)
    answers = [action.answer for action in step.actions if isinstance(action, Finish)]
    return Update(
        position=min(step.next_position, len(state["plan"]) - 1),
        turn=step.number + 1,
        index=0,
        decided=None,
        did=[],
        error=None,
        outcome=None if step.outcome is None else dump(step.outcome),
        bad_outputs=state["bad_outputs"] + 1 if step.is_bad_output or step.is_refused else 0,
        fruitless=state["fruitless"] + 1 if came_to_nothing else 0,
        same=0 if moved_on or not key else state["same"] + 1 if key == state["last"] else 1,
        last=key or state["last"],
        tokens=state["tokens"] + (decided.tokens if decided else 0),
        spent_s=state["spent_s"] + step.seconds,
        answer="".join(answers) or state["answer"],
        now=None if step.left is None else dump(step.left),
    )


def _key(step: Step) -> str:
    """What must not come again and again: these actions on this screen. Empty for waiting, which may."""
    if all(isinstance(action, Wait) for action in step.actions):
        return ""
    actions = [ACTION.dump_python(action, mode="json") for action in step.actions]
    return hashlib.sha256(json.dumps([step.saw.screen, actions], sort_keys=True).encode()).hexdigest()


def _remember(step: Step, run: Run) -> None:
    """Keep the turn for the policy."""
    if run.decided_on is None:
        turn = turn_of(step, run)
        if turn is not None:
            run.remember(turn)
    elif step.decided is not None:
        bad = step.is_bad_output
        decision = None if bad else step.decided.decision(run.decided_on.screenshot.frame)
        run.remember(Turn(observation=run.decided_on, decision=decision, raw=step.decided.raw, error=step.error))


def _did(state: State) -> tuple[Did, ...]:
    return tuple(Did.model_validate(did) for did in state["did"])


def _decided(state: State) -> Decided | None:
    return None if state["decided"] is None else Decided.model_validate(state["decided"])
