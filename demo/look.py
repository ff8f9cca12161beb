"""How the pages look for one seed: theme, fonts, spacing, and where everything stands."""

from dataclasses import dataclass
from random import Random
from typing import Literal

Theme = Literal["light", "dark", "tinted"]
Side = Literal["left", "right"]
Edge = Literal["top", "bottom"]

FONTS = (
    '"Liberation Sans", Arial, sans-serif',
    '"DejaVu Sans", Verdana, sans-serif',
    '"Noto Sans", "Segoe UI", system-ui, sans-serif',
    '"DejaVu Serif", Georgia, serif',
    '"Liberation Serif", "Times New Roman", serif',
    '"URW Gothic", "Century Gothic", "Trebuchet MS", sans-serif',
)
TINT_DEGREES = (25, 45, 150, 205, 235, 275, 330)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One appearance of the whole site. Lengths are CSS pixels, hues are degrees."""

    theme: Theme
    tint_degrees: int
    font: str
    radius_px: int
    gap_px: int
    header_px: int
    sidebar_px: int
    banner_px: int
    sidebar: Side
    aside: Side
    tools: Side
    composer: Edge
    picture: Side
    actions: Literal["flex-start", "center", "flex-end", "space-between"]
    icon_first: bool
    mirror: bool
    card_order: tuple[int, ...]
    tool_order: tuple[int, ...]


def look_of(seed: int) -> Look:
    """The look that belongs to a seed; equal seeds look the same on every machine that has the same fonts."""
    rng = Random(f"{seed}:look")
    theme: Theme = rng.choices(("light", "tinted", "dark"), (5, 4, 3))[0]
    return Look(
        theme=theme,
        tint_degrees=rng.choice(TINT_DEGREES),
        font=rng.choice(FONTS),
        radius_px=rng.choice((4, 8, 12, 18)),
        gap_px=rng.choice((12, 16, 20)),
        header_px=rng.choice((64, 72, 80)),
        sidebar_px=rng.choice((196, 216, 240)),
        banner_px=rng.choice((0, 0, 36, 44)),
        sidebar=rng.choice(("left", "right")),
        aside=rng.choice(("left", "right")),
        tools=rng.choice(("left", "right")),
        composer=rng.choice(("top", "bottom")),
        picture=rng.choice(("left", "right")),
        actions=rng.choice(("flex-start", "center", "flex-end", "space-between")),
        icon_first=rng.random() < 0.5,
        mirror=rng.random() < 0.5,
        card_order=tuple(rng.sample(range(5), 5)),
        tool_order=tuple(rng.sample(range(5), 5)),
    )
