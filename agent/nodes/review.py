"""The node that checks: did it work, is the step of the plan done, is the run over?"""

import hashlib
import json
from datetime import UTC, datetime

from ...errors import BadModelOutput
from ...policies.policy import Turn
from ...tools import ACTION, Finish, Limits, Wait
from ..checking.confirm import confirm
from ..effects import needs_no_change
from ..forms import read_answer
from ..limits import limit_reached, unreadable
from ..planning.facts import facts_of
from ..planning.stuck import (
    REMEMBERED,
    Counts,
    Trouble,
    advice,
    came_to_nothing,
    is_idle,
    nothing_changed,
    trouble,
    worked,
)
from ..record.folder import dump
from ..record.trace import Checked, Decided, Did, Outcome, Sight, Step, Then
from ..run import Due, Run, State, Update, stopped, then
from .plan import may_replan, turn_of

KEY_CHARS = 12
"""Of each half of a turn's key."""


async def review(state: State, run: Run) -> Update:
    """Go on with the decision's next action, or end the turn: judge it, put it into steps.jsonl, remember it."""
    if _goes_on(state, run):
        return Update(index=state["index"] + 1)
    step = run.steps.get(state["turn"])
    if step is None:  # it is there already when the process died after this line
        step = judge(state, run, await _checked(state, run))
        await run.stored()
        run.folder.append(step)
        run.steps[step.number] = step
        run.begun = []
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


async def _checked(state: State, run: Run) -> Checked | None:
    """What the checker says of the goal that the turn calls reached; None where there is nothing to be checked."""
    claim = _claim(state)
    if run.checker is None or claim is None or _form_fault(state, claim, run) is not None:
        return None
    return await confirm(state, run, run.checker, claim)


def judge(state: State, run: Run, checked: Checked | None = None) -> Step:
    """The turn as a record: what did not work, whether the plan goes on, whether the run is over."""
    did, decided, claim = _did(state), _decided(state), _claim(state)
    outcome = None if state["outcome"] is None else Outcome.model_validate(state["outcome"])
    error = state["error"] or (None if outcome else _fault(did, decided))
    next_position, form_fault = state["position"], None
    is_unconfirmed = checked is not None and not _counts(checked, is_last=_is_last(state))
    if claim is not None:
        form_fault = _form_fault(state, claim, run)
        error = form_fault or (_told(checked) if checked and is_unconfirmed else None)
        next_position += error is None
    if error is None and outcome is None:
        outcome = _finished(state, decided, next_position, checked)
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
        is_refused=form_fault is not None,
        checked=checked,
        is_unconfirmed=is_unconfirmed,
        outcome=outcome,
        ended_at=datetime.now(UTC),
        seconds=max(0.0, run.spent_s - state["spent_s"]),
    )
    if outcome is None:
        return _what_then(state, step, run)
    return _given_up(state, step, run) if outcome.status == "failure" else step


def _claim(state: State) -> Finish | None:
    """The word of the turn that the step of the plan is done, where nothing speaks against it so far."""
    did, decided = _did(state), _decided(state)
    last = decided.actions[-1] if decided and decided.actions else None
    if not isinstance(last, Finish) or last.status != "success":
        return None
    if state["outcome"] is not None or state["error"] is not None or _fault(did, decided) is not None:
        return None
    return last


def _is_last(state: State) -> bool:
    return state["position"] == len(state["plan"]) - 1


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
        return nothing_changed(last.action)
    return None


def _counts(checked: Checked, *, is_last: bool) -> bool:
    """Whether a goal counts as reached. The whole task must be seen to be; of a sub-goal, doubt is enough."""
    return checked.verdict == "met" or (checked.verdict == "unclear" and not is_last)


def _told(checked: Checked) -> str:
    found = "is not reached" if checked.verdict == "not met" else "cannot be seen to be reached"
    # Whoever checks saw the page too: what it says of it is material, and in one line.
    return f"the goal {found}{f'; seen was {json.dumps(checked.reason, ensure_ascii=False)}' if checked.reason else ''}"


def _finished(state: State, decided: Decided | None, next_position: int, checked: Checked | None) -> Outcome | None:
    """How the run ends with this turn; None while it goes on."""
    finish = decided.actions[-1] if decided and decided.actions else None
    if not isinstance(finish, Finish):
        return None
    answer = finish.answer or state["answer"]
    if finish.status == "failure":
        reason = finish.answer or "the policy gave the task up"
        return Outcome(status="failure", reason=reason, answer=answer)
    if next_position < len(state["plan"]):
        return None
    said = "the policy says so, and nobody checked it" if checked is None else "the policy says so, and a check agrees"
    return Outcome(status="success", reason=said, answer=answer)


def _form_fault(state: State, claim: Finish, run: Run) -> str | None:
    """Why the answer is not what was asked for; None where it is, or nothing was asked for."""
    if run.output is None or not _is_last(state):
        return None
    try:
        read_answer(claim.answer or state["answer"], run.output)
    except BadModelOutput as error:
        return str(error)
    return None


