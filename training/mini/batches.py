"""Batches by the number of their step: the same number gives the same batch, so that a run goes on exactly."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ...model.rotary import Grid
from ..shown import Question
from .packing import Pack, Vocabulary, pack
from .pictures import Pictures, asked_in
from .windows import Cells, Crop, cells_of, pixels_of, varied

PAGES, EPISODES = "pages", "episodes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Windows of one size of one kind of picture. Usual cells, the range of others, windows a batch, questions each.

    Without questions the tower learns alone. `made_up`: they are about things that are nowhere.
    """

    of: str = PAGES
    usual: tuple[int, int]
    columns: tuple[int, int]
    rows: tuple[int, int]
    batch: int
    questions: int
    made_up: bool = False
    odd: float = 0.5
    """How often the size is another than the usual."""
    is_corner: bool = False
    """Windows begin in the upper left corner: the rest of the picture is empty."""
    is_part: bool = False
    """What the whole picture is about is not asked."""


TIERS: Mapping[str, Tier] = {
    "glance": Tier(usual=(6, 3), columns=(5, 8), rows=(2, 4), batch=64, questions=0),
    "word": Tier(of=EPISODES, usual=(6, 3), columns=(5, 8), rows=(2, 4), batch=64, questions=0),
    "copy": Tier(usual=(11, 6), columns=(8, 14), rows=(5, 9), batch=2, questions=36, made_up=True),
    "tiny": Tier(usual=(6, 3), columns=(4, 8), rows=(2, 4), batch=64, questions=2),
    "small": Tier(usual=(11, 6), columns=(8, 14), rows=(5, 9), batch=14, questions=4),
    "part": Tier(of=EPISODES, usual=(11, 6), columns=(8, 14), rows=(5, 9), batch=14, questions=4, is_part=True),
    "medium": Tier(usual=(23, 13), columns=(18, 30), rows=(10, 18), batch=5, questions=10),
    "large": Tier(usual=(46, 26), columns=(36, 46), rows=(22, 26), batch=1, questions=32),
    "episode": Tier(
        of=EPISODES, usual=(12, 15), columns=(12, 24), rows=(15, 16), batch=12, questions=8, odd=0.15, is_corner=True
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Windows of one size. Dimensions: pixels (b, height, width, 3) uint8. Without a pack nothing is asked."""

    tier: str
    pixels: Tensor
    grid: Grid
    pack: Pack | None
    cells: Cells

    @property
    def questions(self) -> int:
        return 0 if self.pack is None else sum(map(len, self.pack.ends))

    def to(self, device: torch.device) -> "Batch":
        """The same elsewhere."""
        moved = None if self.pack is None else self.pack.to(device)
        pixels, cells = self.pixels.to(device), self.cells.to(device)
        return Batch(tier=self.tier, pixels=pixels, grid=self.grid, pack=moved, cells=cells)


class Batches(Dataset[Batch]):
    """Every batch of a phase. `mix` says how often each tier is drawn, `words` how often reading is asked for.

    `is_tower`: nothing is asked, whatever the tier. `larger`: so many times the windows. `vary`: by how much their
    light differs from that of the packs.
    """

    def __init__(
        self,
        pictures: Mapping[str, Pictures],
        copies: Sequence[Question],
        vocabulary: Vocabulary,
        *,
        mix: Mapping[str, float],
        words: float,
        seed: int,
        is_tower: bool = False,
        larger: int = 1,
        vary: float = 0.0,
    ) -> None:
        self._pictures, self._copies, self._vocabulary = pictures, copies, vocabulary
        self._mix = {name: share for name, share in mix.items() if TIERS[name].of in pictures}
        self._words, self._seed, self._is_tower, self._larger, self._vary = words, seed, is_tower, larger, vary

    def __getitem__(self, step: int) -> Batch:
        rng = Random(f"{self._seed}:{step}")
        name = rng.choices(list(self._mix), list(self._mix.values()))[0]
        tier = TIERS[name]
        columns, rows = tier.usual
        if rng.random() < tier.odd:
            columns, rows = rng.randint(*tier.columns), rng.randint(*tier.rows)
        grid, pictures = (1, rows * 2, columns * 2), self._pictures[tier.of]
        count = tier.batch * self._larger
        if not tier.questions:
            crops = [pictures.glance(rng, columns, rows) for _ in range(count)]
            return Batch(tier=name, pixels=self._lit(step, crops), grid=grid, pack=None, cells=cells_of(crops))
        crops, asked, extent = self._asked(rng, tier, count, columns, rows)
        offsets = [crop.offset for crop in crops]
        packed = None
        if not self._is_tower:
            packed = pack(self._vocabulary, (rows, columns), asked, offsets, extent=extent)
        return Batch(tier=name, pixels=self._lit(step, crops), grid=grid, pack=packed, cells=cells_of(crops))

    def _lit(self, step: int, crops: Sequence[Crop]) -> Tensor:
        """Drawn apart from all else: the same windows come whether their light varies or not."""
        pixels = pixels_of(crops)
        return varied(Random(f"{self._seed}:{step}:light"), pixels, self._vary) if self._vary else pixels

    def _asked(
        self, rng: Random, tier: Tier, count: int, columns: int, rows: int
    ) -> tuple[list[Crop], list[list[Question]], int]:
        """Windows that something can be asked about, and the longer side of what they are windows of."""
        pictures, crops, asked, extent = self._pictures[tier.of], list[Crop](), list[list[Question]](), 0
        while len(crops) < count:
            picture, crop = pictures.window(rng, columns, rows, is_corner=tier.is_corner)
            if tier.made_up:
                questions = rng.sample(self._copies, tier.questions)
            else:
                questions = asked_in(rng, picture, crop, tier.questions, self._words, is_part=tier.is_part)
            if questions:
                crops.append(crop)
                asked.append(questions)
                extent = max(*picture.extent)
        return crops, asked, extent


def drawn(batches: Batches, first: int, *, workers: int) -> Iterator[Batch]:
    """The batches from a step on, made beforehand by so many processes."""
    yield from DataLoader(
        batches,
        batch_size=None,
        sampler=range(first, first + 10_000_000),
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        multiprocessing_context="fork" if workers else None,
    )
