"""Suites that ask where a thing is: which form a file has, which place is right, and what is told of results."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from clickwright.benchmarks import subjects
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.subjects import ScriptedSubject, unreadable
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import SUITES
from clickwright.errors import UsageError
from clickwright.screen import Box, Point
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image


def pointing(x: float, y: float, box: Box | None = None) -> ScriptedSubject:
    return subjects.pointing(Point(x, y), box)


def asked(form: Any, folder: Path, name: str, subject: ScriptedSubject, **choice: Any) -> Row:
    suite = form.open(folder, **choice)
    return suite.attempt(Key(task=name), subject)


def box_of(row: Row) -> object:
    assert isinstance(row.expected, dict)
    return row.expected["bbox"]


def names_of(suite: Any) -> list[str]:
    keys = suite.keys()
    return [key.task for key in keys]


def rewrite(path: Path, change: Mapping[str, object]) -> None:
    """Change fields of the first row of a JSON file; those that are None are taken away."""
    rows = json.loads(path.read_text())
    rows[0] = {name: value for name, value in {**rows[0], **change}.items() if value is not None}
    path.write_text(json.dumps(rows))


def fault_of(suite: str, folder: Path, **choice: Any) -> str:
    """What is said when the keys of a suite are wanted; one sentence."""
    with pytest.raises(UsageError) as caught:
        SUITES[suite].open(Choice(data=folder, **choice)).keys()
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ScreenSpot


def test_both_forms_of_screenspot_v2_are_told_apart_by_their_fields(forms: Mapping[str, Any], tmp_path: Path) -> None:
    sides, corners = forms["screenspot-v2"], forms["screenspot-v2 of GUI-Actor"]
    row = asked(sides, tmp_path / "a", "screenspot_desktop_v2:1", pointing(259, 189))
    assert (row.score, box_of(row)) == (1, [200, 150, 260, 190])
    row = asked(corners, tmp_path / "b", "screenspot_web_v2:1", pointing(252.9, 19.9))
    assert (row.score, box_of(row)) == (1, [2321, 129, 2529, 199]), "a picture of a tenth of the size"
    assert asked(corners, tmp_path / "b", "screenspot_web_v2:1", pointing(253, 19.9)).score == 0
    assert row.groups == {"platform": "web", "type": "text", "cell": "web text", "source": "gitlab"}


def test_a_form_that_cannot_be_told_has_to_be_said(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["screenspot-v2"].draw(tmp_path)
    rewrite(tmp_path / "screenspot_desktop_v2.json", {"data_source": None})
    assert "row 1: its fields do not say whether the box is" in fault_of("screenspot-v2", tmp_path)
    said = SUITES["screenspot-v2"].open(Choice(data=tmp_path, settings={"boxes": "xywh"}))
    assert len(said.keys()) == 2
    assert "has its corners in no order" in fault_of("screenspot-v2", tmp_path, settings={"boxes": "xyxy"})


def test_a_form_that_was_mistaken_is_an_error_and_no_poor_result(forms: Mapping[str, Any], tmp_path: Path) -> None:
    """Corners read as side lengths give boxes far beyond the picture."""
    form = forms["screenspot-v2 of GUI-Actor"]
    form.draw(tmp_path)
    suite = SUITES["screenspot-v2"].open(Choice(data=tmp_path, settings={"boxes": "xywh"}))
    with pytest.raises(
        UsageError, match=r"screenspot_web_v2\.json row 1: the box .* lies beside its picture of 256 x 144"
    ):
        suite.attempt(suite.keys()[0], pointing(1, 1))


def test_results_are_told_apart_by_platform_and_type(forms: Mapping[str, Any], tmp_path: Path) -> None:
    suite = forms["screenspot"].open(tmp_path)
    groups = [dict(sample.groups) for sample in suite.chosen]
    assert {(group["platform"], group["type"]) for group in groups} == {
        (platform, kind) for platform in ("desktop", "mobile", "web") for kind in ("text", "icon")
    }


def span(ends: tuple[float, ...], side: int) -> tuple[int, int]:
    """Two whole pixels of a side, at least one apart."""
    low, high = sorted(int(end * (side - 1)) for end in ends)
    return low, high + 1


@settings(max_examples=25, deadline=None)
@given(
    size=st.tuples(st.integers(1, 400), st.integers(1, 400)),
    ends=st.tuples(*[st.floats(0, 1)] * 4),
    form=st.sampled_from(["sides", "corners", "other size"]),
)
def test_the_middle_is_right_and_a_far_place_wrong_on_a_picture_of_any_size(
    tmp_path_factory: pytest.TempPathFactory, size: tuple[int, int], ends: tuple[float, ...], form: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    Image.new("RGB", size).save(folder / "a.png")
    (x1, x2), (y1, y2) = span(ends[:2], size[0]), span(ends[2:], size[1])
    row: dict[str, object] = {"img_filename": "a.png", "instruction": "go", "bbox": [x1, y1, x2 - x1, y2 - y1]}
    if form == "sides":
        row |= {"data_source": "ios", "data_type": "icon"}
    else:
        of = size if form == "corners" else (1000, 1000)
        across, down = of[0] / size[0], of[1] / size[1]
        row |= {"img_size": list(of), "bbox": [x1 * across, y1 * down, x2 * across, y2 * down]}
    (folder / "screenspot_web.json").write_text(json.dumps([row]))
    suite = SUITES["screenspot"].open(Choice(data=folder))
    (key,) = suite.keys()
    assert suite.attempt(key, pointing((x1 + x2) / 2, (y1 + y2) / 2)).score == 1
    assert suite.attempt(key, pointing(x2 + 3, y2 + 3)).score == 0


# ScreenSpot-Pro


def test_the_verdicts_of_screenspot_pro(forms: Mapping[str, Any], tmp_path: Path) -> None:
    form = forms["screenspot-pro"]
    verdicts = {
        "correct": pointing(300.5, 200.5),
        "wrong": pointing(302, 200.5),
        "wrong_format": unreadable("Dunno"),
    }
    rows = {word: asked(form, tmp_path, "vscode_icon", subject) for word, subject in verdicts.items()}
    assert {word: row.ended for word, row in rows.items()} == {word: word for word in verdicts}
    point = rows["wrong_format"].prediction
    assert point == {"point": None, "text": "Dunno"}, "as the leaderboard's file wants it"
    told = {"group": "Dev", "application": "vscode", "platform": "windows", "ui_type": "icon"}
    assert rows["correct"].groups == told


def test_the_language_of_screenspot_pro(forms: Mapping[str, Any], tmp_path: Path) -> None:
    subject = pointing(1, 1)
    asked(forms["screenspot-pro in Chinese"], tmp_path, "vscode_icon", subject)
    asked(forms["screenspot-pro"], tmp_path, "vscode_icon", subject)
    assert subject.descriptions == ["画笔", "the brush"]


# RefCOCO


def test_a_referred_thing_wants_a_box_that_overlaps_by_half(forms: Mapping[str, Any], tmp_path: Path) -> None:
    """By hand: boxes of 29 x 38 and 29 x 19 overlap by a half exactly."""
    form = forms["refcoco"]
    half = asked(form, tmp_path, "refcoco_testA:1", pointing(15, 11, Box(1, 2, 30, 21)))
    less = asked(form, tmp_path, "refcoco_testA:1", pointing(15, 11, Box(1, 2, 30, 20.9)))
    assert (half.score, half.metrics["iou"], less.score) == (1, 0.5, 0)
    point = asked(form, tmp_path, "refcoco_testA:1", pointing(15, 11))
    assert (point.score, point.metrics["point_in_box"]) == (0, 1)
    assert point.reason == "the answer is a point and no box"


def test_a_split_of_refcoco_is_chosen_by_a_setting_or_as_a_group(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["refcoco"].draw(tmp_path)
    by_setting = SUITES["refcoco"].open(Choice(data=tmp_path, settings={"split": "val"}))
    by_group = SUITES["refcoco"].open(Choice(data=tmp_path, tasks=("val",)))
    assert by_setting.keys() == by_group.keys()
    assert names_of(by_setting) == ["refcoco+_val:1"]


def test_every_saying_of_the_hub_is_a_sample(forms: Mapping[str, Any], tmp_path: Path) -> None:
    suite = forms["refcoco of the hub"].open(tmp_path)
    subject = pointing(1, 1)
    for name in names_of(suite):
        suite.attempt(Key(task=name), subject)
    assert subject.descriptions == ["left one", "the left"]


# OSWorld-G


@pytest.mark.parametrize(
    ("subject", "on_refusal", "on_box"),
    [
        (unreadable("[-1, -1]"), 1, 0),
        (unreadable('{"x": -1, "y": -1.0}'), 1, 0),
        (pointing(-1, -1), 1, 0),
        (unreadable("I see -1 of them"), 0, 0),
        (unreadable("(-1, 5)"), 0, 0),
        (unreadable("Click on tab-2 beside item-14."), 0, 0),
        (unreadable(""), 0, 0),
        (pointing(12, 21), 0, 1),
    ],
)
def test_a_refusal_is_right_where_nothing_fits_and_only_there(
    forms: Mapping[str, Any], tmp_path: Path, subject: ScriptedSubject, on_refusal: int, on_box: int
) -> None:
    assert asked(forms["osworld-g"], tmp_path, "3", subject).score == on_refusal
    assert asked(forms["osworld-g"], tmp_path, "1", subject).score == on_box


def test_an_outline_is_scaled_with_its_picture(forms: Mapping[str, Any], tmp_path: Path) -> None:
    form = forms["osworld-g"]
    assert asked(form, tmp_path, "2", pointing(4, 80)).score == 1
    assert asked(form, tmp_path, "2", pointing(50, 50)).score == 0


def test_refusals_may_be_left_out(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["osworld-g"].draw(tmp_path)
    suite = SUITES["osworld-g"].open(Choice(data=tmp_path, settings={"refusals": "left_out"}))
    assert names_of(suite) == ["1", "2"]


# What is wrong with the data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"img_filename": "../secret.png"}, "row 1: the name '../secret.png' leads out of the folder"),
        ({"img_filename": "/etc/passwd"}, "row 1: the name '/etc/passwd' leads out of the folder"),
        ({"img_filename": "none.png"}, "has no file 'none.png'"),
        ({"bbox": [1, 2, 3, float("nan")]}, "row 1: bbox.3: input should be a finite number"),
        ({"bbox": [1, 2, 3]}, "row 1: bbox"),
        ({"bbox": "1,2,3,4"}, "row 1: bbox"),
        ({"bbox": [1, 2, -3, 4]}, "row 1: the box"),
        ({"instruction": 5}, "row 1: instruction"),
    ],
)
def test_a_row_that_is_wrong_is_named(
    forms: Mapping[str, Any], tmp_path: Path, change: Mapping[str, object], said: str
) -> None:
    forms["screenspot"].draw(tmp_path)
    rewrite(tmp_path / "screenspot_desktop.json", change)
    found = fault_of("screenspot", tmp_path)
    assert found.startswith("screenspot_desktop.json row 1")
    assert said in found


def test_a_polygon_without_corners_and_an_unknown_box_are_named(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["osworld-g"].draw(tmp_path)
    path = tmp_path / "OSWorld-G.json"
    rewrite(path, {"box_type": "polygon", "box_coordinates": [1, 2, 3, 4, 5]})
    assert "row 1: 5 numbers are no polygon" in fault_of("osworld-g", tmp_path)
    rewrite(path, {"box_type": "circle"})
    assert "row 1: box_type: input should be 'bbox', 'polygon' or 'refusal'" in fault_of("osworld-g", tmp_path)


def test_two_samples_of_one_name_are_not_taken_for_one(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["screenspot-pro"].draw(tmp_path)
    rewrite(tmp_path / "annotations" / "vscode.json", {"id": "vscode_icon"})
    assert "name 1 samples twice, such as 'vscode_icon'" in fault_of("screenspot-pro", tmp_path)


def test_a_picture_that_cannot_be_read_is_told_of_when_it_is_asked(forms: Mapping[str, Any], tmp_path: Path) -> None:
    suite = forms["screenspot-v2"].open(tmp_path)
    (tmp_path / "screenspotv2_image" / "pc.png").write_bytes(b"no picture")
    with pytest.raises(UsageError, match="is not a picture of a kind that is read"):
        suite.attempt(suite.keys()[0], pointing(1, 1))
