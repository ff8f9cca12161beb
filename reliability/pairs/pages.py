"""Pages of many sorts, drawn by chance: cards, forms, tables, icons, charts and prose."""

from collections.abc import Callable
from random import Random

FONTS = ("Liberation Sans", "DejaVu Sans", "Noto Sans", "Liberation Serif")
WORDS = (  # noqa: SIM905  as a line is read
    "Walnut Copper Harbour Linen Saddle Meadow Lantern Velvet Orchard Pebble Juniper Marble Canyon Ribbon Thistle "
    "Falcon Ginger Anchor Willow Ember"
).split()
PLACES = "Oslo Bergen Porto Lyon Ghent Turin Cork Graz Brno Malmö".split()  # noqa: SIM905
STATES = ("Paid", "Open", "Late", "Draft")
_ICONS = (
    '<path d="M3 10 L12 3 L21 10 V21 H14 V14 H10 V21 H3 Z"/>',
    '<circle cx="11" cy="11" r="7"/><path d="M16 16 L22 22"/>',
    '<path d="M4 6 H20 M4 12 H20 M4 18 H20"/>',
    '<path d="M12 4 V20 M4 12 H20"/>',
    '<circle cx="12" cy="8" r="4"/><path d="M4 21 C4 15 20 15 20 21"/>',
    '<path d="M4 12 L10 18 L20 6"/>',
    '<rect x="4" y="5" width="16" height="14" rx="2"/><path d="M4 8 L12 14 L20 8"/>',
    '<path d="M12 3 L15 9 L21 10 L16 14 L18 21 L12 17 L6 21 L8 14 L3 10 L9 9 Z"/>',
)


def page(sort: str, rng: Random) -> str:
    """The whole document. Things that a change may be about have classes: btn, icon, num, label, box, pic, row."""
    return f"<!doctype html><meta charset=utf-8><style>{_style(rng)}</style><main>{SORTS[sort](rng)}</main>"


def _style(rng: Random) -> str:
    dark = rng.random() < 0.3
    ground, card, ink, soft, line = (
        ("#14181f", "#1d232d", "#e8eaed", "#9aa3af", "#343c49")
        if dark
        else ("#f6f7f9", "#ffffff", "#1f2733", "#6b7280", "#d9dde3")
    )
    accent = rng.choice(("#2563eb", "#0f766e", "#9333ea", "#c2410c", "#be123c"))
    return f"""
    * {{ box-sizing: border-box; }}
    body {{ margin: 0; background: {ground}; color: {ink};
            font: {rng.choice((12, 13, 14, 15, 16))}px/1.45 "{rng.choice(FONTS)}"; }}
    main {{ width: 1288px; height: 728px; overflow: hidden; padding: 24px 32px; }}
    h1 {{ font-size: 1.7em; margin: 0 0 16px; }}
    .grid {{ display: grid; grid-template-columns: repeat(4, 1fr); gap: 18px; }}
    .box {{ background: {card}; border: 1px solid {line}; padding: 12px;
            border-radius: {rng.choice((0, 4, 8, 12))}px; }}
    .btn {{ display: inline-block; background: {accent}; color: #fff; border-radius: 5px; padding: 6px 14px; }}
    .soft {{ color: {soft}; }}
    .icon {{ width: {rng.choice((16, 20, 24))}px; fill: none; stroke: {accent}; stroke-width: 2;
             vertical-align: middle; }}
    .pic {{ display: block; width: 100%; height: 90px; }}
    .badge {{ background: #15803d; color: #fff; border-radius: 9px; padding: 1px 8px; font-size: 0.8em; }}
    .field {{ width: 300px; height: 32px; margin: 2px 0 10px; padding: 4px 10px; }}
    table {{ border-collapse: collapse; width: 100%; }}
    td, th {{ border-bottom: 1px solid {line}; padding: 5px 10px; text-align: left; }}
    a {{ color: {accent}; text-decoration: underline; }}
    .num {{ font-weight: 600; }}
    """


def _icon(rng: Random) -> str:
    return f'<svg class=icon viewBox="0 0 24 24">{rng.choice(_ICONS)}</svg>'


def _picture(rng: Random) -> str:
    """A landscape of simple shapes: sky, sun, hills."""
    sky, sun, hill = (f"hsl({rng.randrange(360)} {rng.randrange(35, 75)}% {rng.randrange(40, 75)}%)" for _ in range(3))
    tops = [rng.randrange(25, 70) for _ in range(5)]
    hills = " ".join(f"L{40 * n} {top}" for n, top in enumerate(tops))
    return (
        f'<svg class=pic viewBox="0 0 160 90" preserveAspectRatio="none"><rect width=160 height=90 fill="{sky}"/>'
        f'<circle cx={rng.randrange(20, 140)} cy={rng.randrange(15, 40)} r=11 fill="{sun}"/>'
        f'<path d="M0 90 {hills} L160 90 Z" fill="{hill}"/></svg>'
    )


def _money(rng: Random) -> str:
    return f"{rng.randrange(1, 9)},{rng.randrange(100, 999)}.{rng.randrange(10, 99)}"


