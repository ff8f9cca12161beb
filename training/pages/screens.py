"""Web pages made of a seed: panels with controls, shapes, icons, text and pictures, labelled in the HTML itself.

Every element that can be asked for carries data-kind, data-colour and data-name; `render.py` reads them back from the
page together with the boxes.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from ...demo.icons import ICONS
from ..concepts import HUES, ICON_FILES, SHAPES
from .apart import Wording, is_apart

ICON_FOLDERS = (
    *("lucide-static/icons", "feather-icons/dist/icons", "bootstrap-icons/icons", "@tabler/icons/icons/outline"),
    *("heroicons/24/outline", "ionicons/dist/svg", "@mdi/svg/svg"),
)
FONTS = (
    *("Liberation Sans", "DejaVu Sans", "Roboto", "Open Sans", "Lato", "Noto Sans"),
    *("Liberation Serif", "DejaVu Serif", "URW Gothic", "Liberation Mono"),
)
FORM_KINDS = ("switch", "check box", "radio button", "text box", "drop-down list")
ROLES: Mapping[str, str] = dict.fromkeys(SHAPES, "img") | {
    "switch": "switch",
    "check box": "checkbox",
    "radio button": "radio",
    "drop-down list": "combobox",
    "link": "link",
}
"""The ARIA roles of kinds that pages draw by elements of their own."""
Box = tuple[int, int, int, int]
Spare = dict[str, int]
"""How many more of a kind may stand on a page; of the kinds that are not named, any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What the elements of one page have in common. Colours are CSS colours, lengths CSS pixels."""

    dark: bool
    ground: str
    card: str
    text: str
    soft: str
    line: str
    font: str
    radius_px: int
    words: Wording


def page(seed: int, width: int, height: int, icon_sets: Path | None) -> str:
    """One page that fills the viewport without scrolling. `icon_sets` is a node_modules folder with icon packages."""
    rng = Random(f"screen:{seed}")
    style = _style(rng, seed)
    depth = rng.choice((2, 3, 3, 4))
    panels = _evenly(rng, width, height) if is_apart(seed) else _split(rng, (0, 0, width, height), depth)
    # Many forms have one text box and one list: only then can they be asked for without their colour or their words.
    spare = {kind: 1 for kind in FORM_KINDS if rng.random() < 0.6}
    body = "".join(_panel(rng, style, panel, spare, icon_sets) for panel in rng.sample(panels, len(panels)))
    return f"<!doctype html><meta charset=utf-8><style>{_css(style)}</style><body>{body}"


def _style(rng: Random, seed: int) -> Style:
    dark, hue = rng.random() < 0.25, rng.randrange(360)
    tint = rng.choice((0, 0, 20, 45))
    light = (14, 20, 92, 65, 32) if dark else (95, 99, 12, 42, 84)
    ground, card, text, soft, line = (
        f"hsl({hue} {tint if n < 2 or n == 4 else tint // 2}% {value + rng.randint(-3, 1)}%)"
        for n, value in enumerate(light)
    )
    return Style(
        dark=dark,
        ground=ground,
        card=card,
        text=text,
        soft=soft,
        line=line,
        font=rng.choice(FONTS),
        radius_px=rng.choice((0, 3, 4, 6, 8, 12, 18)),
        words=Wording.of(seed, rng.choice((0.25, 0.5, 0.8))),
    )


def _css(style: Style) -> str:
    return (
        "*{box-sizing:border-box;margin:0}"
        f"body{{overflow:hidden;background:{style.ground};color:{style.text};font:15px/1.35 '{style.font}'}}"
        f".panel{{position:absolute;overflow:hidden;display:flex;flex-wrap:wrap}}"
        f"button,input,select{{font:inherit;color:inherit}}p,small{{color:{style.soft}}}"
        "svg{display:block}a{text-decoration:none}"
        f"body{{color-scheme:{'dark' if style.dark else 'light'}}}"
    )


def _split(rng: Random, box: Box, depth: int) -> list[Box]:
    x1, y1, x2, y2 = box
    wide = (x2 - x1) * 0.8 > (y2 - y1)
    if depth == 0 or (x2 - x1 if wide else y2 - y1) < 150:
        return [box]
    at = rng.uniform(0.22, 0.78)
    middle = int(x1 + (x2 - x1) * at) if wide else int(y1 + (y2 - y1) * at)
    first, second = (
        ((x1, y1, middle, y2), (middle, y1, x2, y2)) if wide else ((x1, y1, x2, middle), (x1, middle, x2, y2))
    )
    return _split(rng, first, depth - 1) + _split(rng, second, depth - 1)


def _evenly(rng: Random, width: int, height: int) -> list[Box]:
    """Rows and columns of one size, which no page that is trained on has."""
    columns, rows = rng.choice(((3, 2), (4, 2), (2, 3), (5, 1), (1, 4)))
    wide, high = width // columns, height // rows
    return [(x * wide, y * high, x * wide + wide, y * high + high) for x in range(columns) for y in range(rows)]


def _panel(rng: Random, style: Style, box: Box, spare: Spare, icon_sets: Path | None) -> str:
    x1, y1, x2, y2 = box
    inset = rng.choice((0, 0, 4, 10))
    width, height = x2 - x1 - 2 * inset, y2 - y1 - 2 * inset
    gap = rng.choice((6, 10, 14, 20, 30))
    share = rng.choice((0.3, 0.5, 0.7, 0.9))
    count = max(1, min(26, int(width * height * share / (90 * 60))))
    items = "".join(_item(rng, style, width, spare, icon_sets) for _ in range(count))
    framed = rng.random() < 0.6
    look = f"background:{style.card};border:1px solid {style.line};border-radius:{style.radius_px}px;" if framed else ""
    return (
        f'<div class=panel style="left:{x1 + inset}px;top:{y1 + inset}px;width:{width}px;height:{height}px;'
        f"padding:{rng.choice((6, 10, 16, 24))}px;gap:{gap}px;{look}"
        f"align-content:{rng.choice(('start', 'space-between', 'center', 'end'))};"
        f"justify-content:{rng.choice(('start', 'space-between', 'center', 'end', 'space-around'))};"
        f'align-items:{rng.choice(("center", "start", "center", "end"))}">{items}</div>'
    )


def _item(rng: Random, style: Style, room_px: int, spare: Spare, icon_sets: Path | None) -> str:
    makers: Mapping[str, tuple[float, Callable[[], str]]] = {
        "painted button": (5, lambda: _painted_button(rng, style, room_px)),
        "plain button": (2.5 + 3 * style.words.share, lambda: _plain_button(rng, style, room_px)),
        "icon": (8, lambda: _icon(rng, style, icon_sets)),
        "switch": (2, lambda: _switch(rng, style)),
        "check box": (1, lambda: _tick(rng, style, "check box")),
        "radio button": (0.6, lambda: _tick(rng, style, "radio button")),
        "text box": (1.4, lambda: _field(rng, style, room_px)),
        "drop-down list": (1.2, lambda: _drop_down(rng, style, room_px)),
        "link": (0.8 + style.words.share, lambda: _link(rng, style)),
        "shape": (2.5, lambda: _shape(rng, style)),
        "text": (2.5, lambda: _text(rng, style, room_px)),
        "picture": (1.2, lambda: _picture(rng, style, room_px)),
    }
    weights = [weight * min(1, spare.get(kind, 1)) for kind, (weight, _) in makers.items()]
    [kind] = rng.choices(list(makers), weights)
    if kind in spare:
        spare[kind] -= 1
    return makers[kind][1]()


def marks(kind: str, colour: str = "", name: str = "") -> str:
    """What says in the page's source what an element is, for `render.py`, and for readers of a screen."""
    role = f' role="{ROLES[kind]}"' if kind in ROLES else ""
    called = f' aria-label="{html.escape(name)}"' if kind == "icon" else ""
    return f'data-kind="{kind}" data-colour="{colour}" data-name="{html.escape(name)}"{role}{called}'


