"""Pages as most sites are: a column of headings, texts, forms and rows of buttons on much empty ground.

`screens.py` fills the whole page, so that there is much to ask for; what was learned there alone is lost where there is
little, and where controls are as the browser draws them. The labels are the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ..concepts import ICON_FILES
from .apart import Wording, is_apart
from .screens import FONTS, colour_of, drawn_icon, ink_on, marks, shade_of

_FAMILIES = (*(f"'{font}'" for font in FONTS), "sans-serif", "system-ui", "sans-serif", "serif")
_LOOKS = ("native", "native", "flat", "outlined", "filled")
"""How controls look: as the browser draws them, or by one of the usual styles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the parts of one page have in common. Lengths are CSS pixels."""

    controls: str
    accent: str
    text_px: int
    radius_px: int
    padding: str
    words: Wording
    icons: Path | None


def page(seed: int, width: int, height: int, icon_sets: Path | None) -> str:
    """One page that does not scroll; what does not fit is not seen. `icon_sets` is as for `screens.page`."""
    rng = Random(f"ordinary:{seed}")
    look = Look(
        controls=rng.choice(_LOOKS),
        accent=colour_of(rng),
        text_px=rng.randint(13, 19),
        radius_px=rng.choice((0, 3, 4, 6, 8, 20)),
        padding=f"{rng.choice((2, 4, 6, 8, 10, 14))}px {rng.choice((8, 12, 16, 24, 40))}px",
        words=Wording.of(seed, rng.choice((0.4, 0.7, 0.9))),
        icons=icon_sets,
    )
    column = rng.randint(320, width - 40)
    left = rng.choice((rng.randint(8, 60), (width - column) // 2, max(8, width - column - rng.randint(8, 60))))
    beside = ";columns:2;column-gap:24px" if is_apart(seed) else ""  # no page that is trained on has two
    room = min(column, width - left - 8) // (2 if beside else 1) - (12 if beside else 0)
    blocks = "".join(rng.choice(_BLOCKS)(rng, look, room) for _ in range(rng.randint(1, 6)))
    bar = _bar(rng, look) if rng.random() < 0.45 else ""
    return (
        f"<!doctype html><meta charset=utf-8><style>{_css(rng, look)}</style>"
        f'<body><div class=panel style="width:{width}px;height:{height}px">{bar}'
        f'<main style="margin:{rng.randint(4, 60)}px 0 0 {left}px;max-width:{column}px{beside}">{blocks}</main></div>'
    )


def _css(rng: Random, look: Look) -> str:
    ground = rng.choice(("#fff", "#fff", "#fff", "#fafafa", "#f4f5f7", "#f6f1e7", "#e9eef5"))
    line = rng.choice(("#ccc", "#ddd", "#bbb", "#888"))
    styled = "" if look.controls == "native" else f"border:1px solid {line};border-radius:{look.radius_px}px;"
    if look.controls == "flat":
        styled += "border-color:transparent;"
    return (
        f"*{{box-sizing:border-box}}body{{margin:0;background:{ground};color:#1c1c1f;"
        f"font:{look.text_px}px/1.4 {rng.choice(_FAMILIES)}}}"
        ".panel{overflow:hidden}svg{display:block}"
        f"button,input,select{{font-size:{rng.choice(('inherit', '13.3px', 'inherit'))};"
        f"font-family:{rng.choice(('inherit', 'inherit', 'sans-serif'))};{styled}}}"
        f"button{{padding:{look.padding};margin:{rng.choice((0, 2, 4, 8))}px {rng.choice((0, 4, 8, 12))}px}}"
        f"input:not([type]),select{{padding:{rng.choice((1, 4, 6, 8, 10))}px;background:#fff}}"
        f"h1{{font-size:{rng.uniform(1.3, 2.4):.2f}em}}p,li{{color:{rng.choice(('#1c1c1f', '#444', '#666'))}}}"
        f"a{{color:{rng.choice(('#0000ee', '#0b57d0', '#0969da', '#444'))}}}"
    )


def _said(rng: Random, look: Look, least: int, most: int) -> str:
    return " ".join(rng.choices(look.words.filler, k=rng.randint(least, most))).capitalize()


def _button(rng: Random, look: Look) -> str:
    text, name = look.words.label(rng)
    is_painted = look.controls != "native" and rng.random() < (0.8 if look.controls == "filled" else 0.3)
    if not is_painted:
        return f"<button {marks('button', '', name)}>{text}</button>"
    colour = look.accent if rng.random() < 0.7 else colour_of(rng)
    paint = f"background:{shade_of(rng, colour)};color:{ink_on(colour)};border-color:transparent"
    return f'<button {marks("button", colour, name)} style="{paint}">{text}</button>'


def _icon_button(rng: Random, look: Look) -> str:
    name, side = rng.choice(tuple(ICON_FILES)), rng.randint(16, 28)
    drawn = drawn_icon(rng, name, side, look.icons)
    bare = rng.random() < 0.5
    plain = "background:none;border:0;" if bare else ""
    return f'<button {marks("icon", "", name)} style="padding:{rng.randint(2, 10)}px;{plain}">{drawn}</button>'


def _link(rng: Random, look: Look) -> str:
    text, name = look.words.label(rng)
    line = rng.choice(("underline", "underline", "none"))
    return f'<a {marks("link", "", name)} style="text-decoration:{line}">{text}</a>'


def _text_box(rng: Random, look: Look, room_px: int) -> str:
    width = rng.choice((0, rng.randint(90, 260), rng.randint(200, max(220, room_px)), room_px))
    said = rng.choice(("", f"placeholder='{_said(rng, look, 1, 3)}'", f"value='{_said(rng, look, 1, 3)}'"))
    size = f"width:{min(width, room_px)}px" if width else ""
    return f'<input {marks("text box")} {said} style="{size}">'


def _list(rng: Random, look: Look, room_px: int) -> str:
    width = rng.choice((0, rng.randint(90, 300), room_px))
    size = f"width:{min(width, room_px)}px" if width else ""
    return f'<select {marks("drop-down list")} style="{size}"><option>{_said(rng, look, 1, 2)}</select>'


def _tick(rng: Random, look: Look) -> str:
    kind, of = rng.choice((("check box", "checkbox"), ("check box", "checkbox"), ("radio button", "radio")))
    ticked = "checked" if rng.random() < 0.3 else ""
    return f"<label><input type={of} {marks(kind)} {ticked}> {_said(rng, look, 1, 3)}</label>"


def _heading(rng: Random, look: Look, room_px: int) -> str:
    return f"<h1>{_said(rng, look, 1, 4)}</h1>"


def _paragraph(rng: Random, look: Look, room_px: int) -> str:
    links = f" {_link(rng, look)} " if rng.random() < 0.4 else " "
    return f"<p>{_said(rng, look, 3, 25)}{links}{_said(rng, look, 1, 12)}</p>"


def _buttons(rng: Random, look: Look, room_px: int) -> str:
    stacked = "display:grid;justify-items:start" if rng.random() < 0.25 else ""
    return f"<div style='{stacked}'>{''.join(_button(rng, look) for _ in range(rng.randint(1, 4)))}</div>"


def _icons(rng: Random, look: Look, room_px: int) -> str:
    gap = rng.choice((0, 4, 8, 16))
    inside = "".join(_icon_button(rng, look) for _ in range(rng.randint(1, 9)))
    return f"<div style='display:flex;gap:{gap}px'>{inside}</div>"


def _links(rng: Random, look: Look, room_px: int) -> str:
    found = [_link(rng, look) for _ in range(rng.randint(2, 6))]
    if rng.random() < 0.5:
        return f"<ul>{''.join(f'<li>{one}</li>' for one in found)}</ul>"
    return f"<nav style='display:flex;gap:{rng.randint(8, 40)}px;padding:8px 0'>{''.join(found)}</nav>"


def _form(rng: Random, look: Look, room_px: int) -> str:
    beside = rng.random() < 0.4
    rows: list[str] = []
    for _ in range(rng.randint(1, 4)):
        room = room_px - (160 if beside else 0)
        control = (
            rng.choice((_text_box, _text_box, _list))(rng, look, room) if rng.random() < 0.75 else _tick(rng, look)
        )
        place = "display:inline-block;width:150px" if beside else "display:block"
        caption = f"<span style='{place}'>{_said(rng, look, 1, 2)}</span>"
        rows.append(f"<div style='margin:{rng.randint(4, 16)}px 0'>{caption}{control}</div>")
    return f"<div>{''.join(rows)}{_button(rng, look)}</div>"


def _search(rng: Random, look: Look, room_px: int) -> str:
    field = _text_box(rng, look, max(120, room_px - 160))
    return f"<div style='display:flex;gap:{rng.choice((0, 4, 8))}px;padding:8px 0'>{field}{_button(rng, look)}</div>"


def _cards(rng: Random, look: Look, room_px: int) -> str:
    def card() -> str:
        more = _button(rng, look) if rng.random() < 0.6 else _link(rng, look)
        text = f"<b>{_said(rng, look, 1, 2)}</b><p>{_said(rng, look, 3, 10)}</p>"
        return f"<div style='border:1px solid #ddd;padding:12px;flex:1'>{text}{more}</div>"

    return f"<div style='display:flex;gap:12px'>{''.join(card() for _ in range(rng.randint(2, 4)))}</div>"


def _bar(rng: Random, look: Look) -> str:
    """What stands on top of a page from edge to edge."""
    is_dark = rng.random() < 0.4
    ground, ink = ("#20242c", "#fff") if is_dark else (rng.choice(("#fff", "#eee", "#f5f5f5")), "#1c1c1f")
    left = "".join(_link(rng, look).replace('style="', f'style="color:{ink};') for _ in range(rng.randint(0, 4)))
    right = "".join(_icon_button(rng, look) for _ in range(rng.randint(0, 4))) if not is_dark else ""
    middle = _text_box(rng, look, rng.randint(140, 420)) if rng.random() < 0.4 else ""
    edges = f"padding:{rng.randint(4, 16)}px 16px;border-bottom:1px solid #ccc"
    return (
        f"<header style='display:flex;align-items:center;gap:{rng.randint(8, 28)}px;{edges};"
        f"background:{ground};color:{ink}'><b>{_said(rng, look, 1, 1)}</b>{left}{middle}"
        f"<span style='margin-left:auto;display:flex'>{right}</span></header>"
    )


_BLOCKS: tuple[Callable[[Random, Look, int], str], ...] = (
    *(_heading, _paragraph, _buttons, _buttons, _icons, _links, _form, _form, _search, _cards),
)
