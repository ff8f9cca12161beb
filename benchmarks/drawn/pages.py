"""Samples of recorded steps on pages."""

import json
from collections.abc import Sequence
from pathlib import Path

from .files import draw, drawn, write, write_lines, write_shard

PAGE_STEPS: Sequence[tuple[str, str]] = (("CLICK", ""), ("TYPE", "New York"), ("SELECT", "2 adults"))


def mind2web_rows(hub: bool) -> list[dict[str, object]]:
    """One step of each operation as the hub tells it, and one without a box."""
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
    """A shard of a test, and one of the training that is not to be read."""
    write_shard(folder / "data" / "test_task-00000-of-00001.parquet", mind2web_rows(True))
    write_shard(folder / "data" / "train-00000-of-00001.parquet", mind2web_rows(True)[:1])


def mind2web_json(folder: Path) -> None:
    """The rows of the hub, with pictures beside them."""
    write(folder / "test_website.json", mind2web_rows(False))
    for n in range(4):
        draw(folder / "images" / (f"task-1-act-{n}.jpg" if n else "task-1-act-0.png"))


def mind2web_blocks(folder: Path) -> None:
    """UGround's form, with two right boxes on the second block."""
    rows: list[dict[str, object]] = []
    for n, (op, value) in enumerate(PAGE_STEPS):
        draw(folder / "blocks" / f"t_{n}" / "1.png")
        row = {"annotation_id": "t", "action_uid": str(n), "task": "find a hotel", "operation": op, "value": value}
        boxes = {"0": list[object](), "1": [[1.5, 2, 30, 40], [100, 2, 30, 40]]}
        rows.append({**row, "website": "budget", "split": "task", "blocks_path": f"t_{n}", "target_blocks": boxes})
    write_lines(folder / "cross_task_blocks.jsonl", rows)


def mind2web_seeclick(folder: Path) -> None:
    """SeeClick's form, with an action without a box."""
    box = {"x": 10.0, "y": 20.0, "width": 30.0, "height": 40.0}
    actions: list[dict[str, object]] = []
    for n, (op, value) in enumerate(PAGE_STEPS):
        draw(folder / "mind2web_images" / f"e-{n}.jpg")
        operation = {"original_op": "ENTER" if op == "CLICK" else op, "value": value}
        actions.append({"action_uid": str(n), "operation": operation, "bbox": box})
    actions.append({"action_uid": "none", "operation": {"original_op": "CLICK", "value": ""}})
    episode = {"annotation_id": "e", "confirmed_task": "find a hotel", "actions": actions}
    write(folder / "mind2web_data_test_domain.json", [episode])