def shade_of(rng: Random, colour: str) -> str:
    """A CSS colour of that name."""
    low, high = HUES[colour]
    light = (44, 56) if colour in ("yellow", "orange") else (30, 48) if colour in ("green", "teal") else (40, 58)
    return f"hsl({rng.randint(low, high) % 360} {rng.randint(65, 100)}% {rng.randint(*light)}%)"


def ink_on(colour: str) -> str:
    """What is read on it."""
    return "#1b1b1f" if colour in ("yellow", "orange") else "#fff"


def colour_of(rng: Random) -> str:
    """One of the names of colours."""
    return rng.choice(tuple(HUES))


def _least_width(rng: Random, room_px: int) -> int:
    """Of a button, in pixels: some are as wide as what holds them."""
    return rng.randint(40, 150) if rng.random() < 0.85 else rng.randint(150, max(160, min(420, room_px - 40)))


def _painted_button(rng: Random, style: Style, room_px: int) -> str:
    colour = colour_of(rng)
    text, name = style.words.label(rng) if rng.random() < 0.9 else ("", "")
    return (
        f'<button {marks("button", colour, name)} style="background:{shade_of(rng, colour)};color:{ink_on(colour)};'
        f"border:{rng.choice(('0', '0', '1px solid #0003'))};height:{rng.randint(26, 54)}px;"
        f"min-width:{_least_width(rng, room_px)}px;padding:0 {rng.randint(8, 26)}px;"
        f"font-weight:{rng.choice((400, 500, 600, 700))};font-size:{rng.randint(12, 18)}px;"
        f'border-radius:{rng.choice((style.radius_px, style.radius_px, 30))}px">{text}</button>'
    )


