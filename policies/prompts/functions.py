"""Functions as prompts tell of them."""

import json
from collections.abc import Sequence

from ...tools import Function


def told_functions(functions: Sequence[Function], own: Sequence[Function]) -> dict[str, str]:
    """By the names of their places: all functions in several forms, and the user's own alone, each on a new line."""
    return {
        "tools": "\n".join(_schema(function) for function in functions),
        "own_tools": "".join(f"\n{_schema(function)}" for function in own),
        "described_tools": "\n\n".join(_described(function) for function in functions),
        "tool_names": ",".join(function.name for function in functions),
    }


def _schema(function: Function) -> str:
    return json.dumps(function.schema, ensure_ascii=False)


def _described(function: Function) -> str:
    """As Qwen-Agent's first prompt of function calls has it."""
    parameters = json.dumps(function.parameters, ensure_ascii=False)
    return (
        f"### {function.name}\n\n{function.name}: {function.description} Parameters: {parameters} "
        "Format the arguments as a JSON object."
    )
