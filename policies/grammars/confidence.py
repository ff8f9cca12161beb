"""How sure a model was of the place it wrote, from the probabilities of the tokens that spell its coordinates."""

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from math import exp
from statistics import fmean

from ...model import Generation
from .grounding import number_spans
from .tool_calls import CALL_START

_PLACE = re.compile(r'<\|(?:box|quad)_start\|>|"(?:start_)?coordinate"\s*+:\s*+')


def confidence(generation: Generation) -> float | None:
    """0 to 1, of the place that the model was least sure of; None without log-probabilities.

    A place counts as the geometric mean of the probabilities of its coordinates, and a coordinate as the product of
    the probabilities of its tokens: a model that writes 512 as three digits and one that has a token for it are
    measured alike. An answer without a place is measured by the mean token of its calls, or of the whole text.
    """
    if not generation.logprobs:
        return None
    text = "".join(generation.tokens)
    ends = list(accumulate(len(token) for token in generation.tokens))
    places = [list(number_spans(text, place.end())) for place in _PLACE.finditer(text)]
    means = [fmean(sum(generation.logprobs[_tokens(ends, *span)]) for span in spans) for spans in places if spans]
    if not means:
        start = max(text.find(CALL_START), 0)
        means = [fmean(generation.logprobs[_tokens(ends, start, len(text))] or (0.0,))]
    return exp(min(0.0, *means))


def _tokens(ends: list[int], start: int, end: int) -> slice:
    """The tokens that hold characters start to end."""
    return slice(bisect_right(ends, start), bisect_left(ends, end) + 1)