def _plain_button(rng: Random, style: Style, room_px: int) -> str:
    text, name = style.words.label(rng)
    edge = rng.choice((style.line, style.soft, "transparent"))
    ground = rng.choice((style.card, style.ground, style.line))
    return (
        f'<button {marks("button", "", name)} style="background:{ground};border:1px solid {edge};'
        f"height:{rng.randint(26, 50)}px;min-width:{_least_width(rng, room_px)}px;padding:0 {rng.randint(8, 22)}px;"
        f"font-size:{rng.randint(12, 18)}px;font-weight:{rng.choice((400, 500, 600))};"
        f'border-radius:{style.radius_px}px">{text}</button>'
    )


def _icon(rng: Random, style: Style, icon_sets: Path | None) -> str:
    name = rng.choice(tuple(ICON_FILES))
    colour = colour_of(rng) if rng.random() < 0.15 else ""
    side = rng.randint(18, 34)
    drawn = drawn_icon(rng, name, side, icon_sets)
    ink = f"color:{shade_of(rng, colour)};" if colour else ""
    if rng.random() < 0.3:
        return f'<span {marks("icon", colour, name)} style="{ink}">{drawn}</span>'
    room = side + rng.randint(8, 22)
    filled = not colour and rng.random() < 0.12
    ground = style.text if filled else rng.choice((style.card, style.ground, style.line))
    ink = f"color:{style.card};" if filled else ink
    return (
        f'<button {marks("icon", colour, name)} style="{ink}width:{room}px;height:{room}px;padding:0;display:grid;'
        f"place-items:center;background:{ground};border:{rng.choice((0, 1, 1))}px solid {style.line};"
        f'border-radius:{rng.choice((style.radius_px, 50))}px">{drawn}</button>'
    )


def drawn_icon(rng: Random, name: str, side: int, icon_sets: Path | None) -> str:
    """An icon of that name as SVG, by a public set or our own."""
    files = _icon_files(name, icon_sets)
    if files and rng.random() < 0.6:
        drawn = rng.choice(files)
        return f'<svg width="{side}" height="{side}" {drawn}'
    stroke = rng.choice((1.5, 2, 2, 2.4))
    return (
        f'<svg width="{side}" height="{side}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="{stroke}" stroke-linecap="round" stroke-linejoin="round">{ICONS[name]}</svg>'
    )


