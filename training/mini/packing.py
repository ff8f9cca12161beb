"""Many questions about one picture in one sequence: each sees the picture and itself, from the same position on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from ...model.attention import Branches
from ...model.rotary import mrope_positions
from ..shown import CELL_PX, Question
from .windows import PAGE

NUMBER_WEIGHT, WORD_WEIGHT, FRAME_WEIGHT = 1.0, 1.0, 0.15


class Vocabulary:
    """The tokenizer with the ids that training needs at hand."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.size = tokenizer.get_vocab_size()
        self.image = self.id("<|image_pad|>")
        self.vision_start, self.vision_end = self.id("<|vision_start|>"), self.id("<|vision_end|>")
        self.box_start, self.box_end = self.id("<|box_start|>"), self.id("<|box_end|>")
        self.numbers = torch.tensor([self.id(str(number)) for number in range(1000)])
        self.number_of = {int(token): number for number, token in enumerate(self.numbers)}
        self.before = self.encode("<|im_start|>user\n<|vision_start|>")
        self.between = self.encode("<|im_end|>\n<|im_start|>assistant\n")
        self.frame = {self.id(mark) for mark in ("(", ",", "),(", ")", "<|box_end|>", "<|object_ref_end|>", "\n")}

    def id(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise KeyError(token)
        return found

    def encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text).ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A batch. Dimensions: ids, targets, weights (b, n); positions (3, b, n); mask (b, 1, n, n).

    `targets` is -1 where nothing is learned, `places` the number of a coordinate there, else -1, and `boxes` (b, n, 4)
    what that coordinate belongs to, in cells. `sources` says where the token to be written stands in the instruction
    that it is copied from, else -1. `offsets` (b, 2) is the row and column of each window. `ends` holds for each
    picture where each question's sequence ends.
    """

    ids: Tensor
    targets: Tensor
    weights: Tensor
    places: Tensor
    sources: Tensor
    boxes: Tensor
    offsets: Tensor
    positions: Tensor
    mask: Tensor
    ends: list[list[int]]
    trunk: int
    """How many tokens all questions share: those of the picture and around it."""

    @property
    def branches(self) -> Branches:
        """The same as `mask`, for attention that is quicker so."""
        return Branches(self.trunk, self.mask[:, :, self.trunk :])

    def to(self, device: torch.device) -> "Pack":
        """The same elsewhere."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: one.to(device) for name, one in held.items() if isinstance(one, Tensor)})


def pack(
    vocabulary: Vocabulary,
    grid: tuple[int, int],
    questions: Sequence[Sequence[Question]],
    offsets: Sequence[tuple[int, int]],
    *,
    answers: Sequence[Sequence[list[int]]] | None = None,
    extent: int = max(PAGE),
) -> Pack:
    """The sequences of pictures of one grid (rows, columns of merged cells) with their questions.

    `answers` replaces the answers by their beginnings, for decoding. `extent` is the longer side, in cells, of the
    picture that these are windows of: the text behind it begins so many positions later.
    """
    prefix = [*vocabulary.before, *[vocabulary.image] * (grid[0] * grid[1]), vocabulary.vision_end]
    rows = [
        [_segment(vocabulary, question, None if answers is None else answers[b][n]) for n, question in enumerate(asked)]
        for b, asked in enumerate(questions)
    ]
    longest = len(prefix) + max(sum(len(segment[0]) for segment in row) for row in rows)
    length = (longest + 15) // 16 * 16
    shape = len(rows), length
    ids, targets, places, sources = np.zeros(shape, np.int64), *(np.full(shape, -1) for _ in range(3))
    weights, segments, positions = np.zeros(shape, np.float32), np.full(shape, -1), np.zeros((3, *shape), np.int64)
    boxes = np.zeros((*shape, 4), np.float32)
    picture = np.s_[len(vocabulary.before) : len(prefix) - 1]
    before = mrope_positions(prefix, [(1, grid[0] * 2, grid[1] * 2)], (vocabulary.image,)).numpy()
    before[:, -1] = len(vocabulary.before) + extent
    start = int(before.max()) + 1
    ends: list[list[int]] = []
    for b, row in enumerate(rows):
        at = len(prefix)
        ids[b, :at], segments[b, :at], positions[:, b, :at] = prefix, 0, before
        positions[1:, b, picture] += np.array(offsets[b])[:, None]
        ends.append([])
        for n, (tokens, target, place, source, weight) in enumerate(row):
            here = np.s_[b, at : at + len(tokens)]
            ids[here], targets[here], places[here], weights[here], segments[here] = tokens, target, place, weight, n + 1
            sources[here] = [index + at if index >= 0 else -1 for index in source]
            positions[:, b, at : at + len(tokens)] = start + np.arange(len(tokens))
            boxes[here] = np.divide(questions[b][n].box or (0, 0, 0, 0), CELL_PX)
            at += len(tokens)
            ends[-1].append(at)
    part = torch.as_tensor(segments)
    order = torch.arange(length)
    seen = (part[:, None, :] == 0) | (part[:, None, :] == part[:, :, None])
    mask = seen & (order[None, :] <= order[:, None])
    return Pack(
        ids=torch.as_tensor(ids),
        targets=torch.as_tensor(targets),
        weights=torch.as_tensor(weights),
        places=torch.as_tensor(places),
        sources=torch.as_tensor(sources),
        boxes=torch.as_tensor(boxes),
        offsets=torch.tensor(offsets),
        positions=torch.as_tensor(positions),
        mask=mask[:, None],
        ends=ends,
        trunk=len(prefix),
    )


def _segment(
    vocabulary: Vocabulary, question: Question, answer: list[int] | None
) -> tuple[list[int], list[int], list[int], list[int], list[float]]:
    """Tokens, targets, coordinates, sources and weights of one question and its answer."""
    asked = [*vocabulary.encode(question.text), *vocabulary.between]
    if answer is not None:
        tokens = [*asked, *answer]
        return tokens, [-1] * len(tokens), [-1] * len(tokens), [-1] * len(tokens), [0.0] * len(tokens)
    given = [*vocabulary.encode(question.answer), vocabulary.id("<|im_end|>")]
    tokens = [*asked, *given[:-1]]
    targets = [-1] * (len(asked) - 1) + given
    inside = False
    places, weights = [-1] * (len(asked) - 1), [0.0] * (len(asked) - 1)
    for token in given:
        inside = token == vocabulary.box_start or (inside and token != vocabulary.box_end)
        number = vocabulary.number_of.get(token, -1) if inside else -1
        if number >= 0 and question.made_up:
            places.append(-1)
            weights.append(0.0)
            continue
        places.append(number)
        weights.append(
            NUMBER_WEIGHT if number >= 0 else FRAME_WEIGHT if token in vocabulary.frame else WORD_WEIGHT * 0.5
        )
    return tokens, targets, places, _sources(vocabulary, question, asked, targets), weights


def _sources(vocabulary: Vocabulary, question: Question, asked: list[int], targets: list[int]) -> list[int]:
    """For each token where the one that follows it is copied from; the end of a copy stands at its end there."""
    sources = [-1] * len(targets)
    copied = vocabulary.encode(question.copied)
    if copied:
        quote = vocabulary.id('"')
        there = [n for n in _starts(copied, asked) if asked[n - 1] == quote]
        here = _starts(copied, targets)
        if there and here:
            for n in range(len(copied) + 1):
                sources[here[-1] + n] = there[0] + n
    return sources


def _starts(part: list[int], whole: list[int]) -> list[int]:
    return [n for n in range(len(whole) - len(part) + 1) if whole[n : n + len(part)] == part]
