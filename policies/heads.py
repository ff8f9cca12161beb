"""Pointing with a head: one pass over the prompt, and no answer is written."""

from ..errors import UsageError
from ..model import Conversation, Generation, Model, Pointer
from ..screen import Size
from .grammars.regions import map_spread, regions
from .policy import Grounding

CANDIDATES = 4
"""How many further places are told."""


def pointed(model: Model, title: str, conversation: Conversation, size: Size) -> Grounding:
    """Where the model's head points on the screenshot of this size, with the share of its map as the confidence.

    Raises UsageError for a model that is run without its head; `title` is the family's.
    """
    if not isinstance(model, Pointer) or not model.can_point:
        raise UsageError(
            f"{title} points with a head that {model.name} is run without: load a checkpoint that has one "
            "with the own engine, which runs qwen2_vl"
        )
    found = model.point(conversation)
    best, *others = regions(found.scores, size)
    return Grounding(
        point=best.point,
        box=best.box,
        confidence=best.share,
        spread=map_spread(found.scores, size),
        candidates=tuple((region.point, region.share) for region in others[:CANDIDATES]),
        generation=Generation(
            text="",
            prompt_tokens=found.prompt_tokens,
            reused_tokens=found.reused_tokens,
            visual_tokens=found.visual_tokens,
            passes=1,
            is_halved=found.is_halved,
            timings=found.timings,
        ),
    )
