"""What is typed stands in a real editor's file: on any layout, in any script, with the clipboard left as it was."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from clickwright.environments import DesktopEnvironment
from clickwright.screen import Size
from clickwright.tools import Press, Task, TypeText, Wait

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASCII = "".join(map(chr, range(0x20, 0x7F)))
ALL = ("Control", "a")
SECOND_LAYOUT = """
import ctypes
x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x11.XOpenDisplay(None))
x11.XkbLockGroup(display, 0x100, 1)
x11.XSync(display, 0)
"""


class Editor:
    """Mousepad with one file."""

    def __init__(self, environment: DesktopEnvironment, file: Path) -> None:
        self.environment = environment
        self.file = file

    @property
    def display(self) -> dict[str, str]:
        virtual = self.environment.virtual_display
        assert virtual is not None
        return virtual.environment()

    async def press(self, *keys: str) -> None:
        assert (await self.environment.step(Press(keys=keys))).error is None

    async def write(self, text: str) -> None:
        """In the place of all that stands there."""
        await self.press(*ALL)
        await self.press("Delete")
        assert (await self.environment.step(TypeText(text=text))).error is None

    async def saved(self, expected: str) -> str:
        """What the file holds once it is saved."""
        await self.press("Control", "s")
        until = time.monotonic() + 5
        while time.monotonic() < until and self.file.read_text("utf-8") != expected:
            await self.environment.step(Wait(seconds=0.05))
        return self.file.read_text("utf-8")

    def run(self, *command: str, given: bytes | None = None) -> bytes:
        """What a program on the same display writes. xclip stays with the clipboard, so what it says goes nowhere."""
        keeps = given is not None
        out = subprocess.DEVNULL if keeps else subprocess.PIPE
        return subprocess.run(command, env=self.display, input=given, stdout=out, check=True).stdout or b""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Editor]:
    home = tmp_path_factory.mktemp("home")
    file = home / "note.txt"
    file.write_text("")
    before = os.environ.get("HOME", "")
    os.environ["HOME"] = str(home)
    environment = DesktopEnvironment(["mousepad", str(file)], virtual_display=Size(1000, 700))
    await environment.reset(Task(goal="write"))
    os.environ["HOME"] = before
    yield Editor(environment, file)
    await environment.close()


@pytest.fixture
def layout(editor: Editor) -> Generator[Callable[[str], bytes]]:
    yield lambda name: editor.run("setxkbmap", *name.split())
    editor.run("setxkbmap", "us")


async def test_a_clipboard_with_nothing_on_it_stays_so(editor: Editor) -> None:
    assert await editor.environment.desktop.clipboard() is None
    await editor.write("é")
    assert await editor.saved("é") == "é"
    assert await editor.environment.desktop.clipboard() is None


@pytest.mark.parametrize(
    "text",
    [
        ASCII,
        "a < b > c | ~`^ \\ \"'@",
        "Grüße, Ærø, piñón, e\u0301 ½ € ß",
        "Привет, мир",
        "你好，世界。こんにちは 안녕하세요",
        "שלום עולם مرحبا हिन्दी ไทย",
        "😀 👩‍👩‍👧‍👦 🇩🇪 𝔘𝔫𝔦",
        "two\nlines\tand a tab\n",
        "zwei Zeilen\nmit é\tund Tabulator\n",
    ],
)
async def test_text_in_any_script_is_exact(editor: Editor, text: str) -> None:
    await editor.write(text)
    assert await editor.saved(text) == text


async def test_long_text_is_pasted_whole(editor: Editor) -> None:
    text = "".join(f"{n:04} {'行' * 24}\n" for n in range(3300))
    assert len(text.encode()) > 200_000  # more than is handed over at once
    await editor.write(text)
    assert await editor.saved(text) == text


@pytest.mark.parametrize("name", ["de", "fr", "us dvorak", "us,ru", "ru,us"])
async def test_text_is_exact_on_other_layouts(editor: Editor, layout: Callable[[str], bytes], name: str) -> None:
    layout(name)
    if "," in name:
        editor.run(sys.executable, "-c", SECOND_LAYOUT)
    for text in (ASCII, "сила < мощь", "1.2/3,4?"):
        await editor.write(text)
        assert await editor.saved(text) == text


async def test_text_is_exact_with_caps_lock_on(editor: Editor) -> None:
    await editor.press("CapsLock")
    await editor.write("Capitals And Not 123")
    await editor.press("CapsLock")
    assert await editor.saved("Capitals And Not 123") == "Capitals And Not 123"


async def test_the_clipboard_is_given_back(editor: Editor) -> None:
    take, give = ("xclip", "-selection", "clipboard", "-o"), ("xclip", "-selection", "clipboard", "-i")
    kept = "what the user copied, mit ü"
    editor.run(*give, given=kept.encode())
    for _ in range(2):  # the second time it is ours to give
        await editor.write("пасте")
        assert await editor.saved("пасте") == "пасте"
        assert editor.run(*take).decode() == kept
        assert await editor.environment.desktop.clipboard() == kept
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000
    editor.run(*give, "-t", "image/png", given=picture)
    await editor.write("вставить")
    assert editor.run(*take, "-t", "image/png") == picture


async def test_one_key_of_another_script_is_written(editor: Editor) -> None:
    await editor.write("")
    for key in ("ж", "<", "A", "é"):
        await editor.press(key)
    assert await editor.saved("ж<Aé") == "ж<Aé"