@cache
def _icon_files(name: str, icon_sets: Path | None) -> tuple[str, ...]:
    """The drawings of one icon, each without its opening tag's size and class."""
    if icon_sets is None:
        return ()
    paths = (icon_sets / folder / f"{file}.svg" for folder in ICON_FOLDERS for file in ICON_FILES[name])
    return tuple(_without_size(path.read_text("utf-8")) for path in paths if path.is_file())


def _without_size(svg: str) -> str:
    opening = re.search(r"<svg\b([^>]*)>", svg, re.DOTALL)
    if opening is None:
        return "></svg>"
    kept = re.sub(r'\b(width|height|class|id|xmlns)="[^"]*"', "", opening[1])
    fill = "" if "fill=" in kept else 'fill="currentColor"'
    inside = svg[opening.end() :].replace("ionicon-stroke-width", "x").replace("ionicon-fill-none", "x")
    if "ionicon" in svg:
        fill = 'fill="none" stroke="currentColor" stroke-width="32"'
    return f"{fill} {kept}>{inside}"


def _switch(rng: Random, style: Style) -> str:
    colour = colour_of(rng) if rng.random() < 0.75 else ""
    on = bool(colour) or rng.random() < 0.2
    height = rng.randint(22, 36)
    width = int(height * rng.uniform(1.7, 2.0))
    knob = height - rng.choice((4, 6, 8))
    edge = (height - knob) // 2
    place = width - knob - edge if on else edge
    ground = shade_of(rng, colour) if colour else (style.text if on else style.soft)
    switch = (
        f'<span {marks("switch", colour)} style="display:block;position:relative;width:{width}px;height:{height}px;'
        f'background:{ground};border-radius:{height}px"><i style="position:absolute;left:{place}px;top:{edge}px;'
        f'width:{knob}px;height:{knob}px;border-radius:50%;background:#fff"></i></span>'
    )
    return _with_caption(rng, style, switch)


def _tick(rng: Random, style: Style, kind: str) -> str:
    side, checked = rng.randint(16, 30), rng.random() < 0.4
    if rng.random() < 0.4:
        of = "checkbox" if kind == "check box" else "radio"
        tick = f'<input type={of} {marks(kind)} {"checked" if checked else ""} style="width:{side}px;height:{side}px">'
        return _with_caption(rng, style, tick)
    radius = "50%" if kind == "radio button" else f"{rng.choice((2, 4, 6))}px"
    mark = _tick_mark(kind, side, style) if checked else ""
    ground = style.text if checked and kind == "check box" else style.card
    tick = (
        f'<span {marks(kind)} style="display:grid;place-items:center;width:{side}px;height:{side}px;'
        f'border:2px solid {style.soft};border-radius:{radius};background:{ground}">{mark}</span>'
    )
    return _with_caption(rng, style, tick)


def _tick_mark(kind: str, side: int, style: Style) -> str:
    if kind == "radio button":
        return f'<i style="width:{side // 2}px;height:{side // 2}px;border-radius:50%;background:{style.text}"></i>'
    return (
        f'<svg width="{side - 8}" height="{side - 8}" viewBox="0 0 24 24" fill="none" stroke="{style.card}" '
        'stroke-width="4"><path d="M4 13l5 5L20 6"/></svg>'
    )


def _with_caption(rng: Random, style: Style, control: str) -> str:
    if rng.random() < 0.45:
        return control
    caption = f"<span>{' '.join(rng.sample(style.words.filler, rng.choice((1, 2))))}</span>"
    pair = control + caption if rng.random() < 0.5 else caption + control
    return f'<span style="display:flex;gap:{rng.randint(6, 14)}px;align-items:center">{pair}</span>'


def _field(rng: Random, style: Style, room_px: int) -> str:
    width = rng.randint(110, max(120, min(420, room_px - 30)))
    said = " ".join(rng.sample(style.words.filler, rng.choice((1, 2, 3)))).capitalize()
    text = rng.choice(("", f'placeholder="{said}"', f'placeholder="{said}"', f'value="{said}"'))
    return (
        f'<input {marks("text box")} {text} style="width:{width}px;height:{rng.randint(28, 50)}px;padding:0 12px;'
        f"background:{rng.choice((style.card, style.ground))};border:{rng.choice((1, 1.5, 2))}px solid {style.soft};"
        f'border-radius:{style.radius_px}px">'
    )


