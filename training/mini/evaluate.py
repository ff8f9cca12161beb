"""Pointing and reading on held-out windows, beside two controls: a grey picture, and another page's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np
import torch
from torch import Tensor

from ...model.decoder import Cache
from ..shown import CELL_PX, PAGE_PX, Question
from .learner import Learner
from .packing import Pack, pack
from .pictures import Picture, Pictures, asked_in, inside, words_asked
from .windows import NAMES, Crop, cells_of, taught_words, to_patches

LONGEST_DESCRIPTION = 16
"""Tokens; what is longer names nothing that is taught."""
FEW = range(2, 7)
"""How many words a window shows that is read and found in before anything larger."""
FEW_CELLS = 11, 6
"""Columns and rows of such a window."""
OWN, GREY, ANOTHER = "own", "grey", "another"
"""What is shown: the window itself, nothing (what is hit blindly), or a window of another page (the shuffled one)."""
READ, FOUND, TYPED = "read", "found", "typed"
_TRIES = 40
"""So many windows are drawn for each that shows few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A held-out window with questions that have a place, and some about it whose answer repeats a text.

    `page` is the name of the picture that it is cut from.
    """

    crop: Crop
    extent: int
    page: str
    questions: list[Question]
    typing: list[Question]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """NaN of nothing."""
        return self.hits / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval."""
        z, n, p = 1.96, max(1, self.of), self.value if self.of else 0.5
        middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
        return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


Shares = dict[str, Share]


def held_out(pictures: Pictures, count: int, columns: int, rows: int, *, seed: int = 7, each: int = 6) -> list[Window]:
    """Windows, the same for the same seed: goals where there are any, else all that can be asked."""
    rng, found = Random(seed), list[Window]()
    for _ in range(count * 4):
        picture, crop = pictures.window(rng, columns, rows, is_corner=_has_goal(pictures.all[0]))
        asked = [one for one in asked_in(rng, picture, crop, each, words=0.5) if one.box is not None]
        if _has_goal(picture):
            asked = [one for one in asked if one.rung == "goal"]
        if asked:
            found.append(_window(picture, crop, asked))
        if len(found) == count:
            break
    return found


def _has_goal(picture: Picture) -> bool:
    return any(question.rung == "goal" for question in picture.questions)


def few_words(pictures: Pictures, count: int, *, seed: int = 7) -> list[Window]:
    """Small windows that show two to six taught words, with a question for each word that can be asked for."""
    rng, found = Random(seed), list[Window]()
    for _ in range(count * _TRIES if pictures.has_names else 0):
        picture, crop = pictures.around_word(rng, *FEW_CELLS)
        asked = words_asked(picture, crop)
        if asked and len(taught_words(crop)) in FEW:
            found.append(_window(picture, crop, asked))
        if len(found) == count:
            break
    return found


def _window(picture: Picture, crop: Crop, asked: list[Question]) -> Window:
    """Its pixels are copied: a part of a picture would keep all of it in memory."""
    kept = replace(crop, pixels=crop.pixels.copy())
    typing = [one for one in inside(picture, crop) if one.copied][: len(asked)]
    return Window(crop=kept, extent=max(*picture.extent), page=picture.name, questions=asked, typing=typing)


def pointed(learner: Learner, windows: Sequence[Window]) -> dict[str, Shares]:
    """Of windows of one size, by what is shown and by rung: the answers whose centre lies inside the target.

    `typed` are those whose text is that of the instruction to the last character. Another page's picture is shown where
    there are windows of several. Everything is decoded greedily.
    """
    return {shown: _pointed(learner, windows, seen) for shown, seen in _features(learner, windows).items()}


def worded(
    learner: Learner, windows: Sequence[Window], *, points: bool = True, controls: bool = True
) -> dict[str, dict[str, Share]]:
    """Of such windows, by what is shown: the words that are `read`, and with `points` those that are `found`."""
    tried: dict[str, dict[str, Share]] = {}
    for shown, seen in _features(learner, windows, controls=controls).items():
        tried[shown] = {READ: _read(learner, windows, seen)}
        if points:
            found = [share for rung, share in _pointed(learner, windows, seen).items() if rung != TYPED]
            tried[shown][FOUND] = Share(sum(one.hits for one in found), sum(one.of for one in found))
    return tried


@torch.inference_mode()
def _features(learner: Learner, windows: Sequence[Window], *, controls: bool = True) -> dict[str, list[Tensor]]:
    """What the tower makes of each window, and for the controls of a grey one in its place and one of another page."""
    own = [seen_by(learner, window.crop.pixels) for window in windows]
    if not controls:
        return {OWN: own}
    grey = seen_by(learner, np.full_like(windows[0].crop.pixels, 128))
    features = {OWN: own, GREY: [grey] * len(windows)}
    if len({window.page for window in windows}) > 1:
        features[ANOTHER] = [own[of_another(windows, n)] for n in range(len(windows))]
    return features


def of_another(windows: Sequence[Window], n: int) -> int:
    """The number of the next window that is cut from another picture."""
    behind = ((n + step) % len(windows) for step in range(1, len(windows)))
    return next(m for m in behind if windows[m].page != windows[n].page)


def seen_by(learner: Learner, pixels: np.ndarray) -> Tensor:
    """Dimensions: (cells, width)."""
    device, (height, width) = learner.numbers.device, pixels.shape[:2]
    grid = 1, height // CELL_PX * 2, width // CELL_PX * 2
    with torch.autocast(device.type, torch.bfloat16):
        return learner.net.visual(to_patches(torch.as_tensor(pixels[None]).to(device)), [grid]).flatten(0, 1)


