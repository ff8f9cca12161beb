"""Answers that are programs: a thought and what is done in words, then calls of pyautogui that do it.

    all
    Thought: ...
    Action: Click the "Search" button.
    os
    pyautogui.click(x=0.512, y=0.433)

or the same under headings, the calls in a fence. All of it is read, whichever of them a checkpoint was trained on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import BadModelOutput
from ...model import Grammar
from ...tools import Action, points_of
from ..reading.calls import Call
from ..reading.limits import quoted, require_short
from ..reading.programs import read_program
from .answers import Answer
from .canvas import Canvas
from .grounding import Reference
from .language import Occasion
from .plain import PlainPlaces
from .program_actions import program_actions
from .program_grammar import program_rules
from .program_words import AGUVIS, OPENCUA, Words, written_program

TO_ALL, TO_SYSTEM = "<|recipient|>all\n", "<|recipient|>os\n"
"""Before what is said, and before what is done."""

# Each begins with a line's start or with a mark: a search that may begin anywhere takes several times as long.
_TURN = re.compile(r"<\|recipient\|>os\b")
_CODE = re.compile(r"^(?:[ \t]*+(?:assistant)?os[ \t]*+$|#{1,6}[ \t]*+Code\b[ \t]*+:?)", re.MULTILINE)
_HEADING = re.compile(
    r"^(?:[ \t]*+#{1,6}[ \t]*+(Observation|Thought|Action|Code)\b[ \t]*+:?|(Observation|Thought|Action)[ \t]*+:)",
    re.MULTILINE,
)
_FENCE = re.compile(r"```(?:(?:python|py|code|json)\b)?")
_LINE = re.compile(r"^[ \t]*+(?:(?:import|from)[ \t]|(?=[A-Za-z_][A-Za-z0-9_.]{0,63}+\())", re.MULTILINE)
_ANYWHERE = re.compile(r"(?:pyautogui|computer|mobile|browser)\.[A-Za-z_]{1,32}+\(")
_MARK = re.compile(r"<\|[a-z_]{1,32}+\|>")
_TO = re.compile(r"^[ \t]*+(?:assistant)?(?:all|os)[ \t]*+$", re.MULTILINE)


def parse_program(text: str, canvas: Canvas) -> Answer:
    """What an answer says and does, in screenshot pixels.

    Of several fences the last counts. Tolerated: missing headings and fences, marks that were stripped, words behind
    the calls. Raises BadModelOutput for an answer without a call, and as `read_program` and `program_actions` do.
    """
    require_short(text)
    calls, start, end = _calls(text)
    said = _said(text[:start])
    return Answer(
        thought=said.get("Thought", ""),
        references=(),
        actions=program_actions(calls, canvas),
        step=said.get("Action") or text[start:end].strip(),
    )


@dataclass(frozen=True, slots=True)
class RecipientTurns:
    """What is said to all, then what is done by the system, as Aguvis was trained on it: each a turn of its own."""

    words: Words = AGUVIS

    def parse(self, text: str, canvas: Canvas) -> Answer:
        return parse_program(text, canvas)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        said = f"{TO_ALL}Thought: {thought}\n" if thought else ""
        return f"{said}{TO_SYSTEM}{written_program(actions, canvas, self.words)}"

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        """What is done; where a plan is asked for, that or what is said, whichever the model begins with."""
        rules = program_rules(self.words, canvas)
        if not occasion.plans:
            return Grammar(f"start: program\n{rules}", examples=("pyautogui.click(x=0.5, y=0.5)",))
        start = r'start: "os\n" program | "all\nThought: " LINE "\nAction: " LINE'
        return Grammar(f"{start}\nLINE: /[^\\n\\x00-\\x1f]{{1,1200}}/\n{rules}")


@dataclass(frozen=True, slots=True)
class FencedPrograms:
    """A thought, what is done, and the calls in a fence, each under its heading, as OpenCUA was trained on it."""

    words: Words = OPENCUA

    def parse(self, text: str, canvas: Canvas) -> Answer:
        return parse_program(text, canvas)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        said = f"## Thought:\n{thought}\n\n" if thought else ""
        program = written_program(actions, canvas, self.words)
        fence = "code" if program.startswith(("computer.terminate", "computer.wait", "browser.")) else "python"
        return f"{said}## Code:\n```{fence}\n{program}\n```"

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        rules = program_rules(self.words, canvas)
        return Grammar(
            'start: ("## Thought:\\n" words "\\n\\n## Action:\\n" words "\\n\\n")? "## Code:\\n```" fenced "\\n```"\n'
            'fenced: /python|code/ "\\n" program\n'
            "words: LINE (/\\n{1,2}/ LINE){0,20}\n"
            f"LINE: /[^#\\n\\x00-\\x1f][^\\n\\x00-\\x1f]{{0,600}}/\n{rules}"
        )


@dataclass(frozen=True, slots=True)
class ClickedPlaces:
    """Where something is, said by clicking there. `template` has places for {x} and {y}."""

    template: str = "pyautogui.click(x={x}, y={y})"

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        """Where each call happens; without a call, every place of the text."""
        require_short(text)
        if not any(pattern.search(text) for pattern in (_LINE, _ANYWHERE)):
            return PlainPlaces().parse(text, canvas)
        actions = program_actions(_calls(text)[0], canvas)
        return tuple(
            Reference(description="", shapes=points[-1:]) for action in actions if (points := points_of(action))
        )

    def write(self, reference: Reference, canvas: Canvas) -> str:
        return PlainPlaces(point=self.template).write(reference, canvas)

    def grammar(self, canvas: Canvas) -> Grammar | None:
        return PlainPlaces(point=self.template).grammar(canvas)


def _calls(text: str) -> tuple[tuple[Call, ...], int, int]:
    """The calls of an answer, and where they begin and end. Raises BadModelOutput where there is none."""
    start = max((mark.end() for pattern in (_TURN, _CODE) for mark in pattern.finditer(text)), default=0)
    found: tuple[tuple[Call, ...], int, int] = (), start, start
    fence, line = _FENCE.search(text, start), _LINE.search(text, start)
    if line is not None and (fence is None or line.start() < fence.start()):
        found = _read(text, line.start())
        fence = _FENCE.search(text, found[2])
    while fence is not None:
        fenced = _read(text, fence.end())
        found = fenced if fenced[0] else found
        closing = text.find("```", fenced[2])
        fence = _FENCE.search(text, closing + 3) if closing >= 0 else None
    anywhere = None if found[0] or _ends_in_thought(text, start) else _ANYWHERE.search(text, start)
    if anywhere is not None:
        found = _read(text, anywhere.start())
    if not found[0]:
        raise BadModelOutput(f"expected calls such as pyautogui.click(x=..., y=...), saw {quoted(text[start:])}")
    return found


def _ends_in_thought(text: str, start: int) -> bool:
    """Whether the last heading is that of a thought or of what is seen: a call in its words is not done."""
    last = None
    for heading in _HEADING.finditer(text, start):
        last = heading[1] or heading[2]
    return last in ("Thought", "Observation")


def _read(text: str, start: int) -> tuple[tuple[Call, ...], int, int]:
    calls, end = read_program(text, start)
    return calls, start, end


def _said(text: str) -> dict[str, str]:
    """What stands under each heading; without any, all of it is a thought."""
    headings = list(_HEADING.finditer(text))
    if not headings:
        return {"Thought": _plain(text)}
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    pieces = zip(headings, ends, strict=True)
    return {heading[1] or heading[2]: _plain(text[heading.end() : end]) for heading, end in pieces}


def _plain(text: str) -> str:
    """The same without marks of the chat, names of recipients and fences around it."""
    bare = _TO.sub("", _MARK.sub("\n", text)).strip()
    return _FENCE.split(bare)[0].strip()
