"""Wrong command lines and unreadable files: one sentence, the right exit code, no traceback."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright import __version__
from clickwright.options.browser import proxy_of
from PIL import Image

from .conftest import Said


def header_only(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return start + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.png", b"", "not a picture"),
        ("text.png", b"this is no picture at all", "not a picture"),
        ("zero.png", header_only(0, 40), "no pixels|cannot be read|not a picture"),
        ("huge.png", header_only(20_000, 20_000), "20000 x 20000|larger than"),
        ("truncated.png", png(300, 200)[:5000], "cannot be read"),
    ],
)
def test_a_picture_that_cannot_be_read_is_told_in_one_sentence(
    clickwright: Callable[..., Said], tmp_path: Path, name: str, content: bytes, says: str
):
    path = tmp_path / name
    path.write_bytes(content)
    said = clickwright("ground", path, "the green button")
    assert said.code == 2
    assert any(words in said.complaint for words in says.split("|")), said.complaint
    assert name in said.complaint


def test_a_picture_that_is_missing(clickwright: Callable[..., Said], tmp_path: Path):
    said = clickwright("ground", tmp_path / "none.png", "the green button")
    assert (said.code, "does not exist" in said.complaint) == (2, True)


def test_a_model_that_is_missing(clickwright: Callable[..., Said], tmp_path: Path):
    picture = tmp_path / "screen.png"
    picture.write_bytes(png(60, 60))
    said = clickwright("ground", picture, "the button", "--model", tmp_path / "nowhere", "--profile", "mini")
    assert said.code in (2, 3)
    assert "nowhere" in said.complaint


def test_a_model_of_no_known_profile(clickwright: Callable[..., Said], tmp_path: Path):
    picture = tmp_path / "screen.png"
    picture.write_bytes(png(60, 60))
    said = clickwright("ground", picture, "the button", "--model", tmp_path)
    assert said.code == 2
    assert "profile" in said.complaint


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run"], "what is to be done"),
        (["run", "x", "--viewport", "wide"], "1288x728"),
        (["run", "x", "--viewport", "0x10"], "at least 1 px"),
        (["run", "x", "--connect", "http://127.0.0.1:9", "--mobile"], "--connect takes the browser as it runs"),
        (["run", "x", "--profile-dir", "p", "--storage-state", "s.json"], "give --profile-dir or --storage-state"),
        (["run", "x", "--proxy", "ann:secret"], "a proxy is written like http://user:password@host:port"),
        (["run", "x", "--playwright-trace", "--profile-dir", "p"], "would keep your cookies"),
        (["run", "x", "--playwright-trace", "--desktop"], "a desktop has no"),
        (["run", "x", "--max-steps", "0"], "steps"),
        (["run", "x", "--allow", "not an origin"], "--allow"),
        (["run", "x", "--permissions", "none.toml"], "none.toml cannot be read"),
        (["run", "x", "--permissions", "a.toml", "--allow", "https://a.test"], "not in both"),
        (["run", "--resume", "nowhere"], "holds no run"),
        (["run", "x", "--resume", "nowhere"], "leave out the task"),
        (["view", "nowhere"], "holds no run"),
        (["demo", "--seeds", "1-"], "1-20"),
        (["demo", "--seeds", "5-3"], "1-20"),
        (["demo", "--seeds", "1-99999"], "at most 1000"),
        (["demo", "--seed", "1", "--seeds", "1-2"], "not both"),
    ],
)
def test_a_wrong_command_line_is_told_in_one_sentence(
    clickwright: Callable[..., Said],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    says: str,
):
    monkeypatch.chdir(tmp_path)
    if arguments[0] == "demo":
        arguments = [*arguments, "--player", "idle"]
    said = clickwright(*arguments)
    assert said.code == 2
    assert says in said.complaint


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["x" * 20_001], "the task: String should have at most 20000 characters"),
        (["--step", "x", "--step", "x" * 4_001], "--step number 2: String should have at most 4000 characters"),
        (["--step", "x" * 4_000] * 6, "the steps together: String should have at most 20000 characters"),
    ],
    ids=["task", "step", "steps"],
)
def test_a_task_that_is_too_long_is_told_in_one_sentence(
    clickwright: Callable[..., Said], arguments: list[str], says: str
):
    said = clickwright("run", *arguments, "--url", "about:blank")
    assert said.code == 2
    assert says in said.complaint


@pytest.mark.parametrize("arguments", [["fly"], ["ground"], ["run", "--nonsense"], ["demo", "--seed", "x"]])
def test_a_command_line_that_does_not_exist_is_a_usage_error(clickwright: Callable[..., Said], arguments: list[str]):
    said = clickwright(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err


def test_no_browser_anywhere(clickwright: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.delenv("CLICKWRIGHT_BROWSER", raising=False)
    monkeypatch.chdir(tmp_path)
    said = clickwright("run", "Click the green button.", "--url", "http://127.0.0.1:9/")
    assert said.code == 4
    assert "install" in said.complaint.lower()


@pytest.mark.parametrize("browser", ["firefox", "webkit"])
def test_no_other_browser_anywhere(
    clickwright: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, browser: str
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    said = clickwright("run", "Click the green button.", "--url", "http://127.0.0.1:9/", "--browser", browser)
    assert said.code == 4
    assert f"python -m playwright install --with-deps {browser}" in said.complaint


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--elements"], "does not tell what can be used on a page: leave out --elements"),
        (["--mobile"], "--connect, --profile-dir and --mobile need chromium: leave out --browser"),
        (["--connect", "http://127.0.0.1:9222"], "need chromium"),
        (["--desktop"], "a desktop has no --url"),
    ],
)
def test_what_another_browser_cannot_do_is_one_sentence(
    clickwright: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
):
    monkeypatch.chdir(tmp_path)
    said = clickwright("run", "Click the green button.", "--browser", "firefox", *arguments)
    assert said.code == 2
    assert says in said.complaint


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_no_display_for_a_window(clickwright: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.chdir(tmp_path)
    said = clickwright("run", "Click the green button.", "--url", "http://127.0.0.1:1/", "--headed")
    assert said.code == 4
    assert "no display" in said.complaint


def test_an_unexpected_error_leaves_its_traceback_in_a_file(
    clickwright: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("clickwright.catalogue.ABBREVIATED", None)
    said = clickwright("models")
    assert said.code == 1
    (log,) = tmp_path.glob("clickwright-*.log")
    assert str(log) in said.complaint
    assert "Traceback" in log.read_text()


def test_help_and_version(clickwright: Callable[..., Said]):
    assert clickwright("--version").out.strip() == f"clickwright {__version__}"
    told = clickwright("--help").out
    assert all(command in told for command in ("run", "ground", "ask", "view", "doctor", "models", "demo"))


def test_the_command_line_imports_neither_torch_nor_playwright():
    script = (
        "import sys; import clickwright.cli; "
        "sys.exit(sorted({'torch', 'playwright', 'langgraph', 'transformers', 'numpy'} & sys.modules.keys()) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_proxy_is_told_apart_from_its_credentials():
    proxy = proxy_of("http://ann:p%40ss@127.0.0.1:3128")
    assert (proxy.server, proxy.username, proxy.password) == ("http://127.0.0.1:3128", "ann", "p@ss")
    assert "p@ss" not in repr(proxy)
    assert proxy_of("socks5://[::1]:1080").server == "socks5://[::1]:1080"
