"""The pages of the site as HTML. Everything a visitor typed is escaped by the templates."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .content import Content, Product, content_of
from .icons import ICONS
from .look import look_of
from .pictures import picture
from .state import State

BANNERS = ("Free delivery from € 50", "Open house on Saturday from ten to four", "New: order today, collect tomorrow")


def render(state: State) -> str:
    """The page that the state stands on."""
    content = content_of(state.seed)
    lines = _lines(content, state)
    return (
        _templates()
        .get_template(f"{state.page}.html")
        .render(
            icon=_icon,
            picture=_picture,
            state=state,
            here="shop" if state.page in ("cart", "order") else state.page,
            look=look_of(state.seed),
            shop=content.shop,
            todo=content.todo,
            settings=content.settings,
            banner=BANNERS[state.seed % len(BANNERS)],
            lines=lines,
            total=sum(product.price for product in lines),
        )
    )


def _lines(content: Content, state: State) -> tuple[Product, ...]:
    shop = content.shop
    by_name: dict[str, Product] = {product.name: product for product in (shop.featured, *shop.products)}
    return tuple(by_name[name] for name in state.cart if name in by_name)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _icon(name: str) -> Markup:
    return Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(_drawn(ICONS[name]))


def _picture(product: Product) -> Markup:
    drawn = _drawn(picture(product.name, product.tone))
    return Markup('<svg viewBox="0 0 120 100" preserveAspectRatio="xMidYMid slice" role="img">{}</svg>').format(drawn)


def _drawn(shapes: str) -> Markup:
    return Markup(shapes)  # noqa: S704 - drawings of this package, with nothing of a visitor in them