def _drop_down(rng: Random, style: Style, room_px: int) -> str:
    said = rng.choice(style.words.filler).capitalize()
    width, height = rng.randint(100, max(110, min(320, room_px - 30))), rng.randint(28, 48)
    if rng.random() < 0.3:
        return (
            f'<select {marks("drop-down list")} style="width:{width}px;height:{height}px;background:{style.card};'
            f'border:1px solid {style.soft};border-radius:{style.radius_px}px"><option>{said}</select>'
        )
    arrow = rng.choice(("M5 9l7 7 7-7", "M5 8h14l-7 9z"))
    fill = "currentColor" if arrow.endswith("z") else "none"
    return (
        f'<span {marks("drop-down list")} style="display:flex;align-items:center;justify-content:space-between;'
        f"width:{width}px;height:{height}px;padding:0 12px;background:{style.card};"
        f'border:{rng.choice((1, 1.5))}px solid {style.soft};border-radius:{style.radius_px}px">{said}'
        f'<svg width="18" height="18" viewBox="0 0 24 24" fill="{fill}" stroke="currentColor" stroke-width="2.5">'
        f'<path d="{arrow}"/></svg></span>'
    )


def _link(rng: Random, style: Style) -> str:
    text, name = style.words.label(rng)
    line = rng.choice(("underline", "none"))
    ink = "#6ea8fe" if style.dark else "#0b57d0"
    return (
        f'<a {marks("link", "", name)} style="color:{ink};text-decoration:{line};'
        f'font-size:{rng.randint(13, 19)}px">{text}</a>'
    )


_OUTLINES: Mapping[str, str] = {
    "circle": '<circle cx="12" cy="12" r="12"/>',
    "square": '<rect width="24" height="24"/>',
    "triangle": '<polygon points="12,0 24,24 0,24"/>',
    "star": '<polygon points="12,0 15.5,8.5 24,9.2 17.5,14.8 19.4,23.5 12,18.8 4.6,23.5 6.5,14.8 0,9.2 8.5,8.5"/>',
}


def _shape(rng: Random, style: Style) -> str:
    kind, colour = rng.choice(SHAPES), colour_of(rng)
    side = rng.choice((rng.randint(18, 34), rng.randint(52, 84)))
    return (
        f'<svg {marks(kind, colour)} width="{side}" height="{side}" viewBox="0 0 24 24" '
        f'fill="{shade_of(rng, colour)}">{_OUTLINES[kind]}</svg>'
    )


def _text(rng: Random, style: Style, room_px: int) -> str:
    words = " ".join(rng.choices(style.words.filler, k=rng.randint(2, 14))).capitalize()
    tag = rng.choice(("p", "p", "small", "b", "h2"))
    return f'<{tag} style="max-width:{min(room_px, rng.randint(120, 360))}px">{words}</{tag}>'


def _picture(rng: Random, style: Style, room_px: int) -> str:
    width, height = rng.randint(60, max(70, min(220, room_px))), rng.randint(50, 140)
    hue = rng.randrange(360)
    soft = rng.choice((18, 30, 45))
    blobs = "".join(
        f'<{rng.choice(("circle", "ellipse"))} cx="{rng.randrange(100)}" cy="{rng.randrange(80)}" '
        f'r="{rng.randint(6, 34)}" rx="{rng.randint(6, 40)}" ry="{rng.randint(5, 30)}" '
        f'fill="hsl({(hue + rng.randint(-60, 60)) % 360} {soft}% {rng.randint(35, 80)}%)"/>'
        for _ in range(rng.randint(2, 6))
    )
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 100 80" preserveAspectRatio="xMidYMid slice" '
        f'style="background:hsl({hue} {soft}% {rng.randint(60, 92)}%)">{blobs}</svg>'
    )
