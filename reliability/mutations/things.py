"""What a test over the demo site is about: the things it acts on, and the values it reads."""

from dataclasses import dataclass
from typing import Literal

from ...demo.content import Content, content_of
from ...demo.state import Entry, State

Use = Literal["find", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One recorded step: `node` is JavaScript that returns its element. `traits` say which changes fit it.

    `use` is "find" for what is acted on, "place" for a value that is read where it stands.
    """

    name: str
    page: Literal["shop", "cart", "todo", "settings"]
    node: str
    traits: frozenset[str]
    use: Use = "find"


def _thing(name: str, page: Literal["shop", "cart", "todo", "settings"], node: str, traits: str) -> Thing:
    kinds = frozenset(traits.split())
    return Thing(name=name, page=page, node=f"return {node}", traits=kinds, use="place" if "value" in kinds else "find")


THINGS = (
    _thing("put the pick of the week into the basket", "shop", "only('.featured button.painted')", "button text paint"),
    _thing("save the pick of the week", "shop", "only('.featured button.round')", "button icon"),
    _thing("add the second product", "shop", "all('.product button.plain')[1]", "button text row product"),
    _thing("add the fourth product", "shop", "all('.product button.plain')[3]", "button text row product"),
    _thing("open the basket", "shop", "only('[aria-label=cart], [aria-label=bag]')", "button icon tool"),
    _thing("go to the to-do list", "shop", "only('nav a[href=\"/todo\"]')", "link text nav"),
    _thing("price of the first product", "shop", "only('.product small')", "value row product"),
    _thing("one more of the second line", "cart", "all('.line [aria-label=plus]')[1]", "button icon row line"),
    _thing("order", "cart", "only('.slim .sum').closest('.card').querySelector('button')", "button text paint"),
    _thing("total", "cart", "only('.total span:last-child')", "value total"),
    _thing("price of the second line", "cart", "all('.line > b:last-child')[1]", "value row line"),
    _thing("new entry", "todo", "only('.composer input[type=text]')", "field"),
    _thing("add the entry", "todo", "only('.composer button')", "button text paint"),
    _thing("tick the second entry", "todo", "all('.line .tick')[1]", "check tick row line"),
    _thing("drop the second entry", "todo", "all('.line [aria-label=trash]')[1]", "button icon row line"),
    _thing("language", "settings", "only('select')", "select"),
    _thing("second switch", "settings", "all('.flip')[1]", "check switch"),
    _thing("weekly summary", "settings", "all('.tick')[0]", "check"),
    _thing("save the settings", "settings", "only('.bar button.painted')", "button text paint save"),
)


def state_for(thing: Thing, seed: int) -> State:
    """The site as it is when the test comes to the thing."""
    content: Content = content_of(seed)
    goods = tuple(product.name for product in content.shop.products[:3])
    entries = tuple(Entry(text=idea) for idea in content.todo.ideas[:4])
    return State(seed=seed, page=thing.page, cart=goods, entries=entries)
