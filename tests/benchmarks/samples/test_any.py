"""At any size of picture what is right is right, and a place far off is wrong."""

import pytest
from clickwright.benchmarks.metrics import agentnet
from clickwright.benchmarks.metrics.aitw import Gesture, Kind
from clickwright.benchmarks.suites.grounding.boxes import SHARES
from clickwright.benchmarks.suites.grounding.described import Target
from clickwright.benchmarks.suites.grounding.targets import InBox, InOutline, Overlap
from clickwright.benchmarks.suites.offline.agentnet import DesktopRules
from clickwright.benchmarks.suites.offline.agentnet import Told as Wanted
from clickwright.benchmarks.suites.offline.atlas_files import LineStepRules
from clickwright.benchmarks.suites.offline.gestures import GestureRules, Told
from clickwright.benchmarks.suites.offline.mind2web import Mind2WebRules
from clickwright.benchmarks.suites.offline.mind2web_files import Deed
from clickwright.benchmarks.suites.offline.omniact import ScriptRules, read_script
from clickwright.benchmarks.suites.offline.omniact import Told as Scripted
from clickwright.policies import Grounding
from clickwright.screen import Box, Point, Size
from clickwright.tools import Finish
from hypothesis import assume, given
from hypothesis import strategies as st

SIZES = st.builds(Size, st.integers(10, 8000), st.integers(10, 8000))
SHARE = st.floats(0.01, 0.9)
PLACE = st.tuples(SHARE, SHARE)


@given(SIZES, PLACE, st.floats(0.01, 0.09), st.sampled_from([InBox, Overlap, InOutline]))
def test_a_target_holds_its_own_answer_and_nothing_far(
    size: Size, corner: tuple[float, float], side: float, kind: type[InBox | Overlap | InOutline]
) -> None:
    box = Box(*corner, corner[0] + side, corner[1] + side)
    target: Target
    if kind is InOutline:
        target = InOutline([Point(box.x1, box.y1), Point(box.x2, box.y1), Point(box.x2, box.y2)], SHARES)
    else:
        target = kind(box, SHARES)
    assert target.judge(target.answer(size), size).score == 1
    far = Point(size.width * (box.x2 + 0.05), size.height * (box.y1 - 0.05))
    there = Box.around(far, Point(far.x + 1, far.y + 1))
    assert target.judge(Grounding(point=far, box=there), size).score == 0


@given(SIZES, st.sampled_from(list(Kind)), PLACE, PLACE, st.lists(st.tuples(SHARE, SHARE, SHARE, SHARE), max_size=3))
def test_any_gesture_is_right_when_it_is_done_again(
    size: Size,
    kind: Kind,
    touch: tuple[float, float],
    lift: tuple[float, float],
    boxes: list[tuple[float, float, float, float]],
) -> None:
    across, down = abs(lift[1] - touch[1]), abs(lift[0] - touch[0])
    assume(abs(across - down) > 1e-6 and abs((across**2 + down**2) ** 0.5 - 0.04) > 1e-6)
    rules, told = GestureRules(), Told(gesture=Gesture(kind=kind, touch=touch, lift=lift, text="a"), boxes=tuple(boxes))
    assert rules.judge(rules.actions(told, size), told, size).score == 1
    if kind != Kind.COMPLETE:
        assert rules.judge((Finish(),), told, size).score == 0


@given(
    SIZES,
    st.one_of(
        st.tuples(st.sampled_from(["CLICK", "LONG_PRESS"]), st.integers(0, 1000), st.integers(0, 1000)).map(
            lambda each: f"{each[0]} <point>[[{each[1]},{each[2]}]]</point>"
        ),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=20).map(
            lambda text: f"TYPE [{text}]"
        ),
        st.sampled_from(["SCROLL [UP]", "SCROLL [RIGHT]", "PRESS_HOME", "WAIT", "IMPOSSIBLE", "OPEN_APP [a b]"]),
    ),
    st.booleans(),
    st.sampled_from(["android_control", "odyssey"]),
)
def test_any_line_is_right_when_it_is_done_again(size: Size, line: str, as_words: bool, data: str) -> None:
    rules = LineStepRules("odyssey" if data == "odyssey" else "android_control", as_words)
    assert rules.judge(rules.actions(line, size), line, size).score == 1


@given(SIZES, st.sampled_from(["CLICK", "TYPE", "SELECT"]), PLACE, st.text(max_size=12))
def test_any_step_on_a_page_is_right_when_it_is_done_again(
    size: Size, operation: str, at: tuple[float, float], value: str
) -> None:
    x, y = at[0] * size.width, at[1] * size.height
    kind = "TYPE" if operation == "TYPE" else "SELECT" if operation == "SELECT" else "CLICK"
    deed = Deed(operation=kind, value=value, boxes=(Box(x, y, x + 5, y + 5),))
    rules = Mind2WebRules()
    assert rules.judge(rules.actions(deed, size), deed, size).score == 1


@given(SIZES, PLACE, st.text(max_size=12), st.sampled_from([*agentnet.POINTED, "write", "press", "hotkey", "scroll"]))
def test_any_step_on_a_desktop_is_right_when_it_is_done_again(
    size: Size, at: tuple[float, float], text: str, kind: str
) -> None:
    assume(kind != "dragto")  # never without the move before it
    keys = ("Control", "s") if kind == "hotkey" else ("Tab",) if kind == "press" else ()
    deed = agentnet.Deed(kind=kind, point=at, text=text if kind == "write" else "", keys=keys)
    rules, wanted = DesktopRules(), Wanted(options=((deed,),))
    assert rules.judge(rules.actions(wanted, size), wanted, size).score == pytest.approx(1)


@given(SIZES, st.tuples(st.integers(0, 900), st.integers(0, 900)), st.text("ab cd-", min_size=1, max_size=9))
def test_any_script_is_right_when_it_is_done_again(size: Size, at: tuple[int, int], text: str) -> None:
    x, y = at
    lines = (
        f"click({x},{y})",
        f'write("{text}")',
        "press('enter')",
        f"moveTo({x},{y})",
        f"dragTo({x},{y})",
        "scroll(3)",
    )
    goal, script = read_script("Task: t\n" + "\n".join(f"pyautogui.{line}" for line in lines), "here")
    told = Scripted(script=script, boxes=(Box(x - 5, y - 5, x + 5, y + 5),))
    rules = ScriptRules()
    assert goal == "t"
    assert rules.judge(rules.actions(told, size), told, size).score == 1
