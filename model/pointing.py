"""What a prompt points with and at, and the map that comes of it."""

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from ..screen import Size
from .config import VisionConfig
from .conversation import Picture, Pointed, Timings
from .prompt import Prompt, Shown
from .tokenizer import POINTER_PAD, TURN_START, ChatTokenizer


def aimed(prompt: Prompt, tokenizer: ChatTokenizer) -> tuple[int, Shown]:
    """Which token of a prompt points, and the picture in which it does: the last ones.

    Raises UsageError where there is none, or none in what the answer begins with.
    """
    shown = next((one for one in reversed(prompt.pictures) if isinstance(one.seen, Picture)), None)
    if shown is None:
        raise UsageError("a model points at what a picture shows, and the conversation has none")
    mark, start = tokenizer.id(POINTER_PAD), tokenizer.id(TURN_START)
    for place in range(len(prompt.ids) - 1, -1, -1):
        if prompt.ids[place] == mark:
            return place, shown
        if prompt.ids[place] == start:  # of the turn that the prefix begins
            break
    raise UsageError(f"a model points with {POINTER_PAD}, which the conversation's prefix does not have")


def pointed(
    prompt: Prompt,
    shown: Shown,
    scores: NDArray[np.float32],
    config: VisionConfig,
    *,
    reused: int,
    timings: Timings,
) -> Pointed:
    """The scores of the tokens of a picture as the map that they are. Dimensions: scores (tokens,)."""
    rows, columns = (side // config.spatial_merge_size for side in shown.grid[1:])
    return Pointed(
        scores=scores.reshape(rows, columns),
        seen=Size(columns * config.factor, rows * config.factor),
        prompt_tokens=len(prompt.ids),
        reused_tokens=reused,
        visual_tokens=prompt.visual_tokens,
        is_halved=prompt.is_halved,
        timings=timings,
    )
