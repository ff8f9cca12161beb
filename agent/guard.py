"""The node that asks the permissions, and the user where they say so."""

from ..environments.environment import Facts
from ..errors import EnvironmentLost
from ..tools import Action, Ask, CallTool, Finish, Wait
from .permissions import Allow, AskUser, Deny, as_judged
from .record.folder import dump
from .record.trace import Decided, Did
from .run import Run, State, Update, stopped


async def guard(state: State, run: Run) -> Update:
    """Judge the next action by what stands at its place now, before anything is done."""
    decided = Decided.model_validate(state["decided"]).actions[state["index"]]
    try:
        facts = await _facts(decided, run)
    except EnvironmentLost as lost:
        run.live = None  # so that the next turn looks, and opens the screen again
        unsure = Did(action=decided, verdict="denied", rule="the screen was lost")
        return _go_on(state, unsure) | Update(error=f"the {decided.kind} was not done: {lost}", now=None)
    action, facts = as_judged(decided, facts)
    did = Did(action=action, verdict="allowed", role=run.secrets.hide(facts.role), name=run.secrets.hide(facts.name))
    verdict = run.permissions.decide(action, facts)
    match verdict:
        case Allow():
            return _go_on(state, did)
        case Deny():
            return _refuse(state, did, f"denied ({verdict.code}): {run.secrets.hide(verdict.rule)}")
        case AskUser():
            return await _ask(state, run, did, verdict)


async def _ask(state: State, run: Run, did: Did, verdict: AskUser) -> Update:
    """Let the user decide, and take the answer for exactly the thing that was asked about."""
    why = run.secrets.hide(verdict.reason)
    if run.approver is None:
        return _refuse(state, did, f"this needs the user's permission ({verdict.trigger}): {why}")
    if not await run.approver.approve(verdict, f"{_told(did)}: {why}. Do it?"):
        return _refuse(state, did, f"the user said no ({verdict.trigger}): {why}")
    did = did.model_copy(update={"verdict": "asked", "rule": why})
    again = run.permissions.decide(did.action, await _facts(did.action, run))
    if again == verdict:
        if verdict.place is not None:
            run.reach.grant(verdict.place)
        return _go_on(state, did)
    changed = "what the user agreed to is no longer at that place"
    return _go_on(state, did.model_copy(update={"error": changed})) | Update(error=changed)


async def _facts(action: Action, run: Run) -> Facts:
    if isinstance(action, Ask | Finish | Wait | CallTool):
        return Facts()
    return await run.environment.facts(action)


def _go_on(state: State, did: Did) -> Update:
    return Update(did=[*state["did"], dump(did)])


def _refuse(state: State, did: Did, rule: str) -> Update:
    refused = did.model_copy(update={"verdict": "denied", "rule": rule})
    return _go_on(state, refused) | Update(outcome=dump(stopped("denied", f"{_told(did)}: {rule}")))


def _told(did: Did) -> str:
    thing = " ".join(part for part in (did.role, repr(did.name) if did.name else "") if part)
    return f"{did.action.kind.replace('_', ' ')}{' on ' + thing if thing else ''}"
