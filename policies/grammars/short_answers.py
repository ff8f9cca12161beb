"""The answers of one step as a grammar: a thing, its box, and what is done there; or what needs no place.

It is what `answer` writes for the actions that clickwright/mini was taught, so that a model kept to it cannot write
what `parse_answer` does not read, nor type a word that it was not told.
"""

import json
import re

from ...model import Grammar
from ...tools import NAMED_KEYS
from .grounding import BOX_END, BOX_START, REF_END, REF_START
from .tool_calls import CALL_END, CALL_START

_PLACE = rf"""
place: {REF_START} DESCRIPTION {REF_END} {BOX_START} "(" NUMBER "," NUMBER "),(" NUMBER "," NUMBER ")" {BOX_END}
DESCRIPTION: /[^<>()"\\\x00-\x1f]{{1,80}}/
NUMBER: /[0-9]|[1-9][0-9]{{1,2}}/
"""

_CALLS = rf'''
there: _START _COMPUTER (/left_click|double_click|right_click|mouse_move/ "\"" | typing) _END
    | _START "select_option\", \"arguments\": {{\"option\": " _TOLD _END
elsewhere: _START _COMPUTER (typing | keys | scrolling | /wait/ "\"") _END
typing: "type\", \"text\": " _TOLD
keys: "key\", \"keys\": [" KEY (", " KEY){{0,3}} "]"
scrolling: "scroll\", \"" ("coordinate\": [" NUMBER ", " NUMBER "], \"")? "pixels\": " /-?[1-9][0-9]{{0,3}}/
_START: "{CALL_START}\n{{\"name\": \""
_COMPUTER: "computer_use\", \"arguments\": {{\"action\": \""
_END: "}}}}\n{CALL_END}"
KEY: /"({"|".join(sorted(NAMED_KEYS))}|[!-~])"/ & /"([^"\\])+"/
_TOLD: "\"" WORDS "\""
'''

_CHUNKS = re.compile(r"\w+|\W")

ONE_PLACE = Grammar(f"start: place{_PLACE}")
"""A place alone."""


def short_answer(instruction: str) -> Grammar:
    """A place and the calls there, or calls without one; what they type or choose are words of the instruction."""
    told = [json.dumps(chunk, ensure_ascii=False)[1:-1] for chunk in _CHUNKS.findall(instruction)]
    words = f'WORDS: %regex {{"substring_chunks": {json.dumps(told)}}}\n'
    return Grammar(f'start: place ("\\n" there){{0,4}} | elsewhere ("\\n" elsewhere){{0,4}}{_PLACE}{_CALLS}{words}')
