"""Answers of UI-TARS as a grammar: a thought, then one call or several of those that its version was told of."""

from collections.abc import Iterable

from ...model import Grammar
from ...tools import MODIFIERS, NAMED_KEYS
from .writing import STRING

_BOX = {"place": '<|box_start|> "(" x "," y ")" <|box_end|>', "at": "start_box", "start": "start_box", "end": "end_box"}
_POINT = {"place": '"<point>" x " " y "</point>"', "at": "point", "start": "start_point", "end": "end_point"}

_CALLS = {
    "click": '"click({at}=\'" place "\')"',
    "left_double": '"left_double({at}=\'" place "\')"',
    "right_single": '"right_single({at}=\'" place "\')"',
    "long_press": '"long_press({at}=\'" place "\')"',
    "drag": '"drag({start}=\'" place "\', {end}=\'" place "\')"',
    "hotkey": '"hotkey(key=\'" KEY (" " KEY){{0,2}} "\')"',
    "type": '"type(content=" STRING ")"',
    "scroll": '"scroll({at}=\'" place "\', direction=\'" /down|up|right|left/ "\')"',
    "wait": '"wait()"',
    "finished": '"finished(" ("content=" STRING)? ")"',
    "call_user": '"call_user()"',
    "press_home": '"press_home()"',
    "press_back": '"press_back()"',
}
_SWIPED = {
    "scroll": '"scroll({start}=\'" place "\', {end}=\'" place "\')"',
    "long_press": '"long_press({at}=\'" place "\', time=\'" /([1-9](\\.[1-9])?|0\\.[1-9])?/ "\')"',
}

# Named as people write them; a quote and a backslash would have to be escaped.
_KEYS = sorted({"ctrl", *(name.lower() for name in NAMED_KEYS.difference(MODIFIERS)), "shift", "alt", "meta"})
_TERMINALS = rf"""
HEAD: /Thought: [^\n]{{1,800}}(\n[^\nA \t][^\n]{{0,400}}){{0,8}}\nAction: /
STRING: {STRING}
KEY: /{"|".join(_KEYS)}|[!-&(-\[\]-~]/
"""


def thought_and_actions(words: Iterable[str], coordinates: str, writes_points: bool, swipes: bool) -> Grammar:
    """A thought, no line of which begins like an action, then up to four calls. `coordinates` are the rules x and y."""
    names = _POINT if writes_points else _BOX
    calls = _CALLS | (_SWIPED if swipes else {})
    known = [calls[word].format(**names) for word in words if word in calls]
    rules = f'start: HEAD action ("\\n\\n" action){{0,3}}\naction: {" | ".join(known)}\nplace: {names["place"]}\n'
    example = f"Thought: Click the button.\nAction: click({names['at']}='"
    return Grammar(rules + coordinates + _TERMINALS, examples=(example,))
