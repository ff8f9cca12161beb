"""How long the permissions take to decide, over every kind of action and rules as large as people write them.

python -m clickwright.reliability rules
"""

import gc
import time
from collections.abc import Iterator
from random import Random
from typing import get_args

import numpy as np

from ..agent.permissions import Budget, Files, Permissions, SecretRule, Trigger, Used
from ..environments.environment import Facts
from ..screen import Box, Point
from ..tools import Action, Click, Drag, Navigate, NewTab, Press, Scroll, SelectOption, TypeText, Upload
from .figure import Figure

NIGHTLY, USUAL = 500_000, 50_000
BAR_US = 100.0
HERE = Point(10, 10)
ACTIONS: tuple[Action, ...] = (
    Click(point=HERE),
    Drag(path=(HERE, HERE)),
    Scroll(point=HERE, dy=100),
    SelectOption(point=HERE, label="One"),
    TypeText(text="12 May, three people"),
    TypeText(text="all that fits\n"),
    TypeText(secret="shop"),
    Press(keys=("Enter",)),
    Press(keys=("Control", "w")),
    Navigate(url="https://www.shop7.example/cart?page=2"),
    Navigate(url="https://elsewhere.example/"),
    NewTab(url="shop7.example/cart"),
    Upload(point=HERE, paths=("/srv/out/a.pdf", "/srv/out/b.pdf")),
)
NAMES = ("", "Next", "Pay now", "Delete account", "立即购买", "Jetzt kaufen", "A long name of a thing. " * 20)
USED = Used(kinds={"click": 3}, secrets={"shop": 1}, places=frozenset({"https://a.example"}))


def rules() -> Permissions:
    """Fifty origins, twenty blocked ones, and something of everything else."""
    return Permissions(
        origins=tuple(f"https://*.shop{number}.example" for number in range(50)),
        blocked=tuple(f"https://ads{number}.example" for number in range(20)),
        ask=frozenset(get_args(Trigger)) - {"password"},
        region=Box(0, 0, 1288, 728),
        secrets=tuple(SecretRule(name=name, origins=("https://www.shop7.example",)) for name in ("shop", "mail")),
        files=Files.model_construct(upload_roots=()),
        budget=Budget(kinds={"click": 100, "upload": 3}, new_origins=2),
    )


def facts(random: Random) -> Iterator[Facts]:
    """What stands there, one after another."""
    while True:
        host = random.choice(("www.shop7.example", "shop7.example", "evil.example", "ads3.example"))
        yield Facts(
            point=HERE,
            role=random.choice(("button", "link", "textbox")),
            name=random.choice(NAMES),
            url=f"https://{host}/cart",
            href=random.choice(("", "/next", "https://elsewhere.example/", "https://shop7.example/a.zip")),
            input_type=random.choice(("", "text", "password", "submit")),
            screen="browser",
            origin=f"https://{host}",
            form=random.choice(("", f"https://{host}/go", "https://elsewhere.example/go")),
            submits=random.random() < 0.3,
            visible=True,
        )


def measure(count: int, seed: int = 0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Microseconds of processor time of each decision: a busy machine is no fault of the rules."""
    random, permissions = Random(seed), rules()
    things = facts(random)
    spent = np.empty(count)
    gc.collect()
    for number in range(count):
        action, thing = random.choice(ACTIONS), next(things)
        began = time.thread_time_ns()
        permissions.decide(action, thing, USED)
        spent[number] = (time.thread_time_ns() - began) / 1000
    return spent


def figures(nightly: bool) -> list[Figure]:
    count = NIGHTLY if nightly else USUAL
    spent = measure(count)
    middle, late = float(np.median(spent)), float(np.percentile(spent, 99))
    found = f"{late:.0f} µs (median {middle:.0f} µs, {count:,} decisions)"
    return [Figure(name="a decision of the permissions, p99", found=found, bar="< 100 µs", holds=late < BAR_US)]
