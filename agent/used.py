"""What a run has done so far, as its record has it: what its budgets are held against."""

from collections import Counter
from collections.abc import Iterable

from ..tools import TypeText
from .permissions import NOTHING, Used
from .record.trace import Did
from .run import Run


def used(run: Run, dids: Iterable[Did]) -> Used:
    """By its steps, by `dids` of the turn that is not yet one, and by the dialogs that were agreed to."""
    if not run.permissions.counts:
        return NOTHING
    dids = [*(did for step in run.steps.values() for did in step.did), *dids]
    done = [did for did in dids if did.effect != "not_done"]
    agreed = [one for one in (*(one for did in done for one in did.dialogs), *run.dialogs) if one.answer == "approve"]
    secrets = [did.action.secret for did in done if isinstance(did.action, TypeText) and did.action.secret]
    places = [one.place for one in (*(did.approval for did in done), *agreed) if one is not None and one.place]
    kinds = Counter(did.action.kind for did in done)
    kinds["press"] += len(agreed) + run.journal.agreed_by_rules
    return Used(kinds=kinds, secrets=Counter(secrets), places=frozenset(places))
