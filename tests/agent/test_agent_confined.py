"""A run's browser connects to what its permissions allow, whatever its pages ask for."""

import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from clickwright.agent import Agent, AskUser, Permissions, read_run
from clickwright.environments import BrowserEnvironment, Chromium
from clickwright.errors import UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Point
from clickwright.tools import Click, Finish, Navigate, Reload, Task


class Noting(ThreadingHTTPServer):
    """Serves one page, and keeps the paths that it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.page = ""
        self.leads_to = ""
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Visit(BaseHTTPRequestHandler):
    server: Noting

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = f"<!doctype html><title>Here</title><body>{self.server.page}".encode()
        self.send_response(302 if self.server.leads_to else 200)
        if self.server.leads_to:
            self.send_header("Location", self.server.leads_to)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def servers() -> Generator[tuple[Noting, Noting]]:
    """Where a run is, and another place."""
    both = Noting(), Noting()
    threads = [threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02}) for one in both]
    for thread in threads:
        thread.start()
    yield both
    for one, thread in zip(both, threads, strict=True):
        one.shutdown()
        one.server_close()
        thread.join()


class Agreeing:
    """A user who lets everything be done."""

    async def approve(self, request: AskUser, question: str) -> bool:
        return True

    async def answer(self, question: str) -> str | None:
        return None


def hostile(other: Noting) -> str:
    """A page that fetches, frames and, when clicked, goes elsewhere."""
    return (
        f"<button style='display:block;width:200px;height:80px' onclick='location=`{other.url}clicked`'>Go</button>"
        f"<iframe src={other.url}frame></iframe><img src={other.url}image><script>fetch('{other.url}fetch')</script>"
    )


HERE = Click(point=Point(100, 50))


@pytest.mark.parametrize("unconfined", [False, True])
def test_a_page_reaches_no_other_place(servers: tuple[Noting, Noting], tmp_path: Path, unconfined: bool) -> None:
    here, other = servers
    here.page = hostile(other)
    task = Task(goal="Click.", start_url=here.url)
    policy = ScriptedPolicy([HERE, Finish()])
    agent = Agent(
        task, policy=policy, environment=BrowserEnvironment(), run_dir=tmp_path / "run", unconfined=unconfined
    )
    agent.run()
    found = read_run(tmp_path / "run").info
    assert found is not None
    assert found.confined is not unconfined
    arrived = {path for path in other.asked if path != "/favicon.ico"}
    assert arrived == ({"/frame", "/image", "/fetch", "/clicked"} if unconfined else set())


def test_a_start_that_only_the_environment_knows_is_reached(servers: tuple[Noting, Noting], tmp_path: Path) -> None:
    here, _ = servers
    policy = ScriptedPolicy([Finish()])
    agent = Agent("look", policy=policy, environment=BrowserEnvironment(here.url), run_dir=tmp_path / "run")
    assert agent.run().steps[0].saw.title == "Here"


@pytest.mark.parametrize("knows", ["task", "environment"])
def test_where_the_start_was_refused_to_lead_is_no_origin_of_the_run(
    servers: tuple[Noting, Noting], tmp_path: Path, knows: str
) -> None:
    here, other = servers
    here.leads_to = f"{other.url}led"
    agent = Agent(
        Task(goal="Look again.", start_url=here.url if knows == "task" else ""),
        policy=ScriptedPolicy([Reload(), Finish()]),
        environment=BrowserEnvironment(here.url),
        run_dir=tmp_path / "run",
    )
    assert agent.run().stop == "denied"
    assert other.asked == []
    found = read_run(tmp_path / "run").info
    assert found is not None
    assert found.permissions is not None
    assert found.permissions.origins == (here.url.removesuffix("/"),)


@pytest.mark.parametrize("ending", ["", "/"])
def test_an_address_that_is_not_written_whole_can_be_agreed_to(
    servers: tuple[Noting, Noting], tmp_path: Path, ending: str
) -> None:
    here, other = servers
    policy = ScriptedPolicy([Navigate(url=other.url.removesuffix("/") + ending), Finish()])
    agent = Agent(
        Task(goal="Go.", start_url=here.url),
        policy=policy,
        environment=BrowserEnvironment(),
        run_dir=tmp_path / "run",
        approver=Agreeing(),
    )
    assert agent.run().status == "success"
    assert "/" in other.asked


def test_where_the_user_lets_it_go_the_browser_goes(servers: tuple[Noting, Noting], tmp_path: Path) -> None:
    here, other = servers
    policy = ScriptedPolicy([Navigate(url=f"{other.url}asked"), Finish()])
    agent = Agent(
        Task(goal="Go.", start_url=here.url),
        policy=policy,
        environment=BrowserEnvironment(),
        run_dir=tmp_path / "run",
        approver=Agreeing(),
        permissions=Permissions.for_url(here.url).model_copy(update={"loads": "origins"}),
    )
    assert agent.run().status == "success"
    assert "/asked" in other.asked


def test_a_browser_that_cannot_be_kept_is_refused_unless_told(tmp_path: Path) -> None:
    def agent(name: str, *, unconfined: bool) -> Agent:
        environment = BrowserEnvironment(chromium=Chromium.connect("http://127.0.0.1:1", launch_s=2))
        policy = ScriptedPolicy([Finish()])
        return Agent("look", policy=policy, environment=environment, run_dir=tmp_path / name, unconfined=unconfined)

    with pytest.raises(UsageError, match="cannot be kept from other places"):
        agent("one", unconfined=False).run()
    with pytest.raises(Exception, match="no browser answered"):
        agent("two", unconfined=True).run()
