"""The model that a command line means, as the eyes of a test."""

from functools import cached_property
from typing import TYPE_CHECKING

from ...options.model import Chosen
from ..model_eyes import ModelEyes

if TYPE_CHECKING:
    from ...policies import ModelPolicy


class ChosenEyes(ModelEyes):
    """Loaded when first needed, with all that was said about how it is asked and where it runs."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__(chosen.model)
        self._chosen = chosen

    @cached_property
    def _policy(self) -> "ModelPolicy":
        return self._chosen.policy()
