"""Windows of applications, in a dozen languages: a menu bar, a table, tabs, lists, forms, and what opens above them.

Every part has the role that it would have in a good application, so that Chromium's accessibility tree says the same as
the labels do. Text is written from right to left where the language is.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from .apart import is_apart
from .languages import ENGLISH, LANGUAGES, Language, kept_back, taught
from .screens import FONTS, colour_of, drawn_icon, ink_on, marks, shade_of

_FAMILIES = (
    *FONTS,
    *("Nimbus Sans", "Nimbus Roman", "C059", "P052", "URW Bookman", "Noto Serif", "Noto Sans Display"),
    *("Noto Naskh Arabic", "Noto Kufi Arabic", "Noto Sans Hebrew", "DejaVu Sans Mono", "Liberation Sans Narrow"),
)
_TOOLS = ("trash", "pencil", "share", "download", "refresh", "search", "settings", "plus", "bell", "help", "user")
_CURRENCIES = ("€", "$", "£", "zł", "₽", "¥")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What the parts of one window have in common. Lengths are CSS pixels."""

    rng: Random
    language: Language
    has_own_words: bool
    is_dark: bool
    accent: str
    shade: str
    radius_px: int
    row_px: int
    icons: Path | None

    def of(self, words: Sequence[str]) -> str:
        """One of the words, of those kept back where this page is apart from training, more often than of others."""
        known, own = taught(tuple(words)), kept_back(tuple(words))
        return self.rng.choice(own if self.has_own_words and self.rng.random() < 0.6 else known)

    def several(self, words: Sequence[str], count: int) -> list[str]:
        """Different ones, at most `count`."""
        return list(dict.fromkeys(self.of(words) for _ in range(3 * count)))[:count]

    @property
    def verb(self) -> str:
        return self.of(self.language.verbs)

    @property
    def thing(self) -> str:
        return self.of(self.language.things)

    @property
    def person(self) -> str:
        return self.of(self.language.people)

    def says(self, share: float) -> bool:
        """Yes, as often as this."""
        return self.rng.random() < share


