"""Whether a device is awake and unlocked, and what has the focus, as its `dumpsys` tells; and how to wake it."""

import asyncio
import re
from dataclasses import dataclass

from ...errors import EnvironmentLost
from .adb import Adb

_LOCK = "mDreamingLockscreen|mShowingLockscreen|isKeyguardShowing|isStatusBarKeyguard"
"""One or another of these is told by each version of Android."""
_ASK = f"dumpsys window | grep -E 'mCurrentFocus=|({_LOCK})='; dumpsys power | grep -E 'mWakefulness='; true"
_FOCUS = re.compile(r"mCurrentFocus=Window\{\S+ \S+ ([^}\s]+)\}")
WAKE_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """`focus` is a component such as com.android.settings/.Settings, or the name of a system window, or empty."""

    focus: str = ""
    is_awake: bool = True
    is_locked: bool = False


async def state_of(adb: Adb) -> DeviceState:
    """What the device says of itself now; what a version does not tell counts as awake and unlocked."""
    return read_state(await adb.script(_ASK))


def read_state(text: str) -> DeviceState:
    """Read the lines of `dumpsys window` and `dumpsys power` that matter."""
    focus = _FOCUS.search(text)
    wakefulness = re.search(r"mWakefulness=(\w+)", text)
    return DeviceState(
        focus=_short(focus[1]) if focus else "",
        is_awake=wakefulness is None or wakefulness[1] == "Awake",
        is_locked=bool(re.search(f"({_LOCK})=true", text)),
    )


async def wake(adb: Adb) -> None:
    """Turn the screen on and leave a lock screen without a code. Raises EnvironmentLost where it has a code."""
    state = await state_of(adb)
    if not state.is_awake:
        await adb.shell("input", "keyevent", "KEYCODE_WAKEUP")
        await asyncio.sleep(WAKE_S)
        state = await state_of(adb)
    if state.is_locked:
        await adb.shell("wm", "dismiss-keyguard")
        await asyncio.sleep(WAKE_S)
        state = await state_of(adb)
    if not state.is_awake:
        raise EnvironmentLost("the device's screen does not turn on; press its power key")
    if state.is_locked:
        raise EnvironmentLost("the device is locked with a code; unlock it by hand")


def _short(component: str) -> str:
    """com.a/com.a.Main is com.a/.Main: one form for what Android writes in two."""
    package, slash, activity = component.partition("/")
    return f"{package}/{activity.removeprefix(package)}" if slash and activity.startswith(package + ".") else component
