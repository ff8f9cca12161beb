"""What a run is tried on while it trains, and how that is told: each share with its interval and its two controls."""

from collections.abc import Mapping

from .batches import TIERS
from .evaluate import ANOTHER, FOUND, GREY, OWN, READ, Share, few_words, held_out, pointed, worded
from .learner import Learner
from .pictures import Pictures

EVALUATED = ("small", "medium", "large", "episode")
"""The tiers whose windows are pointed on."""
Tried = dict[str, dict[str, dict[str, Share]]]
"""By what is tried, what is shown, and rung or kind of picture."""


class Held:
    """Windows to point on and to read, `count` of each kind, the same every time. Without any nothing is tried."""

    def __init__(self, pictures: Mapping[str, Pictures], count: int) -> None:
        tiers = {name: TIERS[name] for name in EVALUATED if count and TIERS[name].of in pictures}
        asked = {
            name: held_out(pictures[tier.of], count if name != "large" else max(1, count // 3), *tier.usual)
            for name, tier in tiers.items()
        }
        few = {kind: few_words(found, count) for kind, found in pictures.items()}
        self._asked = {name: windows for name, windows in asked.items() if windows}
        self._few = {kind: windows for kind, windows in few.items() if windows}

    def words(self, learner: Learner) -> dict[str, dict[str, Share]]:
        """By kind of picture: how many words in small windows are `read`, and `found` where they are asked for."""
        tried = {kind: worded(learner, windows, controls=False)[OWN] for kind, windows in self._few.items()}
        return {kind: shares for kind, shares in tried.items() if all(share.of for share in shares.values())}

    def row(self, learner: Learner, *, points: bool = True) -> dict[str, object]:
        """Every share that was tried; under `within` its 95 % interval, under `grey` and `another` its controls.

        `reading` and `finding` are those of `words`. Without `points` the tower alone is tried.
        """
        tried: Tried = {}
        for kind, windows in self._few.items():
            for shown, shares in worded(learner, windows, points=points).items():
                for name, share in shares.items():
                    what = {READ: "reading", FOUND: "finding"}[name]
                    tried.setdefault(what, {}).setdefault(shown, {})[kind] = share
        if points:
            tried |= {name: pointed(learner, windows) for name, windows in self._asked.items()}
        return _told(tried)


def _told(tried: Tried) -> dict[str, object]:
    row: dict[str, object] = {what: _values(shown[OWN]) for what, shown in tried.items()}
    row["within"] = {
        what: {name: [round(side, 3) for side in share.interval] for name, share in shown[OWN].items() if share.of}
        for what, shown in tried.items()
    }
    for control in (GREY, ANOTHER):
        row[control] = {what: _values(shown[control]) for what, shown in tried.items() if control in shown}
    return row if tried else {}


def _values(shares: Mapping[str, Share]) -> dict[str, float]:
    return {name: round(share.value, 3) for name, share in shares.items() if share.of}
