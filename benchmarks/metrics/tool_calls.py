"""Calls of functions: whether they are the right ones, and whether they are given the right values."""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import JsonValue

Call = tuple[str, Mapping[str, JsonValue]]
"""The name of a function and its arguments."""
Allowed = Mapping[str, Sequence[JsonValue]]
"""For each parameter the values that are right; an empty text among them says that it may be left out."""
Function = Mapping[str, JsonValue]
"""As a function is told of: `name`, and `parameters` with `properties` and `required`."""

_TYPES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "float": float,
    "boolean": bool,
    "array": list,
    "tuple": list,
    "dict": dict,
    "any": str,
}
_LISTS = ("array", "tuple")
_LEFT_OUT = ""
_UNHEEDED = re.compile(r"[ ,./\-_*^]")


def type_match(calls: Sequence[Call], truths: Sequence[Call]) -> float:
    """1.0 where the functions that are called are the true ones in their order, whatever they are given; else 0.0.

    TM of the Qwen2-VL report (section on agents), whose data and script are not published.
    """
    return float([name for name, _ in calls] == [name for name, _ in truths])


def exact_match(calls: Sequence[Call], truths: Sequence[Call]) -> float:
    """1.0 where also every argument is the true one, as JSON: 2 is 2.0, but "2" is not, and true is not 1; else 0.0.

    EM of the Qwen2-VL report, likewise.
    """
    is_same = type_match(calls, truths) and all(
        _same(dict(given), dict(true)) for (_, given), (_, true) in zip(calls, truths, strict=True)
    )
    return float(is_same)


def _same(one: JsonValue, other: JsonValue) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def allowed_match(
    calls: Sequence[Call], allowed: Sequence[tuple[str, Allowed]], functions: Sequence[Function]
) -> float:
    """1.0 where there are as many calls as expected and each expected one, in any order, has one that fits; else 0.0.

    As the Berkeley Function Calling Leaderboard compares the syntax trees of Python calls: types must be those that are
    told of, an int will do for a float, texts are compared without case, spaces and ,./-_*^. Source:
    ShishirPatil/gorilla, berkeley-function-call-leaderboard/bfcl_eval/eval_checker/ast_eval/ast_checker.py.
    """
    told = {str(function["name"]): function for function in functions}
    left = list(calls)
    for name, values in allowed:
        fitting = next((call for call in left if name in told and _fits(call, name, values, told[name])), None)
        if fitting is None:
            return 0.0
        left.remove(fitting)
    return float(not left)


def required(name: str, functions: Sequence[Function]) -> Sequence[str]:
    """The parameters without which a function cannot be called; none of a function that there is not."""
    for one in functions:
        if one.get("name") == name:
            return cast(Sequence[str], _mapping(one.get("parameters")).get("required") or ())
    return ()


def _fits(call: Call, name: str, allowed: Allowed, function: Function) -> bool:
    called, given = call
    parameters = _mapping(function.get("parameters"))
    told = _mapping(parameters.get("properties"))
    if called != name or any(parameter not in given for parameter in required(name, [function])):
        return False
    if any(key not in told or key not in allowed for key in given):
        return False
    if not all(_is_right(value, allowed[key], _mapping(told[key])) for key, value in given.items()):
        return False
    return all(key in given or _LEFT_OUT in values for key, values in allowed.items())


def _is_right(value: JsonValue, allowed: Sequence[JsonValue], told: Mapping[str, JsonValue]) -> bool:
    """Whether a value is one of those that are allowed, and of the type that is told, or that those have."""
    kind = str(told.get("type"))
    expected = _TYPES.get(kind)
    inner = str(_mapping(told.get("items")).get("type")) if kind in _LISTS else ""
    if kind == "float" and type(value) is int:
        value = float(value)
    usual = next((type(one) for one in allowed if one != _LEFT_OUT), None)
    if type(value) is not expected:
        return type(value) is usual and value in allowed
    if isinstance(value, list) and not any(_has_types(value, one, _TYPES.get(inner)) for one in allowed):
        return False
    if usual is not None and usual is not expected:  # a variable, or a number of the other kind
        return value in allowed
    match value:
        case dict():
            return any(isinstance(one, dict) and _dict_is_right(value, one) for one in allowed)
        case list() if inner == "dict":
            return any(isinstance(one, list) and _dicts_are_right(value, one) for one in allowed)
        case list():
            return _plain_items(value) in [_plain_items(one) for one in allowed if isinstance(one, list | str)]
        case str():
            return _plain(value) in [_plain(one) for one in allowed if isinstance(one, str)]
        case _:
            return value in allowed


def _has_types(items: Sequence[JsonValue], allowed: JsonValue, inner: type | None) -> bool:
    """Whether every item of a list has the type that is told of, or that of the first that is allowed."""
    if inner is None or not isinstance(allowed, list):
        return True
    usual = next((type(one) for one in allowed if one != _LEFT_OUT), None)
    return all(type(item) in (inner, usual) for item in items)


def _dict_is_right(value: Mapping[str, JsonValue], allowed: Mapping[str, JsonValue]) -> bool:
    options = {key: _plain_items(one) for key, one in allowed.items() if isinstance(one, list)}
    if any(key not in options or _plain(item) not in options[key] for key, item in value.items()):
        return False
    return all(key in value or _LEFT_OUT in one for key, one in options.items())


def _dicts_are_right(values: Sequence[JsonValue], allowed: Sequence[JsonValue]) -> bool:
    return len(values) == len(allowed) and all(
        isinstance(value, dict) and isinstance(one, dict) and _dict_is_right(value, one)
        for value, one in zip(values, allowed, strict=True)
    )


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _plain_items(items: Sequence[JsonValue]) -> list[JsonValue]:
    return [_plain(item) for item in items]


def _plain(value: JsonValue) -> JsonValue:
    return _UNHEEDED.sub("", value).lower().replace("'", '"') if isinstance(value, str) else value
