"""Eyes without a model: they see what the page itself says plainly, and nothing else."""

from typing import TYPE_CHECKING

from ..errors import UsageError
from ..screen import Box
from .claims import judge_plainly, read_claim
from .eyes import Judged, Told
from .plain import named_plainly, value_plainly
from .sight import Sight
from .target import Found
from .verdicts import NotFound

if TYPE_CHECKING:
    from ..policies import Policy

PAGE = "page"
"""What these eyes are called where a model is chosen."""


class PageEyes:
    """Enough to record tests whose words are the names on the page."""

    name = PAGE

    def find(self, sight: Sight, words: str) -> Found:
        box = named_plainly(sight, words)
        if box is None:
            raise NotFound(f"the page has no one thing called {words!r}", screen=sight.shown)
        return Found(point=box.center, box=box, how="page")

    def judge(self, sight: Sight, claim: str) -> Judged:
        plain = read_claim(claim)
        try:
            judged = None if plain is None else judge_plainly(plain, sight, lambda words: self._box(sight, words))
        except NotFound as gone:
            return Judged(met=False, reason=str(gone))
        return judged or Judged(met=None, reason="the page alone does not say, and there is no model to ask")

    def read(self, sight: Sight, question: str) -> Told:
        value = value_plainly(sight, question)
        if value is None:
            raise NotFound(f"the page has no one value called {question!r}", screen=sight.shown)
        return Told(text=value[0], box=value[1])

    def policy(self) -> "Policy":
        raise UsageError("the page alone cannot do what takes several actions: choose a model")

    def _box(self, sight: Sight, words: str) -> Box:
        box = self.find(sight, words).box
        if box is None:
            raise AssertionError("what the page names has a box")
        return box
