"""The answers of one step as a grammar: a thing, its box, and what is done there; or what needs no place.

It is what `answer` writes for the actions that clickwright/mini was taught, so that a model kept to it cannot write
what `parse_answer` does not read, nor type a word that it was not told.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from ...model import Grammar
from ...screen import Box
from ...tools import NAMED_KEYS
from .grounding import BOX_END, BOX_START, REF_END, REF_START
from .tool_calls import CALL_END, CALL_START

_PLACE = rf"""
place: {REF_START} DESCRIPTION {REF_END} {BOX_START} "(" corner "),(" X "," Y ")" {BOX_END}
DESCRIPTION: /[^<>()"\\\x00-\x1f]{{1,80}}/
"""

_CALLS = rf'''
there: _START _COMPUTER (/left_click|double_click|right_click|mouse_move/ "\"" | typing) _END
    | _START "select_option\", \"arguments\": {{\"option\": " _TOLD _END
elsewhere: _START _COMPUTER (typing | keys | scrolling | /wait/ "\"") _END
typing: "type\", \"text\": " _TOLD
keys: "key\", \"keys\": [" KEY (", " KEY){{0,3}} "]"
scrolling: "scroll\", \"" ("coordinate\": [" X ", " Y "], \"")? "pixels\": " /-?[1-9][0-9]{{0,3}}/
_START: "{CALL_START}\n{{\"name\": \""
_COMPUTER: "computer_use\", \"arguments\": {{\"action\": \""
_END: "}}}}\n{CALL_END}"
KEY: /"({"|".join(sorted(NAMED_KEYS))}|[!-~])"/ & /"([^"\\])+"/
_TOLD: "\"" WORDS "\""
'''

_EXAMPLES = (
    f"{REF_START}the button{REF_END}{BOX_START}(480,480),(560,560){BOX_END}\n"
    f'{CALL_START}\n{{"name": "computer_use", "arguments": {{"action": "left_click"}}}}\n{CALL_END}',
)

LEAST = 6
"""Thousandths of the screen that another place is away on one axis, however small the box was that was tried."""
_CHUNKS = re.compile(r"\w+|\W")
_QUOTED = re.compile(r'"([^"]+)"')


Reach = tuple[int, int]
"""How many coordinates there are on each axis, from 0 on."""
ALL: Reach = (1000, 1000)


def one_place(reach: Reach = ALL) -> Grammar:
    """A place alone."""
    return Grammar(f"start: place{_PLACE}{_corner((), reach)}{_numbers(reach)}")


def one_point(reach: Reach = ALL) -> Grammar:
    """A place alone, that is a point."""
    point = f'{REF_START} DESCRIPTION {REF_END} {BOX_START} "(" X "," Y ")" {BOX_END}'
    return Grammar(f"start: {point}\n{_PLACE.splitlines()[-1]}\n{_numbers(reach)}")


def short_answer(instruction: str, tried: Sequence[Box] = (), reach: Reach = ALL) -> Grammar:
    """A place and the calls there, or calls without one; what they type or choose is quoted in the instruction.

    Where it quotes nothing it is words of it. The place is none of those that were `tried`, boxes in thousandths: its
    first corner lies at least half of such a box away from that box's.
    """
    start = 'start: place ("\\n" there){0,4} | elsewhere ("\\n" elsewhere){0,4}'
    rules = f"{start}{_PLACE}{_corner(tried, reach)}{_numbers(reach)}{_CALLS}{_words(instruction)}"
    return Grammar(rules, examples=_EXAMPLES)


def _numbers(reach: Reach) -> str:
    """The terminals of all coordinates on each axis."""
    return f"X: /{_any(range(reach[0]))}/\nY: /{_any(range(reach[1]))}/\n"


def _words(instruction: str) -> str:
    """The terminal of what may be typed: each quoted text as a whole, else any words that stand in a row."""
    quoted = [_json_text(text) for text in _QUOTED.findall(instruction)]
    # A mark that is forced as a whole would be the token of that name, and Lark takes no control characters.
    if quoted and "<|" not in instruction and instruction.isprintable():
        return f"WORDS: {' | '.join(json.dumps(text, ensure_ascii=False) for text in quoted)}\n"
    chunks = [_json_text(chunk) for chunk in _CHUNKS.findall(instruction)]
    return f'WORDS: %regex {{"substring_chunks": {json.dumps(chunks)}}}\n'


def _json_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _corner(tried: Sequence[Box], reach: Reach) -> str:
    """The rule of a first corner: for each x the y that no tried box takes away."""
    if not tried:
        return 'corner: X "," Y\n'
    xs_near: defaultdict[tuple[Box, ...], list[int]] = defaultdict(list)
    for x in range(reach[0]):
        xs_near[tuple(box for box in tried if abs(x - box.x1) <= max(LEAST, box.width / 2))].append(x)
    kept = [(xs, ys) for near, xs in xs_near.items() if (ys := _ys_away_from(near, reach[1]))]
    if not kept:
        return 'corner: X "," Y\n'  # all there is was tried
    rule = " | ".join(f'X{n} "," Y{n}' for n in range(len(kept)))
    terminals = (f"X{n}: /{_any(xs)}/\nY{n}: /{_any(ys)}/\n" for n, (xs, ys) in enumerate(kept))
    return f"corner: {rule}\n{''.join(terminals)}"


def _ys_away_from(boxes: Sequence[Box], count: int) -> list[int]:
    return [y for y in range(count) if all(abs(y - box.y1) > max(LEAST, box.height / 2) for box in boxes)]


def _any(numbers: Sequence[int]) -> str:
    """A pattern of these numbers, in order; ten of them that begin alike are one class of digits."""
    if len(numbers) == ALL[0]:
        return "[0-9]|[1-9][0-9]{1,2}"
    tens = groupby(numbers, lambda number: number // 10)
    return "|".join(f"{ten or ''}[{''.join(str(number % 10) for number in each)}]" for ten, each in tens)
