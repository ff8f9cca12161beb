"""What is trained when: the phases of a run, each a share of its minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Part = Literal["all", "tower", "decoder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """`share` of the time, `mix` of the tiers, what learns, the highest rate of learning, and whether it falls.

    `words` is how often a question that needs reading is kept, `spread` the standard deviation, in thousandths, of the
    numbers around a coordinate that count as right. A phase that is `gated` begins where words in small windows are
    read and found (`gates.py`): the first one with a decoder on anything larger, behind one on small windows alone.
    """

    share: float
    mix: Mapping[str, float]
    learns: Part = "all"
    rate: float = 3e-3
    falls: bool = False
    words: float = 0.3
    spread: float = 4.0
    gated: bool = False


FROM_NOTHING = (
    Phase(share=0.08, mix={"tiny": 0.35, "small": 0.65}, learns="tower"),
    Phase(share=0.22, mix={"glance": 0.5, "word": 0.4, "medium": 0.1}, learns="tower", rate=2.5e-3),
    Phase(share=0.12, mix={"small": 0.6, "part": 0.3, "copy": 0.1}, words=0.7),
    Phase(share=0.08, mix={"small": 0.4, "medium": 0.2, "episode": 0.3, "copy": 0.1}, words=0.5, gated=True),
    Phase(share=0.2, mix={"glance": 0.2, "word": 0.2, "medium": 0.15, "large": 0.1, "episode": 0.3, "copy": 0.05}),
    Phase(
        share=0.3,
        mix={"large": 0.4, "episode": 0.5, "copy": 0.1},
        learns="decoder",
        rate=2e-3,
        falls=True,
        words=0.5,
        spread=2.0,
    ),
)
"""The ladder: what things look like, then what is written on them, then where they are on larger and larger pages."""

GOING_ON = (
    Phase(share=0.18, mix={"word": 0.6, "glance": 0.3, "episode": 0.1}, learns="tower", rate=2e-3, falls=True),
    Phase(share=0.07, mix={"small": 0.5, "part": 0.4, "copy": 0.1}, learns="decoder", rate=2e-3, words=0.7),
    Phase(
        share=0.75,
        mix={"episode": 0.42, "large": 0.44, "medium": 0.05, "copy": 0.09},
        learns="decoder",
        rate=2e-3,
        falls=True,
        words=0.5,
        spread=2.0,
        gated=True,
    ),
)
"""From weights that point already to what they have not seen: the tower first, then the decoder behind it.

Behind a tower that has learned new words the decoder has to find its way on whole pages again: with fewer of them, or
less time, it does not.
"""

CONCEPTS = (
    Phase(share=0.25, mix={"tiny": 0.5, "small": 0.5}, learns="tower", words=0.1),
    Phase(share=0.75, mix={"small": 0.9, "medium": 0.1}, falls=True, words=0.1),
)
"""What things look like and where they are in small windows, from nothing and within an hour: to compare by.

Words are not taught on purpose, so that no gate asks for them.
"""

RECIPES = {"whole": FROM_NOTHING, "further": GOING_ON, "concepts": CONCEPTS}
