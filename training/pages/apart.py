"""What pages that are trained on never show: words and layouts, so that both can be measured as well as new seeds.

From seed 9,000,000 on pages are held out, and are like those that are trained on; from 9,500,000 on they have words and
layouts of their own.
"""

from dataclasses import dataclass
from random import Random

from ..concepts import FILLER, WORDS

HELD_FROM = 9_000_000
APART_FROM = 9_500_000


def is_apart(seed: int) -> bool:
    """Whether the page of this seed shows words and layouts that no page before shows."""
    return seed >= APART_FROM


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NAMED_APART = _words("""
Adjust Approve Assign Backup Browse Capture Compare Connect Convert Deploy Detach Discover Dismiss Duplicate Enable
Escalate Estimate Expenses Forecast Grades Inspect Journal Keyboard Launch Locations Mute Optimise Passport Preview
Publish Quota Recipes Redeem Schedule Subscribe Synchronise Translate Unlock Vouchers Withdraw
""")
"""On controls, in the place of `WORDS`."""
FILLER_APART = _words("""
anchor balcony ceramic dolphin evening feather glacier hammock island jacket kettle lantern meadow needle orchard
pebble quarry ribbon saddle timber umbrella velvet walnut yoghurt zipper after because during either rather until
""")
"""In texts, in the place of `FILLER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a page says. `share` of its controls are called by one of `named`; everything else is of `filler`."""

    share: float
    named: tuple[str, ...] = WORDS
    filler: tuple[str, ...] = FILLER

    @classmethod
    def of(cls, seed: int, share: float) -> "Wording":
        """That of the page of a seed."""
        if is_apart(seed):
            return cls(share=share, named=NAMED_APART, filler=FILLER_APART)
        return cls(share=share)

    def label(self, rng: Random) -> tuple[str, str]:
        """The text of a control, and its name where it is one of the words that are asked for."""
        if rng.random() < self.share:
            word = rng.choice(self.named)
            return (word.upper() if rng.random() < 0.08 else word), word
        text = " ".join(rng.sample(self.filler, rng.choice((1, 1, 2, 3))))
        return text.capitalize(), ""
