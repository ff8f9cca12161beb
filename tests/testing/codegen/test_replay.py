"""A recorded run is done again without a model, and fails clearly where the screen is another one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from clickwright.agent import Agent
from clickwright.agent.record.folder import RunFolder
from clickwright.environments import BrowserEnvironment
from clickwright.errors import UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Point, read_image
from clickwright.testing import NotFound, ScriptedEyes
from clickwright.testing.codegen import replay_run
from clickwright.tools import Click, Finish, Task, TypeText

COMMAND = """
import sys
from clickwright.cli import app
try:
    app(sys.argv[1:])
except SystemExit as ended:
    print("code", ended.code)
print("heavy", sorted({name.partition(".")[0] for name in sys.modules} & {"torch", "transformers", "langgraph"}))
"""


@pytest.fixture
def run(shop: Path, tmp_path: Path) -> RunFolder:
    """Fills in the name, types a password and orders."""
    script = [
        [Click(point=Point(180, 155)), TypeText(text="Ada")],
        [Click(point=Point(180, 195)), TypeText(secret="shop password")],
        [Click(point=Point(40, 315)), Finish()],
    ]
    agent = Agent(
        Task(goal="Order.", start_url=shop.as_uri()),
        policy=ScriptedPolicy(script),
        environment=BrowserEnvironment(),
        run_dir=tmp_path / "run",
        secrets={"shop password": "hunter2"},
    )
    assert agent.run().status == "success"
    return agent.folder


def command(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PASSWORD": "hunter2"},
    )
    assert done.stderr == ""
    return done.stdout


def change(page: Path, old: str, new: str) -> None:
    page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.slow
async def test_a_run_is_done_again_without_a_model_until_the_screen_differs(run: RunFolder, shop: Path) -> None:
    printed = command("replay", run.path, "--secret", "shop password=PASSWORD")
    print(printed)
    assert "code 0" in printed
    assert "heavy []" in printed
    assert "passed: 5 actions" in printed
    assert "'Order'" in printed
    assert "found by pixels" in printed
    assert "hunter2" not in printed
    change(shop, ">Order<", " hidden>Order<")
    printed = command(
        "replay", run.path, "--secret", "shop password=PASSWORD", "--seconds", 0.5, "--out", run.path / "out"
    )
    assert "code 1" in printed
    assert read_image(run.path / "out" / "failed.png").size.width == 1288
    assert "failed: click" in printed
    assert "'Order'" in printed
    assert "Traceback" not in printed

    change(shop, " hidden>Order<", " id=buy>Buy it now<")
    secrets = {"shop password": "hunter2"}
    with pytest.raises(NotFound, match="'Order'"):
        await replay_run(run, BrowserEnvironment(elements=True), secrets=secrets, deadline_s=0.2)
    eyes = ScriptedEyes({"Order": Point(60, 315)})
    done = await replay_run(run, BrowserEnvironment(elements=True), secrets=secrets, eyes=eyes, deadline_s=0.2)
    assert [one.healed for one in done] == [False, False, False, False, True]
    assert done[-1].after is not None
    assert "Ada 7 small false ordered" in done[-1].after.text_in(done[-1].after.size.box)
    with pytest.raises(UsageError, match="--secret shop password=VARIABLE"):
        await replay_run(run, BrowserEnvironment(elements=True))
