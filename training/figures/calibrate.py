"""How often a click hits when the model is so sure: the two numbers that turn a probability into that share.

    python -m clickwright.training.figures.calibrate --held DIR [--model clickwright/mini]

Half of the pages fit `Profile.calibration`, the other half is what the table and the expected calibration error are
measured on.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import cast

import torch
import torch.nn.functional as F
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ...exits import in_one_sentence
from ...policies import ModelPolicy, load_policy
from ...policies.grammars import Calibration
from ..pages.questions import View, phrases, question
from ..pages.rendered import Rendered
from .measure import decide, inside

QUESTIONS = 10
BINS = 10
Outcome = tuple[float, bool]
"""A confidence, and whether the click hit."""


def outcomes(policy: ModelPolicy, pages: Rendered, indices: Sequence[int], name: str) -> list[Outcome]:
    """Clicks on some pages. Those on one page share what was seen and read of it."""
    rng, found = Random(3), list[Outcome]()
    for index in track(indices, name):
        page = pages.page(index)
        named = phrases(page.elements)
        for phrase in rng.sample(named, min(QUESTIONS, len(named))):
            asked = question(rng, phrase, View())
            decision = decide(policy, page.pixels, asked.text)
            if decision is not None and decision.confidence is not None:
                found.append((decision.confidence, inside(decision, asked.box)))
    return found


def fit(found: Sequence[Outcome]) -> Calibration:
    """The logistic curve over the logarithm of the confidence under which the outcomes are likeliest."""
    sure = torch.tensor([one for one, _ in found], dtype=torch.float64).clamp(min=1e-9).log()
    hits = torch.tensor([hit for _, hit in found], dtype=torch.float64)
    line = torch.ones(2, dtype=torch.float64, requires_grad=True)
    search = cast(torch.optim.Optimizer, torch.optim.LBFGS([line], max_iter=200, line_search_fn="strong_wolfe"))

    def unlikely() -> float:
        search.zero_grad()
        loss = F.binary_cross_entropy_with_logits(line[0] * sure + line[1], hits)
        torch.autograd.backward(loss)
        return float(loss.detach())

    search.step(unlikely)
    slope, offset = line.detach()
    return Calibration(slope=round(float(slope), 3), offset=round(float(offset), 3))


def bins(found: Sequence[Outcome]) -> list[list[Outcome]]:
    """Outcomes of like confidence, from the least sure on."""
    each: list[list[Outcome]] = [[] for _ in range(BINS)]
    for sure, hit in found:
        each[min(BINS - 1, int(sure * BINS))].append((sure, hit))
    return each


def expected_error(found: Sequence[Outcome]) -> float:
    """How far confidence and share of hits lie apart, weighted by how often it occurs."""
    filled = [each for each in bins(found) if each]
    return sum(abs(sum(sure for sure, _ in each) - sum(hit for _, hit in each)) for each in filled) / len(found)


def show(found: Sequence[Outcome]) -> None:
    table = Table("confidence", "clicks", "mean confidence", "inside the target")
    for n, each in enumerate(bins(found)):
        if each:
            sure, hits = sum(sure for sure, _ in each) / len(each), sum(hit for _, hit in each)
            table.add_row(
                f"{n / BINS:.1f} to {(n + 1) / BINS:.1f}", str(len(each)), f"{sure:.2f}", f"{hits / len(each):.2f}"
            )
    Console().print(table)
    print(f"expected calibration error {expected_error(found):.3f} over {len(found)} clicks")


@in_one_sentence()
def main() -> None:
    """Fit the curve on half of the pages, and check it on the others."""
    parser = argparse.ArgumentParser(description="Fit and check what the confidence of a checkpoint means.")
    parser.add_argument("--model", default="clickwright/mini")
    parser.add_argument("--held", type=Path, required=True, help="pages of other seeds than training's")
    parser.add_argument("--count", type=int, default=60, help="pages, half of them to fit on")
    given = parser.parse_args()
    policy, pages = load_policy(given.model), Rendered(given.held)
    indices = Random(5).sample(range(len(pages)), min(given.count, len(pages)))
    policy.doubt = None  # what one look is worth
    policy.profile = replace(policy.profile, calibration=None)
    policy.profile = replace(policy.profile, calibration=fit(outcomes(policy, pages, indices[::2], "fitting")))
    print(policy.profile.calibration)
    show(outcomes(policy, pages, indices[1::2], "checking"))


if __name__ == "__main__":
    main()