def _given_up(state: State, step: Step, run: Run) -> Step:
    """The end of the run, or another plan where the one of a planner did not work and nothing speaks against one."""
    counted: State = {**state, **after(state, step)}
    over = unreadable(run.task.limits, step, counted) or limit_reached(run.task.limits, counted, run.spent_s)
    if over is not None or step.outcome is None or not may_replan(state, run):
        return step
    reason = f"it was given up: {step.outcome.reason}"
    return step.model_copy(update={"outcome": None, "then": "replan", "error": reason})


def _what_then(state: State, step: Step, run: Run) -> Step:
    """The step with what comes of it: the end by a limit, a way out where the run is stuck, or a word of advice."""
    limits = run.task.limits
    counted = then(state, after(state, step))
    over = unreadable(limits, step, counted)
    if over is not None:
        return step.model_copy(update={"outcome": over})
    found = trouble(limits, _counts_of(counted, step, limits), _why(step))
    if found is None or step.next_position != step.position:
        return _limited(step, limit_reached(limits, counted, run.spent_s))
    if not found.is_over:
        told = advice(found, step, [run.steps[n] for n in sorted(run.steps)])
        error = f"{step.error}. {told}" if step.error and step.error not in told else told
        return _limited(step.model_copy(update={"error": error}), limit_reached(limits, counted, run.spent_s))
    way_out = _way_out(state, run)
    end = stopped(found.stop, _reason(found)) if way_out is None else limit_reached(limits, counted, run.spent_s)
    return step.model_copy(update={"outcome": end} if end else {"then": way_out, "error": found.reason})


def _limited(step: Step, outcome: Outcome | None) -> Step:
    return step if outcome is None else step.model_copy(update={"outcome": outcome})


def _counts_of(state: State, step: Step, limits: Limits) -> Counts:
    same = state["same"]
    if worked(step):  # at last; but a page that undoes it each time is left no more than one further try
        same = same - 1 if same > limits.repeats else 0
    return Counts(
        fruitless=state["fruitless"],
        same=same,
        insists=state["insists"],
        refused=state["refused"],
        keys=state["keys"],
    )


def _why(step: Step) -> str:
    """Why a turn came to nothing."""
    return step.error or (nothing_changed(step.did[-1].action) if step.did else "nothing was done")


def _reason(found: Trouble) -> str:
    return f"{'unconfirmed' if found.stop == 'unconfirmed' else 'stuck'}: {found.reason}"


def _way_out(state: State, run: Run) -> Then | None:
    """What a run that is stuck does before it stops."""
    if may_replan(state, run):
        return "replan"
    if run.approver is not None and state["helps"] < run.task.limits.helps:
        return "ask"
    return None


def after(state: State, step: Step) -> Update:
    """What the state is once this step is on disk. Pure, so that a resumed run arrives at the same state."""
    decided = step.decided
    is_anew = step.next_position != step.position or step.then is not None
    key = _key(step)
    keys = [] if is_anew else [*state["keys"], *([key] if key else [])][-REMEMBERED:]
    before = state["keys"][-1] if state["keys"] else ""
    is_same_action = bool(key) and before[:KEY_CHARS] == key[:KEY_CHARS]
    unread = int(step.is_bad_output or step.is_refused)
    answers = [action.answer for action in step.actions if isinstance(action, Finish)]
    return Update(
        position=min(step.next_position, len(state["plan"]) - 1),
        turn=step.number + 1,
        index=0,
        decided=None,
        did=[],
        error=None,
        outcome=None if step.outcome is None else dump(step.outcome),
        bad_outputs=state["bad_outputs"] + 1 if unread else 0,
        bad_outputs_in_all=state["bad_outputs_in_all"] + unread,
        refused=0 if is_anew else state["refused"] + int(step.is_unconfirmed),
        fruitless=state["fruitless"] + 1 if came_to_nothing(step) and not is_anew else 0,
        same=0 if is_anew or not key else state["same"] + 1 if before == key else 1,
        insists=0 if is_anew else _insists(state, step, is_same_action=is_same_action) if key else state["insists"],
        keys=keys,
        due=None if step.then is None else Due(then=step.then, reason=step.error or ""),
        replans=state["replans"] + int(step.then == "replan"),
        helps=state["helps"] + int(step.then == "ask"),
        facts=facts_of(step.did, state["facts"]),
        tokens=state["tokens"] + (decided.tokens if decided else 0) + (step.checked.tokens if step.checked else 0),
        spent_s=state["spent_s"] + step.seconds,
        answer="".join(answers) or state["answer"],
        now=None if step.left is None else dump(step.left),
    )


def _insists(state: State, step: Step, *, is_same_action: bool) -> int:
    if not is_idle(step):
        return 0
    return state["insists"] + 1 if is_same_action else 1


def _key(step: Step) -> str:
    """What must not come again and again: these actions, on this screen. Empty for waiting, which may, and for what was
    perhaps not done at all, which may be tried once more."""
    in_doubt = bool(step.did) and step.did[-1].effect in ("in_doubt", "not_done")
    if in_doubt or all(isinstance(action, Wait) for action in step.actions):
        return ""
    actions = [ACTION.dump_python(action, mode="json") for action in step.actions]
    parts = (json.dumps(actions, sort_keys=True), step.saw.screen)
    return "".join(hashlib.sha256(part.encode()).hexdigest()[:KEY_CHARS] for part in parts)


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
