"""What is done to the second picture of a pair: what nobody minds, and what a test must not miss."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image

from ...screen import Pixels
from .browsers import Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`script` changes the page, where `pick` is a number drawn by chance; `pixels` changes the picture.

    `first` and `second` are how the browsers draw text; `sorts` the pages it fits; `style` is of both pages.
    """

    name: str
    same: bool
    script: str = ""
    pixels: Callable[[Pixels, Random], Pixels] | None = None
    first: Drawing = "slight"
    second: Drawing = "slight"
    sorts: tuple[str, ...] = ()
    style: str = ""
    scale: float = 1.0


def _jpeg(quality: int) -> Callable[[Pixels, Random], Pixels]:
    def compress(pixels: Pixels, rng: Random) -> Pixels:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling=0)
        return np.array(Image.open(buffer).convert("RGB"))

    return compress


def _grain(pixels: Pixels, rng: Random) -> Pixels:
    noise = np.random.default_rng(rng.randrange(1 << 30)).normal(0, 1.5, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def _gamma(pixels: Pixels, rng: Random) -> Pixels:
    return np.round(255 * (pixels / 255.0) ** rng.uniform(0.97, 1.03)).astype(np.uint8)


def _style(css: str) -> str:
    """A script that adds this style."""
    return f"document.head.insertAdjacentHTML('beforeend', `<style>{css}</style>`)"


_PICKED = (
    "const all = [...document.querySelectorAll('%s')].filter(e => e.getBoundingClientRect().bottom < 715);"
    "const one = all[pick %% all.length];"
)


def _at(selector: str, act: str) -> str:
    """A script about one thing in sight of those that the selector finds."""
    return _PICKED % selector + act


def _digit(swaps: str, of: str = ".num") -> str:
    """A script that changes the last digit that it can, by pairs such as 38 for 3 to 8."""
    return _at(
        of,
        f"const swap = Object.fromEntries('{swaps}'.split(' ').map(p => [p[0], p[1]]));"
        "const hit = [...one.textContent].map((c, n) => c in swap ? n : -1).filter(n => n >= 0);"
        "const n = hit[pick % hit.length];"
        "one.textContent = one.textContent.slice(0, n) + swap[one.textContent[n]] + one.textContent.slice(n + 1);",
    )


ANY = "05 16 23 37 41 59 62 74 80 98"
ALIKE = "38 83 68 86 06 60 17 71 56 65 97 79 23 32 47 74"
SMALL = ".num { font-size: 11px !important; font-weight: 400 }"

HARMLESS = (
    Change(name="hinting none, then slight", same=True, first="unhinted"),
    Change(name="hinting slight, then full", same=True, second="full"),
    Change(name="hinting none, then full", same=True, first="unhinted", second="full"),
    Change(name="coloured edges of text", same=True, second="coloured"),
    Change(name="exact text rendering", same=True, script=_style("main { text-rendering: geometricPrecision }")),
    Change(name="text in a layer of its own", same=True, script=_style(".row { will-change: transform }")),
    Change(name="a third of a pixel aside", same=True, script=_style("main { transform: translate(.3px, .2px) }")),
    Change(name="half a pixel aside", same=True, script=_style(".box { transform: translate(.5px, .5px) }")),
    Change(name="text one pixel to the right", same=True, script=_style(".label { position: relative; left: 1px }")),
    Change(name="text one pixel down", same=True, script=_style(".num, .soft { position: relative; top: 1px }")),
    Change(name="one pixel along both axes", same=True, script=_style("main { transform: translate(1px, 1px) }")),
    Change(name="one button one pixel aside", same=True, script=_at(".btn", "one.style.translate = '-1px 0'")),
    Change(name="opacity of .99", same=True, script=_style("main { opacity: .99 }")),
    Change(name="brighter by a hundredth", same=True, script=_style("main { filter: brightness(1.01) }")),
    Change(name="another gamma", same=True, pixels=_gamma),
    Change(name="noise of JPEG", same=True, pixels=_jpeg(93)),
    Change(name="grain", same=True, pixels=_grain),
    Change(name="edges of icons", same=True, script=_style(".icon, .pic { transform: rotate(.15deg) }")),
    Change(name="rounder by half a pixel", same=True, script=_style(".btn, .badge { border-radius: 4.5px }")),
    Change(name="a third of a pixel at scale 2", same=True, script=_style("main { translate: .15px .1px }"), scale=2),
)

REAL = (
    Change(name="an icon is missing", same=False, script=_at(".icon", "one.style.visibility = 'hidden'")),
    Change(
        name="another icon", same=False, script=_at(".icon", "one.innerHTML = '<path d=\"M5 5 L19 19 M5 19 L19 5\"/>';")
    ),
    Change(name="a button of another colour", same=False, script=_at(".btn", "one.style.background = '#4d7c0f'")),
    Change(name="a badge of another colour", same=False, script=_at(".badge", "one.style.background = '#b45309'")),
    Change(
        name="another word",
        same=False,
        script=_at(".label", "one.textContent = one.textContent.replace(/[a-z]{4}/, 'onge')"),
    ),
    Change(name="another digit", same=False, script=_digit(ANY)),
    Change(name="a digit that looks alike", same=False, script=_digit(ALIKE)),
    Change(name="a small digit that looks alike", same=False, script=_digit(ALIKE), style=SMALL),
    Change(name="a digit at scale 2", same=False, script=_digit(ALIKE), scale=2),
    Change(name="a digit and noise of JPEG", same=False, script=_digit(ANY), pixels=_jpeg(93)),
    Change(name="a digit and other hinting", same=False, script=_digit(ANY), first="unhinted"),
    Change(
        name="a digit and one pixel aside",
        same=False,
        script=_digit(ANY) + "one.style.cssText = 'position: relative; left: 1px'",
    ),
    Change(name="a button moved by 6 px", same=False, script=_at(".btn", "one.style.translate = '6px 0'")),
    Change(name="a button moved down by 8 px", same=False, script=_at(".btn", "one.style.translate = '0 8px'")),
    Change(
        name="a clipped label",
        same=False,
        script=_at(
            ".btn",
            "one.style.cssText += `width: ${one.offsetWidth}px; overflow: hidden; "
            "text-indent: 12px; white-space: nowrap`",
        ),
    ),
    Change(name="a border is missing", same=False, script=_at(".box", "one.style.borderColor = 'transparent'")),
    Change(
        name="an image was swapped",
        same=False,
        script=_at(".pic", "const other = all[(pick + 1) % all.length]; one.innerHTML = other.innerHTML"),
        sorts=("cards", "form", "icons", "prose"),
    ),
    Change(name="a row is missing", same=False, script=_at(".row", "one.style.visibility = 'hidden'")),
    Change(name="a label of another colour", same=False, script=_at(".label", "one.style.color = '#dc2626'")),
    Change(
        name="a sign is missing",
        same=False,
        script=_at(".num", "one.innerHTML = one.textContent.replace('-', '<s style=visibility:hidden>-</s>')"),
        sorts=("table",),
    ),
    Change(
        name="a box is not ticked", same=False, script=_at("[type=checkbox]", "one.checked = false"), sorts=("form",)
    ),
    Change(
        name="a bar is 8 px higher",
        same=False,
        script=_at(".bar", "one.y.baseVal.value -= 8; one.height.baseVal.value += 8"),
        sorts=("chart",),
    ),
    Change(name="a link without its line", same=False, script=_at("a", "one.style.textDecoration = 'none'")),
    Change(name="a faded button", same=False, script=_at(".btn", "one.style.opacity = '.5'")),
    Change(name="a lighter weight", same=False, script=_at("h1", "one.style.fontWeight = '400'")),
)
"""One thing each, of many sizes."""
