"""What pages ask in dialogs, answered by the permissions, and by the user where they say so."""

from ..environments.environment import Facts
from ..tools import Press
from .approvals import Approve, Refuse
from .asking import ask
from .permissions import NOTHING, Allow, AskUser, Deny, Permissions, Used, Verdict
from .record.trace import Did
from .run import Run
from .used import used

AGREES = Press(keys=("Enter",))
"""What agreeing to a dialog is, as an action."""
MAX_QUESTIONS = 3
"""To the user during one action: a page may ask without end."""


async def answer_dialog(run: Run, facts: Facts) -> str:
    """Why a dialog of a page is not agreed to; empty where it is. What the user says is kept in `run.dialogs`."""
    verdict = judged(run.permissions, facts, used(run, run.begun))
    if not isinstance(verdict, AskUser):
        run.journal.agreed_by_rules += isinstance(verdict, Allow)
        return run.secrets.hide(refusal(verdict))
    if run.questions >= MAX_QUESTIONS:
        return "the user was asked often enough"
    run.questions += 1
    did = Did(action=AGREES, verdict="asked", role=facts.role, name=run.secrets.hide(facts.name))
    did, answer = await ask(run, did, facts, verdict)
    again = judged(run.permissions, facts, used(run, run.begun))
    if isinstance(answer, Approve) and again != verdict:  # another was agreed to while this one was asked about
        return run.secrets.hide(refusal(again))
    if did.approval is not None:
        run.dialogs.append(did.approval)
    if not isinstance(answer, Approve):
        why = f": {run.secrets.hide(answer.reason)}" if isinstance(answer, Refuse) and answer.reason else ""
        return f"{did.rule}{why}"
    if verdict.place is not None:
        run.reach.grant(verdict.place)
    return ""


def judged(permissions: Permissions, facts: Facts, used: Used = NOTHING) -> Verdict:
    """What the rules say of agreeing to a dialog, after what the run has done so far."""
    return permissions.decide(AGREES, facts, used)


def refusal(verdict: Verdict) -> str:
    """Why it is not agreed to where nobody can be asked; empty where the rules allow it."""
    match verdict:
        case Allow():
            return ""
        case Deny():
            return f"denied ({verdict.code}): {verdict.rule}"
        case AskUser():
            return f"this needs the user's permission ({verdict.trigger}): {verdict.reason}"
