"""What the tools of one server may do together: budgets, dialogs, places and secrets."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent import Budget, Permissions, SecretRule, read_run
from clickwright.environments import Facts, MemoryEnvironment, MemoryItem, MemoryPage
from clickwright.environments.environment import SAYS_ELSE, DialogJudge, Judge
from clickwright.errors import EnvironmentLost
from clickwright.options.model import MINI
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Box, Observation
from clickwright.serving import command, server
from clickwright.serving.server import Served, make_server
from clickwright.tools import Action, Click, Finish, Task, TypeText
from mcp import Client
from mcp.server.mcpserver.exceptions import ToolError

HERE = ("memory:",)
GO, WORD = Box(80, 60, 280, 120), Box(80, 260, 280, 300)
PAGES = (MemoryPage(items=(MemoryItem(name="Go", box=GO), MemoryItem(name="Word", box=WORD, role="textbox"))),)
CLICK, FIELD = Click(point=GO.center), Click(point=WORD.center)
VALUE = "sesame open"
DIALOG = Facts(url="memory:start", role="dialog", name="Keep it?", dialog="confirm")

Serving = Callable[..., Served]


class Browser(MemoryEnvironment):
    """A screen that can be confined, and whose pages ask things."""

    start_url = ""
    reach: Judge | None = None
    judge: DialogJudge | None = None

    def confine(self, judge: Judge) -> None:
        self.reach = judge

    def judge_dialogs(self, judge: DialogJudge | None) -> None:
        self.judge = judge

    async def ask(self) -> str:
        assert self.judge is not None
        return await self.judge(DIALOG)


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    """A server of a screen, with an agent that plays a script."""

    def build(screen: MemoryEnvironment, *script: Action, values: Mapping[str, str] | None = None, **rules: Any):
        return Served(
            environment=screen,
            policy=lambda: ScriptedPolicy([*script, Finish()]),
            permissions=Permissions(origins=HERE, **rules),
            runs=tmp_path,
            secrets=values or {},
        )

    return build


async def click(served: Served) -> None:
    await served.judged(CLICK, can_ask=False)
    await served.act(CLICK)


async def test_a_task_has_what_the_other_tools_left_of_a_budget(serving: Serving) -> None:
    screen = MemoryEnvironment(PAGES)
    served = serving(screen, CLICK, CLICK, CLICK, budget=Budget(kinds={"click": 2}))
    await click(served)
    told = await served.run("Click twice.")
    assert (told["status"], "budget" in told["reason"]) == ("stopped", True)
    assert "no more actions of the kind click" not in told["reason"]  # one was left to it
    told = await served.run("Click again.")
    assert "the run may do no more actions of the kind click" in told["reason"]
    assert len(screen.clicks) == 2
    with pytest.raises(ToolError, match="at most 2 actions of the kind click"):
        await click(served)


async def test_what_a_task_used_counts_even_where_it_broke_off(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = MemoryEnvironment(PAGES)
    served = serving(screen, CLICK, budget=Budget(kinds={"click": 1}))
    await served.look()

    async def lose(_: object) -> Observation:
        monkeypatch.setattr(screen, "observe", lambda: lose(None))
        monkeypatch.setattr(screen, "reset", lose)
        raise EnvironmentLost("gone for good")

    monkeypatch.setattr(screen, "step", lose)
    with pytest.raises(EnvironmentLost):
        await served.run("Click.")
    served.environment = MemoryEnvironment(PAGES)
    await served.environment.reset(Task(goal="look"))
    with pytest.raises(ToolError, match="at most 1 actions of the kind click"):
        await click(served)


class Ticking(MemoryEnvironment):
    """What stands at a place says something else each time that it is asked about."""

    async def facts(self, action: Action) -> Facts:
        return replace(await super().facts(action), changed=SAYS_ELSE)


async def test_what_changes_all_the_time_is_judged_as_it_is_after_two_looks(serving: Serving) -> None:
    screen = Ticking(PAGES)
    served = serving(screen)
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(ToolError, match="look again"):
                await served.judged(CLICK, can_ask=False)
        assert await served.judged(CLICK, can_ask=False) is None
    await served.act(CLICK)
    assert len(screen.clicks) == 1


async def test_dialogs_are_held_against_the_budgets_of_the_server(serving: Serving) -> None:
    screen = Browser(PAGES)
    served = serving(screen, budget=Budget(kinds={"press": 2}), ask=frozenset())
    await served.look()
    assert await screen.ask() == ""
    await served.run("Nothing.")
    assert await screen.ask() == ""
    assert "at most 2 actions of the kind press" in await screen.ask()


async def test_dialogs_of_a_task_are_held_against_what_it_has_left(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Browser(PAGES)
    served = serving(screen, CLICK, budget=Budget(kinds={"press": 2}), ask=frozenset())
    await served.look()
    await screen.ask()
    said: list[str] = []
    real = screen.step

    async def asking(action: Action) -> Observation:
        said.extend([await screen.ask(), await screen.ask()])
        return await real(action)

    monkeypatch.setattr(screen, "step", asking)
    await served.run("Click.")
    assert (said[0], "budget" in said[1]) == ("", True)
    assert "budget" in await screen.ask()


@pytest.mark.parametrize(("kind", "confined"), [(Browser, True), (MemoryEnvironment, None)])
async def test_the_record_of_a_task_says_whether_its_browser_was_kept(
    serving: Serving, kind: type[MemoryEnvironment], confined: bool | None
) -> None:
    screen = kind(PAGES)
    told = await serving(screen).run("Nothing.")
    info = read_run(told["run_dir"]).info
    assert info is not None
    assert info.confined is confined
    assert not isinstance(screen, Browser) or screen.reach is not None


async def test_a_secret_is_typed_by_its_name_and_is_in_no_answer(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = MemoryEnvironment(PAGES)
    real = screen.step

    async def echo(action: Action) -> Observation:
        screen.happen(f"the page says {VALUE}")
        if isinstance(action, TypeText) and action.text == "break":
            raise EnvironmentLost(f"it broke at {VALUE}")
        return await real(action)

    monkeypatch.setattr(screen, "step", echo)
    rule = SecretRule(name="door", origins=HERE, field="any_visible", uses=2)
    served = serving(screen, FIELD, TypeText(secret="door"), values={"door": VALUE}, secrets=(rule,))
    async with Client(make_server(served)) as client:

        async def act(**action: Any) -> str:
            return str((await client.call_tool("act", {"action": action})).content[-1].text)

        clicked = await act(kind="click", point={"x": WORD.center.x, "y": WORD.center.y})
        typed = await act(kind="type", secret="door")
        assert screen.values["Word"] == VALUE
        assert "the page says <secret door>" in typed
        ran = (await client.call_tool("run", {"task": "Type it."})).content[0].text
        assert json.loads(ran)["status"] == "success"
        guessed = await act(kind="type", text=VALUE)
        assert "typed 2 times already" in guessed
        broke = await act(kind="type", text="break")
        assert "it broke at <secret door>" in broke
    assert VALUE not in "".join((clicked, typed, ran, guessed, broke))


def test_the_command_takes_secrets_and_limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made: list[Served] = []

    async def serve(served: Served) -> None:
        made.append(served)

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setenv("DOOR", VALUE)
    rules = tmp_path / "rules.toml"
    rules.write_text("limits = { steps = 7 }")
    command.mcp(model=MINI, secret=["door=DOOR"], permissions=rules)
    assert made[0].secrets == {"door": VALUE}
    assert made[0].limits.steps == 7
