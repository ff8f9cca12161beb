"""Samples of desktops: scripts of OmniACT, steps of AgentNetBench."""

from collections.abc import Sequence
from pathlib import Path

from .files import draw, write

OMNIACT = """Task: Write a note and send it
Output Script:
pyautogui.click(25.0,30.0)
pyautogui.write("Hello there")
pyautogui.hotkey("ctrl","S")
pyautogui.moveTo(100,55.5)
pyautogui.dragTo(25.0,30.0, button="left")
pyautogui.scroll(-10)
pyautogui.rightClick(100,55.5)
pyautogui.doubleClick(25.0,30.0)
pyautogui.press("enter")
"""


def omniact(folder: Path) -> None:
    """A long script on a page, whose paths are wrong as in the published index, and a short one on a desktop."""
    boxes = {
        "0": {"top_left": [10, 20], "bottom_right": [40, 40]},
        "1": {"top_left": [90, 50], "bottom_right": [110, 61]},
    }
    for platform, stem in (("web", "screen_1"), ("desktop", "screen_1")):
        tidy = "screen1" if platform == "web" else stem
        draw(folder / "data" / "data" / platform / "app" / f"{tidy}.png")
        named = f"{tidy}_boxes.json" if platform == "web" else f"{stem}.json"
        write(folder / "data" / "metadata" / platform / "boxes" / "app" / named, boxes)
        task = folder / "data" / "tasks" / platform / "app" / "task_1.1.txt"
        task.parent.mkdir(parents=True, exist_ok=True)
        task.write_text(OMNIACT if platform == "web" else "Task: End\nOutput Script:\npyautogui.press('esc')\n")
    index = {
        str(n): {
            "task": f"data/tasks/{platform}/app/task_1.1.txt",
            "image": f"data/data/{platform}/app/screen_1.png",
            "box": f"data/metadata/{platform}/boxes/app/screen_1.json",
            "ocr": "x",
        }
        for n, platform in enumerate(("web", "desktop"))
    }
    write(folder / "test.json", index)


def deed(kind: str, x: float | None = None, box: Sequence[float] | None = None, **params: object) -> dict[str, object]:
    """One action of AgentNetBench."""
    place = {} if x is None else {"position": {"x": x, "y": 0.5}}
    boxes = [] if box is None else [{"category_id": 1, "rel_bbox": box}]
    return {"type": kind, "params": {**place, **params}, "metadata": {"bboxes": boxes}}


def agentnet(folder: Path) -> None:
    """Each action, and a step that may be done in two ways."""
    acts: tuple[list[dict[str, object]], ...] = (
        [deed("click", 0.7, [0.6, 0.4, 0.2, 0.2])],
        [deed("moveTo", 0.2, [0.1, 0.4, 0.2, 0.2]), deed("dragTo", 0.9)],
        [deed("moveTo", 0.2), deed("scroll", 0.2, amount=-3)],
        [deed("write", text="stat6011"), deed("press", keys=["enter"])],
        [deed("hotkey", keys=["ctrl", "V"])],
        [deed("doubleClick", 0.3)],
        [deed("tripleClick", 0.3)],
        [deed("rightClick", 0.3), deed("press", keys=["esc"])],
        [deed("scroll", amount=3)],
        [deed("terminate", status="success")],
    )
    steps: list[dict[str, object]] = []
    for n, option in enumerate(acts):
        draw(folder / "images" / f"t_{n}.png", 160, 100)
        others = [[deed("press", keys=["f5"])]] if n == 0 else []
        step = {"step_num": n + 1, "image": f"t_{n}.png", "ground_truth_actions": option, "alternative_options": others}
        steps.append({**step, "inner_monologue": {"low_level_instruction": f"do {n}", "thought": "hm"}})
    said = {"high_level_task_description": "Polish the text.", "user_task_description": "please polish"}
    write(folder / "t.json", {"task_id": "t", **said, "steps": steps})
