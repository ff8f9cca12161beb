"""What a page asks in a dialog is answered by the rules, and by the user where they say so."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from clickwright.agent import Agent, Answer, InterruptApprover, Permissions, Question, Result
from clickwright.agent.approvals import TakeOver
from clickwright.agent.dialogs import answer_dialog, judged
from clickwright.agent.permissions import Allow, AskUser, Budget, Deny
from clickwright.agent.run import Run
from clickwright.environments import BrowserEnvironment, Chromium, Facts
from clickwright.environments.browser.dialogs import UNKNOWN
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryPage
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Observation, Point
from clickwright.tools import Action, Click, Finish, Navigate, Press, Task, Wait

pytestmark = pytest.mark.asyncio(loop_scope="module")
GO = Click(point=Point(100, 40))
BUTTON = "<!doctype html><body style='margin:0'><button id=b style='width:200px;height:80px'>Go on</button>"
KEPT = "fetch('/kept', {method: 'POST'})"
GONE = "fetch('/gone', {method: 'POST'})"
HOSTILE = f"{BUTTON}<script>b.onclick = () => {{ if (confirm('Is this a nice day?')) {GONE} }}</script>"
TWIN = f"{BUTTON}<script>b.onclick = () => {{ if (confirm('Keep it?')) {KEPT} }}</script>"


class Shop(ThreadingHTTPServer):
    """One page, and what was sent to it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.page = self.frame = ""
        self.sent: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Visit(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        pages = {"/frame": self.server.frame, "/more": "<title>Elsewhere</title>"}
        self.answer(pages.get(self.path, self.server.page))

    def do_POST(self) -> None:
        self.server.sent.append(self.path)
        self.answer("")

    def answer(self, page: str) -> None:
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Generator[Shop]:
    server = Shop()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


class Person:
    """Answers each question by the next function of a list, after some seconds."""

    def __init__(self, *answers: Callable[[Question], bool | Answer], after_s: float = 0.0) -> None:
        self._answers, self._after_s = list(answers), after_s
        self.asked: list[Question] = []

    async def approve(self, request: Question, question: str) -> bool | Answer:
        self.asked.append(request)
        await asyncio.sleep(self._after_s)
        return self._answers.pop(0)(request)

    async def answer(self, question: str) -> str | None:
        return None


Visits = Callable[..., Awaitable[Result]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncGenerator[Chromium]:
    async with Chromium() as browser:
        yield browser


@pytest.fixture
def visit(site: Shop, tmp_path: Path, chromium: Chromium) -> Visits:
    """A run that does the actions on a page."""

    async def run(page: str, *actions: Any, deadline_s: float = 15.0, accepts: bool = True, **more: Any) -> Result:
        site.page = page
        agent = Agent(
            Task(goal="Go on.", start_url=site.url),
            policy=ScriptedPolicy([*(actions or (GO,)), Finish()]),
            environment=BrowserEnvironment(chromium=chromium, accept_dialogs=accepts, deadline_s=deadline_s),
            run_dir=tmp_path / "run",
            **more,
        )
        return await agent.arun()

    return run


def events(result: Result) -> tuple[str, ...]:
    left = result.steps[0].left
    return () if left is None else left.events


@pytest.mark.parametrize("approver", [None, InterruptApprover()], ids=["nobody", "somebody elsewhere"])
async def test_where_nobody_can_be_asked_it_is_dismissed_and_told(site: Shop, visit: Visits, approver: Any) -> None:
    result = await visit(HOSTILE, approver=approver)
    assert site.sent == []
    assert events(result) == (
        "a dialog (confirm) said 'Is this a nice day?' and was dismissed: "
        "this needs the user's permission (dialog): the page asks 'Is this a nice day?'",
    )
    assert result.status == "success"


@pytest.mark.parametrize(("page", "sent"), [(HOSTILE, []), (TWIN, ["/kept"])], ids=["hostile", "twin"])
async def test_a_person_agrees_to_what_the_task_needs(site: Shop, visit: Visits, page: str, sent: list[str]) -> None:
    """Takes longer than the page itself may."""
    person = Person(lambda asked: asked.approve(by="Ann") if "Keep" in asked.name else False, after_s=2.0)
    result = await visit(page, approver=person, deadline_s=1.5)
    assert site.sent == sent
    assert (result.status, len(person.asked)) == ("success", 1)
    (asked,) = person.asked
    assert (asked.trigger, asked.role, asked.page) == ("dialog", "confirm dialog", site.url.rstrip("/"))
    (kept,) = result.steps[0].did[0].dialogs
    assert (kept.answer, kept.by, kept.digest) == (
        ("approve", "Ann", asked.digest) if sent else ("deny", "", asked.digest)
    )
    assert not any("lost" in event for event in events(result))


@pytest.mark.slow
async def test_a_page_that_asks_as_it_loads_is_waited_for(site: Shop, visit: Visits) -> None:
    person = Person(lambda asked: True, after_s=2.0)
    page = f"<!doctype html><title>Shop</title><script>if (confirm('Keep it?')) {KEPT}</script><p>Here"
    result = await visit(page, approver=person, deadline_s=1.5)
    assert site.sent == ["/kept"]
    assert [did.effect for did in result.steps[0].did] == ["unchanged"]
    assert events(result) == ()


async def test_a_page_that_asks_again_and_again_wears_nobody_out(site: Shop, visit: Visits) -> None:
    page = f"{BUTTON}<script>b.onclick = () => {{ for (let n = 0; n < 9; n++) confirm('And now?') }}</script>"
    person = Person(*[lambda asked: False] * 9)
    result = await visit(page, approver=person)
    assert len(person.asked) == 3
    assert events(result)[-1].endswith("the user was asked often enough")


async def test_another_answer_than_yes_is_none(site: Shop, visit: Visits) -> None:
    person = Person(lambda asked: asked.edit(GO), lambda asked: TakeOver(), lambda asked: asked.approve())
    page = f"{BUTTON}<script>b.onclick = () => {{ if (confirm('A') || confirm('B')) {GONE} }}</script>"
    await visit(page, approver=person)
    assert (site.sent, len(person.asked)) == ([], 2)


async def test_what_has_one_answer_is_not_asked(site: Shop, visit: Visits) -> None:
    page = f"{BUTTON}<script>b.onclick = () => alert('Hello'); onbeforeunload = (e) => e.preventDefault()</script>"
    result = await visit(page, GO, Navigate(url=f"{site.url}more"))
    assert events(result) == ("a dialog (alert) said 'Hello' and was accepted",)
    assert result.steps[1].left is not None
    assert result.steps[1].left.title == "Elsewhere"


async def test_rules_that_do_not_ask_let_it_be_agreed_to(site: Shop, visit: Visits) -> None:
    rules = Permissions(origins=(site.url.rstrip("/"),), ask=frozenset({"delete"}))
    await visit(TWIN, permissions=rules)
    assert site.sent == ["/kept"]


async def test_an_environment_that_agrees_to_nothing_still_does_not(site: Shop, visit: Visits) -> None:
    rules = Permissions(origins=(site.url.rstrip("/"),), ask=frozenset())
    result = await visit(TWIN, permissions=rules, accepts=False)
    assert (site.sent, events(result)) == ([], ("a dialog (confirm) said 'Keep it?' and was dismissed",))


@pytest.mark.parametrize(
    ("said", "ask", "verdict"),
    [
        ("Delete all your files?", {"delete"}, AskUser),
        ("Pay now?", {"payment"}, AskUser),
        ("Keep it?", {"delete", "payment"}, Allow),
        ("Keep it?", {"dialog"}, AskUser),
    ],
)
async def test_the_words_of_a_dialog_count(said: str, ask: set[Any], verdict: type) -> None:
    rules = Permissions(origins=("https://x.test",), ask=frozenset(ask))
    facts = Facts(name=said, role="confirm dialog", dialog="confirm", url="https://x.test/a", screen="browser")
    assert isinstance(judged(rules, facts), verdict)
    elsewhere = Facts(name=said, role="confirm dialog", dialog="confirm", url="https://y.test/a", screen="browser")
    assert isinstance(judged(rules, elsewhere), Deny)


@pytest.mark.parametrize(("host", "is_asked"), [("localhost", False), ("127.0.0.1", True)], ids=["other", "same"])
async def test_a_frame_asks_for_itself_alone(site: Shop, visit: Visits, host: str, is_asked: bool) -> None:
    """Not in the name of the page that it is in, which the run may use."""
    person = Person(lambda asked: True)
    site.frame = f"<script>if (confirm('Keep it?')) {KEPT}</script>"
    page = f"{BUTTON}<iframe src='http://{host}:{site.server_port}/frame'></iframe>"
    rules = Permissions(origins=(site.url.rstrip("/"),), ask=frozenset({"dialog"}), loads="public")
    result = await visit(page, approver=person, permissions=rules, unconfined=True)
    assert (bool(person.asked), bool(site.sent)) == (is_asked, is_asked)
    assert is_asked or "denied (origin)" in str(result.steps[0].saw.events)


ASKS = "<script>setTimeout(() => { if (confirm('Keep it?')) " + KEPT + " }, 50)<\\/script>"
WRITES = {
    "srcdoc": f"f.srcdoc = `{ASKS}`",
    "data": f"f.src = `data:text/html,{ASKS}`",
    "blob": f"f.src = URL.createObjectURL(new Blob([`{ASKS}`], {{type: 'text/html'}}))",
    "blank": "setTimeout(() => f.contentWindow.confirm('Keep it?'), 50)",
    "itself": f"location = `data:text/html,{ASKS}`",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", WRITES)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_what_a_frame_writes_asks_in_its_name(site: Shop, visit: Visits, host: str, kind: str) -> None:
    """And not in that of the page around them both, though it has no address of its own."""
    person = Person(lambda asked: False)
    site.frame = (
        f"<body><script>const f = document.createElement('iframe'); {WRITES[kind]}; document.body.append(f)</script>"
    )
    page = f"{BUTTON}<iframe src='http://{host}:{site.server_port}/frame'></iframe>"
    rules = Permissions(origins=(site.url.rstrip("/"),), ask=frozenset({"dialog"}), loads="public")
    result = await visit(page, Wait(seconds=0.3), approver=person, permissions=rules, unconfined=True)
    step = result.steps[0]
    told = str((step.saw.events, step.left and step.left.events))
    assert [asked.page for asked in person.asked] == ([] if host == "localhost" else [site.url.rstrip("/")]), told
    assert "dismissed: denied (origin)" in told or UNKNOWN in told or host != "localhost", told
    assert "dismissed" in told


async def test_a_tab_without_an_address_asks_for_nobody(site: Shop, visit: Visits) -> None:
    """Whoever opened it, such as a frame of another origin."""
    person = Person(lambda asked: True)
    opens = "const tab = open('about:blank'); tab.setTimeout('confirm(1)', 300)"
    page = f"{BUTTON}<script>b.onclick = () => {{ {opens} }}</script>"
    result = await visit(page, GO, Wait(seconds=0.3), approver=person)
    assert person.asked == []
    assert "dismissed: nobody tells" in str([step.left and step.left.events for step in result.steps])


async def test_the_end_of_a_run_is_the_end_of_its_rules(site: Shop, tmp_path: Path, chromium: Chromium) -> None:
    site.page = TWIN
    environment = BrowserEnvironment(chromium=chromium)
    agent = Agent(
        Task(goal="Go on.", start_url=site.url),
        policy=ScriptedPolicy([Finish()]),
        environment=environment,
        run_dir=tmp_path / "run",
        keep_open=True,
        approver=(person := Person(lambda asked: False)),
    )
    await agent.arun()
    await environment.step(GO)
    await environment.close()
    assert (person.asked, site.sent) == ([], ["/kept"])


def asks(host: str, said: str = "Keep it?") -> Facts:
    return Facts(name=said, role="confirm dialog", dialog="confirm", url=f"https://{host}/", screen="browser")


@pytest.fixture
def begun(tmp_path: Path, shop: MemoryEnvironment) -> Generator[Callable[..., Run]]:
    """A run with these rules that has just begun."""
    with ExitStack() as locks:

        def begin(person: Person, **rules: Any) -> Run:
            agent = Agent(
                Task(goal="Go on."),
                policy=ScriptedPolicy([]),
                environment=shop,
                run_dir=tmp_path / "run",
                approver=person,
                permissions=Permissions(origins=("https://x.test",), **rules),
            )
            locks.enter_context(agent.folder.locked())
            return agent.begin()

        yield begin


async def test_the_budgets_count_dialogs_too(begun: Callable[..., Run]) -> None:
    """Also where several are asked about at once."""
    person = Person(*[lambda asked: True] * 9)
    run = begun(person, budget=Budget(new_origins=1, kinds={"press": 2}))
    said = await asyncio.gather(answer_dialog(run, asks("a.test")), answer_dialog(run, asks("b.test")))
    assert said[0] == ""
    assert "it may go to at most 1 others" in said[1]
    run.questions = 0
    assert await answer_dialog(run, asks("x.test")) == ""
    assert "at most 2 actions of the kind press" in await answer_dialog(run, asks("x.test"))


async def test_questions_count_from_when_they_are_asked(begun: Callable[..., Run]) -> None:
    person = Person(*[lambda asked: False] * 9, after_s=0.05)
    run = begun(person)
    said = await asyncio.gather(*(answer_dialog(run, asks("x.test")) for _ in range(9)))
    assert (len(person.asked), said.count("the user was asked often enough")) == (3, 6)


async def test_what_the_rules_agreed_to_counts_in_a_resumed_run(shop: MemoryEnvironment, tmp_path: Path) -> None:
    class Asking(MemoryEnvironment):
        async def step(self, action: Action) -> Observation:
            if isinstance(action, Click):
                assert await self.judge(asks("x.test")) == ""
            return await super().step(action)

        def judge_dialogs(self, judge: Any) -> None:
            self.judge = judge or self.judge

    environment = Asking([MemoryPage()], size=shop.size)
    rules = Permissions(origins=("memory:", "https://x.test"), ask=frozenset(), budget=Budget(kinds={"press": 1}))
    script, run_dir = ScriptedPolicy([GO, Press(keys=("Tab",))]), tmp_path / "run"
    agent = Agent("x", policy=script, environment=environment, run_dir=run_dir, permissions=rules, keep_open=True)
    async for _ in agent.astream():
        agent.stop()
    result = await Agent.resume(run_dir, policy=script, environment=environment).arun()
    assert (result.stop, "at most 1 actions of the kind press" in result.reason) == ("denied", True)
