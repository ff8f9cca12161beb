"""A model without a network that knows where every target of the drawn pages is, and says it in the way it is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

import numpy as np

from ..model import Conversation, Decoding, Generation, Picture, Pointed
from ..model.processor import FACTOR, Budget
from ..screen import Point, Size
from .conventions import Convention, Unit
from .pages import Page, Target

PLAIN = Convention(unit=Unit.THOUSANDTHS)
NOWHERE = Point(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a `PointingModel` answers.

    `offset` is in pixels, right and down; `noise_px` is the deviation of a normal error; the share `misses` of the
    answers lie anywhere. `written` has places for {x} and {y}, with so many `decimals`. With `reads_as` it counts
    pixels of pictures that were resized within another budget than it tells; with `says` it answers only that.
    """

    convention: Convention = PLAIN
    offset: Point = NOWHERE
    noise_px: float = 0.0
    misses: float = 0.0
    written: str = "<|box_start|>({x},{y})<|box_end|>"
    decimals: int = 0
    reads_as: Budget | None = None
    says: str | None = None
    seed: int = 0


class PointingModel:
    """Points at the targets of some pages in its manner, in words and with a head.

    What is not on them it answers with "I see nothing.", and its head then looks everywhere alike.
    """

    can_point = True

    def __init__(
        self, pages: Iterable[Page], manner: Manner, *, name: str = "pointing", budget: Budget | None = None
    ) -> None:
        self.name = name
        self._pages = tuple(pages)
        self._manner, self._budget = manner, budget or Budget()
        self._random = Random(manner.seed)

    def seen_size(self, size: Size) -> Size:
        return self._budget.resized(size, factor=FACTOR)

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """The place of the target that the conversation names, on its last picture."""
        text = self._answer(conversation)
        if on_text is not None:
            on_text(text)
        return Generation(text=text, tokens=tuple(text), logprobs=(0.0,) * len(text), prompt_tokens=1)

    def point(self, conversation: Conversation) -> Pointed:
        """The same as a map, which lies around the place that is meant."""
        size, target = self._asked(conversation)
        seen = self.seen_size(size)
        rows, columns = seen.height // FACTOR, seen.width // FACTOR
        if target is None or self._manner.says is not None:
            return Pointed(scores=np.full((rows, columns), 1 / (rows * columns), np.float32), seen=seen)
        meant = self._meant(target, size).scale(seen.width / size.width / FACTOR, seen.height / size.height / FACTOR)
        across, down = (
            np.clip(1 - np.abs(np.arange(count) + 0.5 - place), 0, None)
            for count, place in ((columns, meant.x), (rows, meant.y))
        )
        scores = np.outer(down, across) + 1e-9
        return Pointed(scores=(scores / scores.sum()).astype(np.float32), seen=seen)

    def _answer(self, conversation: Conversation) -> str:
        size, target = self._asked(conversation)
        if target is None:
            return "I see nothing."
        if self._manner.says is not None:
            return self._manner.says
        return self._write(self._meant(target, size), size)

    def _asked(self, conversation: Conversation) -> tuple[Size, Target | None]:
        """The size of the last picture, and the target on it that is named."""
        parts = [part for message in conversation.messages for part in message.parts]
        words = " ".join(part for part in parts if isinstance(part, str))
        pixels = next((part.pixels for part in reversed(parts) if isinstance(part, Picture)), None)
        if pixels is None:
            return Size(1, 1), None
        shown = (page for page in self._pages if np.array_equal(page.screenshot.pixels, pixels))
        targets = (target for page in shown for target in page.targets)
        return Size(pixels.shape[1], pixels.shape[0]), next(
            (target for target in targets if target.description in words), None
        )

    def _meant(self, target: Target, size: Size) -> Point:
        manner, rng = self._manner, self._random
        if rng.random() < manner.misses:
            return Point(rng.uniform(0, size.width), rng.uniform(0, size.height))
        center = target.box.center
        return Point(
            center.x + manner.offset.x + rng.gauss(0, manner.noise_px),
            center.y + manner.offset.y + rng.gauss(0, manner.noise_px),
        )

    def _write(self, point: Point, size: Size) -> str:
        manner = self._manner
        seen = self.seen_size(size) if manner.reads_as is None else manner.reads_as.resized(size, factor=FACTOR)
        x, y = manner.convention.write(point, size, seen)
        written = manner.written.replace("{x}", f"{x:.{manner.decimals}f}")
        return written.replace("{y}", f"{y:.{manner.decimals}f}")
