"""Text and chords on the keyboard of a page."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Keyboard

from ...errors import ActionFailed
from .faults import reason_of

LONGEST_TYPED_CHARS = 200
"""Text up to this length is typed key by key, as a page that listens to keys expects; 2,000 would take 5 s."""
_ONLY_ON_PHONES = ("GoHome", "AppSwitch", "Power", "AudioVolumeUp", "AudioVolumeDown")


async def type_text(keyboard: Keyboard, text: str, look: Callable[[], Awaitable[None]] | None = None) -> None:
    """Exactly this text. A line break is the Enter key and a tab the Tab key, as when a person types.

    Of a long text only the last character is a key, for pages that look at a field when a key is let go. With a `look`
    that comes before each key but the first.
    """
    for number, (stroke, keys) in enumerate(_strokes(keyboard, text, singly=look is not None)):
        if number and look is not None:
            await look()
        await stroke(keys)


def _strokes(keyboard: Keyboard, text: str, *, singly: bool) -> Iterator[tuple[Callable[[str], Awaitable[None]], str]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    is_long = len(text) > LONGEST_TYPED_CHARS
    for number, line in enumerate(text.split("\n")):
        if number:
            yield keyboard.press, "Enter"
        for column, cell in enumerate(line.split("\t")):
            if column:
                yield keyboard.press, "Tab"
            if is_long and len(cell) > 1:
                yield keyboard.insert_text, cell[:-1]
                cell = cell[-1]
            yield from ((keyboard.type, one) for one in (cell if singly else (cell,)))


async def press(keyboard: Keyboard, keys: tuple[str, ...]) -> None:
    """A chord: down in order, up in reverse. Raises ActionFailed for keys that no browser has."""
    for key in keys:
        if key in (*_ONLY_ON_PHONES, "GoBack"):
            raise ActionFailed(f"a browser has no key {key}" + (" in a chord" if key == "GoBack" else ""))
    try:
        async with held(keyboard, _codes(keys)):
            pass
    except PlaywrightError as error:
        if "Unknown key" not in str(error):
            raise
        character = "".join(keys)
        if len(character) > 1:
            raise ActionFailed(f"the keyboard of this browser has no {reason_of(error).partition(': ')[2]}") from None
        await keyboard.insert_text(character)


def _codes(keys: tuple[str, ...]) -> tuple[str, ...]:
    """With Shift, the places of letters and digits on the keyboard: only then does Playwright give "K" and "!"."""
    if "Shift" not in keys:
        return keys
    return tuple(_code(key) for key in keys)


def _code(key: str) -> str:
    if len(key) == 1 and key.isascii():
        if key.isalpha():
            return f"Key{key.upper()}"
        if key.isdecimal():
            return f"Digit{key}"
    return key


@asynccontextmanager
async def held(keyboard: Keyboard, keys: Sequence[str]) -> AsyncGenerator[None]:
    """Press the keys in order, and release them in reverse whatever happens."""
    down: list[str] = []
    try:
        for key in keys:
            await keyboard.down(key)
            down.append(key)
        yield
    finally:
        for key in reversed(down):
            await keyboard.up(key)
