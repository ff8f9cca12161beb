"""The tools as a client of the protocol has them: one in this process, one that starts the command."""

import asyncio
import base64
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent import Budget, Permissions, read_run
from clickwright.environments import MemoryEnvironment, MemoryItem, MemoryPage
from clickwright.policies import load_policy
from clickwright.screen import Box
from clickwright.serving.server import Served, make_server
from clickwright.tools import Click
from mcp import Client, StdioServerParameters
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ElicitResult
from PIL import Image

RULES = Permissions(origins=("memory:",))
SEND, PAY, SECRET = Box(80, 60, 280, 120), Box(80, 160, 280, 220), Box(80, 260, 280, 300)
PAGES = (
    MemoryPage(
        items=(
            MemoryItem(name="Send", box=SEND, leads_to="sent", colour="#1f9d55"),
            MemoryItem(name="Pay now", box=PAY, leads_to="paid"),
            MemoryItem(name="Word", box=SECRET, role="textbox", secret=True),
        )
    ),
    MemoryPage(name="sent", background="#ddeeff"),
    MemoryPage(name="paid", background="#ffeedd"),
)


@pytest.fixture
def screen() -> MemoryEnvironment:
    return MemoryEnvironment(PAGES)


@pytest.fixture
def served(screen: MemoryEnvironment, tmp_path: Path) -> Served:
    return Served(environment=screen, policy=lambda: load_policy("clickwright/mini"), permissions=RULES, runs=tmp_path)


def click(box: Box) -> dict[str, Any]:
    return {"action": {"kind": "click", "point": {"x": box.center.x, "y": box.center.y}}}


def told(result: Any) -> dict[str, Any]:
    return json.loads(result.content[-1].text)


async def test_the_tools_say_what_they_take(served: Served) -> None:
    async with Client(make_server(served)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert sorted(tools) == ["act", "ground", "look", "run"]
        assert "double" not in str(tools["look"].input_schema)
        assert all(kind in json.dumps(tools["act"].input_schema) for kind in ("click", "scroll", "type", "navigate"))


async def test_looking_shows_the_screen_at_its_own_size_with_secrets_painted_over(served: Served) -> None:
    async with Client(make_server(served)) as client:
        shown = await client.call_tool("look", {})
        with Image.open(io.BytesIO(base64.b64decode(shown.content[0].data))) as picture:
            assert picture.size == (1288, 728)
            inside = picture.crop((82, 262, 278, 298)).getcolors()
        assert inside is not None
        assert len(inside) == 1
        assert told(shown)["url"] == "memory:start"


async def test_acting_shows_what_came_of_it(served: Served, screen: MemoryEnvironment) -> None:
    async with Client(make_server(served)) as client:
        shown = await client.call_tool("act", click(SEND))
        assert told(shown)["url"] == "memory:sent"
        refused = await client.call_tool("act", {"action": {"kind": "click", "point": {"x": -1, "y": 5}}})
        assert "outside" in told(refused)["error"]
        assert len(screen.clicks) == 1


@pytest.mark.parametrize(
    "action", [{"kind": "klick"}, {"kind": "click"}, {"kind": "ask", "question": "x"}, {"kind": "finish"}]
)
async def test_what_is_no_action_for_a_screen_is_refused(served: Served, action: dict[str, Any]) -> None:
    async with Client(make_server(served)) as client:
        assert (await client.call_tool("act", {"action": action})).is_error


async def test_what_needs_a_person_is_not_done_without_one(served: Served, screen: MemoryEnvironment) -> None:
    async with Client(make_server(served)) as client:
        refused = await client.call_tool("act", click(PAY))
        assert refused.is_error
        assert "needs a person's permission (payment)" in refused.content[0].text
        assert screen.clicks == []


async def test_what_turned_into_something_else_is_not_done(served: Served, screen: MemoryEnvironment) -> None:
    """A harmless thing was judged; then another stands at its place."""
    action = Click(point=PAY.center)
    served.permissions = RULES.model_copy(update={"ask": frozenset()})
    await served.judged(action, can_ask=False)
    served.permissions = RULES
    with pytest.raises(ToolError, match="no longer at that place"):
        await served.act(action)
    assert screen.clicks == []


@pytest.mark.parametrize(("agrees", "url"), [(True, "memory:paid"), (False, "memory:start")])
async def test_a_person_is_asked_through_the_client(served: Served, agrees: bool, url: str) -> None:
    asked: list[str] = []

    async def answer(context: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="accept", content={"allow": agrees})

    async with Client(make_server(served), elicitation_callback=answer) as client:
        done = await client.call_tool("act", click(PAY))
        assert done.is_error is not agrees
        assert told(await client.call_tool("look", {}))["url"] == url
    assert asked == ["click (180, 190) on memory:start: 'Pay now' looks like a payment. Do it?"]


async def test_what_is_denied_stays_undone(served: Served, screen: MemoryEnvironment) -> None:
    served.permissions = RULES.model_copy(update={"denied": frozenset({"click"})})
    async with Client(make_server(served)) as client:
        refused = await client.call_tool("act", click(SEND))
    assert "not allowed (action)" in refused.content[0].text
    assert screen.clicks == []


async def test_a_screen_that_is_gone_is_told(served: Served, screen: MemoryEnvironment) -> None:
    async with Client(make_server(served)) as client:
        await client.call_tool("look", {})
        await screen.close()
        gone = await client.call_tool("act", click(SEND))
        assert gone.is_error


@pytest.mark.slow
async def test_the_model_points_and_does_a_task(served: Served) -> None:
    """The model that comes with Clickwright, on a screen that it sees for the first time."""
    async with Client(make_server(served)) as client:
        found = json.loads((await client.call_tool("ground", {"description": "the green button"})).content[0].text)
        assert SEND.contains(Box(*found["box"]).center)
        assert 0 < found["confidence"] <= 1
        done = json.loads((await client.call_tool("run", {"task": "Click the green button."})).content[0].text)
        assert (done["status"], (await asyncio.to_thread(read_run, done["run_dir"])).outcome.status) == (
            "success",
            "success",
        )
        assert told(await client.call_tool("look", {}))["url"] == "memory:sent"


@pytest.mark.slow
async def test_the_command_serves_a_browser(tmp_path: Path) -> None:
    page = (
        "data:text/html,<title>Pears</title><button style='margin:99px' onclick='document.title=`Sent`'>Send</button>"
    )
    command = StdioServerParameters(
        command=str(Path(sys.executable).with_name("clickwright")),
        args=["mcp", "--url", page],
        env=dict(os.environ),
        cwd=tmp_path,
    )
    async with Client(command) as client:
        assert told(await client.call_tool("look", {}))["title"] == "Pears"
        shown = await client.call_tool("act", {"action": {"kind": "click", "point": {"x": 130, "y": 118}}})
        assert told(shown)["title"] == "Sent"


async def test_an_answer_is_good_for_a_short_time_and_a_budget_for_all_calls(
    served: Served, screen: MemoryEnvironment
) -> None:
    served.permissions = RULES.model_copy(update={"approval_s": 1e-9, "budget": Budget(kinds={"click": 1})})
    await served.judged(Click(point=PAY.center), can_ask=True, call="1")
    with pytest.raises(ToolError, match="too late"):
        await served.act(Click(point=PAY.center), "1")
    await served.act(Click(point=SEND.center))
    with pytest.raises(ToolError, match="at most 1 actions of the kind click"):
        await served.judged(Click(point=SEND.center), can_ask=True)
    assert len(screen.clicks) == 1
