"""A plain function becomes a tool: its signature is checked, its failures are told to the model."""

import asyncio
import threading
from typing import Annotated, Literal

import pytest
from clickwright.errors import ActionFailed, UsageError
from clickwright.tools import BUILT_IN_NAMES, CallTool, Tool, call_tool, function_schemas, tool, toolbox
from pydantic import BaseModel, Field, JsonValue


class Item(BaseModel):
    name: str
    count: int = 1


def order(
    item: str, count: Annotated[int, Field(ge=1, le=9, description="How many.")] = 1, *, gift: bool = False
) -> str:
    """Put an item into the basket."""
    return f"{count} {item}{' as a gift' if gift else ''}"


async def price(item: Item, currency: Literal["EUR", "CHF"]) -> dict[str, JsonValue]:
    """What an item costs."""
    await asyncio.sleep(0)
    return {"item": item.name, "total": item.count * 2.5, "currency": currency}


def test_a_function_is_shown_with_its_words_and_limits() -> None:
    shown = tool(order).shown
    assert (shown.name, shown.description) == ("order", "Put an item into the basket.")
    assert shown.arguments == ("item", "count", "gift")
    assert shown.parameters["required"] == ["item"]
    assert shown.parameters["additionalProperties"] is False
    count = shown.parameters["properties"]["count"]  # type: ignore[index, call-overload]
    assert (count["minimum"], count["maximum"], count["description"]) == (1, 9, "How many.")  # type: ignore[index, call-overload]
    last = function_schemas(custom=[shown])[-1]
    assert last["function"]["name"] == "order"  # type: ignore[index, call-overload]


async def test_defaults_are_the_functions_own() -> None:
    assert await tool(order).call({"item": "pear"}) == "1 pear"
    assert await tool(order).call({"item": "pear", "count": 2, "gift": True}) == "2 pear as a gift"


async def test_an_async_function_is_awaited_and_gets_real_types() -> None:
    arguments: dict[str, JsonValue] = {"item": {"name": "pear", "count": 2}, "currency": "EUR"}
    assert await tool(price).call(arguments) == {"item": "pear", "total": 5.0, "currency": "EUR"}


async def test_a_plain_function_does_not_block_the_loop() -> None:
    here = threading.current_thread()

    def where() -> bool:
        """Whether it runs in the thread of the loop."""
        return threading.current_thread() is here

    assert await tool(where).call({}) is False


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "order was not called: item: Field required"),
        ({"item": 3}, "order was not called: item: "),
        ({"item": "pear", "count": 0}, "order was not called: count: "),
        ({"item": "pear", "count": "many"}, "order was not called: count: "),
        ({"item": "pear", "price": 1}, "order was not called: price: "),
    ],
)
async def test_arguments_that_do_not_fit_are_named(arguments: dict[str, JsonValue], words: str) -> None:
    with pytest.raises(ActionFailed) as caught:
        await tool(order).call(arguments)
    assert words in str(caught.value)


@pytest.mark.parametrize("error", [ValueError("sold out"), KeyError("pear"), TimeoutError(), ZeroDivisionError("x")])
async def test_what_a_tool_raises_on_purpose_is_told(error: Exception) -> None:
    def sell() -> None:
        """Sell it."""
        raise error

    async def sell_later() -> None:
        """Sell it."""
        raise error

    for function in (sell, sell_later):
        with pytest.raises(ActionFailed, match=r"sell(_later)? failed: ") as caught:
            await tool(function).call({})
        assert str(error) in str(caught.value)
        assert not str(caught.value).endswith(": ")


async def test_a_fault_in_a_tool_is_not_hidden() -> None:
    def broken() -> None:
        """Do it."""
        raise TypeError("a fault")

    with pytest.raises(TypeError, match="a fault"):
        await tool(broken).call({})


async def test_a_result_without_a_json_form_is_told() -> None:
    def odd() -> object:
        """Give it."""
        return object()

    with pytest.raises(ActionFailed, match="odd returned a object, which has no JSON form"):
        await tool(odd).call({})


def test_odd_functions_are_refused() -> None:
    def silent(x: int) -> None:
        pass

    def bare(x) -> None:  # type: ignore[no-untyped-def]
        """Words."""

    def many(*args: int) -> None:
        """Words."""

    def loose(**kwargs: int) -> None:
        """Words."""

    def strange(x: threading.Thread) -> None:
        """Words."""

    def missing(x: "Nowhere") -> None:  # type: ignore[name-defined]  # noqa: F821
        """Words."""

    for function, words in (
        (silent, "needs a docstring"),
        (bare, "annotation for its argument x"),
        (many, r"cannot take \*args"),
        (loose, r"cannot take \*\*kwargs"),
        (strange, "cannot be checked"),
        (missing, "cannot be resolved"),
        (lambda: None, "needs a name of letters"),
        (Item, "made from a function, not from a "),
    ):
        with pytest.raises(UsageError, match=words):
            tool(function)


@pytest.mark.parametrize("name", [*sorted(BUILT_IN_NAMES), "two words", "", "9lives", "x" * 65])
def test_a_name_that_is_taken_or_odd_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        Tool.from_function(order, name=name)


def test_a_method_is_a_tool_without_its_self() -> None:
    class Shop:
        def buy(self, item: str) -> str:
            """Buy it."""
            return item

    assert tool(Shop().buy).shown.arguments == ("item",)


async def test_a_toolbox_calls_by_name() -> None:
    box = toolbox([order, Tool.from_function(order, name="buy")])
    assert await call_tool(box, CallTool(name="buy", arguments={"item": "fig"})) == "1 fig"
    with pytest.raises(ActionFailed, match="no tool sell; known are buy, order"):
        await call_tool(box, CallTool(name="sell"))
    with pytest.raises(ActionFailed, match="known are none"):
        await call_tool({}, CallTool(name="sell"))
    with pytest.raises(UsageError, match="two tools are named order"):
        toolbox([order, tool(order)])