@torch.inference_mode()
def _read(learner: Learner, windows: Sequence[Window], features: Sequence[Tensor]) -> Share:
    """Of the taught words in windows, those of which more than half of the cells tell kind and name."""
    hits = count = 0
    for window, seen in zip(windows, features, strict=True):
        cells = cells_of([window.crop])
        with torch.autocast(seen.device.type, torch.bfloat16):
            kinds, names = learner.told(seen)
        right = ((kinds.cpu() == cells.kinds) & (names.cpu() == cells.names)).view(window.crop.grid)
        truth = cells.names.view(window.crop.grid)
        for word in taught_words(window.crop):
            x1, y1, x2, y2 = (int(side // CELL_PX) for side in word.box)
            area = np.s_[y1 : y2 + 1, x1 : x2 + 1]
            mine = truth[area] == NAMES.index(word.name) + 1
            if mine.any():
                count += 1
                hits += bool(right[area][mine].float().mean() > 0.5)
    return Share(hits, count)


@torch.inference_mode()
def _pointed(learner: Learner, windows: Sequence[Window], features: Sequence[Tensor]) -> dict[str, Share]:
    hits, count = Counter[str](), Counter[str]()
    for window, seen in zip(windows, features, strict=True):
        corner_x, corner_y = window.crop.offset[1] * CELL_PX, window.crop.offset[0] * CELL_PX
        answers = Answers(learner, window, seen)
        for exact in answers.typed():
            count[TYPED] += 1
            hits[TYPED] += exact
        for question, (x1, y1, x2, y2) in zip(window.questions, answers.boxes(), strict=True):
            assert question.box is not None
            x, y = (x1 + x2) / 2000 * PAGE_PX[0] - corner_x, (y1 + y2) / 2000 * PAGE_PX[1] - corner_y
            count[question.rung] += 1
            hits[question.rung] += question.box[0] <= x < question.box[2] and question.box[1] <= y < question.box[3]
    return {rung: Share(hits[rung], count[rung]) for rung in sorted(count)}


class Answers:
    """What is answered about one window, whose picture the decoder reads once."""

    def __init__(self, learner: Learner, window: Window, seen: Tensor) -> None:
        self._learner, self._window, self._seen = learner, window, seen
        self._cache = Cache(learner.net.config.text.num_hidden_layers)

    def boxes(self) -> list[list[int]]:
        """The four numbers of each. What the thing is called is decoded first where the question does not say it."""
        vocabulary, numbers = self._learner.vocabulary, self._learner.numbers
        questions = self._window.questions
        tokens = [[*self._begun(question), vocabulary.box_start, vocabulary.id("(")] for question in questions]
        boxes: list[list[int]] = [[] for _ in questions]
        for between in (",", "),(", ",", ")"):
            likeliest = self.following(questions, tokens)[:, numbers].argmax(-1)
            for n, number in enumerate(map(int, likeliest)):
                boxes[n].append(number)
                tokens[n] += [int(numbers[number]), vocabulary.id(between)]
        return boxes

    def _begun(self, question: Question) -> list[int]:
        vocabulary = self._learner.vocabulary
        if question.rung != "goal":
            return vocabulary.encode(question.answer.partition("<|box_start|>")[0])
        tokens = [vocabulary.id("<|object_ref_start|>")]
        end = vocabulary.id("<|object_ref_end|>")
        while tokens[-1] != end and len(tokens) < LONGEST_DESCRIPTION:
            tokens.append(int(self.following([question], [tokens])[0].argmax()))
        return tokens if tokens[-1] == end else [*tokens, end]

    def typed(self) -> list[bool]:
        """Whether each text that is to be typed or chosen is written exactly, to its closing quotation mark.

        Behind the right tokens each next one is the likeliest: only then does greedy decoding write it so.
        """
        if not self._window.typing:
            return []
        batch, exact = self._packed(self._window.typing), list[bool]()
        at = (batch.sources[0] >= 0).nonzero()[:, 0]
        right = self._logits(batch, at).argmax(-1) == batch.targets[0, at]
        for start, end in pairwise([batch.trunk, *batch.ends[0]]):
            mine = right[(at >= start) & (at < end)]
            if len(mine):
                exact.append(bool(mine.all()))
        return exact

    def following(self, questions: Sequence[Question], beginnings: Sequence[list[int]]) -> Tensor:
        """Logits of the token behind each beginning. Dimensions: (questions, tokens)."""
        batch = self._packed(questions, beginnings)
        return self._logits(batch, torch.tensor(batch.ends[0], device=batch.ids.device) - 1)

    def _packed(self, questions: Sequence[Question], beginnings: Sequence[list[int]] | None = None) -> Pack:
        vocabulary, crop = self._learner.vocabulary, self._window.crop
        answers = None if beginnings is None else [list(beginnings)]
        packed = pack(vocabulary, crop.grid, [questions], [crop.offset], answers=answers, extent=self._window.extent)
        return packed.to(self._seen.device)

    def _logits(self, batch: Pack, at: Tensor) -> Tensor:
        """At some places behind the picture, which is read the first time. Dimensions: (places, tokens)."""
        net, trunk = self._learner.net, batch.trunk
        with torch.autocast(self._seen.device.type, torch.bfloat16):
            x = net.embed(batch.ids, self._seen)
            if not self._cache.length:
                net.decoder(x[:, :trunk], batch.positions[:, :, :trunk], cache=self._cache)
            hidden = net.decoder(x[:, trunk:], batch.positions[:, :, trunk:], batch.mask[:, :, trunk:], self._cache)
            self._cache.cut(trunk)
            return net.logits(hidden[0, at - trunk]).float()
