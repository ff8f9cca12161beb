"""What a checkpoint can do on held-out pages, through the real chain: model, policy, parser.

    python -m clickwright.training.figures.measure --model clickwright/mini --held DIR [DIR ...] --out FILE.json

Pointing is measured on pages of the default viewport, one click a page: 100 with at least 12 candidates and 100 of
any kind; beside it stand the blind control (the same model on a grey picture), the shuffled one (another page's
picture) and one fixed place, the middle of all targets. Rung (a) needs no reading, (b) that of a closed word, (c) that
of a word which was never taught, as pages from seed 9,500,000 on have. Acting counts an answer as right when kind and
argument are exactly those that were asked for, beside the same two controls. As in use the policy looks again where it
is less sure than its profile wants, with clickwright/mini below 85 % and up to two further looks; --one-look measures
the first alone.

A claim needs three seeds: of several folders of pages, and of several models, each with each, the spread is told.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any, cast

import numpy as np
from rich.progress import track

from ...errors import BadModelOutput
from ...exits import in_one_sentence
from ...policies import load_policy
from ...policies.grammars import Canvas, parse_answer
from ...policies.policy import Decision, Policy
from ...screen import Observation, Pixels, Screenshot, Size
from ...tools import Action, Click, Finish, Press, Scroll, SelectOption, Task, TypeText
from ..mini.windows import NAMES
from ..pages.questions import Phrase, View, key_question, phrases, question
from ..pages.rendered import Rendered, ShownPage
from ..shown import Question

Figure = dict[str, float | int | str]
RUNGS = {"a12": 11, "a1": 13, "b12": 11, "b1": 13, "c12": 11, "c1": 13}
"""By the rung and the least number of candidates on a page: the seed that questions are drawn with."""
ACTING = "acting"
PARTS = ("a12", "a1", "b12", "c1", ACTING)
"""What is measured unless told otherwise."""
ACTS = ("left_click", "type", "select", "key", "scroll", "double_click", "right_click", "mouse_move")
DRAWS = 300
"""So many pages in a row without a step of a kind: the others have none either."""
ENOUGH = 3
"""So many runs make a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One instruction on one picture."""

    page: ShownPage
    question: Question


def pointing_cases(pages: Rendered, count: int, least: int, rung: str, seed: int) -> list[Case]:
    """Click questions, one a page, on pages with at least `least` candidates."""
    rng = Random(seed)
    cases: list[Case] = []
    for index in rng.sample(range(len(pages)), len(pages)):
        page = pages.page(index)
        named = phrases(page.elements)
        fitting = [phrase for phrase in named if _rung(phrase) == rung]
        if len({phrase.element for phrase in named}) >= least and fitting:
            cases.append(Case(page=page, question=_click(rng.choice(fitting))))
        if len(cases) == count:
            break
    return cases


def _rung(phrase: Phrase) -> str:
    """That of words is (c) where the word is not among those that are taught."""
    return "c" if phrase.rung == "word" and phrase.element.name not in NAMES else phrase.rung


def _click(phrase: Phrase) -> Question:
    made = question(Random(0), phrase, View())
    return Question(text=f"Click {phrase.text}.", answer=made.answer, kind="left_click", box=made.box, rung=phrase.rung)


def acting_cases(pages: Rendered, count: int, seed: int) -> list[Case]:
    """Steps of every kind in equal parts. A kind that these pages do not offer is left out, and said."""
    rng, kinds, drawn = Random(seed), list(ACTS), 0
    cases: list[Case] = []
    while len(cases) < count:
        wanted = kinds[len(cases) % len(kinds)]
        page = pages.page(rng.randrange(len(pages)))
        if wanted in ("key", "scroll"):
            made = [key_question(rng)]
        else:
            made = [question(rng, phrase, View()) for phrase in phrases(page.elements)]
        fitting = [one for one in made if one.kind == wanted]
        drawn += 1
        if fitting:
            cases.append(Case(page=page, question=rng.choice(fitting)))
            drawn = 0
        elif drawn == DRAWS:
            print(f"acting is measured without {wanted}: there is nothing for it on these pages")
            kinds.remove(wanted)
            drawn = 0
    return cases


def decide(policy: Policy, pixels: Pixels, text: str) -> Decision | None:
    """What the policy does about one instruction; None for an answer that cannot be read."""
    policy.reset(Task(goal=text))
    try:
        return policy.act(Observation(screenshot=Screenshot(pixels=pixels)), ())
    except BadModelOutput:
        return None


def inside(decision: Decision | None, box: tuple[float, float, float, float] | None) -> bool:
    """Whether the first place of the decision lies in the target."""
    if decision is None or box is None:
        return False
    for action in decision.actions:
        point = getattr(action, "point", None)
        if point is not None:
            return box[0] <= point.x < box[2] and box[1] <= point.y < box[3]
    return False


def pointing(policy: Policy, cases: Sequence[Case], shown: Callable[[int], Pixels], name: str) -> Figure:
    """The share of clicks inside the target, with its 95 % Wilson interval."""
    hits = [
        inside(decide(policy, shown(n), case.question.text), case.question.box)
        for n, case in enumerate(track(cases, name))
    ]
    return share(name, sum(hits), len(hits))


def middling(cases: Sequence[Case], name: str) -> Figure:
    """The share of targets in which the median of all their middles lies: what one fixed place comes to."""
    boxes = np.array([case.question.box for case in cases])
    x, y = np.median((boxes[:, 0] + boxes[:, 2]) / 2), np.median((boxes[:, 1] + boxes[:, 3]) / 2)
    inside_x, inside_y = (boxes[:, 0] <= x) & (x < boxes[:, 2]), (boxes[:, 1] <= y) & (y < boxes[:, 3])
    return share(name, int((inside_x & inside_y).sum()), len(cases))


def share(name: str, hits: int, count: int) -> Figure:
    from scipy import stats  # pyright: ignore[reportMissingTypeStubs]  # an extra, for the published figures alone

    interval = cast(Any, stats).binomtest(hits, count).proportion_ci(method="wilson")
    return {
        "figure": name,
        "hits": hits,
        "of": count,
        "share": round(hits / count, 3),
        "low": round(float(interval.low), 3),
        "high": round(float(interval.high), 3),
    }


def acting(policy: Policy, cases: Sequence[Case], shown: Callable[[int], Pixels], on: str = "") -> list[Figure]:
    """The share of right kinds with the exact argument, whole and by kind, and of those with the right place too.

    `on` is added to the names of the figures.
    """
    right, placed = list[bool](), list[bool]()
    by_kind: dict[str, list[bool]] = {}
    for n, case in enumerate(track(cases, f"acting{on}")):
        decision = decide(policy, shown(n), case.question.text)
        right.append(decision is not None and _argument(decision.actions) == _wanted(case.question))
        by_kind.setdefault(case.question.kind, []).append(right[-1])
        if case.question.box is not None:
            placed.append(right[-1] and inside(decision, case.question.box))
    named = {
        "kind and argument": right,
        **{f"kind and argument, {kind}": found for kind, found in by_kind.items()},
        "kind, argument and place": placed,
    }
    return [share(f"{name}{on}", sum(found), len(found)) for name, found in named.items() if found]


def _wanted(asked: Question) -> tuple[str, ...]:
    """Kind and argument that the answer of the question stands for."""
    page = View()
    return _argument(parse_answer(asked.answer, Canvas(size=Size(page.width, page.height))).actions)


def _argument(actions: Sequence[Action]) -> tuple[str, ...]:
    done = [action for action in actions if not isinstance(action, Finish)]
    match done:
        case [Click(), TypeText(text=str(text))]:
            return "type", text
        case [SelectOption(label=label)]:
            return "select", label
        case [Press(keys=keys)]:
            return "key", *keys
        case [Scroll(dy=dy)]:
            return "scroll", str(round(-dy))
        case [Click(button="left", count=count)]:
            return ({1: "left_click", 2: "double_click", 3: "triple_click"}[count],)
        case [Click(button="right")]:
            return ("right_click",)
        case [one] if one.kind == "hover":
            return ("mouse_move",)
        case _:
            return ("another",)


def measure(policy: Policy, pages: Rendered, count: int, only: Sequence[str] = PARTS) -> list[Figure]:
    """These parts of the figures, `count` pictures each; none of a rung that no page has anything for."""
    figures: list[Figure] = []
    grey = np.full((728, 1288, 3), 128, np.uint8)
    for part, seed in RUNGS.items():
        cases = pointing_cases(pages, count, int(part[1:]), part[0], seed) if part in only else []
        if not cases:
            continue
        label = _label(part)
        figures.append(pointing(policy, cases, lambda n, c=cases: c[n].page.pixels, label))
        figures.append(pointing(policy, cases, lambda _: grey, f"{label}, grey"))
        if len(cases) > 1:
            another = pointing(policy, cases, lambda n, c=cases: elsewhere(c, n), f"{label}, shuffled")
            figures.append(another)
        figures.append(middling(cases, f"{label}, the middle of all"))
    if ACTING in only:
        cases = acting_cases(pages, 2 * count, seed=12)
        figures += acting(policy, cases, lambda n: cases[n].page.pixels)
        figures += acting(policy, cases, lambda _: grey, ", grey")
        figures += acting(policy, cases, lambda n: elsewhere(cases, n), ", shuffled")
    return figures


def elsewhere(cases: Sequence[Case], number: int) -> Pixels:
    """The picture of the next case on another page than this one's; its own where there is no other page."""
    own = cases[number].page.pixels
    following = (case.page.pixels for case in (*cases[number:], *cases[:number]))
    return next((pixels for pixels in following if not np.array_equal(pixels, own)), own)


