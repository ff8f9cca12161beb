"""How text is written: by the keys that are there, or through the clipboard, which is left alone where it can be."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import pytest
from clickwright.environments.desktop.input.desk import LONGEST_STRUCK_CHARS, Desk
from clickwright.environments.desktop.input.pointer import Pointer
from clickwright.environments.desktop.requests import WindowList, WriteText


class Parts:
    """A keyboard with ASCII on it, a clipboard and windows that write down what is done with them."""

    is_serving = False

    def __init__(self) -> None:
        self.done: list[str] = []

    @contextmanager
    def held(self, keys: Sequence[str]) -> Generator[None]:
        self.done.append("+".join(keys))
        yield

    def has(self, text: str) -> bool:
        return all(" " <= one <= "~" for one in text)

    def strike(self, character: str) -> None:
        self.done.append(character)

    def text(self) -> str | None:
        return None

    def save(self) -> object:
        return None

    def put(self, text: str) -> None:
        self.done.append(text)

    def await_taken(self) -> bool:
        return True

    def restore(self, saved: object) -> None:
        self.done.append("restored")

    def serve(self) -> None: ...

    def list(self) -> WindowList:
        raise NotImplementedError

    def at(self, x: int, y: int) -> int | None:
        raise NotImplementedError

    def focus(self, number: int) -> None: ...

    def place(self, number: int, x: int, y: int, width: int, height: int) -> None: ...

    def close(self, number: int) -> None: ...

    def takes_terminal_paste(self) -> bool:
        return False


class StillPointer(Pointer):
    def __init__(self) -> None: ...

    def check(self) -> None: ...


PASTED = "ControlOrMeta+v"
LONG = "a" * (LONGEST_STRUCK_CHARS + 1)


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("ab\n", ["a", "b", "Enter"]),
        ("é\tb", ["é", PASTED, "Tab", "b", "restored"]),
        (LONG, [LONG, PASTED, "restored"]),
        (f"{LONG}\n", [f"{LONG}\n", PASTED, "restored"]),
    ],
)
def test_what_is_long_or_has_no_keys_is_pasted(text: str, done: list[str]) -> None:
    parts = Parts()
    desk = Desk(pointer=StillPointer(), keyboard=parts, clipboard=parts, windows=parts, pause=lambda seconds: None)
    desk.do(WriteText(text=text))
    assert parts.done == done
