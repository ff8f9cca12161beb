"""A model that looks at a screen for a test. What the page itself says plainly needs no model."""

from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import BadModelOutput
from .eyes import Judged, Told
from .finding import element_at
from .plain import named_plainly
from .sight import Sight
from .target import Found
from .verdicts import NotFound

if TYPE_CHECKING:
    from ..policies import ModelPolicy


class ModelEyes:
    """Loaded when first needed, and kept. Greedy: the same screen and words give the same answer."""

    def __init__(self, model: "str | ModelPolicy" = "clickwright/mini") -> None:
        self._model = model

    @property
    def name(self) -> str:
        return self._model if isinstance(self._model, str) else self._model.profile.title

    def find(self, sight: Sight, words: str) -> Found:
        """Where the page has one thing of this very name, that; else where the model points."""
        plain = named_plainly(sight, words)
        if plain is not None:
            return Found(point=plain.center, box=plain, how="page")
        try:
            pointed = self._policy.ground(sight.screenshot, words)
        except BadModelOutput as said_nothing:
            raise NotFound(f"{words!r} is not seen: {said_nothing}", screen=sight.screenshot) from None
        element = element_at(sight, pointed.point)
        generation = pointed.generation
        return Found(
            point=pointed.point,
            box=element.box if element is not None else pointed.box,
            how="model",
            confidence=pointed.confidence,
            tokens=0 if generation is None else generation.prompt_tokens + generation.new_tokens,
            looks=pointed.looks,
        )

    def judge(self, sight: Sight, claim: str) -> Judged:
        raise NotImplementedError

    def read(self, sight: Sight, question: str) -> Told:
        raise NotImplementedError

    def policy(self) -> "ModelPolicy":
        return self._policy

    @cached_property
    def _policy(self) -> "ModelPolicy":
        if not isinstance(self._model, str):
            return self._model
        from ..policies import load_policy

        return load_policy(self._model)
