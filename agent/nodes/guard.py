"""The node that asks the permissions, and the user where they say so."""

from dataclasses import replace

from ...environments.environment import Facts
from ...errors import EnvironmentLost
from ...tools import Action, Ask, CallTool, Finish, Wait
from ..approvals import Approve, Edit, Refuse, TakeOver, WaitsForPeople
from ..asking import ask, told
from ..permissions import Allow, AskUser, Deny, Used, as_judged, leads_on, needs_look
from ..planning.facts import is_note
from ..record.folder import dump
from ..record.trace import Decided, Did
from ..run import Run, State, Update, stopped
from ..used import used

MAX_EDITS = 5
"""Of one action, by the person who is asked."""
MAX_RELOOKS = 2
"""Looks in a row because a thing has changed: what changes all the time is then judged as it is."""
GONE = "what the user agreed to is no longer at that place"
IN_ADDRESS = "its address would hold a secret of the page's own address: write the whole address"
TAKEN_OVER = "the user acted in your place and handed the screen back; look at what it shows now"


async def guard(state: State, run: Run) -> Update:
    """Judge the next action by what stands at its place now, before anything is done."""
    decided = Decided.model_validate(state["decided"]).actions[state["index"]]
    try:
        return await _judge(state, run, decided)
    except EnvironmentLost as lost:
        run.live = None  # so that the next turn looks, and opens the screen again
        unsure = Did(action=decided, verdict="denied", rule="the screen was lost")
        return _go_on(state, unsure) | Update(
            error=run.secrets.hide(f"the {decided.kind} was not done: {lost}"), now=None
        )


async def _judge(state: State, run: Run, action: Action) -> Update:
    """What the permissions say of the action, and of each that the user puts in its place."""
    did: Did | None = None
    for edits in range(MAX_EDITS):
        action, facts = as_judged(action, await _facts(action, run))
        if (hidden := run.secrets.hide_action(action)) != action:
            return _look_again(state, run, Did(action=hidden, verdict="allowed"), IN_ADDRESS)
        did = _begun(action, facts, run, did)
        if is_note(action, run.tools):
            return _go_on(state, did)  # a note in the run's own record touches nothing
        verdict = run.permissions.decide(action, facts, _used(state, run))
        unclear = "" if isinstance(verdict, Deny) else _unclear(action, facts, verdict, run)
        if unclear:
            run.relooks += 1
            return _look_again(state, run, did, unclear)
        run.relooks = 0
        match verdict:
            case Allow():
                return _go_on(state, did)
            case Deny():
                return _refuse(state, did, f"denied ({verdict.code}): {run.secrets.hide(verdict.rule)}")
            case AskUser():
                did, answer = await ask(run, did, facts, verdict, (state["turn"], state["index"], edits))
        match answer:
            case Edit():
                action = run.secrets.hide_action(answer.action)
            case Approve():
                return await _use(state, run, did, verdict)
            case TakeOver():
                if isinstance(run.approver, WaitsForPeople):
                    await run.approver.handed_back()
                return _look_again(state, run, did, TAKEN_OVER)
            case Refuse():
                why = f": {run.secrets.hide(answer.reason)}" if answer.reason else ""
                return _refuse(state, did, f"{did.rule}{why}")
    return _refuse(state, did or Did(action=action, verdict="denied"), "it was changed too often")


def _begun(action: Action, facts: Facts, run: Run, before: Did | None) -> Did:
    """The record of what is judged now; after an edit it still says who put it there."""
    role, name = run.secrets.hide(facts.role), run.secrets.hide(facts.name)
    if before is None:
        return Did(action=action, verdict="allowed", role=role, name=name)
    return before.model_copy(update={"action": action, "role": role, "name": name})


def _unclear(action: Action, facts: Facts, verdict: Allow | AskUser, run: Run) -> str:
    """Why the thing must be looked at again before anything is done; empty where it is what was decided on."""
    if why := leads_on(action, facts):
        return why
    if run.relooks >= MAX_RELOOKS or not needs_look(verdict, action, facts):
        return ""
    thing = " ".join(part for part in (facts.role, repr(facts.name) if facts.name else "") if part)
    return run.secrets.hide(f"look again: {thing or 'what is there'} is not what you saw: {facts.changed}")


async def _use(state: State, run: Run, did: Did, verdict: AskUser) -> Update:
    """Take the agreement for exactly the thing that was asked about, if it is still there."""
    facts = await _facts(did.action, run)
    again = run.permissions.decide(*as_judged(did.action, replace(facts, changed="")), _used(state, run))
    if again != verdict:
        return _look_again(state, run, did, GONE)
    if verdict.place is not None:
        run.reach.grant(verdict.place)
    if verdict.downloads:
        run.arrivals.agree()
    return _go_on(state, did)


async def _facts(action: Action, run: Run) -> Facts:
    if isinstance(action, Ask | Finish | Wait | CallTool):
        return Facts()
    return await run.environment.facts(action)


def _used(state: State, run: Run) -> Used:
    return used(run, map(Did.model_validate, state["did"]))


def _go_on(state: State, did: Did) -> Update:
    return Update(did=[*state["did"], dump(did)])


def _look_again(state: State, run: Run, did: Did, reason: str) -> Update:
    """Do nothing, tell the policy why, and let it see the screen anew."""
    run.live = None
    return _go_on(state, did.model_copy(update={"error": reason})) | Update(error=reason, now=None)


def _refuse(state: State, did: Did, rule: str) -> Update:
    refused = did.model_copy(update={"verdict": "denied", "rule": rule})
    return _go_on(state, refused) | Update(outcome=dump(stopped("denied", f"{told(did)}: {rule}")))
