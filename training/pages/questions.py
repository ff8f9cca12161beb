"""Elements of a page to instructions and answers: what can be asked for without doubt, in the words of the mini."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from ...policies.grammars import Canvas, answer, encode_calls
from ...screen import Box, Point, Size
from ...tools import Action, Click, Hover, Press, Scroll, SelectOption, TypeText
from ..concepts import FILLER, HUES, ICON_FILES, KINDS, SHAPES, WORDS
from ..shown import PAGE_PX, Element, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A description that fits exactly one element of a picture.

    Rung "a" needs no reading, rung "b" that of one of the closed words, rung "word" that of any text.
    """

    text: str
    element: Element
    rung: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where a picture lies on its page, in px: answers are thousandths of the page."""

    x: float = 0
    y: float = 0
    width: int = PAGE_PX[0]
    height: int = PAGE_PX[1]


def phrases(elements: Sequence[Element]) -> list[Phrase]:
    """Every element that is seen whole and can be named without doubt, with each way to name it."""
    present = [element for element in elements if element.visible > 0.1]
    found: list[Phrase] = []
    for element in present:
        if element.visible < 0.95:
            continue
        for text, wanted, rung in _descriptions(element):
            if sum(_fits(other, wanted) for other in present) == 1:
                found.append(Phrase(text=text, element=element, rung=rung))
    return found


def _descriptions(element: Element) -> list[tuple[str, dict[str, str], str]]:
    """Words, the attributes that they state, and the rung."""
    kind, colour, name = element.kind, element.colour, element.name
    of_kind = {"kind": kind}
    found: list[tuple[str, dict[str, str], str]] = []
    if kind in SHAPES:
        found.append((f"the {colour} {kind}", of_kind | {"colour": colour}, "a"))
        if element.size:
            sized = of_kind | {"colour": colour, "size": element.size}
            found.append((f"the {element.size} {colour} {kind}", sized, "a"))
        return found
    if kind == "icon":
        found.append((f"the {name} icon", of_kind | {"name": name}, "a"))
        if colour:
            found.append((f"the {colour} {name} icon", of_kind | {"name": name, "colour": colour}, "a"))
        return found
    if colour:
        found.append((f"the {colour} {kind}", of_kind | {"colour": colour}, "a"))
    if name in WORDS:
        found.append((f"the {name} {kind}", of_kind | {"name": name}, "b"))
    elif name:
        found.append((f'the "{name}" {kind}', of_kind | {"name": name}, "word"))
    if kind not in ("button", "link"):
        found.append((f"the {kind}", of_kind, "a"))
    return found


def _fits(element: Element, wanted: dict[str, str]) -> bool:
    return all(getattr(element, name) == value for name, value in wanted.items())


def question(rng: Random, phrase: Phrase, view: View) -> Question:
    """One instruction about the phrase's element, with its answer."""
    kind = phrase.element.kind
    center = _on_page(phrase, view).center
    if rng.random() < 0.3:
        return _about(phrase, f"Locate {phrase.text}.", (), "locate", view)
    if kind == "text box" and rng.random() < 0.85:
        text = typed_text(rng)
        verb = rng.choice(("Type", "Type", "Type", "Enter"))
        actions = Click(point=center), TypeText(text=text)
        return _about(phrase, f'{verb} "{text}" into {phrase.text}.', actions, "type", view, copied=text)
    if kind == "drop-down list" and rng.random() < 0.85:
        text = typed_text(rng)
        verb = rng.choice(("Choose", "Choose", "Choose", "Select"))
        actions = (SelectOption(point=center, label=text),)
        return _about(phrase, f'{verb} "{text}" in {phrase.text}.', actions, "select", view, copied=text)
    verb, name = _verb(rng, kind)
    return _about(phrase, f"{verb} {phrase.text}.", (_POINTED[name](center),), name, view)


_POINTED: Mapping[str, Callable[[Point], Action]] = {
    "left_click": lambda point: Click(point=point),
    "double_click": lambda point: Click(point=point, count=2),
    "right_click": lambda point: Click(point=point, button="right"),
    "mouse_move": lambda point: Hover(point=point),
}


