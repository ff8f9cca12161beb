"""Which steps of a run may serve as examples."""

from .trace import Step


def worked(step: Step) -> bool:
    """Whether all that was decided in a step was done, and nobody said that it was wrong."""
    if step.error is not None or step.is_refused or step.is_unconfirmed or not step.actions:
        return False
    return all(did.verdict != "denied" and did.effect not in ("failed", "in_doubt") for did in step.did)
