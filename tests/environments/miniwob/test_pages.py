"""The pages of the package: all of them load and step, and nothing else is served."""

import asyncio
import http.client
import typing
from collections.abc import Generator
from pathlib import Path

import pytest
from clickwright.environments import Chromium, MiniWobEnvironment
from clickwright.environments.miniwob import pages
from clickwright.environments.miniwob.environment import episode_url
from clickwright.errors import UsageError
from clickwright.screen import Point
from clickwright.tools import Action, Click, Task, TypeText


@pytest.fixture
def server() -> Generator[pages.PageServer]:
    server = pages.PageServer()
    yield server
    server.close()
    server.close()


def asked(server: pages.PageServer, path: str) -> tuple[int, bytes]:
    host = server.url("x").split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def test_only_the_pages_are_served(server: pages.PageServer, tmp_path: Path) -> None:
    status, body = asked(server, "/miniwob/click-test.html?x=1")
    assert status == 200
    assert b"Click Test Task" in body
    outside = Path(pages.__file__)
    up = "/.." * 12
    for path in ("/", "/miniwob", "/../__init__.py", f"{up}{outside}", f"{up.replace('.', '%2e')}{outside}", "/%00"):
        assert asked(server, path)[0] == 404


def test_there_are_130_tasks_and_close_names_are_suggested() -> None:
    assert len(pages.task_names()) == 130
    with pytest.raises(UsageError, match="such as ascending-numbers"):
        pages.require_task("zzz")


def test_without_the_package_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    with pytest.raises(UsageError, match=r"pip install 'clickwright\[miniwob\]'"):
        pages.pages_folder.__wrapped__()


BESIDE = 4
SCRIPT: typing.Final[tuple[Action, ...]] = (Click(point=Point(80, 120)), TypeText(text="a1"))


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
async def test_every_page_loads_and_steps(chromium: Chromium) -> None:
    """Several at a time: each waits for its page most of its time."""
    waiting, stepped = list(pages.task_names()), list[str]()
    await asyncio.gather(*(_step_through(waiting, stepped, chromium) for _ in range(BESIDE)))
    assert len(set(stepped)) == len(stepped) == 130


async def _step_through(waiting: list[str], stepped: list[str], chromium: Chromium) -> None:
    """Load and step whatever page is the next of those that wait."""
    environment = MiniWobEnvironment(chromium=chromium)
    while waiting:
        name = waiting.pop()
        first = await environment.reset(Task(goal="try it", start_url=episode_url(name, 1)))
        assert first.error is None
        assert first.events == ()
        assert environment.episode.utterance
        for action in SCRIPT:
            if not environment.episode.done:
                seen = await environment.step(action)
                assert seen.error is None
                assert seen.effect in ("nothing", "changed")
        stepped.append(name)
    await environment.close()