def _verb(rng: Random, kind: str) -> tuple[str, str]:
    if rng.random() < 0.1:
        return rng.choice(
            (("Double-click", "double_click"), ("Right-click", "right_click"), ("Hover over", "mouse_move"))
        )
    special = {"check box": ("Tick",), "switch": ("Turn on", "Turn off"), "radio button": ("Select",)}.get(kind, ())
    return rng.choice(("Click", "Click", "Click", "Click", "Press", *special)), "left_click"


def _on_page(phrase: Phrase, view: View) -> Box:
    x1, y1, x2, y2 = phrase.element.box
    return Box(x1 + view.x, y1 + view.y, x2 + view.x, y2 + view.y)


def _about(
    phrase: Phrase, text: str, actions: Sequence[Action], kind: str, view: View, *, copied: str = ""
) -> Question:
    written = answer(phrase.text, _on_page(phrase, view), actions, Canvas(size=Size(view.width, view.height)))
    return Question(text=text, answer=written, kind=kind, box=phrase.element.box, rung=phrase.rung, copied=copied)


def made_up_question(rng: Random) -> Question:
    """An instruction about a thing that is nowhere: what to do and what to type are learned from the words alone."""
    if rng.random() < 0.15:
        return key_question(rng)
    kind = rng.choice(("text box",) * 8 + ("drop-down list",) * 6 + KINDS)
    x, y = rng.uniform(0, 1100), rng.uniform(0, 680)
    box = x, y, x + rng.uniform(20, 180), y + rng.uniform(20, 46)
    colour = rng.choice(("", *HUES)) if kind not in SHAPES else rng.choice(tuple(HUES))
    name = rng.choice(tuple(ICON_FILES) if kind == "icon" else ("", *WORDS))
    element = Element(kind=kind, colour=colour, name=name, box=box, visible=1)
    text, _, rung = rng.choice(_descriptions(element) or [(f"the {kind}", {}, "a")])
    made = question(rng, Phrase(text=text, element=element, rung=rung), View())
    return replace(made, made_up=True)


_KEYS = ("Enter", "Tab", "Escape", "Backspace", "Delete", "PageDown", "PageUp", "ArrowDown", "ArrowUp")


def key_question(rng: Random) -> Question:
    """A key, a chord, or scrolling: the questions that no picture is needed for."""
    page = View()
    size = Size(page.width, page.height)
    if rng.random() < 0.2:
        way, dy = rng.choice((("down", 400), ("up", -400)))
        scroll = Scroll(point=size.box.center, dy=dy)
        return Question(text=f"Scroll {way}.", answer=encode_calls([scroll], Canvas(size=size)), kind="scroll")
    keys = [rng.choice(_KEYS)]
    if rng.random() < 0.35:
        held = rng.choice((["Control"], ["Shift"], ["Alt"], ["Control", "Shift"]))
        keys = [*held, rng.choice((*_KEYS, *"abcdefghijklmnopqrstuvwxyz"))]
    pressed = encode_calls([Press(keys=tuple(keys))], Canvas(size=size))
    return Question(text=f"Press {'+'.join(keys)}.", answer=pressed, kind="key")


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ANY = _LETTERS * 3 + _LETTERS.upper() + "0123456789" + "-.,:;!?@/#&+ "


def typed_text(rng: Random) -> str:
    """Something that is typed or chosen: words, names, numbers, addresses, or any characters."""
    match rng.randrange(7):
        case 0:
            return " ".join(_word(rng) for _ in range(rng.randint(1, 3)))
        case 1:
            return " ".join(rng.sample(FILLER, rng.randint(1, 3))).capitalize()
        case 2:
            return _word(rng).capitalize()
        case 3:
            return f"{_word(rng)}@{_word(rng)}.{rng.choice(('com', 'org', 'net', 'de'))}"
        case 4 | 5:
            return str(rng.randrange(10 ** rng.randint(1, 6)))
        case _:
            return "".join(rng.choices(_ANY, k=rng.randint(2, 18))).strip() or "x"


_SYLLABLES = [a + b for a in "bcdfghjklmnprstvwz" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "on", "ar")]


def _word(rng: Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4)))
