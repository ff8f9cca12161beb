"""Samples of recorded steps on phones."""

from collections.abc import Sequence
from pathlib import Path

from .files import draw, write, write_lines


def aitw(folder: Path) -> None:
    """Each kind of gesture, in two subsets."""
    swipes = ("scroll down", "scroll up", "scroll left", "scroll right")
    steps: list[dict[str, object]] = [
        {"action_type_id": 4, "action_type_text": "click", "touch": [0.5, 0.9], "lift": [0.51, 0.9]},
        *({"action_type_id": 4, "action_type_text": way} for way in swipes),
        {"action_type_id": 3, "action_type_text": "type", "type_text": "Weather"},
        *({"action_type_id": kind, "action_type_text": "any"} for kind in (5, 6, 7, 10, 11)),
    ]
    for n, step in enumerate(steps):
        draw(folder / "aitw_images" / "general" / f"{n}.png", 90, 160)
        step |= {"img_filename": f"general/{n}", "goal": "see the weather", "annot_position": [0.8, 0.4, 0.1, 0.2] * 2}
    write(folder / "aitw_data_test.json", {"general": [steps[:6], steps[6:]], "install": [steps[:2]]})


def aitz(folder: Path) -> None:
    """An episode written backwards."""
    episode = folder / "test" / "google_apps" / "GOOGLE_APPS-1"
    acts = (
        (4, "[0.5, 0.5]", "[0.5, 0.51]", ""),
        (4, "[0.8, 0.5]", "[0.2, 0.6]", ""),
        (3, "[-1.0, -1.0]", "[-1.0, -1.0]", "clock"),
        (10, "[-1.0, -1.0]", "[-1.0, -1.0]", ""),
    )
    rows: list[dict[str, object]] = []
    for n, (kind, touch, lift, text) in enumerate(acts):
        name = f"google_apps/GOOGLE_APPS-1/GOOGLE_APPS-1_{n}.png"
        draw(folder / "test" / name, 90, 160)
        rows.append(
            {
                "episode_id": "1",
                "step_id": n,
                "instruction": "open the clock",
                "image_path": name,
                "ui_positions": "[[70, 30, 20, 30]]",
                "result_action_type": kind,
                "result_touch_yx": touch,
                "result_lift_yx": lift,
                "result_action_text": text,
                "coat_action_desc": "do it",
            }
        )
    write(episode / "GOOGLE_APPS-1.json", rows[::-1])


def android_control(folder: Path) -> None:
    """Each action of the standard evaluation."""
    click = {"action": "click", "coordinate": [54, 120]}
    acts: list[dict[str, object]] = [
        {"action_content": click, "check_options": {**click, "candidate_bbox": [[40, 100, 70, 140]]}},
        {"action_content": {"action": "long_press", "coordinate": [20.5, 30]}},
        {"action_content": {"action": "type", "text": "Sculpture art"}},
        {"action_content": {"action": "open", "text": "pCloud"}},
        {"action_content": {"action": "swipe", "coordinate": [54, 180], "coordinate2": [54, 60]}},
        {"action_content": {"action": "system_button", "button": "Back"}},
        {"action_content": {"action": "system_button", "button": "Home"}},
        {"action_content": {"action": "wait", "time": 2}},
        {"action_content": {"action": "terminate", "status": "success"}},
    ]
    for n, act in enumerate(acts):
        draw(folder / "images" / f"7_{n}.png", 108, 240)
        act |= {"screenshot": f"/datasets/AndroidControl/images/7_{n}.png", "step_instruction": f"do step {n}"}
    row = {"goal": "publish my art", "is_successful": True, "steps": acts, "episode_id": 7}
    write_lines(folder / "android_control_evaluation_std.jsonl", [row])


ATLAS_LINES = (
    "CLICK <point>[[749,810]]</point>",
    "LONG_PRESS <point>[[108,272]]</point>",
    "TYPE [a text [with] brackets]",
    "SCROLL [UP]",
    "SCROLL [LEFT]",
    "PRESS_BACK",
    "PRESS_HOME",
    "COMPLETE",
)


def atlas(folder: Path, file: str, lines: Sequence[str], stem: str) -> None:
    """A conversation for each line, written backwards."""
    rows: list[dict[str, object]] = []
    for n, line in enumerate(lines):
        draw(folder / "screenshots" / f"{stem}_{n}.png", 107, 240)
        question = (
            f"\nYou are a model.\n\nScreenshot: <image>\nTask: post a feeling\nHistory: \n{'None' if n == 0 else 'x'}\n"
        )
        answer = {"from": "gpt", "value": f"thoughts:\nstep {n}\nactions:\n{line}"}
        turns = [{"from": "human", "value": question}, answer]
        rows.append({"id": n, "image": f"/any/where/{stem}_{n}.png", "conversations": turns})
    write_lines(folder / file, rows[::-1])


def android_control_atlas(folder: Path) -> None:
    """Both levels, as OS-Atlas has them."""
    lines = (*ATLAS_LINES, "OPEN_APP [Google Chrome]", "WAIT")
    atlas(folder, "ac_test.jsonl", lines, "episode_140_screenshot")
    atlas(folder, "ac_low_test.jsonl", lines[:2], "episode_141_screenshot")


def odyssey_atlas(folder: Path) -> None:
    """The test as OS-Atlas has it."""
    atlas(folder, "gui_odyssey_test.jsonl", (*ATLAS_LINES, "PRESS_RECENT", "IMPOSSIBLE"), "9187")


def odyssey(folder: Path) -> None:
    """Two episodes in the data set's own form, of which the split tests one."""
    acts: tuple[dict[str, object], ...] = (
        {"action": "CLICK", "info": [[683.0, 321.0], [683.0, 321.0]], "sam2_bbox": [300, 300, 700, 350]},
        {"action": "LONG_PRESS", "info": [[10, 990]], "sam2_bbox": None},
        {"action": "CLICK", "info": "KEY_HOME"},
        {"action": "CLICK", "info": "KEY_APPSELECT"},
        {"action": "SCROLL", "info": [[500, 800], [480, 200]]},
        {"action": "TEXT", "info": "how are you"},
        {"action": "COMPLETE", "info": ""},
        {"action": "INCOMPLETE", "info": ""},
    )
    for name in ("1", "2"):
        steps = [{**act, "screenshot": f"{name}_{n}.png", "low_level_instruction": "go"} for n, act in enumerate(acts)]
        for step in steps:
            draw(folder / "screenshots" / str(step["screenshot"]), 108, 240)
        info = {"instruction": "post a feeling", "category": "Social_Sharing"}
        episode = {"episode_id": name, "task_info": info, "step_length": len(steps), "steps": steps}
        write(folder / "annotations" / f"{name}.json", episode)
    write(folder / "splits" / "random_split.json", {"train": ["2.json"], "test": ["1.json"]})
