"""Steps of episodes, and what else can be asked for on their pages, as questions for clickwright/mini."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from ...policies.grammars import Canvas, answer
from ...screen import Box, Size
from ...tools import Action, Click, Hover, SelectOption, TypeText
from ..concepts import WORD
from ..mini.windows import NAMES
from ..packs import Row
from ..pages.questions import View
from ..shown import Element, Question

WHOLE = 16, 24
"""Rows and columns of cells of a picture; a task takes its left half."""
MOST_THINGS = 16
"""How much else is asked about a picture."""
BANNER_PX = 100
"""The strip that shows the goal: what stands there is asked for nowhere."""
_PUNCTUATION = ".,:;!?\"'()"
_LONGEST = 14
_PAGE = Canvas(size=Size(View().width, View().height))


def lessons(rng: Random, rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """The steps that are learned, each with the number of its picture, its goal first and other questions behind it."""
    found: list[tuple[int, Row]] = []
    for index in _told(rows):
        elements = elements_of(rows[index])
        asked = [goal_question(rows[index]), *thing_questions(rng, elements, MOST_THINGS)]
        things = [element.to_row() for element in elements]
        learned = {"group": rows[index]["task"], "extent": WHOLE, "things": things}
        found.append((index, learned | {"asked": [one.to_row() for one in asked]}))
    return found


def _told(rows: Sequence[Row]) -> list[int]:
    """The rows that are learned: a click with what is typed after it is one answer."""
    found = list[int]()
    for index, row in enumerate(rows):
        does = row["does"]["kind"]
        if does == "type" and found and found[-1] == index - 1 and _is_clicked_for(rows[index - 1], row):
            rows[index - 1]["types"] = row["does"]["text"]
        elif does in ("click", "select", "hover"):
            found.append(index)
    return found


def _is_clicked_for(before: Row, row: Row) -> bool:
    """Whether the step before gave the focus to what is typed into now."""
    is_same = (before["task"], before["seed"]) == (row["task"], row["seed"])
    return is_same and before["does"]["kind"] == "click"


def elements_of(row: Row) -> list[Element]:
    """What the page shows. A word is called by its letters alone, a control by its text."""
    return [_element(*thing) for thing in row["things"]]


def _element(kind: str, colour: str, name: str, x1: float, y1: float, x2: float, y2: float) -> Element:
    name = name.strip(_PUNCTUATION) if kind == WORD else name
    return Element(kind=kind, colour=colour, name=name, box=(x1, y1, x2, y2), visible=1.0)


def goal_question(row: Row) -> Question:
    """The goal of the episode, with what is to be done on this picture."""
    does, box, typed = row["does"], _target(row), row.get("types", "")
    center = box.center
    actions: Sequence[Action]
    match does["kind"]:
        case "click" if typed:
            actions, kind = (Click(point=center), TypeText(text=typed)), "type"
        case "click":
            actions, kind = (Click(point=center, count=does["count"]),), "left_click"
        case "select":
            actions, kind = (SelectOption(point=center, label=does["text"]),), "select"
        case "hover":
            actions, kind = (Hover(point=center),), "mouse_move"
        case other:
            raise AssertionError(f"no answer says {other}")
    said = answer(_description(row), box, actions, _PAGE)
    sides = box.x1, box.y1, box.x2, box.y2
    return Question(text=row["goal"], answer=said, kind=kind, box=sides, rung="goal", copied=typed)


def _target(row: Row) -> Box:
    """The thing that is acted on where its middle is a place to do so, else the surroundings of the place."""
    x, y = row["does"]["x"], row["does"]["y"]
    if row["target"] is not None:
        x1, y1, x2, y2 = row["target"][2:]
        box = Box(max(x1, 0), max(y1, 0), x2, y2)
        near = abs(box.center.x - x) <= max(8, box.width / 4) and abs(box.center.y - y) <= max(8, box.height / 4)
        if near and box.width >= 4 and box.height >= 4:
            return box
    return Box(max(x - 10, 0), max(y - 10, 0), x + 10, y + 10)


def _description(row: Row) -> str:
    """What is acted on: its text where the goal has it or it is a known word, and its kind."""
    kind, text = row["target"][:2] if row["target"] is not None else ("", "")
    text = " ".join(text.split())
    is_said = text and len(text) <= _LONGEST and text.isprintable() and not set(text) & set('<>()"\\')
    if is_said and (text.strip(_PUNCTUATION) in NAMES or text.lower() in row["goal"].lower()):
        return f"the {text} {kind}".strip()
    return f"the {kind or 'thing'}"


def thing_questions(rng: Random, elements: Sequence[Element], count: int) -> list[Question]:
    """Clicks on what no other thing of the page is called."""
    shown = [element for element in elements if element.box[1] >= BANNER_PX and element.visible > 0.95]
    named = Counter(element.name for element in shown if element.name and element.kind != WORD)
    written = Counter(element.name for element in shown if element.name and element.kind == WORD)
    able = [one for one in shown if _is_asked(one) and (written if one.kind == WORD else named)[one.name] == 1]
    rng.shuffle(able)
    return [_click(rng, element) for element in able[:count]]


def _is_asked(element: Element) -> bool:
    name = element.name
    return bool(name) and len(name) <= _LONGEST and name.isprintable() and not set(name) & set('<>()"\\')


def _click(rng: Random, element: Element) -> Question:
    name, kind = element.name, element.kind
    box = Box(*element.box)
    if kind == WORD:
        text = rng.choice((f'Click on the link "{name}".', f"Click the word {name}.", f"Locate the word {name}."))
        said = f"the {name} word" if name in NAMES or len(name) <= 4 else "the word"
    else:
        text = rng.choice((f'Click on the "{name}" {kind}.', f"Click the {name} {kind}.", f"Locate the {name} {kind}."))
        said = f"the {name} {kind}" if name in NAMES or len(name) <= 4 else f"the {kind}"
    actions: Sequence[Action] = () if text.startswith("Locate") else (Click(point=box.center),)
    kind = "left_click" if actions else "locate"
    return Question(text=text, answer=answer(said, box, actions, _PAGE), kind=kind, box=element.box, rung="word")
