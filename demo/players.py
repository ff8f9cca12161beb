"""Who plays the demo."""

from typing import TYPE_CHECKING

from ..agent.record.begun import BegunDemo
from ..policies import Policy
from ..policies.blind import BlindPolicy
from .oracle import Idle, Oracle

if TYPE_CHECKING:
    from ..options.model import Chosen


def player(demo: BegunDemo, chosen: "Chosen") -> Policy:
    """The model, behind grey glass where it is to be blind, or one of the two that check the demo itself."""
    match demo.player:
        case "oracle":
            return Oracle()
        case "idle":
            return Idle()
        case "model":
            policy = chosen.acting()
            return BlindPolicy(policy) if demo.grey else policy
