"""A goal that was called reached, looked at by somebody else."""

from functools import partial

from ...errors import BadModelOutput
from ...tools import Finish
from ..planning.stuck import in_brief
from ..record.trace import Checked, Decided, Did, Step
from ..retry import asked
from ..run import Run, State
from ..words import in_words
from .checker import Checker

MAX_TOLD = 20
"""Turns of which a checker is told."""
MAX_ANSWER_CHARS = 500


async def confirm(state: State, run: Run, checker: Checker, claim: Finish) -> Checked:
    """The verdict on the step of the plan that is due; on the last of them, on the task as a whole.

    A verdict that cannot be read counts as unclear.
    """
    if run.live is None:
        await run.look()
    after = run.live
    if after is None:
        raise RuntimeError("a look shows something")
    is_last = state["position"] == len(state["plan"]) - 1
    goal = run.task.goal if is_last else state["plan"][state["position"]]
    did = [line for step in _told_of(state, run, everything=is_last) if (line := _line(step))]
    did += _now(state, claim)
    try:
        checked = await asked(run, partial(checker.check, goal, run.decided_on or after, after, did))
    except BadModelOutput as error:
        reason = f"the check could not be read: {run.secrets.hide(str(error))}"
        return Checked(verdict="unclear", reason=reason, tokens=error.tokens)
    return checked.model_copy(update={"reason": run.secrets.hide(checked.reason)})


def _told_of(state: State, run: Run, *, everything: bool) -> list[Step]:
    steps = [run.steps[number] for number in sorted(run.steps)]
    return [step for step in steps if everything or step.position == state["position"]][-MAX_TOLD:]


def _line(step: Step) -> str:
    return ": ".join(part for part in (in_brief(step), step.did[-1].found or "" if step.did else "") if part)


def _now(state: State, claim: Finish) -> list[str]:
    """What this turn did, and the answer that it gave."""
    decided = Decided.model_validate(state["decided"])
    did = [Did.model_validate(one) for one in state["did"]]
    said = ", then ".join(in_words(one.action) for one in did[: len(decided.actions)])
    answer = claim.answer or state["answer"]
    lines = [said] if said else []
    return [*lines, f"said that it is done{f', with the answer {answer[:MAX_ANSWER_CHARS]!r}' if answer else ''}"]
