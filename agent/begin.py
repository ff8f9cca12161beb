"""Where a run begins: at its first look, or where its steps and its journal say that it was interrupted."""

from typing import Literal

from ..tools import Ask
from .events import NodeName
from .nodes.observe import observe
from .nodes.review import after
from .permissions.urls import read_url
from .record.asked import was_asked
from .record.folder import ASKED, dump
from .record.journal import Entry
from .record.trace import Decided, Did, Sight
from .run import Run, State, Update, first_state, then


async def first_state_of(run: Run, seen: Sight | None = None) -> State:
    """The first state of a new run; of one that was interrupted, what its steps and its journal lead to.

    `seen` is what was shown before the interruption where they do not say it, as in the first turn.
    """
    state = first_state(run.task)
    for number in sorted(run.steps):
        state = then(state, _planned(state, run))
        state = then(state, after(state, run.steps[number]))
    state = then(state, Update(now=None, outcome=None))
    begun, decided = run.journal.begun(state["turn"]), run.journal.decided(state["turn"])
    for did in (*(did for step in run.steps.values() for did in step.did), *(entry.did for entry in begun)):
        _grant_again(did, run)
    run.untold = _untold(begun, run)
    last = _last_seen(begun, run) or seen
    if last is not None:
        run.spent_before_s = state["spent_s"]
        await run.open(last)
        run.live = None  # what was seen before the kill need not be what is shown now: the next turn looks
    if decided is None:
        return state
    run.continued_turn = state["turn"]
    state = then(state, _planned(state, run) | Update(due=None))
    return then(state, _in_turn(begun, decided))


def _grant_again(did: Did, run: Run) -> None:
    """Reach what the user agreed to before the interruption."""
    for said in (did.approval, *did.dialogs):
        place = read_url(said.place) if said is not None and said.answer == "approve" and said.place else None
        if place is not None:
            run.reach.grant(place)


def _planned(state: State, run: Run) -> Update:
    """The plan that a planner made in this turn, and what it cost."""
    made = next((made for made in run.info.plans if made.turn == state["turn"]), None)
    return Update() if made is None else Update(plan=list(made.plan), tokens=state["tokens"] + made.tokens)


def _in_turn(begun: tuple[Entry, ...], decided: Decided) -> Update:
    """To see what came of the action that was begun last, or, where that is known, to end the turn with it."""
    return Update(
        index=begun[-1].index,
        saw=dump(begun[0].before),
        now=dump(begun[-1].after or begun[-1].before),
        decided=dump(decided),
        did=[dump(entry.did) for entry in begun],
    )


def _last_seen(begun: tuple[Entry, ...], run: Run) -> Sight | None:
    if begun:
        return begun[-1].after or begun[-1].before
    return (run.steps[max(run.steps)].left or run.steps[max(run.steps)].saw) if run.steps else None


def _untold(begun: tuple[Entry, ...], run: Run) -> list[str]:
    """What happened after the policy was last shown the screen: in this turn, else in the last one."""
    if not begun and run.steps:
        last = run.steps[max(run.steps)]
        if last.decided is None:
            return list(last.saw.events)
        begun = run.journal.begun(last.number)
    return [event for entry in begun if entry.after is not None for event in entry.after.events]


async def waited_in(name: NodeName, state: State, truth: State, run: Run) -> Update | None:
    """Where this node of another process waited for a person, what it goes on with here: the screen as it is now.

    `truth` is the state that the folder leads to, which says where the run goes on where this is None. An answer comes
    to the node that asked, when that is done again, and to no other.
    """
    begun = run.journal.begun(state["turn"])
    if truth["turn"] != state["turn"] or state["now"] is None:
        return None
    if name == "plan":
        is_helped = truth["due"] is not None and truth["due"]["then"] == "ask"
        return await observe(state, run) if is_helped else None
    if begun and not begun[-1].is_done:
        is_asking = name == "act" and begun[-1].index == state["index"] and isinstance(begun[-1].did.action, Ask)
    elif len(begun) == state["index"] and name in ("guard", "act"):
        is_asking = await _asks_first(name, state, run)
    else:
        is_asking = False
    if not is_asking:
        return None
    run.continued_turn = state["turn"]
    return Update(now=dump(await run.look()))


async def _asks_first(name: NodeName, state: State, run: Run) -> bool:
    """Whether this action, which was not begun, is asked about before it is.

    The guard judges what stands there now. What is in doubt is done again at once: only where all looks as it did.
    """
    if name == "guard" and was_asked(run.folder.path / ASKED, state["turn"], state["index"]):
        return True
    before, now = Sight.model_validate(state["now"]), await run.look()
    if (now.frame, now.url) != (before.frame, before.url):
        run.live = None
        return False
    return name == "guard" or run.journal.doubt(Did.model_validate(state["did"][-1]).action, now) is not None


def first_node(state: State) -> Literal["observe", "act", "review"]:
    """To a new turn; in one that was begun, to the act that may or may not have been done, or to what came of it."""
    if state["decided"] is None:
        return "observe"
    return "act" if Did.model_validate(state["did"][-1]).effect == "not_done" else "review"
