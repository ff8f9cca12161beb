"""The three tasks of the demo: what is asked, in which steps, and what the site must hold afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from random import Random
from typing import Literal

from ..tools import Limits, Task
from .content import Content, content_of
from .state import State, apply

Name = Literal["shop", "todo", "settings"]
NAMES: tuple[Name, ...] = ("shop", "todo", "settings")
LIMITS = Limits(steps=15, seconds=300, bad_outputs=2, repeats=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTask:
    """One task on the site. `before` is where it starts, `after` the state that it must lead to.

    `uses` are the control and the value that each step comes down to.
    """

    name: Name
    goal: str
    steps: tuple[str, ...]
    uses: tuple[tuple[str, str], ...]
    before: State
    after: State

    def is_done(self, state: State) -> bool:
        """Whether everything was done, and nothing else; which page is shown in the end does not matter."""
        return state.model_copy(update={"port": self.after.port, "page": self.after.page}) == self.after

    def task(self, url: str) -> Task:
        """What an agent is given, for a site at this URL."""
        return Task(goal=self.goal, steps=self.steps, start_url=url, limits=LIMITS)


def tasks_of(seed: int) -> tuple[DemoTask, DemoTask, DemoTask]:
    """The tasks that belong to a seed, with the words, colours and icons of its pages."""
    content = content_of(seed)
    return _shop(seed, content), _todo(seed, content), _settings(seed, content)


def _shop(seed: int, content: Content) -> DemoTask:
    shop = content.shop
    return _task(
        "shop",
        seed,
        f"Keep the {shop.featured.name.lower()} for later, and order one.",
        [
            (f"Click the {shop.save_icon} icon.", ("save", "")),
            (f"Click the {shop.paints[0].name} button.", ("buy", shop.featured.name)),
            (f"Click the {shop.basket_icon} icon.", ("page", "cart")),
            (f"Click the {shop.cart_paints[0].name} button.", ("order", "")),
        ],
    )


def _todo(seed: int, content: Content) -> DemoTask:
    todo = content.todo
    enters = Random(f"{seed}:enter").random() < 0.5
    add = "Press Enter." if enters else f"Click the {todo.paints[0].name} button."
    return _task(
        "todo",
        seed,
        f"Add {todo.entry} to the list, mark it and tick it off.",
        [
            (f'Type "{todo.entry}" into the text box.', ("draft", todo.entry)),
            (add, ("add", todo.entry)),
            (f"Click the {todo.mark_icon} icon.", ("mark", "0")),
            ("Click the check box.", ("tick", "0")),
        ],
    )


def _settings(seed: int, content: Content) -> DemoTask:
    settings = content.settings
    which = Random(f"{seed}:switch").randrange(3)
    return _task(
        "settings",
        seed,
        f"Turn {settings.switches[which].lower()} off, choose {settings.new_language}, and go by {settings.new_name}.",
        [
            (f"Click the {settings.paints[which].name} switch.", ("switch", str(which))),
            (f'Choose "{settings.new_language}" in the drop-down list.', ("language", settings.new_language)),
            (f'Type "{settings.new_name}" into the text box.', ("draft", settings.new_name)),
            ("Click the check box.", ("weekly", "1")),
            (f"Click the {settings.paints[3].name} button.", ("keep", "")),
        ],
    )


def _task(name: Name, seed: int, goal: str, steps: Sequence[tuple[str, tuple[str, str]]]) -> DemoTask:
    """A task from each step's instruction and from what following it does on the site."""
    texts, uses = zip(*steps, strict=True)
    before = State(seed=seed, page=name)
    after = reduce(lambda state, use: apply(state, *use), uses, before)
    return DemoTask(name=name, goal=goal, steps=texts, uses=uses, before=before, after=after)
