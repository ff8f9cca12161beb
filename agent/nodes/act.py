"""The node that acts: intent on disk, then the action, then what came of it on disk."""

import asyncio
import json
import time

from ...errors import ActionFailed, EnvironmentLost
from ...policies.prompts.events import ANSWERED, cut
from ...screen import Observation
from ...tools import (
    Ask,
    CallTool,
    Finish,
    Hover,
    Navigate,
    NewTab,
    Scroll,
    SwitchTab,
    TypeText,
    Wait,
    call_tool,
)
from ..checking.found import compare
from ..effects import needs_no_change, needs_no_screen
from ..planning.facts import is_note
from ..record.folder import dump
from ..record.journal import Entry
from ..record.trace import Decided, Did, Effect, Sight
from ..run import Run, State, Update, stopped

KILLED = "the run was interrupted while it was being done"
REPEATABLE = (Hover, Scroll, Wait, Navigate, NewTab, SwitchTab)
"""What may be done again, whether or not it was done."""
UNANSWERED = "the model asked and nobody answered"
UNCLEAR = "the screen does not show whether it was"
STILL_S = 0.3
"""After so long a screen that changes by itself shows that it does."""
MAX_RESULT_CHARS = 4000
"""Of what a tool returned, shown to the model and stored."""


async def act(state: State, run: Run) -> Update:
    """Do the next action once, whatever interrupted it before."""
    did = Did.model_validate(state["did"][-1])
    before = Sight.model_validate(state["now"])
    turn, index = state["turn"], state["index"]
    entry = run.journal.find(turn, index)
    if entry is not None and entry.after is not None:
        run.live = None  # what was seen then is no longer what the screen shows
        return _update(state, entry.did, entry.after)
    if entry is None:
        refusal = await _not_again(did, before, run)
        if refusal is not None:
            return Update(error=refusal)
        await run.stored()
        run.journal.intend(turn, index, did, before, Decided.model_validate(state["decided"]))
    began, seen = time.monotonic(), run.live
    run.begun = [*map(Did.model_validate, state["did"][:-1]), did.model_copy(update={"effect": "in_doubt"})]
    if isinstance(did.action, Ask):
        found, after = await _ask(did, before, run)
    elif entry is not None:
        found, after = await _reconcile(entry, did, run)
    else:
        found, after = await _do(did, before, run, ends_turn=_ends_turn(state))
        found = _compared(found, seen, run.live)
    found = found.model_copy(update={"seconds": time.monotonic() - began, "dialogs": tuple(run.dialogs)})
    run.dialogs.clear()
    run.questions, run.begun[-1:] = 0, [found]
    run.journal.end(turn, index, found, before, after)
    return _update(state, found, after) | _unanswered(found)


def _update(state: State, did: Did, after: Sight) -> Update:
    return Update(did=[*state["did"][:-1], dump(did)], now=dump(after))


def _compared(did: Did, before: Observation | None, after: Observation | None) -> Did:
    """With what the pictures say of it, where there are two and it was done on the screen."""
    if before is None or after is None or did.effect not in ("changed", "unchanged") or needs_no_screen(did.action):
        return did
    found, share = compare(did.action, before, after)
    if isinstance(did.action, TypeText) and did.action.secret is not None:
        share = None  # it would tell how long the secret is
    return did.model_copy(update={"found": found, "changed": share})


def _ends_turn(state: State) -> bool:
    actions = Decided.model_validate(state["decided"]).actions
    rest = actions[state["index"] + 1 :]
    return bool(rest) and isinstance(rest[0], Finish)


async def _do(did: Did, before: Sight, run: Run, *, ends_turn: bool) -> tuple[Did, Sight]:
    """The action itself, and what the screen shows of it."""
    if isinstance(did.action, CallTool):
        return await _call(did, did.action, before.model_copy(update={"events": (), "error": None}), run)
    try:
        run.is_reopened = False
        after = await run.see(await run.environment.step(run.secrets.handed(did.action, run.environment)))
    except EnvironmentLost as lost:
        after = await run.look()
        return _judged(did, before, after, run, run.secrets.hide(str(lost))), after
    if after.error is not None:
        return did.model_copy(update={"effect": "failed", "error": after.error}), after
    if ends_turn and not after.differs(before) and not needs_no_change(did.action):
        after = await run.look()  # a slow page may show it only now
    effect: Effect = "changed" if after.differs(before) else "unchanged"
    return did.model_copy(update={"effect": effect}), after


