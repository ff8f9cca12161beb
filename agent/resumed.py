"""Where an interrupted run goes on: with the state after its last step, or in the middle of the turn it had begun.

The steps and the journal say it all. A checkpoint says it too, and is believed where it is whole and as far as the
steps are; without one the state is reckoned from the steps again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from ..errors import UsageError
from .record.folder import dump
from .record.journal import Entry
from .record.trace import Decided, Did, Outcome, Sight
from .review import after
from .run import Run, State, Update, first_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """A state, and the node that it counts as the result of."""

    state: State
    after: Literal["guard", "act", "review"]

    @property
    def last_sight(self) -> Sight | None:
        """What the screen last showed."""
        last = self.state["now"] or self.state["saw"]
        return None if last is None else Sight.model_validate(last)


def resumed(saved: State | None, run: Run) -> Resumed | None:
    """Where the run goes on; None for one that has yet to begin. `saved` is what a checkpoint held."""
    state = _between_turns(saved, run)
    begun = run.journal.begun(state["turn"])
    if begun:
        return _in_turn(state, begun, run)
    if saved is None and not run.steps:
        return None
    return Resumed(state=_fresh(state), after="review")


def read_state(values: Mapping[str, Any]) -> State:
    """The state that a checkpoint holds. Raises UsageError where anything in it is not what it should be."""
    try:
        _Checkpoint.model_validate(dict(values))
        _require_records(values)
    except ValidationError as error:
        fault = error.errors()[0]
        raise UsageError(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
    if wrong := [name for name, value in values.items() if isinstance(value, int | float) and value < 0]:
        raise UsageError(f"{wrong[0]} is below 0")
    if values["position"] >= len(values["plan"]):
        raise UsageError("the position is beyond the plan")
    return cast(State, dict(values))


_FIELDS: dict[str, Any] = {name: (kind, ...) for name, kind in get_type_hints(State).items()}
_Checkpoint = create_model("_Checkpoint", __config__=ConfigDict(extra="forbid", strict=True), **_FIELDS)
_RECORDS: dict[str, type[BaseModel]] = {"saw": Sight, "now": Sight, "decided": Decided, "outcome": Outcome}


def _require_records(values: Mapping[str, Any]) -> None:
    for name, kind in _RECORDS.items():
        if values[name] is not None:
            kind.model_validate(values[name])
    for did in values["did"]:
        Did.model_validate(did)


def _between_turns(saved: State | None, run: Run) -> State:
    """The state before the first turn that is not on disk as a step."""
    last = max(run.steps, default=0)
    state: State = saved if saved is not None and 1 <= saved["turn"] <= last + 1 else first_state(run.task)
    while (step := run.steps.get(state["turn"])) is not None:
        state = {**state, **after(state, step)}
    return state


def _fresh(state: State) -> State:
    """Ready to look and to decide; of an earlier decision nothing was begun."""
    return {**state, "decided": None, "did": [], "index": 0, "error": None, "outcome": None}


def _in_turn(state: State, begun: tuple[Entry, ...], run: Run) -> Resumed:
    """To see what came of the action that was begun last, or, where that is known, to end the turn with it."""
    last = begun[-1]
    decided = run.journal.decided(last.turn) or Decided(actions=tuple(entry.action for entry in begun))
    at = Update(
        saw=dump(begun[0].before),
        decided=dump(decided),
        did=[dump(_did(entry)) for entry in begun],
        index=last.index,
        now=dump(last.after or last.before),
    )
    return Resumed(state={**_fresh(state), **at}, after="act" if last.is_done else "guard")


def _did(entry: Entry) -> Did:
    return entry.did or Did(action=entry.action, verdict="allowed")  # an intent of an older version holds no verdict
