"""Calls: type match, exact match, and the values that the Berkeley leaderboard allows."""

from collections.abc import Mapping, Sequence

import pytest
from clickwright.benchmarks.metrics.tool_calls import Allowed, Call, allowed_match, exact_match, type_match
from pydantic import JsonValue

BONN: Call = ("weather", {"town": "Bonn", "days": 2})
KOELN: Call = ("weather", {"town": "Köln", "days": 2})
TIME: Call = ("time", {})


@pytest.mark.parametrize(
    ("calls", "truths", "types", "exact"),
    [
        ([BONN], [BONN], 1, 1),
        ([BONN], [("weather", {"days": 2.0, "town": "Bonn"})], 1, 1),
        ([BONN], [KOELN], 1, 0),
        ([BONN], [("weather", {"town": "Bonn", "days": "2"})], 1, 0),
        ([("f", {"x": True})], [("f", {"x": 1})], 1, 0),
        ([("f", {"x": [1, {"y": None}]})], [("f", {"x": [1, {"y": None}]})], 1, 1),
        ([BONN, TIME], [TIME, BONN], 0, 0),
        ([BONN], [BONN, BONN], 0, 0),
        ([], [BONN], 0, 0),
        ([], [], 1, 1),
    ],
)
def test_names_and_arguments(calls: Sequence[Call], truths: Sequence[Call], types: int, exact: int) -> None:
    assert (type_match(calls, truths), exact_match(calls, truths)) == (types, exact)


def function(name: str, required: Sequence[str] = (), **properties: JsonValue) -> Mapping[str, JsonValue]:
    return {"name": name, "parameters": {"type": "dict", "properties": properties, "required": list(required)}}


AREA = function(
    "area",
    ["base"],
    base={"type": "integer"},
    unit={"type": "string"},
    factor={"type": "float"},
    points={"type": "array", "items": {"type": "string"}},
    where={"type": "dict"},
    parts={"type": "array", "items": {"type": "dict"}},
)
ALLOWED: Allowed = {
    "base": [10],
    "unit": ["units, metric", ""],
    "factor": [2.5, 3, ""],
    "points": [["New York", "LA"], ""],
    "where": [{"city": ["Paris"], "zip": ["1", ""]}, ""],
    "parts": [[{"n": [1]}], ""],
}


@pytest.mark.parametrize(
    ("arguments", "fits"),
    [
        ({"base": 10}, True),
        ({"base": 10.0}, False),
        ({"base": "10"}, False),
        ({"base": True}, False),
        ({"base": 11}, False),
        ({}, False),
        ({"base": 10, "colour": "red"}, False),
        ({"base": 10, "unit": "Units metric."}, True),
        ({"base": 10, "unit": "feet"}, False),
        ({"base": 10, "factor": 3}, True),  # an int will do for a float
        ({"base": 10, "points": ["new york", "L.A."]}, True),
        ({"base": 10, "points": ["LA", "New York"]}, False),
        ({"base": 10, "points": [1]}, False),
        ({"base": 10, "where": {"city": "paris"}}, True),
        ({"base": 10, "where": {"city": "Paris", "zip": "2"}}, False),
        ({"base": 10, "where": {"zip": "1"}}, False),
        ({"base": 10, "parts": [{"n": 1}]}, True),
        ({"base": 10, "parts": [{"n": 1}, {"n": 1}]}, False),
    ],
)
def test_values_that_are_allowed(arguments: Mapping[str, JsonValue], fits: bool) -> None:
    """The leaderboard's own ast_checker says the same of these, and of 13,962 calls made of its data with faults."""
    assert allowed_match([("area", arguments)], [("area", ALLOWED)], [AREA]) == fits


def test_several_calls_fit_in_any_order() -> None:
    ten, twenty = ("area", {"base": 10}), ("area", {"base": 20})
    allowed = [("area", {"base": [20]}), ("area", {"base": [10]})]
    assert allowed_match([ten, twenty], allowed, [AREA]) == 1
    assert allowed_match([ten, ten], allowed, [AREA]) == 0
    assert allowed_match([ten, twenty, ten], allowed, [AREA]) == 0
    assert allowed_match([("volume", {"base": 10})], allowed[:1], [AREA]) == 0
    assert allowed_match([], [], [AREA]) == 1
