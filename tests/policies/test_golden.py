"""What checkpoints write, as their sources have it, and what it means: golden/*.toml, read one by one.

A file has the `source` of its formats; a case may have its own. A case has a `profile`, a `text`, and what is read:
`actions` as JSON, or `places` of two or four pixels each, or words of the `error`. `thought` where there is one.
`size` is that of the screenshot, 1000 x 1000 unless told; `seen` that at which the model reads it. `elements` are the
places of things by what they are called, `marks` the numbered boxes.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from clickwright.errors import BadModelOutput
from clickwright.policies.grammars import Canvas, Shape
from clickwright.policies.profiles import PROFILES, Profile
from clickwright.screen import Box, Point, Size
from clickwright.tools import ACTION

FILES = sorted((Path(__file__).parent / "golden").glob("*.toml"))
CASES = [
    pytest.param(case | {"source": case.get("source", found.get("source", ""))}, id=f"{path.stem}-{number}")
    for path in FILES
    for found in [tomllib.loads(path.read_text("utf-8"))]
    for number, case in enumerate(found["case"], 1)
]
KNOWN = {
    "profile",
    "text",
    "actions",
    "places",
    "error",
    "thought",
    "size",
    "seen",
    "pointer",
    "source",
    "note",
    "elements",
    "marks",
}


def canvas_of(case: dict[str, Any], profile: Profile) -> Canvas:
    pointer = case.get("pointer")
    return Canvas(
        size=Size(*case.get("size", (1000, 1000))),
        seen=Size(*case["seen"]) if "seen" in case else None,
        space=profile.space,
        pointer=Point(*pointer) if pointer else None,
        locate=lambda words: Point(*case["elements"][words]),
        marks=[Box(*corners) for corners in case.get("marks", ())],
    )


@pytest.mark.parametrize("case", CASES)
def test_a_published_answer_is_read_as_it_is_meant(case: dict[str, Any]) -> None:
    assert case.keys() <= KNOWN
    assert case["source"]
    profile = PROFILES[case["profile"]]
    canvas, text = canvas_of(case, profile), case["text"]
    if "error" in case:
        read = profile.act.language.parse if profile.act else profile.ground.places.parse  # type: ignore[union-attr]
        with pytest.raises(BadModelOutput, match=re.escape(case["error"])):
            read(text, canvas)
    elif "places" in case:
        assert profile.ground is not None
        shapes = [shape for one in profile.ground.places.parse(text, canvas) for shape in one.shapes]
        assert [_numbers(shape) for shape in shapes] == [pytest.approx(place) for place in case["places"]]
    else:
        assert profile.act is not None
        answer = profile.act.language.parse(text, canvas)
        expected = [ACTION.validate_json(json.dumps(action)) for action in case["actions"]]
        assert [_rounded(action) for action in answer.actions] == [_rounded(action) for action in expected]
        if "thought" in case:
            assert answer.thought == case["thought"]


def test_every_profile_has_golden_cases() -> None:
    told = {parameters.values[0]["profile"] for parameters in CASES}  # type: ignore[index, call-overload]
    assert told == set(PROFILES)


def _numbers(shape: Shape) -> list[float]:
    match shape:
        case Point(x, y):
            return [x, y]
        case Box(x1, y1, x2, y2):
            return [x1, y1, x2, y2]
        case _:
            return [number for corner in shape.corners for number in (corner.x, corner.y)]


def _rounded(action: Any) -> object:
    """The action as data, numbers to a thousandth of a pixel."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {name: plain(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [plain(inner) for inner in value]
        return round(value, 3) if isinstance(value, float | int) and not isinstance(value, bool) else value

    return plain(ACTION.dump_python(action, mode="json"))