def language_of(seed: int, written: frozenset[str] = frozenset(LANGUAGES)) -> Language:
    """Every third page is English; so are those in a language that is not among the `written`, for want of a font."""
    rng = Random(f"language:{seed}")
    code = rng.choice(("en", *(["en"] * (len(LANGUAGES) // 3)), *LANGUAGES))
    return LANGUAGES[code] if code in written else ENGLISH


def page(
    seed: int,
    width: int,
    height: int,
    icon_sets: Path | None,
    written: frozenset[str] = frozenset(LANGUAGES),
) -> str:
    """One window that does not scroll. `icon_sets` is as for `screens.page`, `written` as for `language_of`."""
    rng, language = Random(f"application:{seed}"), language_of(seed, written)
    accent = colour_of(rng)
    window = Window(
        rng=rng,
        language=language,
        has_own_words=is_apart(seed),
        is_dark=rng.random() < 0.35,
        accent=accent,
        shade=shade_of(rng, accent),
        radius_px=rng.choice((0, 2, 4, 6, 10)),
        row_px=rng.randint(22, 44),
        icons=icon_sets,
    )
    layouts = KEPT_BACK if is_apart(seed) else LAYOUTS
    layout = rng.choice(tuple(layouts))
    direction = "rtl" if language.is_rtl else "ltr"
    content = layouts[layout](window)
    has_dialog = window.says(0.3)
    return (
        f"<!doctype html><html lang={language.code} dir={direction}><meta charset=utf-8><style>{_css(window)}</style>"
        f'<body data-layout="{layout}"><div class=window style="width:{width}px;height:{height}px">'
        f"{_menu_bar(window, can_open=not has_dialog)}{_trail(window) if window.says(0.5) else ''}{content}"
        f"{_dialog(window) if has_dialog else ''}</div>"
    )


def _css(window: Window) -> str:
    rng = window.rng
    light = (
        ("#fff", "#f3f4f6", "#1f2328", "#59636e", "#d1d9e0"),
        ("#fdfcf8", "#efece2", "#2b2a27", "#6b675c", "#d9d4c5"),
    )
    dark = (
        ("#1e1f22", "#2b2d30", "#e6e6e6", "#a8adb5", "#43454a"),
        ("#0d1117", "#161b22", "#e6edf3", "#9198a1", "#30363d"),
    )
    ground, raised, ink, soft, line = rng.choice(dark if window.is_dark else light)
    family = f"'{rng.choice(_FAMILIES)}',sans-serif"
    return (
        f"*{{box-sizing:border-box}}body{{margin:0;overflow:hidden;background:{ground};color:{ink};"
        f"color-scheme:{'dark' if window.is_dark else 'light'};font:{rng.randint(11, 18)}px/1.35 {family}}}"
        ".window{position:relative;overflow:hidden;display:flex;flex-direction:column}"
        f"button,input,select{{font:inherit;color:inherit;background:{ground};border:1px solid {line};"
        f"border-radius:{window.radius_px}px;padding:{rng.randint(2, 7)}px {rng.randint(6, 16)}px}}"
        f"svg{{display:block}}a{{color:{'#6ea8fe' if window.is_dark else '#0b57d0'}}}small{{color:{soft}}}"
        f".bar{{display:flex;align-items:center;gap:{rng.randint(4, 16)}px;padding:{rng.randint(3, 10)}px 12px;"
        f"background:{raised};border-bottom:1px solid {line}}}"
        f".over{{position:absolute;z-index:9;background:{ground};border:1px solid {line};"
        f"border-radius:{window.radius_px}px;box-shadow:0 6px 20px #0006}}"
        f".fill{{flex:1;min-height:0;overflow:hidden;display:flex}}.side{{background:{raised};padding:8px;"
        f"overflow:hidden;flex:none;border-inline-end:1px solid {line}}}.main{{flex:1;min-width:0;overflow:hidden}}"
        f".on{{background:{window.shade};color:{ink_on(window.accent)}}}"
        f"table{{border-collapse:collapse;width:100%}}th{{background:{raised};text-align:start}}"
        f"th,td{{padding:0 {rng.randint(6, 14)}px;height:{window.row_px}px;border-bottom:1px solid {line};"
        f"white-space:nowrap}}.card{{border:1px solid {line};border-radius:{window.radius_px}px;background:{ground}}}"
        "h1,h2,h3{margin:0;line-height:1.25}nav button,nav span{direction:ltr}"  # else arrows are drawn mirrored
    )


def _button(window: Window, text: str, *, name: str = "", is_main: bool = False) -> str:
    """A button; `name` is what it is called where its text alone does not say what it is for."""
    label = f' aria-label="{html.escape(name)}"' if name else ""
    colour = window.accent if is_main else ""
    look = f' style="background:{window.shade};color:{ink_on(colour)};border-color:transparent"' if is_main else ""
    return f"<button {marks('button', colour, name or text)}{label}{look}>{html.escape(text)}</button>"


def _icon(window: Window, name: str, side: int) -> str:
    bare = "border:0;background:none;" if window.says(0.6) else ""
    drawn = drawn_icon(window.rng, name, side, window.icons)
    return f'<button {marks("icon", "", name)} style="padding:4px;{bare}">{drawn}</button>'


def _menu_bar(window: Window, *, can_open: bool) -> str:
    menus = window.language.menus[: window.rng.randint(4, 6)]
    opened = window.rng.randrange(len(menus)) if can_open and window.says(0.6) else -1
    entries = "".join(_menu(window, text, is_open=n == opened) for n, text in enumerate(menus))
    tools = "".join(_icon(window, name, 18) for name in window.rng.sample(_TOOLS, window.rng.randint(0, 4)))
    right = f"<span style='margin-inline-start:auto;display:flex;gap:6px'>{tools}</span>"
    return f"<div role=menubar class=bar style='flex:none;padding-block:2px'>{entries}{right}</div>"


def _menu(window: Window, text: str, *, is_open: bool) -> str:
    """An entry of the menu bar, with what hangs under it where it is open."""
    entry = (
        f"<div role=menuitem aria-haspopup=menu aria-expanded={str(is_open).lower()} {marks('menu', '', text)} "
        f"{'class=on ' if is_open else ''}style='padding:3px 10px'>{html.escape(text)}</div>"
    )
    if not is_open:
        return entry
    return f"<div style='position:relative'>{entry}{_items(window, 'top:100%;inset-inline-start:0')}</div>"


def _items(window: Window, place: str) -> str:
    """The items of an open menu, with keys beside some and lines between groups."""
    rows: list[str] = []
    texts = [*window.several(window.language.verbs, 7), *(f"{window.verb}: {window.thing}" for _ in range(3))]
    for text in texts[window.rng.randint(0, 4) :]:
        key = f"<small aria-hidden=true>Ctrl+{window.rng.choice('ABDEKLMNPQRSTW')}</small>" if window.says(0.4) else ""
        rows.append(
            f"<div role=menuitem {marks('menu item', '', text)} style='display:flex;justify-content:space-between;"
            f"gap:32px;white-space:nowrap;padding:{window.rng.randint(3, 8)}px 14px'>"
            f"<span>{html.escape(text)}</span>{key}</div>"
        )
        if window.says(0.2):
            rows.append("<div role=separator style='border-top:1px solid #8886;margin:3px 0'></div>")
    return f"<div role=menu class=over style='{place};padding:4px 0;min-width:180px'>{''.join(rows)}</div>"


def _trail(window: Window) -> str:
    """Where one is: links, and the place itself."""
    parts = [f'<a href="#" {marks("link", "", text)}>{text}</a>' for text in window.several(window.language.things, 3)]
    arrow = "<span aria-hidden=true>‹</span>" if window.language.is_rtl else "<span aria-hidden=true>›</span>"
    return f"<nav class=bar style='flex:none'>{arrow.join(parts)}{arrow}<span>{window.person}</span></nav>"


def _tabs(window: Window) -> str:
    texts = window.several(window.language.things, window.rng.randint(2, 5))
    line = f"border-bottom:3px solid {window.shade}"
    tabs = (
        f"<div role=tab aria-selected={str(n == 0).lower()} {marks('tab', '', text)} "
        f"style='padding:6px 14px;{line if n == 0 else ''}'>{text}</div>"
        for n, text in enumerate(texts)
    )
    return f"<div role=tablist class=bar style='flex:none;padding-block:0'>{''.join(tabs)}</div>"


def _date(window: Window) -> str:
    day, month, year = window.rng.randint(1, 28), window.rng.randint(1, 12), window.rng.randint(2019, 2031)
    return window.rng.choice((f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", f"{month}/{day}/{year}"))


def _amount(window: Window) -> str:
    number = f"{window.rng.uniform(1, 99999):,.2f}"
    return f"{number} {window.rng.choice(_CURRENCIES)}"


def _tick(name: str, *, is_ticked: bool = False) -> str:
    ticked = " checked" if is_ticked else ""
    return f'<input type=checkbox {marks("check box", "", name)} aria-label="{html.escape(name)}"{ticked}>'


def _cell(window: Window) -> Callable[[], str]:
    """What a column holds."""
    return window.rng.choice(
        (lambda: _date(window), lambda: _amount(window), lambda: window.thing, lambda: str(window.rng.randint(1, 9999)))
    )


def _table(window: Window) -> str:
    """A table with a line of buttons above it and its pages below."""
    rng, heads = window.rng, window.several(window.language.things, window.rng.randint(2, 5))
    has_ticks, does = window.says(0.6), window.verb if window.says(0.5) else ""
    cells = [_cell(window) for _ in heads[1:]]
    names = [f"{window.person} {n}" for n in rng.sample(range(2, 99), rng.randint(3, 12))]
    first = "<th style='width:1px'></th>" if has_ticks else ""
    columns = "".join(f"<th scope=col {marks('column header', '', text)}>{text}</th>" for text in heads)
    rows: list[str] = []
    for name in names:
        ticked = window.says(0.25)
        look = " style='background:#8883'" if ticked else ""
        tick = f"<td>{_tick(name, is_ticked=ticked)}</td>" if has_ticks else ""
        more = f"<td>{_button(window, does, name=f'{does}, {name}')}</td>" if does else ""
        values = "".join(f"<td>{html.escape(cell())}</td>" for cell in cells)
        rows.append(f"<tr{look}>{tick}<td>{name}</td>{values}{more}</tr>")
    head = f"<thead><tr>{first}{columns}{'<th></th>' if does else ''}</tr></thead>"
    body = f"<div class=main><table>{head}<tbody>{''.join(rows)}</tbody></table></div>"
    return f"{_tools(window)}{_tabs(window) if window.says(0.4) else ''}<div class=fill>{body}</div>{_pages(window)}"


def _tools(window: Window) -> str:
    icons = "".join(_icon(window, name, 20) for name in window.rng.sample(_TOOLS, window.rng.randint(0, 5)))
    texts = window.several(window.language.verbs, window.rng.randint(1, 3))
    buttons = "".join(_button(window, text, is_main=n == 0) for n, text in enumerate(texts))
    field = f'<input type=search {marks("text box")} placeholder="{window.thing}" style="min-width:120px">'
    return f"<div role=toolbar class=bar style='flex:none'>{buttons}{icons}{field if window.says(0.5) else ''}</div>"


def _pages(window: Window) -> str:
    """Which part of a long table is shown, and the way to others."""
    first, count = window.rng.randint(1, 40), window.rng.randint(3, 6)
    numbers = "".join(_button(window, str(first + n), is_main=n == 1) for n in range(count))
    sides = ("›", "‹") if window.language.is_rtl else ("‹", "›")
    back, on = (_button(window, arrow) for arrow in sides)
    look = f"flex:none;justify-content:{window.rng.choice(('end', 'center'))}"
    return f"<nav class=bar style='{look}'>{back}{numbers}{on}</nav>"


def _mail(window: Window) -> str:
    """Folders, a list of messages, and the one that is read."""
    folders = window.several(window.language.things, 6)
    side = "".join(
        f'<div style="padding:5px"><a href="#" {marks("link", "", text)}>{text}</a></div>' for text in folders
    )
    rows = "".join(
        f"<div role=option style='padding:6px 10px;border-bottom:1px solid #8884' {'class=on' if n == 1 else ''}>"
        f"<b>{window.person}</b><div style='white-space:nowrap'>{window.thing}, {window.thing}</div></div>"
        for n in range(window.rng.randint(3, 9))
    )
    texts = window.several(window.language.verbs, 3)
    answers = "".join(_button(window, text, is_main=n == 0) for n, text in enumerate(texts))
    words = " ".join(f"{window.thing} {window.verb}" for _ in range(window.rng.randint(8, 40)))
    letter = f"<h2>{window.thing}</h2><small>{window.person}, {_date(window)}</small><p>{words}.</p>{answers}"
    lists = f"<div role=listbox class=side style='width:{window.rng.randint(200, 300)}px;padding:0'>{rows}</div>"
    return (
        f"{_tools(window)}<div class=fill><nav class=side style='width:{window.rng.randint(110, 180)}px'>{side}</nav>"
        f"{lists}<div class=main style='padding:14px'>{letter}</div></div>"
    )


def _settings(window: Window) -> str:
    """Rows of a text and what it is set by."""
    rows: list[str] = []
    for text in window.several(window.language.things, window.rng.randint(4, 9)):
        control = window.rng.choice((_choice, _line, _switch, _options, _box))(window, text)
        rows.append(
            f"<div style='display:flex;align-items:center;justify-content:space-between;gap:24px;"
            f"padding:{window.rng.randint(4, 14)}px 0;border-bottom:1px solid #8883'><span>{text}</span>{control}</div>"
        )
    ends = "".join(
        _button(window, text, is_main=n == 0) for n, text in enumerate(window.several(window.language.verbs, 2))
    )
    look = f"padding:18px;max-width:{window.rng.randint(320, 620)}px"
    inside = f"<h1>{window.thing}</h1>{''.join(rows)}<p>{ends}</p>"
    return f"{_tabs(window)}<div class=main style='{look}'>{inside}</div>"


def _box(window: Window, text: str) -> str:
    return _tick(text, is_ticked=window.says(0.4))


def _options(window: Window, text: str) -> str:
    """Radio buttons, of which one is on."""
    texts = window.several(window.language.verbs, window.rng.randint(2, 3))
    inputs = "".join(
        f"<label><input type=radio name='{html.escape(text)}' {marks('radio button', '', one)}"
        f"{' checked' if n == 0 else ''}> {one}</label>"
        for n, one in enumerate(texts)
    )
    return f"<span role=radiogroup style='display:flex;gap:12px;white-space:nowrap'>{inputs}</span>"


def _choice(window: Window, text: str) -> str:
    options = "".join(f"<option>{html.escape(one)}" for one in window.several(window.language.things, 3))
    return f'<select {marks("drop-down list", "", text)} aria-label="{html.escape(text)}">{options}</select>'


def _line(window: Window, text: str) -> str:
    said = f'value="{window.person}"' if window.says(0.6) else f'placeholder="{window.thing}"'
    width = window.rng.randint(110, 200)
    return f'<input {marks("text box", "", text)} aria-label="{html.escape(text)}" {said} style="width:{width}px">'


def _switch(window: Window, text: str) -> str:
    is_on = window.says(0.5)
    colour = window.accent if is_on else ""
    side, ground = window.rng.randint(16, 24), window.shade if is_on else "#8889"
    knob = f"width:{side - 4}px;height:{side - 4}px;margin-inline-start:{side if is_on else 2}px"
    return (
        f'<span {marks("switch", colour, text)} aria-checked={str(is_on).lower()} aria-label="{html.escape(text)}" '
        f'style="flex:none;display:flex;align-items:center;width:{2 * side}px;height:{side}px;border-radius:{side}px;'
        f'background:{ground}"><i style="{knob};border-radius:50%;background:#fff"></i></span>'
    )


def _board(window: Window) -> str:
    """Columns of cards."""
    columns: list[str] = []
    for heading in window.several(window.language.things, window.rng.randint(3, 5)):
        cards = "".join(
            f"<div class=card style='padding:8px;margin:8px 0'><b>{window.thing}</b><div><small>{window.person}</small>"
            f"</div>{_button(window, window.verb) if window.says(0.4) else ''}</div>"
            for _ in range(window.rng.randint(1, 5))
        )
        columns.append(f"<div class=main style='padding:10px;flex:1'><h3>{heading}</h3>{cards}</div>")
    return f"{_tools(window)}<div class=fill>{''.join(columns)}</div>"


def _month(window: Window) -> str:
    """Six weeks of days, and what happens on some of them."""
    days = "".join(
        f"<td style='vertical-align:top;height:{window.row_px + 34}px'>{n % 31 + 1}"
        + (f"<div style='overflow:hidden'><a href='#' {marks('link', '', text)}>{text}</a></div>" if text else "")
        + ("</tr><tr>" if n % 7 == 6 else "</td>")
        for n in range(42)
        for text in [window.thing if window.says(0.25) else ""]
    )
    return f"{_tabs(window)}<div class=fill><div class=main><table><tr>{days}</tr></table></div></div>"


LAYOUTS: Mapping[str, Callable[[Window], str]] = {"table": _table, "mail": _mail, "settings": _settings}
KEPT_BACK: Mapping[str, Callable[[Window], str]] = {"board": _board, "month": _month}
"""Layouts that only pages apart from training have."""


def _dialog(window: Window) -> str:
    """A question above the page, which is dimmed under it."""
    x, y = window.rng.randint(10, 40), window.rng.randint(10, 40)
    ends = window.several(window.language.verbs, window.rng.randint(2, 3))
    buttons = "".join(_button(window, text, is_main=n == 0) for n, text in enumerate(ends))
    inside = "".join(
        (_line if window.says(0.7) else _choice)(window, window.thing) for _ in range(window.rng.randint(0, 1))
    )
    close = _icon(window, "close", 16) if window.says(0.5) else ""
    sheet = f"position:absolute;inset:0;z-index:20;background:rgba(0,0,0,{window.rng.choice((0.25, 0.4, 0.5))})"
    heading = f"{window.verb}: {window.thing}?"
    return (
        f"<div style='{sheet}'><div role=dialog aria-modal=true aria-label='{heading}' class=over "
        f"style='inset-inline-start:{x}%;top:{y}%;padding:18px;min-width:260px'>"
        f"<div style='display:flex;justify-content:space-between;gap:20px'><h2>{heading}</h2>{close}</div>"
        f"<p>{window.thing}, {window.person}, {_date(window)}</p>{inside}"
        f"<div style='display:flex;gap:10px;justify-content:end;margin-top:14px'>{buttons}</div></div></div>"
    )