async def _reconcile(entry: Entry, did: Did, run: Run) -> tuple[Did, Sight]:
    """What became of an action that was begun before the process died: the screen is asked, the action not redone."""
    first = await run.look()
    if isinstance(did.action, CallTool):
        return _doubtful(did, KILLED), first
    await asyncio.sleep(STILL_S)
    after = await run.look()
    return _judged(did, entry.before, after, run, KILLED, is_still=after.frame == first.frame), after


async def _not_again(did: Did, now: Sight, run: Run) -> str | None:
    """Why what a kill left in doubt is not done again; None where nothing is, or the user says that it is to be.

    Where nobody answers, the run waits for the user.
    """
    may_be_repeated = run.info.screen_tells or isinstance(did.action, REPEATABLE) or is_note(did.action, run.tools)
    doubt = None if may_be_repeated else run.journal.doubt(did.action, now)
    if doubt is None:
        return None
    why = f"{doubt.error}, and {UNCLEAR}"
    said = await run.answer_to(f"{why}. Shall it be done again? yes or no")
    if said is None:
        run.hold(stopped("in_doubt", why))
        return f"{why}; it is not done again without the user"
    return None if said.strip().lower() in ("y", "yes") else f"{why}; the user said that it is not to be done again"


def _judged(did: Did, before: Sight, after: Sight, run: Run, cause: str, *, is_still: bool = True) -> Did:
    """Done, if the screen shows what this run has never seen before; in doubt otherwise.

    A screen that was opened anew is no sign, whatever it shows: without its cookies a site may show another page. Nor
    is one that changes by itself, nor what is shown with an error, in place of a page that does not come back.
    """
    if after.error is not None or run.is_reopened:
        return _doubtful(did, cause)
    is_new = is_still and after.frame != before.frame and after.frame not in run.journal.frames()
    if after.url != before.url or is_new:
        return did.model_copy(update={"effect": "changed"})
    return _doubtful(did, cause)


def _doubtful(did: Did, cause: str) -> Did:
    reason = f"the {did.action.kind.replace('_', ' ')} may or may not have been done: {cause}"
    return did.model_copy(update={"effect": "in_doubt", "error": reason})


async def _call(did: Did, action: CallTool, before: Sight, run: Run) -> tuple[Did, Sight]:
    """The result of a custom tool, which the policy finds among the events of the next observation."""
    left_s = max(0.0, run.task.limits.seconds - run.spent_s)
    try:
        async with asyncio.timeout(left_s):
            result = json.dumps(await call_tool(run.tools, action), ensure_ascii=False)
    except ActionFailed as error:
        return _failed_tool(did, before, run, str(error))
    except TimeoutError:
        late = f"{action.name} did not end within the {left_s:.0f} s that were left, and may go on"
        return _doubtful(did, late), before
    result = cut(run.secrets.hide(result), MAX_RESULT_CHARS)
    after = _tell(run, await run.look(), f"{action.name} returned {result}")
    return did.model_copy(update={"effect": "changed", "result": result}), after


def _failed_tool(did: Did, before: Sight, run: Run, reason: str) -> tuple[Did, Sight]:
    reason = run.secrets.hide(reason)
    told = before.model_copy(update={"error": reason})
    return did.model_copy(update={"effect": "failed", "error": reason}), told


async def _ask(did: Did, before: Sight, run: Run) -> tuple[Did, Sight]:
    """The user's answer, or that nobody was there to give one."""
    question = did.action.question if isinstance(did.action, Ask) else ""
    answer = await run.answer_to(question)
    if answer is None:
        return did.model_copy(update={"effect": "failed", "error": f"{UNANSWERED}: {question}"}), before
    answer = run.secrets.hide(answer)
    after = _tell(run, before.model_copy(update={"events": (), "error": None}), f"{ANSWERED}{answer}")
    return did.model_copy(update={"effect": "changed", "result": answer}), after


def _unanswered(did: Did) -> Update:
    """The end of a run that asked where nobody answers."""
    if not isinstance(did.action, Ask) or did.error is None:
        return Update()
    return Update(outcome=dump(stopped("unanswered", did.error)))


def _tell(run: Run, sight: Sight, event: str) -> Sight:
    """Add an event to what the policy is told next, and to the record of what was seen."""
    run.untold.append(event)
    return sight.model_copy(update={"events": (*sight.events, event)})