def _name(rng: Random) -> str:
    return f"{rng.choice(WORDS)} {rng.choice(WORDS).lower()}"


def _bar(rng: Random, title: str) -> str:
    return (
        f"<h1>{_icon(rng)} <span class=label>{title}</span> <span class=badge>{rng.randrange(10, 99)} new</span>"
        f" <a href=#>Help</a></h1>"
    )


def _cards(rng: Random) -> str:
    cards = "".join(
        f"<div class='box row'>{_picture(rng)}<p class=label>{_name(rng)}</p><p class=soft>{rng.choice(PLACES)}, in "
        f"{rng.randrange(2, 9)} days</p><span class=num>€ {_money(rng)}</span> {_icon(rng)} "
        f"<span class=btn>Add</span></div>"
        for _ in range(8)
    )
    return f"{_bar(rng, 'Shop')}<div class=grid>{cards}</div>"


def _form(rng: Random) -> str:
    rows = "".join(
        f"<div class=row><label class=label>{_name(rng)}</label><div class='box field'><span class=num>"
        f"{rng.randrange(10000, 99999)}</span></div></div>"
        for _ in range(7)
    )
    return (
        f"{_bar(rng, 'Settings')}<div class=grid><div>{rows}</div><div class=box>{_picture(rng)}<p class=label>"
        f"<input type=checkbox checked> {_name(rng)}<p class=label><input type=radio checked> {_name(rng)}"
        f"<p><span class=btn>Save</span> {_icon(rng)} <span class=soft>all changes</span></div>"
        f"<div class=box>{_picture(rng)}</div></div>"
    )


def _table(rng: Random) -> str:
    rows = "".join(
        f"<tr class=row><td>{_icon(rng)}<td class=label>{_name(rng)}<td class=soft>{rng.choice(PLACES)}"
        f"<td>2026-{rng.randrange(10, 13)}-{rng.randrange(10, 29)}<td><span class=num>-{_money(rng)}</span>"
        f"<td><span class=badge>{rng.choice(STATES)}</span><td><a href=#>Details</a>"
        for _ in range(14)
    )
    return (
        f"{_bar(rng, 'Invoices')}<div class=box><table><tr><th><th>Name<th>Place<th>Due<th>Sum<th>State<th>{rows}"
        f"</table></div><p><span class=btn>Export</span></p>"
    )


def _icons(rng: Random) -> str:
    tiles = "".join(
        f"<div class='box row' style='display:inline-block;width:120px;margin:6px;text-align:center'>{_icon(rng)}"
        f"<div class=label>{rng.choice(WORDS)}</div><small class='soft num'>{rng.randrange(100, 999)}</small></div>"
        for _ in range(36)
    )
    pictures = f"<div class=grid>{_picture(rng)}{_picture(rng)}</div>"
    return f"{_bar(rng, 'Library')}{tiles}<p><span class=btn>Upload</span></p>{pictures}"


def _chart(rng: Random) -> str:
    heights = [rng.randrange(30, 200) for _ in range(12)]
    bars = "".join(
        f"<rect class=bar x={40 + 60 * n} y={220 - height} width=36 height={height} fill='#5b8def'/>"
        f"<text x={46 + 60 * n} y=240 font-size=11 fill='#888'>{n + 1:02}</text>"
        for n, height in enumerate(heights)
    )
    points = " ".join(f"{58 + 60 * n},{rng.randrange(20, 200)}" for n in range(12))
    tiles = "".join(
        f"<div class='box row'><div class='label soft'>{_name(rng)}</div><span class=num style='font-size:1.8em'>"
        f"{_money(rng)}</span> {_icon(rng)}</div>"
        for _ in range(4)
    )
    return (
        f"{_bar(rng, 'Sales')}<div class=grid>{tiles}</div><div class=box style='margin-top:18px'>"
        f"<svg width=800 height=250>{bars}<polyline points='{points}' fill=none stroke='#d97706' stroke-width=2 />"
        f"</svg></div><p><span class=btn>Refresh</span> <span class=soft>since {rng.randrange(2010, 2026)}</span></p>"
        f"<div class=grid>{_picture(rng)}{_picture(rng)}</div>"
    )


def _prose(rng: Random) -> str:
    paragraphs = "".join(
        f"<p class='label row'>{' '.join(rng.choice(WORDS).lower() for _ in range(38)).capitalize()}, "
        f"<span class=num>{rng.randrange(1000, 9999)}</span>.</p>"
        for _ in range(6)
    )
    aside = f"<div class=box>{_picture(rng)}{_picture(rng)}<p>{_icon(rng)} <span class=btn>Subscribe</span></div>"
    columns = "display:grid;grid-template-columns:3fr 1fr;gap:24px"
    return f"{_bar(rng, _name(rng))}<div style='{columns}'><div>{paragraphs}</div>{aside}</div>"


SORTS: dict[str, Callable[[Random], str]] = {
    "cards": _cards,
    "form": _form,
    "table": _table,
    "icons": _icons,
    "chart": _chart,
    "prose": _prose,
}
