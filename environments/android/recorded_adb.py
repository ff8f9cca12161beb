"""The program behind a RecordedDevice: `adb` on this side, and the commands of the device on the other.

Run as a script with nothing but the standard library. The first argument is the folder of the device, the second the
name under which it was called.
"""

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

HANG_S = 120
_UNAUTHORIZED = (
    "adb: device unauthorized.\n"
    "This adb server's $ADB_VENDOR_KEYS is not set\n"
    "Try 'adb kill-server' if that seems wrong.\n"
    "Otherwise check for a confirmation dialog on your device."
)
_TREE_WRITTEN = "UI hierchary dumped to: /dev/tty\n"  # spelt as Android spells it


def main(folder: Path, name: str, words: list[str]) -> int:
    state: dict[str, Any] = json.loads((folder / "state.json").read_text("utf-8"))
    if name == "adb":
        return _adb(folder, state, words)
    if name in ("input", "am", "wm", "ime", "settings"):
        with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps([name, *words]) + "\n")
    answer = _DEVICE[name](folder, state, words)
    (folder / "state.json").write_text(json.dumps(state), "utf-8")
    return answer


def _adb(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    asked = ""
    if words[:1] == ["-s"]:
        asked, words = words[1], words[2:]
    fault = state["fault"]
    if fault == "hang":
        time.sleep(HANG_S)
    complaints = {
        "gone": "adb: no devices/emulators found",
        "offline": "adb: device offline",
        "unauthorized": _UNAUTHORIZED,
        "many": "" if asked else "adb: more than one device/emulator",
    }
    complaint = complaints.get(fault, "")
    if asked not in ("", state["serial"]):
        complaint = f"adb: device '{asked}' not found"
    if complaint:
        return _complain(complaint)
    if words[:1] not in (["shell"], ["exec-out"]):
        return _complain(f"adb: unknown command {words[:1]}")
    environment = {"PATH": str(folder / "device"), "LC_ALL": "C.UTF-8"}
    return os.execve("/bin/sh", ["sh", "-c", " ".join(words[1:])], environment)  # noqa: S606


def _input(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    match words:
        case ["tap", x, y]:
            _follow_link(state, float(x), float(y))
        case ["keyevent", "KEYCODE_HOME"]:
            state["at"] = state["home"]
        case ["keyevent", "KEYCODE_WAKEUP"]:
            state["awake"] = True
        case ["keyevent", "KEYCODE_POWER"]:
            state["awake"] = not state["awake"]
        case ["text", text] if not text.isascii():
            return _complain("java.lang.NullPointerException: Attempt to get length of null array")
        case ["swipe", *numbers] if len(numbers) == 5 and all(map(_is_number, numbers)):
            pass
        case ["motionevent", "DOWN" | "MOVE" | "UP", x, y] if _is_number(x) and _is_number(y):
            pass
        case ["text" | "keyevent", _] | ["keycombination", _, _, *_]:
            pass
        case _:
            return _complain(f"Error: Unknown command: {words[0] if words else ''}")
    return 0


def _is_number(word: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", word) is not None


def _follow_link(state: dict[str, Any], x: float, y: float) -> None:
    for x1, y1, x2, y2, name in reversed(state["screens"][state["at"]]["links"]):
        if x1 <= x < x2 and y1 <= y < y2:
            state["at"] = name
            return


def _am(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    if words[0] == "broadcast":
        return _say(
            "Broadcasting: Intent { act=ADB_INPUT_B64 flg=0x400000 (has extras) }\nBroadcast completed: result=0"
        )
    if words[:2] != ["start", "-W"]:
        return _complain("Error: unknown command")
    if "-d" in words:
        url, name = words[words.index("-d") + 1], state["browser"]
        _say(f"Starting: Intent {{ act=android.intent.action.VIEW dat={url} }}")
        fault = (
            "" if name else "Error: Activity not started, unable to resolve Intent { act=android.intent.action.VIEW }"
        )
    else:
        component = words[words.index("-n") + 1]
        _say(f"Starting: Intent {{ cmp={component} }}")
        name = next((name for activity, name in state["apps"].values() if activity == component), "")
        fault = "" if name else f"Error type 3\nError: Activity class {{{component}}} does not exist."
    if fault:
        return _say(fault)
    state["at"] = name
    return _say("Status: ok\nLaunchState: COLD\nTotalTime: 412\nWaitTime: 415\nComplete")


def _screencap(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    if state["fault"] == "no picture":
        return _complain("Failed to take screenshot. Status: -22")
    sys.stdout.buffer.write((folder / f"{state['at']}.{'png' if words == ['-p'] else 'raw'}").read_bytes())
    return 0


def _dumpsys(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    if words == ["power"]:
        return _say(f"POWER MANAGER (dumpsys power)\n  mWakefulness={'Awake' if state['awake'] else 'Asleep'}")
    if state["locked"]:
        focus = "Window{5d1f3e8 u0 NotificationShade}"
    else:
        activity = state["screens"][state["at"]]["activity"]
        package, _, name = activity.partition("/")
        focus = f"Window{{8c2a1f0 u0 {package}/{package + name if name.startswith('.') else name}}}"
    locked = str(bool(state["locked"])).lower()
    return _say(
        f"  mCurrentFocus={focus}\n    mShowingDream=false mDreamingLockscreen={locked} mDreamingSleepToken=null"
    )


def _uiautomator(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    if state["fault"] == "no tree":
        return _complain("ERROR: could not get idle state.")
    sys.stdout.write((folder / f"{state['at']}.xml").read_text("utf-8") + _TREE_WRITTEN)
    return 0


def _wm(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    if words == ["dismiss-keyguard"] and state["locked"] == "swipe":
        state["locked"] = ""
    return 0


def _ime(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    match words:
        case ["list", "-a", "-s"]:
            return _say("\n".join(state["methods"]))
        case ["set", method] if method in state["methods"]:
            state["method"] = method
            return _say(f"Input method {method} selected for user #0")
        case ["enable", method] if method in state["methods"]:
            return _say(f"Input method {method}: now enabled for user #0")
        case _:
            return _complain(f"Unknown input method {words[-1]} cannot be selected for user #0")


def _settings(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    return _say(state["method"] if words[-1] == "default_input_method" else "null")


def _cmd(folder: Path, state: dict[str, Any], words: list[str]) -> int:
    package = words[-1]
    if words[:2] != ["package", "resolve-activity"] or not re.fullmatch(r"[\w.]+", package):
        return _complain(f"cmd: Can't find service: {words[0]}")
    if package not in state["apps"]:
        return _say("No activity found")
    head = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true"
    return _say(f"{head}\n{state['apps'][package][0]}")


def _say(text: str) -> int:
    sys.stdout.write(text + "\n")
    return 0


def _complain(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1


_DEVICE = {
    "input": _input,
    "am": _am,
    "screencap": _screencap,
    "dumpsys": _dumpsys,
    "uiautomator": _uiautomator,
    "wm": _wm,
    "ime": _ime,
    "settings": _settings,
    "cmd": _cmd,
}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
