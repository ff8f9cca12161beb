"""A tiny sample of each published format, drawn here: no picture and no row is anybody else's."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import SUITES
from clickwright.benchmarks.suites.samples import SampleSuite
from PIL import Image

Rows = Sequence[Mapping[str, Any]]


def picture(width: int, height: int) -> Image.Image:
    ramp = np.linspace(0, 255, width * height * 3).reshape(height, width, 3)
    return Image.fromarray(ramp.astype(np.uint8))


def draw(path: Path, width: int = 200, height: int = 100) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(width, height).save(path)


def drawn(width: int = 200, height: int = 100) -> dict[str, object]:
    """A picture as a parquet file of the hub holds it."""
    buffer = io.BytesIO()
    picture(width, height).save(buffer, "PNG")
    return {"bytes": buffer.getvalue(), "path": "any.png"}


def write(path: Path, found: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found))


def write_lines(path: Path, rows: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def write_shard(path: Path, rows: Rows) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(arrow.Table.from_pylist([dict(row) for row in rows]), path, row_group_size=2)


# Grounding


def screenspot(folder: Path) -> None:
    for platform, source, size in (
        ("desktop", "macos", (320, 200)),
        ("mobile", "ios", (90, 160)),
        ("web", "shop", (300, 90)),
    ):
        name = f"{platform}_1.png"
        draw(folder / "screenspot_imgs" / name, *size)
        row = {"img_filename": name, "bbox": [10, 20, 30, 40], "data_source": source}
        rows = [{**row, "instruction": f"press {kind}", "data_type": kind} for kind in ("text", "icon")]
        write(folder / f"screenspot_{platform}.json", rows)


def screenspot_hub(folder: Path) -> None:
    row = {"file_name": "a.png", "instruction": "go", "data_type": "icon", "data_source": "ios"}
    write_shard(
        folder / "data" / "test-00000-of-00001.parquet",
        [{**row, "image": drawn(90, 160 + n), "bbox": [0.1, 0.2, 0.3, 0.5]} for n in range(3)],
    )


def screenspot_v2(folder: Path) -> None:
    draw(folder / "screenspotv2_image" / "pc.png", 320, 200)
    row = {"img_filename": "pc.png", "instruction": "go", "data_type": "text", "data_source": "windows"}
    write(folder / "screenspot_desktop_v2.json", [{**row, "bbox": [200, 150, 60, 40]}, {**row, "bbox": [0, 0, 5, 5]}])


def screenspot_v2_corners(folder: Path) -> None:
    draw(folder / "images" / "web.png", 256, 144)
    row = {"img_filename": "web.png", "instruction": "go", "img_size": [2560, 1440], "platform": "gitlab"}
    rows = [{**row, "bbox": [2321, 129, 2529, 199], "ui_type": kind, "group": "web"} for kind in ("text", "icon")]
    write(folder / "screenspot_web_v2.json", rows)


def screenspot_v2_hub(folder: Path) -> None:
    row = {"file_name": "a.png", "instruction": "go", "data_type": "icon", "data_source": "forum"}
    write_shard(folder / "data" / "test-0.parquet", [{**row, "image": drawn(), "bbox": [100.0, 20.0, 150.0, 90.0]}])


def screenspot_pro(folder: Path) -> None:
    draw(folder / "images" / "photoshop" / "a.png", 384, 216)
    row = {
        "img_filename": "photoshop/a.png",
        "img_size": [3840, 2160],
        "instruction": "the brush",
        "platform": "windows",
    }
    for app, group in (("photoshop", "Creative"), ("vscode", "Dev")):
        rows = [
            {
                **row,
                "id": f"{app}_{kind}",
                "bbox": [3000, 2000, 3010, 2012],
                "application": app,
                "ui_type": kind,
                "group": group,
                "instruction_cn": "画笔",
            }
            for kind in ("text", "icon")
        ]
        write(folder / "annotations" / f"{app}.json", rows)


def refcoco(folder: Path) -> None:
    for name in ("COCO_train2014_1.jpg", "COCO_train2014_2.jpg"):
        draw(folder / "train2014" / name, 64, 48)
    row = {"image": "data/coco/train2014/COCO_train2014_1.jpg", "width": 64, "height": 48}
    rows = [{**row, "sent": "left", "bbox": [1, 2, 30, 40]}, {**row, "sent": "right", "bbox": [33.5, 2, 60, 44]}]
    write_lines(folder / "refcoco_testA.jsonl", rows)
    write_lines(folder / "refcoco+_val.jsonl", rows[:1])


def refcoco_hub(folder: Path) -> None:
    row = {"question_id": "1", "answer": ["left one", "the left"], "bbox": [1.0, 2.0, 30.0, 40.0]}
    write_shard(folder / "data" / "testB-00000-of-00001.parquet", [{**row, "image": drawn(64, 48)}])


def osworld_g(folder: Path) -> None:
    draw(folder / "images" / "a.png", 192, 108)
    row = {"image_path": "a.png", "image_size": [1920, 1080], "instruction": "the funnel"}
    rows = [
        {**row, "id": "1", "box_type": "bbox", "box_coordinates": [100, 200, 50, 20], "GUI_types": ["Icon", "Button"]},
        {**row, "id": "2", "box_type": "polygon", "box_coordinates": [0, 0, 900, 0, 900, 90, 90, 90, 90, 900, 0, 900]},
        {**row, "id": "3", "box_type": "refusal", "box_coordinates": [-1, -1, -1, -1], "GUI_types": "/"},
    ]
    write(folder / "OSWorld-G.json", rows)
    write(folder / "OSWorld-G_refined.json", rows[:1])


# Pages


PAGE_STEPS: Sequence[tuple[str, str]] = (("CLICK", ""), ("TYPE", "New York"), ("SELECT", "2 adults"))


def mind2web_rows(hub: bool) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for n, (op, value) in enumerate(PAGE_STEPS):
        node = {"bounding_box_rect": f"{10 * n}.5,20,30,40", "class": "x"}
        candidate = json.dumps({"backend_node_id": "1", "attributes": json.dumps(node)})
        row: dict[str, object] = {
            "annotation_id": "task-1",
            "action_uid": f"act-{n}",
            "confirmed_task": "find a hotel",
            "website": "budget",
            "domain": "Travel",
            "operation": json.dumps({"original_op": "HOVER" if op == "CLICK" else op, "op": op, "value": value}),
            "pos_candidates": [candidate],
            "target_action_reprs": f"[button] -> {op}",
        }
        rows.append({**row, "screenshot": drawn()} if hub else row)
    empty = {**rows[0], "action_uid": "act-none", "pos_candidates": list[str]()}
    return [*rows, empty]


def mind2web_hub(folder: Path) -> None:
    write_shard(folder / "data" / "test_task-00000-of-00001.parquet", mind2web_rows(True))
    write_shard(folder / "data" / "train-00000-of-00001.parquet", mind2web_rows(True)[:1])


def mind2web_json(folder: Path) -> None:
    write(folder / "test_website.json", mind2web_rows(False))
    for n in range(4):
        draw(folder / "images" / (f"task-1-act-{n}.jpg" if n else "task-1-act-0.png"))


def mind2web_blocks(folder: Path) -> None:
    rows: list[dict[str, object]] = []
    for n, (op, value) in enumerate(PAGE_STEPS):
        draw(folder / "blocks" / f"t_{n}" / "1.png")
        row = {"annotation_id": "t", "action_uid": str(n), "task": "find a hotel", "operation": op, "value": value}
        boxes = {"0": list[object](), "1": [[1.5, 2, 30, 40], [100, 2, 30, 40]]}
        rows.append({**row, "website": "budget", "split": "task", "blocks_path": f"t_{n}", "target_blocks": boxes})
    write_lines(folder / "cross_task_blocks.jsonl", rows)


def mind2web_seeclick(folder: Path) -> None:
    box = {"x": 10.0, "y": 20.0, "width": 30.0, "height": 40.0}
    actions: list[dict[str, object]] = []
    for n, (op, value) in enumerate(PAGE_STEPS):
        draw(folder / "mind2web_images" / f"e-{n}.jpg")
        operation = {"original_op": "ENTER" if op == "CLICK" else op, "value": value}
        actions.append({"action_uid": str(n), "operation": operation, "bbox": box})
    actions.append({"action_uid": "none", "operation": {"original_op": "CLICK", "value": ""}})
    episode = {"annotation_id": "e", "confirmed_task": "find a hotel", "actions": actions}
    write(folder / "mind2web_data_test_domain.json", [episode])


# Phones


def aitw(folder: Path) -> None:
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
    lines = (*ATLAS_LINES, "OPEN_APP [Google Chrome]", "WAIT")
    atlas(folder, "ac_test.jsonl", lines, "episode_140_screenshot")
    atlas(folder, "ac_low_test.jsonl", lines[:2], "episode_141_screenshot")


def odyssey_atlas(folder: Path) -> None:
    atlas(folder, "gui_odyssey_test.jsonl", (*ATLAS_LINES, "PRESS_RECENT", "IMPOSSIBLE"), "9187")


def odyssey(folder: Path) -> None:
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


# Desktops


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
    place = {} if x is None else {"position": {"x": x, "y": 0.5}}
    boxes = [] if box is None else [{"category_id": 1, "rel_bbox": box}]
    return {"type": kind, "params": {**place, **params}, "metadata": {"bboxes": boxes}}


def agentnet(folder: Path) -> None:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A suite, what draws its sample into a folder, and the settings that it wants."""

    suite: str
    draw: Callable[[Path], None]
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    def choice(self, folder: Path, **others: Any) -> Choice:
        self.draw(folder)
        return Choice(data=folder, settings=self.settings, **others)

    def open(self, folder: Path, **others: Any) -> SampleSuite:
        suite = SUITES[self.suite].open(self.choice(folder, **others))
        assert isinstance(suite, SampleSuite)
        return suite


