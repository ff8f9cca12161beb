"""Answers of large checkpoints as a grammar: a thought in plain words, then calls that can all be carried out.

It is built from what `action_to_call` writes for each action, so that a model kept to it cannot write what
`parse_calls` refuses, and only what it has to choose takes a pass of the decoder.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from ...model import Grammar, json_value
from ...tools import MODIFIERS, NAMED_KEYS, Function, Naming
from .tool_calls import CALL_END, CALL_START


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before the name of a function, between it and the object of its arguments, and behind that."""

    begin: str
    middle: str
    end: str

    def around(self, name: str, arguments: str) -> str:
        """The text of a call."""
        return f"{self.begin}{name}{self.middle}{arguments}{self.end}"


HERMES = Frame(f'{CALL_START}\n{{"name": "', '", "arguments": ', f"}}\n{CALL_END}")

TERMINALS = rf"""
PIXELS: /-?[1-9][0-9]{{0,3}}/
TENTHS: /[1-9](\.[1-9])?|0\.[1-9]/
STRING: /"([^"\\\x00-\x1f]|\\["\\nt]){{1,1000}}"/
NAME: /"([^"\\\x00-\x1f]|\\["\\nt]){{1,200}}"/
KEY: /"({"|".join(sorted(NAMED_KEYS))}|[!-~])"/ & /"([^"\\])+"/
MODIFIER: /"({"|".join(sorted(MODIFIERS))})"/
"""
"""The values of arguments, but for coordinates."""

THOUGHT = r'"<think>" /[^<]{1,1200}/ ("<step>" /[^<]{1,400}/ "</step>" /[^<]{0,1200}/){0,4} "</think>\n"'
"""A thought between tags, with the sub-goals in it that InfiGUI-R1 was taught to mark."""

REASONING = "/[^<`][^<]{0,8000}/"
"""A thought whose tag the chat template wrote. Its end is `REASONED`; the code behind that begins with a `."""
REASONED = r'"</think>\n\n"'

_RULES = r"""
start: THOUGHT? call ("\n" call){0,7}
call: "<begin>" (built_in "}" | CUSTOM) "<end>"
built_in: "computer_use<middle>{\"action\": \"" computer
    | "select_option<middle>{" at ", \"option\": " STRING
    | "navigate<middle>{\"url\": " STRING
    | "page<middle>{\"action\": \"" /back|forward|reload/ "\""
    | "tab<middle>{\"action\": \"" tab
    | "upload<middle>{" at ", \"paths\": [" STRING (", " STRING){0,9} "]"
    | "pinch<middle>{" at ", \"factor\": " TENTHS
    | "ask<middle>{\"question\": " STRING
computer: /left_click|double_click|triple_click/ "\", " at held?
    | /right_click|middle_click/ "\", " at held? (", \"count\": " /[23]/)?
    | "mouse_move\", " at
    | "long_press\", " at (", \"time\": " TENTHS)?
    | "left_click_drag\", \"start_coordinate\": " pair ", " at held?
    | "scroll\", " at ", \"pixels\": " PIXELS
    | "hscroll\", " at ", \"pixels\": " PIXELS
    | "type\", " ("\"text\": " STRING | "\"secret\": " NAME)
    | "key\", \"keys\": [" KEY (", " KEY){0,3} "]"
    | "wait\"" (", \"time\": " /[1-9]|[1-5][0-9]|60/)?
    | "terminate\", \"status\": \"" /success|failure/ "\"" (", \"text\": " STRING)?
    | "answer\", \"text\": " STRING
tab: "new\"" (", \"url\": " STRING)?
    | "switch\", \"index\": " /[0-9]{1,2}/
    | "close\"" (", \"index\": " /[0-9]{1,2}/)?
at: "\"coordinate\": " pair
held: ", \"keys\": [" MODIFIER (", " MODIFIER){0,2} "]"
"""

_THOUSANDTHS = """pair: "[" NUMBER ", " NUMBER "]"
NUMBER: /[0-9]|[1-9][0-9]{1,2}/
"""

_LIKELY = ('{"action": "type", "text": "words"}', '{"action": "left_click", "coordinate": [480, 480]}')


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """Names in the place of coordinates: how they are given, the pattern of one, and an example."""

    naming: Naming
    pattern: str
    example: str


def thought_and_calls(
    custom: Iterable[Function] = (), frame: Frame = HERMES, thought: str = "[^<]", place: NamedPlace | None = None
) -> Grammar:
    """Plain words of the characters of a thought, then one call or several, of built-in functions and the user's own.

    Coordinates are whole thousandths. Where places are named instead, scrolling needs none.
    """
    rules, likely = (_RULES + _THOUSANDTHS, _LIKELY) if place is None else _with_names(place)
    rules = framed(rules, custom, frame)
    examples = tuple(frame.around("computer_use", arguments) for arguments in likely)
    return Grammar(f"{rules}THOUGHT: /{thought}{{1,1200}}/{TERMINALS}".strip(), examples=examples)


def _with_names(place: NamedPlace) -> tuple[str, tuple[str, ...]]:
    """The rules and what is likely, with names in the place of pairs."""
    rules = _RULES.replace('scroll\\", " at ", ', 'scroll\\"" (", " at)? ", ')
    rules = f"{rules}pair: {place.pattern}\n"
    likely = (words.replace("[480, 480]", place.example) for words in _LIKELY)
    return place.naming.key(rules), tuple(place.naming.key(words) for words in likely)


def framed(rules: str, custom: Iterable[Function], frame: Frame) -> str:
    """Rules with the frame in its places, and the user's own functions in that of CUSTOM."""
    for place, text in (("<begin>", frame.begin), ("<middle>", frame.middle), ("<end>", frame.end)):
        rules = rules.replace(place, _literal(text))
    return rules.replace(" | CUSTOM", "".join(f" | {_custom(function, frame)}" for function in custom))


def _custom(function: Function, frame: Frame) -> str:
    # A schema that goes beyond what a grammar can say is checked when the tool is called.
    schema = {"type": "object"} if Grammar.of_schema(function.parameters).fault else function.parameters
    return f'"{function.name}{_literal(frame.middle)}" {json_value(schema)}'


def _literal(text: str) -> str:
    """A text as it stands between the quotes of a grammar."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
