"""A conversation as the network reads it: tokens, their positions, and the pictures among them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, arange, cat, tensor

from .chat import prompt_ids, seen_in
from .conversation import Conversation, Picture, Video
from .processor import Processor, digest
from .rotary import Grid, mrope_positions
from .tokenizer import ChatTokenizer


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture or video of a prompt, under the name that its pixels and its grid have: that at which it is read.

    `kept` are the numbers of those of its tokens that are read, in order; None where all are.
    """

    name: str
    grid: Grid
    seen: Picture | Video
    kept: NDArray[np.int64] | None = None

    @property
    def tokens(self) -> int:
        """How many are read."""
        return self.grid[0] * self.grid[1] * self.grid[2] // 4 if self.kept is None else len(self.kept)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prompt:
    """A conversation in tokens. Dimensions: positions (3, n). `keys` equals `ids`, but says which picture is shown."""

    ids: list[int]
    keys: list[int | str]
    positions: Tensor
    pictures: list[Shown]
    starts: list[int]
    """Where the tokens of each picture begin."""
    is_halved: bool = False
    """Whether the pictures are smaller than the checkpoint was to read them."""

    @classmethod
    def of(
        cls, ids: list[int], pictures: list[Shown], placeholders: tuple[int, ...], *, is_halved: bool = False
    ) -> Self:
        """The prompt of these ids, in which each picture has its tokens' number of placeholders, in order."""
        keys, starts, index = list[int | str](ids), list[int](), 0
        for shown in pictures:
            index = next(n for n in range(index, len(ids)) if ids[n] in placeholders)
            starts.append(index)
            keys[index : index + shown.tokens] = [shown.name] * shown.tokens
            index += shown.tokens
        positions = mrope_positions(ids, [shown.grid for shown in pictures], placeholders)
        return cls(ids=ids, keys=keys, positions=positions, pictures=pictures, starts=starts, is_halved=is_halved)

    def thinned(self, kept: Mapping[str, NDArray[np.int64]]) -> Self:
        """The same with only these tokens of the pictures of these names, at the positions that they had."""
        stays, starts, pictures = np.ones(len(self.ids), bool), list[int](), list[Shown]()
        for start, shown in zip(self.starts, self.pictures, strict=True):
            starts.append(int(stays[:start].sum()))
            pictures.append(replace(shown, kept=kept[shown.name]) if shown.name in kept else shown)
            if shown.name in kept:
                stays[start : start + shown.tokens] = False
                stays[start + kept[shown.name]] = True
        places = np.flatnonzero(stays)
        return replace(
            self,
            ids=[self.ids[place] for place in places],
            keys=[self.keys[place] for place in places],
            positions=self.positions[:, tensor(places)],
            pictures=pictures,
            starts=starts,
        )

    @property
    def visual_tokens(self) -> int:
        return sum(isinstance(key, str) for key in self.keys)

    @property
    def text_ids(self) -> list[int]:
        """The tokens that show no picture."""
        return [key for key in self.keys if isinstance(key, int)]

    @property
    def end(self) -> int:
        """The position behind the last one."""
        return int(self.positions.max()) + 1

    def places(self, first: int, count: int) -> Tensor:
        """The positions of `count` tokens from number `first` on, behind the prompt too. Dimensions: (3, count)."""
        own = self.positions[:, first : first + count]
        start = self.end + max(0, first - len(self.ids))
        return cat((own, arange(start, start + count - own.shape[1]).expand(3, -1)), 1)

    def unread(self, known: int) -> list[Shown]:
        """The pictures behind the first `known` tokens, which end inside none."""
        return [one for start, one in zip(self.starts, self.pictures, strict=True) if start >= known]


def read_prompt(
    conversation: Conversation,
    tokenizer: ChatTokenizer,
    processor: Processor,
    placeholders: tuple[int, ...],
    *,
    default_system: str | None,
) -> Prompt:
    """The tokens of a conversation, their positions, and its pictures, which are cut up only when looked at."""
    seen = [(processor.grid(one), one) for one in seen_in(conversation)]
    # The grid is in the name: what was seen at another one is another picture.
    pictures = [Shown(f"{digest(one)} {grid}", grid, one) for grid, one in seen]
    ids = prompt_ids(tokenizer, conversation, [shown.grid for shown in pictures], default_system=default_system)
    return Prompt.of(ids, pictures, placeholders, is_halved=processor.look.is_halved)
