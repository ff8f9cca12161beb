"""The real `adb` program between us and a recorded device: its words, its quoting and its complaints."""

import os
import shutil
import socket
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent import Agent
from clickwright.environments.android.environment import AndroidEnvironment
from clickwright.environments.android.recorded import RecordedDevice, RecordedNode, RecordedScreen
from clickwright.environments.contract import check_environment
from clickwright.errors import EnvironmentLost
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Box, Point, Size
from clickwright.tools import Click, Finish, Task, TypeText

from .adbd import Adbd

pytestmark = pytest.mark.skipif(shutil.which("adb") is None, reason="adb is not installed: apt-get install adb")
TASK = Task(goal="open the settings")
SCREENS = (
    RecordedScreen(
        name="home",
        activity="com.example.home/.Home",
        nodes=(RecordedNode(box=Box(20, 400, 270, 480), text="Settings", kind="Button", leads_to="settings"),),
    ),
    RecordedScreen(name="settings", activity="com.example.settings/.Settings"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """A server of adb's own for these tests, started by the first call and ended with them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    before = {name: os.environ.get(name) for name in ("HOME", "ANDROID_ADB_SERVER_PORT")}
    os.environ.update(HOME=str(tmp_path_factory.mktemp("adb")), ANDROID_ADB_SERVER_PORT=port)
    yield
    adb("kill-server")
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture
def device(server: None) -> Generator[tuple[RecordedDevice, Adbd]]:
    with RecordedDevice(SCREENS) as recorded:
        daemon = Adbd(recorded.folder)
        daemon.start()
        adb("connect", serial(daemon))
        yield recorded, daemon
        adb("disconnect", serial(daemon))
        daemon.stop()
        daemon.join(5)


def adb(*words: str) -> None:
    subprocess.run(["adb", *words], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)


def serial(daemon: Adbd) -> str:
    return f"127.0.0.1:{daemon.port}"


def environment(daemon: Adbd, **options: Any) -> AndroidEnvironment:
    return AndroidEnvironment(serial=serial(daemon), settle_s=0, **options)


async def test_without_a_device_it_says_what_to_do(server: None) -> None:
    with pytest.raises(EnvironmentLost, match="no Android device is attached"):
        await AndroidEnvironment().reset(TASK)
    with pytest.raises(EnvironmentLost, match="the device is gone"):
        await AndroidEnvironment(serial="nothing").reset(TASK)


@pytest.mark.slow
async def test_the_device_keeps_the_contract_behind_the_real_adb(device: tuple[RecordedDevice, Adbd]) -> None:
    recorded, daemon = device

    async def landed() -> Point | None:
        return recorded.taps[-1] if recorded.taps else None

    await check_environment(
        environment(daemon), TASK, target=Point(300, 140), landed=landed, size=Size(540, 1200), scale=1.0
    )
    assert any(service.startswith("shell,v2") for service in daemon.services)


TEXT = 'it\'s $HOME `x` "y" \\ * ; & | < > ( ) { } ! # ~ %s -n'


async def test_an_agent_drives_the_device_and_text_arrives_as_it_is(
    device: tuple[RecordedDevice, Adbd], tmp_path: Path
) -> None:
    recorded, daemon = device
    policy = ScriptedPolicy([Click(point=Point(100, 440)), TypeText(text=TEXT), Finish()])
    agent = Agent(TASK, policy=policy, environment=environment(daemon), run_dir=tmp_path / "run")
    result = await agent.arun()
    assert result.status == "success"
    assert (recorded.screen, recorded.typed) == ("settings", TEXT)
    assert (result.steps[0].did[0].role, result.steps[0].did[0].name) == ("button", "Settings")


async def test_a_connection_that_breaks_is_told_of(device: tuple[RecordedDevice, Adbd]) -> None:
    _, daemon = device
    android = environment(daemon)
    await android.reset(TASK)
    daemon.breaks_off = True
    with pytest.raises(EnvironmentLost, match=r"connection to the device broke|offline|gone"):
        await android.step(Click(point=Point(5, 5)))
    daemon.breaks_off = False
    adb("disconnect", serial(daemon))
    with pytest.raises(EnvironmentLost, match="the device is gone"):
        await android.reset(TASK)
    adb("connect", serial(daemon))
    assert (await android.reset(TASK)).title == "com.example.home/.Home"
