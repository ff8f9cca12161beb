"""How text is written: by keys or through the clipboard; and a user's desktop is known from one reset to the next."""

import asyncio
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import pytest
from clickwright.environments import DesktopEnvironment
from clickwright.environments.desktop import environment as module
from clickwright.environments.desktop.input.desk import LONGEST_STRUCK_CHARS, Desk
from clickwright.environments.desktop.input.pointer import Pointer
from clickwright.environments.desktop.requests import WindowList, WriteText
from clickwright.errors import EnvironmentLost
from clickwright.tools import Task


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
        raise AssertionError("nobody asks for windows")

    def at(self, x: int, y: int) -> int | None:
        raise AssertionError("nobody asks for windows")

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


class LostMachine:
    """A display that is gone as soon as it is opened."""

    made = 0

    def __init__(self, display: str, *, failsafe: bool) -> None:
        LostMachine.made += 1

    async def open(self) -> None:
        raise EnvironmentLost("the display is gone")

    async def kill(self) -> None: ...

    async def close(self) -> None: ...


def test_what_knows_that_it_was_killed_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only it knows that keys of the user's desktop are to be let go."""
    monkeypatch.setattr(module, "MachineBackend", LostMachine)
    environment = DesktopEnvironment(display=":7")

    async def resets() -> None:
        for _ in range(2):
            with pytest.raises(EnvironmentLost, match="is gone"):
                await environment.reset(Task(goal="try"))

    asyncio.run(resets())
    assert LostMachine.made == 1
