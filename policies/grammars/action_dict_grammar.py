"""The answers of `ActionDicts` as a grammar: what is not chosen is forced."""

import json
from collections.abc import Mapping

from ...model import Grammar
from ...tools import NAMED_KEYS
from .action_dict_words import KEY_WORDS
from .canvas import Canvas
from .numbers import coordinate_rules

_FORMS: Mapping[str, tuple[str, str]] = {
    "CLICK": ("none", "point"),
    "TAP": ("none", "point"),
    "INPUT": ("TEXT", "none"),
    "TYPE": ("TEXT", "none"),
    "SELECT": ("(none | TEXT)", "point"),
    "HOVER": ("none", "point"),
    "ANSWER": ("TEXT", "none"),
    "ENTER": ("none", "none"),
    "SCROLL": ("direction", "none"),
    "SELECT_TEXT": ("none", "path"),
    "COPY": ("TEXT", "none"),
    "SWIPE": ("none", "path"),
    "LEFT_CLICK_DOUBLE": ("none", "point"),
    "RIGHT_CLICK_SINGLE": ("none", "point"),
    "DRAG": ("none", "path"),
    "HOT_KEY": ("keys", "none"),
    "WAIT": ("none", "none"),
    "FINISH": ("(none | TEXT)", "none"),
    "LONG_PRESS": ("/[1-9]/", "point"),
    "PRESS_HOME": ("none", "none"),
    "PRESS_BACK": ("none", "none"),
}
"""What each name has as its value and as its position: rules of the grammar."""
_IN_JSON = {"SCROLL": ("direction", "point")}
"""Where TongUI differs."""


def action_dict_grammar(names: tuple[str, ...], canvas: Canvas, *, is_json: bool, types_at: bool) -> Grammar:
    """Up to eight dictionaries: in a row, or in JSON one alone or a list behind a thought."""
    quote = '"' if is_json else "'"
    forms = dict(_FORMS) | (_IN_JSON if is_json else {})
    if types_at:
        forms |= dict.fromkeys(("INPUT", "TYPE"), ("TEXT", "point"))
    items = "\n    | ".join(_item(name, *forms[name], quote) for name in names)
    start = _JSON_START if is_json else _PYTHON_START
    keys = "|".join(sorted({KEY_WORDS.get(name, name.lower()) for name in NAMED_KEYS}))
    rules = f"""
{start}
dict: {_literal("{" + f"{quote}action{quote}: {quote}")} item "}}"
item: {items}
none: "{"null" if is_json else "None"}"
point: "[" x ", " y "]"
path: "[" point ", " point "]"
direction: {_literal(quote)} /up|down|left|right/ {_literal(quote)}
keys: {_literal(quote)} KEY (" " KEY){{0,3}} {_literal(quote)}
KEY: /{keys}|[!#-&(-,.-\\[\\]-~]/
{coordinate_rules(canvas)}"""
    example = f"{{{quote}action{quote}: {quote}{names[0]}{quote}, {quote}value{quote}: "
    return Grammar(rules.strip(), examples=(example,))


_PYTHON_START = r"""start: dict (/,\n?/ dict){0,7}
TEXT: /'([^'\\\x00-\x1f]|\\['"\\nt]){0,1000}'/ | /"([^"\\\x00-\x1f]|\\['"\\nt]){0,1000}"/"""
_JSON_START = r"""start: "Thought: " THOUGHT "\nAction: " (dict | "[" dict (", " dict){1,7} "]")
THOUGHT: /[^\n<]{1,600}/
TEXT: /"([^"\\\x00-\x1f]|\\["\\nt]){0,1000}"/"""


def _item(name: str, value: str, position: str, quote: str) -> str:
    before = _literal(f"{name}{quote}, {quote}value{quote}: ")
    return f"{before} {value} {_literal(f', {quote}position{quote}: ')} {position}"


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
