"""What an Android device writes, read without one: pictures, states, trees; and what is quoted for its shell."""

import asyncio
import io
import shlex
import struct
import subprocess

import numpy as np
import pytest
from clickwright.environments.android import text as android_text
from clickwright.environments.android.actions import swipes, thinned
from clickwright.environments.android.adb import Adb
from clickwright.environments.android.capture import read_png, read_raw
from clickwright.environments.android.dump import elements, name_of, node_at, page_url, parse_dump
from clickwright.environments.android.state import read_state
from clickwright.environments.android.text import pieces, type_text
from clickwright.environments.trees import MAX_BYTES, MAX_DEPTH
from clickwright.errors import ActionFailed, EnvironmentLost
from clickwright.screen import Point, Size
from clickwright.tools import Scroll
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

PIXELS = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


def test_a_warning_before_the_picture_is_skipped() -> None:
    buffer = io.BytesIO()
    Image.fromarray(PIXELS).save(buffer, "PNG")
    warning = b"[Warning] Multiple displays were found, but no display id was specified!\n"
    assert (read_png(warning + buffer.getvalue()).pixels == PIXELS).all()
    for bad in (b"", b"Killed\n", warning, buffer.getvalue()[:40]):
        with pytest.raises(EnvironmentLost):
            read_png(bad)


@pytest.mark.parametrize(("kind", "order"), [(1, [0, 1, 2]), (2, [0, 1, 2]), (5, [2, 1, 0])])
@pytest.mark.parametrize("words", [(), (1,)])
def test_raw_pictures_are_read_in_both_lengths_of_the_header(
    kind: int, order: list[int], words: tuple[int, ...]
) -> None:
    body = np.full((4, 6, 4), 255, np.uint8)
    body[:, :, :3] = PIXELS[:, :, order]
    head = struct.pack(f"<{3 + len(words)}I", 6, 4, kind, *words)
    assert (read_raw(head + body.tobytes()).pixels == PIXELS).all()
    for bad in (head, b"", head + body.tobytes()[:-8], struct.pack("<3I", 6, 4, 4) + body.tobytes()):
        with pytest.raises(EnvironmentLost):
            read_raw(bad)


def test_states_are_read_from_old_and_new_versions() -> None:
    new = "  mCurrentFocus=Window{8c2a1f0 u0 com.android.settings/com.android.settings.Settings}\n  mWakefulness=Awake"
    assert read_state(new).focus == "com.android.settings/.Settings"
    asleep = read_state("  mCurrentFocus=null\n    isKeyguardShowing=true\n  mWakefulness=Dozing\n")
    assert (asleep.focus, asleep.is_awake, asleep.is_locked) == ("", False, True)
    for word in ("mDreamingLockscreen", "mShowingLockscreen", "isStatusBarKeyguard"):
        assert read_state(f"  mShowingDream=false {word}=true mDreamingSleepToken=null").is_locked
    shade = read_state("mCurrentFocus=Window{5d1f3e8 u0 NotificationShade}")
    assert (shade.focus, shade.is_awake, shade.is_locked) == ("NotificationShade", True, False)


TREE = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0">
<node text="" class="android.widget.FrameLayout" bounds="[0,0][1080,2400]">
 <node text="" class="android.widget.LinearLayout" clickable="true" bounds="[0,200][1080,360]">
  <node text="Wi&#8209;Fi" class="android.widget.TextView" bounds="[160,220][500,280]" />
  <node text="Off" class="android.widget.TextView" bounds="[160,280][500,340]" />
  <node text="" class="android.widget.Switch" checkable="true" checked="true" clickable="true" enabled="false"
   bounds="[900,230][1040,330]" />
 </node>
 <node text="gone" class="android.widget.Button" clickable="true" bounds="[0,0][0,0]" />
 <node text="below" class="android.widget.Button" clickable="true" bounds="[0,2500][1080,2600]" />
 <node text="odd" class="x" clickable="true" bounds="[1,2][3" />
