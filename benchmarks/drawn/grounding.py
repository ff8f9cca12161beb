"""Samples of the suites that ask where a thing is."""

from pathlib import Path

from .files import draw, drawn, write, write_lines, write_shard


def screenspot(folder: Path) -> None:
    """SeeClick's three files, on screens of three sizes."""
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
    """Boxes as shares of pictures of several sizes."""
    row = {"file_name": "a.png", "instruction": "go", "data_type": "icon", "data_source": "ios"}
    write_shard(
        folder / "data" / "test-00000-of-00001.parquet",
        [{**row, "image": drawn(90, 160 + n), "bbox": [0.1, 0.2, 0.3, 0.5]} for n in range(3)],
    )


def screenspot_v2(folder: Path) -> None:
    """OS-Copilot's form: x, y, width, height."""
    draw(folder / "screenspotv2_image" / "pc.png", 320, 200)
    row = {"img_filename": "pc.png", "instruction": "go", "data_type": "text", "data_source": "windows"}
    write(folder / "screenspot_desktop_v2.json", [{**row, "bbox": [200, 150, 60, 40]}, {**row, "bbox": [0, 0, 5, 5]}])


def screenspot_v2_corners(folder: Path) -> None:
    """GUI-Actor's form: two corners, on a picture of a tenth of the size that is told."""
    draw(folder / "images" / "web.png", 256, 144)
    row = {"img_filename": "web.png", "instruction": "go", "img_size": [2560, 1440], "platform": "gitlab"}
    rows = [{**row, "bbox": [2321, 129, 2529, 199], "ui_type": kind, "group": "web"} for kind in ("text", "icon")]
    write(folder / "screenspot_web_v2.json", rows)


def screenspot_v2_hub(folder: Path) -> None:
    """Two corners in pixels."""
    row = {"file_name": "a.png", "instruction": "go", "data_type": "icon", "data_source": "forum"}
    write_shard(folder / "data" / "test-0.parquet", [{**row, "image": drawn(), "bbox": [100.0, 20.0, 150.0, 90.0]}])


def screenspot_pro(folder: Path) -> None:
    """Two applications of two groups, with instructions in two languages."""
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
    """Qwen-VL's JSONL, of two sets."""
    for name in ("COCO_train2014_1.jpg", "COCO_train2014_2.jpg"):
        draw(folder / "train2014" / name, 64, 48)
    row = {"image": "data/coco/train2014/COCO_train2014_1.jpg", "width": 64, "height": 48}
    rows = [{**row, "sent": "left", "bbox": [1, 2, 30, 40]}, {**row, "sent": "right", "bbox": [33.5, 2, 60, 44]}]
    write_lines(folder / "refcoco_testA.jsonl", rows)
    write_lines(folder / "refcoco+_val.jsonl", rows[:1])


def refcoco_hub(folder: Path) -> None:
    """Two sayings of one thing."""
    row = {"question_id": "1", "answer": ["left one", "the left"], "bbox": [1.0, 2.0, 30.0, 40.0]}
    write_shard(folder / "data" / "testB-00000-of-00001.parquet", [{**row, "image": drawn(64, 48)}])


def osworld_g(folder: Path) -> None:
    """A box, an outline and a refusal."""
    draw(folder / "images" / "a.png", 192, 108)
    row = {"image_path": "a.png", "image_size": [1920, 1080], "instruction": "the funnel"}
    rows = [
        {**row, "id": "1", "box_type": "bbox", "box_coordinates": [100, 200, 50, 20], "GUI_types": ["Icon", "Button"]},
        {**row, "id": "2", "box_type": "polygon", "box_coordinates": [0, 0, 900, 0, 900, 90, 90, 90, 90, 900, 0, 900]},
        {**row, "id": "3", "box_type": "refusal", "box_coordinates": [-1, -1, -1, -1], "GUI_types": "/"},
    ]
    write(folder / "OSWorld-G.json", rows)
    write(folder / "OSWorld-G_refined.json", rows[:1])
