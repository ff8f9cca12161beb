"""Flat pictures of goods on a grid of 120 x 100, in muted tones that no instruction names as the colour of a button."""

from dataclasses import dataclass
from typing import Literal

Good = Literal[
    "Stoneware mug",
    "Desk lamp",
    "Potted fern",
    "Oak stool",
    "Canvas backpack",
    "Wall clock",
    "Ceramic vase",
    "Beeswax candle",
    "Enamel teapot",
    "Steel bottle",
    "Linen notebook",
    "Woven basket",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """The three tones of a picture: ground, body and detail, as #rrggbb."""

    ground: str
    body: str
    detail: str


TONES = (
    Tone(ground="#e7e5e0", body="#8d857a", detail="#5d574f"),
    Tone(ground="#dfe3e6", body="#7d8a94", detail="#4d5861"),
    Tone(ground="#eae4dc", body="#a3917c", detail="#6f614f"),
    Tone(ground="#e3e4df", body="#8b8f82", detail="#585c50"),
    Tone(ground="#e6e1e3", body="#938489", detail="#62565a"),
    Tone(ground="#e2e2e2", body="#868686", detail="#525252"),
)

PICTURES: dict[Good, str] = {
    "Stoneware mug": '<path fill="BODY" d="M38 34h38v34a8 8 0 0 1-8 8H46a8 8 0 0 1-8-8z"/>'
    '<path fill="none" stroke="BODY" stroke-width="6" d="M76 42h6a8 8 0 0 1 8 8v4a8 8 0 0 1-8 8h-6"/>'
    '<path fill="none" stroke="DETAIL" stroke-width="3" d="M50 26c-4-5 4-6 0-12M62 26c-4-5 4-6 0-12"/>'
    '<path fill="DETAIL" d="M38 46h38v6H38z"/>',
    "Desk lamp": '<path fill="DETAIL" d="M42 80h36v5H42z"/><path fill="none" stroke="DETAIL" stroke-width="4" '
    'd="M60 80V60L44 42l18-18"/><path fill="BODY" d="M56 14l24 20-8 10-26-22z"/><circle fill="DETAIL" cx="44" cy="42" r="4"/>',
    "Potted fern": '<path fill="DETAIL" d="M46 60h28l-5 26H51z"/><path fill="BODY" d="M60 60C40 56 34 42 34 26c14 4 24 14 26 34z'
    'M60 60c20-4 26-18 26-34-14 4-24 14-26 34zM60 60c-7-16-6-34 0-46 6 12 7 30 0 46z"/>',
    "Oak stool": '<ellipse fill="BODY" cx="60" cy="36" rx="30" ry="9"/><path fill="none" stroke="DETAIL" stroke-width="6" '
    'stroke-linecap="round" d="M42 44L34 84M78 44l8 40M60 46v34"/><path fill="none" stroke="DETAIL" stroke-width="4" d="M39 66h42"/>',
    "Canvas backpack": '<path fill="none" stroke="DETAIL" stroke-width="5" d="M50 24v-4a10 10 0 0 1 20 0v4"/>'
    '<rect fill="BODY" x="34" y="22" width="52" height="64" rx="16"/><rect fill="DETAIL" x="42" y="54" width="36" height="22" rx="5"/>'
    '<path stroke="DETAIL" stroke-width="4" d="M42 42h36"/>',
    "Wall clock": '<circle fill="BODY" cx="60" cy="50" r="34"/><circle fill="#f6f5f2" cx="60" cy="50" r="26"/>'
    '<path fill="none" stroke="DETAIL" stroke-width="4" stroke-linecap="round" d="M60 32v18l12 8"/>',
    "Ceramic vase": '<path fill="BODY" d="M50 14h20v6l-4 12c14 8 20 18 20 30 0 14-10 24-26 24S34 76 34 62c0-12 6-22 20-30l-4-12z"/>'
    '<path fill="none" stroke="DETAIL" stroke-width="4" d="M36 56c16 8 32 8 48 0"/>',
    "Beeswax candle": '<rect fill="BODY" x="44" y="38" width="32" height="46" rx="4"/><path stroke="DETAIL" stroke-width="3" d="M60 38v-9"/>'
    '<path fill="DETAIL" d="M60 10c6 8 7 13 0 19-7-6-6-11 0-19z"/>',
    "Enamel teapot": '<path fill="BODY" d="M36 44h48c4 26-6 38-24 38S32 70 36 44z"/><path fill="DETAIL" d="M40 44a20 14 0 0 1 40 0z"/>'
    '<circle fill="DETAIL" cx="60" cy="26" r="4.5"/><path fill="none" stroke="BODY" stroke-width="7" d="M36 62C24 60 24 46 16 42"/>'
    '<path fill="none" stroke="DETAIL" stroke-width="5" d="M83 50c20-4 20 22-2 22"/>',
    "Steel bottle": '<rect fill="DETAIL" x="51" y="10" width="18" height="12" rx="3"/>'
    '<path fill="BODY" d="M52 24h16v6c8 4 10 8 10 16v34a8 8 0 0 1-8 8H50a8 8 0 0 1-8-8V46c0-8 2-12 10-16z"/>'
    '<path fill="DETAIL" d="M42 56h36v5H42z"/>',
    "Linen notebook": '<rect fill="BODY" x="36" y="16" width="48" height="68" rx="4"/><path fill="DETAIL" d="M36 20a4 4 0 0 1 4-4h6v68h-6'
    'a4 4 0 0 1-4-4z"/><path stroke="#f6f5f2" stroke-width="4" stroke-linecap="round" d="M56 34h18M56 44h12"/>',
    "Woven basket": '<path fill="none" stroke="DETAIL" stroke-width="5" d="M40 46a20 24 0 0 1 40 0"/><path fill="BODY" d="M30 46h60l-8 38H38z"/>'
    '<path stroke="DETAIL" stroke-width="3" d="M33 58h54M36 70h48M50 46l3 38M70 46l-3 38"/>',
}


def picture(good: Good, tone: Tone) -> str:
    """The inside of the SVG of one good in one tone."""
    drawn = PICTURES[good].replace("BODY", tone.body).replace("DETAIL", tone.detail)
    return f'<rect width="120" height="100" fill="{tone.ground}"/>{drawn}'