def _label(part: str) -> str:
    return f"rung ({part[0]}), at least {part[1:]}"


def spread(runs: Sequence[Sequence[Figure]]) -> list[Figure]:
    """Of each figure that several runs have: the mean of their shares, the least and the most."""
    shares: dict[str, list[float]] = {}
    for figure in (one for figures in runs for one in figures):
        shares.setdefault(str(figure["figure"]), []).append(float(figure["share"]))
    return [
        {"figure": name, "runs": len(each), "mean": round(fmean(each), 3), "least": min(each), "most": max(each)}
        for name, each in shares.items()
        if len(each) > 1
    ]


@in_one_sentence()
def main() -> None:
    """Print every figure of a checkpoint, and write them where asked."""
    parser = argparse.ArgumentParser(description="Measure a checkpoint on held-out pages.")
    parser.add_argument("--model", nargs="+", default=["clickwright/mini"], help="several: of one recipe, by seeds")
    parser.add_argument("--dtype", help="float32 or bfloat16; the engine's own choice unless given")
    parser.add_argument("--held", type=Path, nargs="+", required=True, help="pages of other seeds than training's")
    parser.add_argument("--count", type=int, default=100, help="pictures a figure")
    parser.add_argument(
        "--only", nargs="+", choices=(*RUNGS, ACTING), default=PARTS, help="rungs with their candidates, and acting"
    )
    parser.add_argument("--one-look", action="store_true", help="no further look, however unsure the first is")
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    given = parser.parse_args()
    runs: list[list[Figure]] = []
    for model, held in product(given.model, given.held):
        print(f"{model} on {held}")
        pages, policy = Rendered(held), load_policy(model, dtype=given.dtype)
        if given.one_look:
            policy.doubt = None
        figures = measure(policy, pages, given.count, given.only)
        runs.append([{"model": model, "held": str(held), **figure} for figure in figures])
        _tell(figures, given.only)
    told = spread(runs)
    for figure in told:
        print("{figure:44s} mean {mean:.3f}, from {least:.3f} to {most:.3f} in {runs} runs".format(**figure))
    if len(runs) < ENOUGH:
        print(f"a claim needs {ENOUGH} runs: more folders of pages, or models that were trained with other seeds")
    if given.out:
        written = {"figures": list(chain.from_iterable(runs)), "spread": told}
        given.out.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


def _tell(figures: Sequence[Figure], only: Sequence[str]) -> None:
    for figure in figures:
        print("{figure:44s} {hits:4d}/{of:<4d} {share:.3f}  95 % [{low:.3f}, {high:.3f}]".format(**figure))
    names = {figure["figure"] for figure in figures}
    for part in RUNGS:
        if part in only and _label(part) not in names:
            print(f"{_label(part):44s} there is nothing on these pages")


if __name__ == "__main__":
    main()