</node></hierarchy>"""


def test_a_tree_is_read_as_a_person_reads_it() -> None:
    nodes = parse_dump(b"warning\n" + TREE.encode() + b"UI hierchary dumped to: /dev/tty\n")
    row = node_at(nodes, Point(200, 250))
    assert row is not None
    assert (row.role, name_of(nodes, row)) == ("button", "Wi‑Fi Off")
    found = elements(nodes, Size(1080, 2400))
    assert [(one.role, one.name, one.states) for one in found] == [
        ("button", "Wi‑Fi Off", ()),
        ("switch", "", ("checked", "disabled")),
    ]


BOMB = (
    '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY c "&a;&a;">]><hierarchy><node bounds="[0,0][1,1]" text="&c;"/></hierarchy>'
)
DEEP = "<node>" * (MAX_DEPTH + 1) + "</node>" * (MAX_DEPTH + 1)


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("ERROR: could not get idle state.", "idle"),
        ("<?xml version='1.0'?>" + BOMB, "document type"),
        (f"<?xml version='1.0'?><hierarchy>{DEEP}</hierarchy>", "deeper"),
        ("<?xml version='1.0'?><hierarchy>" + "<node />" * (MAX_BYTES // 8) + "</hierarchy>", "bytes"),
        ("<?xml version='1.0'?><hierarchy><node></hierarchy>", "cannot be read"),
        ("", "nothing"),
    ],
)
def test_a_tree_that_is_none_or_hostile_is_refused(raw: str, word: str) -> None:
    with pytest.raises(ActionFailed, match=word):
        parse_dump(raw.encode())


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=700))
def test_pieces_write_exactly_the_text(text: str) -> None:
    assert "".join(piece.replace("%s", " ") for piece in pieces(text)) == text


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_words_come_out_of_a_shell_as_they_went_in(words: list[str]) -> None:
    """As the device's shell reads them; Python's own reading of shell words stands in for most of the runs."""
    assert shlex.split(shlex.join(words)) == words


def test_hostile_words_come_out_of_a_real_shell_as_they_went_in() -> None:
    words = [
        "$(reboot)",
        "`reboot`",
        "a;b",
        "a&&b",
        "|",
        "'",
        '"',
        "\\",
        "\n",
        "*",
        "~",
        "-x",
        "",
        "{a,b}",
        "!!",
        "$'x'",
    ]
    line = "printf '%s\\0' " + shlex.join(words)
    out = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=True).stdout
    assert out.decode().split("\0")[:-1] == words


SIZE = Size(1080, 2400)


@given(st.floats(0, 1079), st.floats(0, 2399), st.floats(-100_000, 100_000), st.floats(-100_000, 100_000))
def test_swipes_stay_on_the_screen_and_go_the_other_way(x: float, y: float, dx: float, dy: float) -> None:
    moves = swipes(Scroll(point=Point(x, y), dx=dx, dy=dy), SIZE)
    assert len(moves) <= 20
    for start, end in moves:
        assert SIZE.box.contains(start)
        assert SIZE.box.contains(end)
        assert (start.x - end.x) * dx >= 0
        assert (start.y - end.y) * dy >= 0
    within = 0.84 * 10
    if abs(dy) <= within * SIZE.height and abs(dx) <= within * SIZE.width:
        assert sum(start.y - end.y for start, end in moves) == pytest.approx(dy, abs=0.1)
        assert sum(start.x - end.x for start, end in moves) == pytest.approx(dx, abs=0.1)


def test_a_long_path_keeps_its_ends() -> None:
    path = tuple(Point(n, n) for n in range(1000))
    assert (len(thinned(path)), thinned(path)[0], thinned(path)[-1]) == (40, path[0], path[-1])
    assert thinned(path[:3]) == path[:3]


@pytest.mark.parametrize(
    ("shown", "url"),
    [
        ("example.com", "https://example.com"),
        ("shop.example.com:8443/a?b=c", "https://shop.example.com:8443/a?b=c"),
        ("bücher.example", "https://bücher.example"),
        ("127.0.0.1:8000", "https://127.0.0.1:8000"),
        ("http://example.com/a", "http://example.com/a"),
        ("chrome://version", "chrome://version"),
        ("Search or type URL", ""),
        ("site:example.com shoes", ""),
        ("cats", ""),
        ("example.com and more", ""),
    ],
)
def test_the_address_bar_gives_a_whole_address_or_none(shown: str, url: str) -> None:
    bar = f'<node bounds="[0,0][540,80]" text="{shown}" resource-id="com.android.chrome:id/url_bar"/>'
    assert page_url(parse_dump(f"<?xml version='1.0'?><hierarchy>{bar}</hierarchy>".encode())) == url


class HangingAdb(Adb):
    """A device that hangs as soon as it is given text."""

    async def shell(self, *words: str) -> str:
        match words:
            case ("ime", "list", *_):
                return android_text.ADB_KEYBOARD
            case ("settings", *_):
                return "com.android.inputmethod.latin/.LatinIME"
            case ("am", *_) | ("ime", "set", "com.android.inputmethod.latin/.LatinIME"):
                await asyncio.Event().wait()
        return ""


def test_a_device_that_hangs_over_a_text_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(android_text, "BACK_S", 0.05)

    async def typed() -> None:
        async with asyncio.timeout(0.05):
            await type_text(HangingAdb(), "Zürich")

    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(typed(), 5))
