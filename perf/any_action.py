"""Random actions of every kind, made quickly: what languages are tried on by the hundred thousand."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from ..screen import Point, Size
from ..tools import (
    MODIFIERS,
    NAMED_KEYS,
    Action,
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)

TOOL = "look_up"
_PIECES = (
    *(
        "pear",
        " ",
        "\n",
        "\t",
        "'",
        '"',
        "\\",
        "\\n",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "=",
        "#",
        "汉字",
        "🙂",
        "é",
    ),
    *("</tool_call>", "<|im_end|>", "<point>", "Action: ", "click(", "]]", "')", '")', "12", "None", "```"),
)
_KEYS = (*sorted(NAMED_KEYS), *"aZ5+-é/")
_Word = TypeVar("_Word", bound=str)


def random_action(random: Random, size: Size) -> Action:
    """Any action, with its points on a screen of this size."""

    def point() -> Point:
        return Point(random.uniform(0, size.width - 1), random.uniform(0, size.height - 1))

    def text(least: int = 0) -> str:
        return "".join(random.choices(_PIECES, k=random.randint(least, 6)))

    def some(words: Sequence[_Word], least: int, most: int) -> tuple[_Word, ...]:
        return tuple(random.choices(words, k=random.randint(least, most)))

    makers: tuple[Callable[[], Action], ...] = (
        lambda: Click(
            point=point(),
            button=random.choice(("left", "right", "middle")),
            count=random.randint(1, 3),
            modifiers=some(MODIFIERS, 0, 2),
        ),
        lambda: Click(point=point(), count=random.randint(1, 3)),
        lambda: LongPress(point=point(), duration_s=random.choice((0.5, 0.8, 1.0, 2.0))),
        lambda: Hover(point=point()),
        lambda: Drag(path=tuple(point() for _ in range(random.randint(2, 4)))),
        lambda: Scroll(point=point(), dy=random.randint(-3000, 3000)),
        lambda: Scroll(point=point(), dx=random.randint(-3000, 3000), dy=random.randint(-3000, 3000)),
        lambda: Scroll(point=point(), dy=random.randint(-3000, 3000), modifiers=some(MODIFIERS, 1, 2)),
        lambda: Pinch(point=point(), factor=random.choice((0.5, 2))),
        lambda: TypeText(text=text()),
        lambda: TypeText(secret=text(1)),
        lambda: Press(keys=some(_KEYS, 1, 4)),
        lambda: Navigate(url=text(1)),
        lambda: random.choice((Back(), Forward(), Reload())),
        lambda: NewTab(url=text()),
        lambda: SwitchTab(index=random.randint(0, 20)),
        lambda: CloseTab(index=random.choice((None, 3))),
        lambda: SelectOption(point=point(), label=text()),
        lambda: Upload(point=point(), paths=tuple(text() for _ in range(random.randint(1, 3)))),
        lambda: Wait(seconds=random.choice((0.5, 1, 5, 60))),
        lambda: CallTool(name=TOOL, arguments={"word": text(), "times": random.randint(0, 9)}),
        lambda: Ask(question=text(1)),
        lambda: Finish(status=random.choice(("success", "failure")), answer=text()),
    )
    return random.choice(makers)()
