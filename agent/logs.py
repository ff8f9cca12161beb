"""The log of a run, by the standard library: `clickwright.agent`. Steps are INFO, nodes DEBUG, trouble WARNING."""

import logging

from .events import Event, NodeBegan, NodeEnded, RunEnded
from .record.trace import Step
from .words import in_words, seconds, visible

LOGGER = logging.getLogger("clickwright.agent")
LOGGER.addHandler(logging.NullHandler())  # silent, where the program sets up no logging


def log(event: Event) -> None:
    """Tell the log. What a page or a model wrote comes with its control characters written out."""
    match event:
        case NodeBegan():
            pass
        case NodeEnded():
            LOGGER.debug("turn %d: %s took %s", event.turn, event.node, seconds(event.seconds))
            if event.step is not None:
                _log_step(event.step)
        case RunEnded():
            _log_end(event)


def log_repair(told: str) -> None:
    """What was wrong with a run's folder, and what was done about it."""
    LOGGER.warning("%s", _line(told))


def _log_end(event: RunEnded) -> None:
    if event.outcome is None:
        LOGGER.warning("the run broke off: %s", _line(event.fault) or "interrupted")
    else:
        LOGGER.info("the run ended: %s: %s", event.outcome.status, _line(event.outcome.reason))


def _log_step(step: Step) -> None:
    did = ", then ".join(f"{in_words(done.action)}: {done.effect}" for done in step.did) or "no action"
    LOGGER.info("step %d: %s", step.number, _line(did))
    if step.error is not None:
        LOGGER.warning("step %d: %s", step.number, _line(step.error))


def _line(text: str) -> str:
    return " ".join(visible(text).split())
