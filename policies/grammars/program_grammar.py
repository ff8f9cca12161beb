"""Programs of pyautogui's calls as a grammar: calls that can all be carried out, and only what is chosen is written."""

import re

from .canvas import Canvas
from .numbers import coordinate_rules
from .program_words import KEY_WORDS, Words

_CALLS = r"""
program: call ("\n" call){0,3}
call: "pyautogui." CLICK "(" at ")"
    | "pyautogui.moveTo(" at ")" ("\npyautogui." over)?
    | "pyautogui.write(message=" STRING ")"
    | "pyautogui.press(keys=['" KEY "'])"
    | "pyautogui.hotkey(keys=['" KEY "'" (", '" KEY "'"){1,3} "])"
    | "browser.select_option(" at ", value=" STRING ")"
"""
_PAGES = r"""
over: "scroll(page=" FAR ")" | "hscroll(page=" FAR ")" | "dragTo(" at ", button='left')"
CLICK: /click|doubleClick|tripleClick|rightClick|middleClick/
FAR: /-?(0\.[0-9]?[1-9]|1)/
"""
_NOTCHES = r"""
over: "scroll(" FAR ")" | "hscroll(" FAR ")" | "dragTo(" at ", button='left')"
CLICK: /click|doubleClick|rightClick|middleClick/
FAR: /-?[1-9][0-9]?/
"""
_MOBILE = r"""    | "mobile." mobile
mobile: "swipe(from_coord=[" x ", " y "], to_coord=[" x ", " y "])" | "home()" | "back()"
    | "wait(seconds=" /[1-9]/ ")" | "long_press(" at ")"
"""
_DESKTOP = r"""    | "computer.wait()" | "computer.triple_click(" at ")"
"""
_STRINGS = r"""
at: "x=" x ", y=" y
STRING: /'([^'\\\x00-\x1f]|\\['\\nt]){0,1000}'/
"""
_SINGLE = r"[!-&(-\[\]-~]"
"""Keys of one character, but for the two that a string writes otherwise."""


def program_rules(words: Words, canvas: Canvas) -> str:
    """The rule `program` and all that it needs: calls in the words of a family, or its end."""
    more = _MOBILE if words.is_mobile else _DESKTOP
    ends = [f'"{words.terminate}(status=\'" /success|failure/ "\')"']
    if words.answer:
        ends.append(f'"{words.answer}(" STRING ")"')
    calls = _CALLS.rstrip().replace("program: call", "program: end | call")
    keys = "|".join(sorted(map(re.escape, {word for word in KEY_WORDS.values() if word != "browserback"})))
    rules = [
        calls + "\n" + more.lstrip("\n").rstrip(),
        f"end: {' | '.join(ends)}",
        (_PAGES if words.pages else _NOTCHES).strip(),
        _STRINGS.strip(),
        f"KEY: /{keys}|{_SINGLE}/",
        coordinate_rules(canvas).strip(),
    ]
    return "\n".join(rules) + "\n"
