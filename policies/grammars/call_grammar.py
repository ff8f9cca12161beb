"""Answers of large checkpoints as a grammar: a thought in plain words, then calls that can all be carried out.

It is built from what `action_to_call` writes for each action, so that a model kept to it cannot write what
`parse_calls` refuses, and only what it has to choose takes a pass of the decoder.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ...model import Grammar, json_value
from ...tools import MODIFIERS, NAMED_KEYS, Function, Naming
from .tool_calls import CALL_END, CALL_START

_RULES = rf'''
start: THOUGHT? call ("\n" call){{0,7}}
call: "{CALL_START}\n{{\"name\": \"" (built_in "}}" | CUSTOM) "}}\n{CALL_END}"
built_in: "computer_use\", \"arguments\": {{\"action\": \"" computer
    | "select_option\", \"arguments\": {{" at ", \"option\": " STRING
    | "navigate\", \"arguments\": {{\"url\": " STRING
    | "page\", \"arguments\": {{\"action\": \"" /back|forward|reload/ "\""
    | "tab\", \"arguments\": {{\"action\": \"" tab
    | "upload\", \"arguments\": {{" at ", \"paths\": [" STRING (", " STRING){{0,9}} "]"
    | "pinch\", \"arguments\": {{" at ", \"factor\": " TENTHS
    | "ask\", \"arguments\": {{\"question\": " STRING
computer: /left_click|double_click|triple_click/ "\", " at held?
    | /right_click|middle_click/ "\", " at held? (", \"count\": " /[23]/)?
    | "mouse_move\", " at
    | "long_press\", " at (", \"time\": " TENTHS)?
    | "left_click_drag\", \"start_coordinate\": " pair ", " at held?
    | "scroll\", " at ", \"pixels\": " PIXELS
    | "hscroll\", " at ", \"pixels\": " PIXELS
    | "type\", " /"text"|"secret"/ ": " STRING
    | "key\", \"keys\": [" KEY (", " KEY){{0,3}} "]"
    | "wait\"" (", \"time\": " /[1-9]|[1-5][0-9]|60/)?
    | "terminate\", \"status\": \"" /success|failure/ "\"" (", \"text\": " STRING)?
    | "answer\", \"text\": " STRING
tab: "new\"" (", \"url\": " STRING)?
    | "switch\", \"index\": " /[0-9]{{1,2}}/
    | "close\"" (", \"index\": " /[0-9]{{1,2}}/)?
at: "\"coordinate\": " pair
held: ", \"keys\": [" MODIFIER (", " MODIFIER){{0,2}} "]"
THOUGHT: /[^<]{{1,1200}}/
PIXELS: /-?[1-9][0-9]{{0,3}}/
TENTHS: /[1-9](\.[1-9])?|0\.[1-9]/
STRING: /"([^"\\\x00-\x1f]|\\["\\nt]){{1,1000}}"/
KEY: /"({"|".join(sorted(NAMED_KEYS))}|[!-~])"/ & /"([^"\\])+"/
MODIFIER: /"({"|".join(sorted(MODIFIERS))})"/
'''

_THOUSANDTHS = """
pair: "[" NUMBER ", " NUMBER "]"
NUMBER: /[0-9]|[1-9][0-9]{1,2}/
"""
_EXAMPLE = CALL_START + '\n{{"name": "computer_use", "arguments": {{"action": "{arguments}}}}}\n' + CALL_END
_LIKELY = ('type", "text": "words"', 'left_click", "coordinate": [480, 480]')


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """Names in the place of coordinates: how they are given, the pattern of one, and an example."""

    naming: Naming
    pattern: str
    example: str


def thought_and_calls(custom: Iterable[Function] = (), place: NamedPlace | None = None) -> Grammar:
    """Plain words without a `<`, then one call or several, of the built-in functions and of the user's own.

    Coordinates are whole thousandths. Where places are named instead, scrolling needs none.
    """
    rules, likely = (_RULES + _THOUSANDTHS, _LIKELY) if place is None else _with_names(place)
    tools = " | ".join(_custom(function) for function in custom)
    rules = rules.replace(" | CUSTOM", f" | {tools}" if tools else "")
    return Grammar(rules.strip(), examples=tuple(_EXAMPLE.format(arguments=arguments) for arguments in likely))


def _with_names(place: NamedPlace) -> tuple[str, tuple[str, ...]]:
    """The rules and what is likely, with names in the place of pairs."""
    rules = _RULES.replace('scroll\\", " at ", ', 'scroll\\"" (", " at)? ", ')
    rules = f"{rules}pair: {place.pattern}\n"
    likely = (words.replace("[480, 480]", place.example) for words in _LIKELY)
    return place.naming.key(rules), tuple(place.naming.key(words) for words in likely)


def _custom(function: Function) -> str:
    # A schema that goes beyond what a grammar can say is checked when the tool is called.
    schema = {"type": "object"} if Grammar.of_schema(function.parameters).fault else function.parameters
    return f'"{function.name}\\", \\"arguments\\": " {json_value(schema)}'