FORMATS: Mapping[str, Format] = {
    "screenspot": Format(suite="screenspot", draw=screenspot),
    "screenspot of the hub": Format(suite="screenspot", draw=screenspot_hub),
    "screenspot-v2": Format(suite="screenspot-v2", draw=screenspot_v2),
    "screenspot-v2 of GUI-Actor": Format(suite="screenspot-v2", draw=screenspot_v2_corners),
    "screenspot-v2 of the hub": Format(suite="screenspot-v2", draw=screenspot_v2_hub),
    "screenspot-pro": Format(suite="screenspot-pro", draw=screenspot_pro),
    "screenspot-pro in Chinese": Format(suite="screenspot-pro", draw=screenspot_pro, settings={"language": "cn"}),
    "refcoco": Format(suite="refcoco", draw=refcoco),
    "refcoco of the hub": Format(suite="refcoco", draw=refcoco_hub),
    "osworld-g": Format(suite="osworld-g", draw=osworld_g),
    "osworld-g refined": Format(suite="osworld-g", draw=osworld_g, settings={"instructions": "refined"}),
    "mind2web of the hub": Format(suite="mind2web", draw=mind2web_hub),
    "mind2web as JSON": Format(suite="mind2web", draw=mind2web_json),
    "mind2web of UGround": Format(suite="mind2web", draw=mind2web_blocks, settings={"f1": "uground"}),
    "mind2web of SeeClick": Format(suite="mind2web", draw=mind2web_seeclick, settings={"split": "domain"}),
    "aitw": Format(suite="aitw", draw=aitw),
    "aitz": Format(suite="aitz", draw=aitz),
    "android-control": Format(suite="android-control", draw=android_control),
    "android-control low": Format(suite="android-control", draw=android_control, settings={"level": "low"}),
    "android-control of OS-Atlas": Format(suite="android-control", draw=android_control_atlas),
    "gui-odyssey": Format(suite="gui-odyssey", draw=odyssey),
    "gui-odyssey by OS-Atlas": Format(suite="gui-odyssey", draw=odyssey, settings={"matching": "os-atlas"}),
    "gui-odyssey of OS-Atlas": Format(suite="gui-odyssey", draw=odyssey_atlas),
    "gui-odyssey in words": Format(suite="gui-odyssey", draw=odyssey_atlas, settings={"scrolls": "words"}),
    "omniact": Format(suite="omniact", draw=omniact),
    "agentnetbench": Format(suite="agentnetbench", draw=agentnet),
}


@pytest.fixture(params=list(FORMATS))
def form(request: pytest.FixtureRequest) -> Format:
    """Each format in turn."""
    return FORMATS[request.param]


@pytest.fixture
def forms() -> Mapping[str, Format]:
    """All of them, by name."""
    return FORMATS
