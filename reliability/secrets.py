"""A secret is written in every way into every place that a page, a tool or a model can write to; none keeps it.

    python -m clickwright.reliability secrets

Looked through afterwards are all files of the run, what was logged and printed, and what the policy was shown. The same
run without the secret being known shows that each place is looked at.
"""

import asyncio
import base64
import html
import io
import json
import logging
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from rich.console import Console

from ..agent import Agent, Permissions, Step, read_run
from ..agent.export.script import as_test
from ..agent.permissions.rules import ASK_BY_DEFAULT
from ..agent.view import write_report
from ..environments.browser.environment import BrowserEnvironment
from ..environments.browser.launch import Chromium
from ..errors import ActionFailed, BadModelOutput
from ..model import Generation
from ..policies.policy import Decision, Turn
from ..screen import Observation, Point, Size
from ..terminal import print_ending, print_step
from ..tools import (
    Action,
    Back,
    CallTool,
    Click,
    CloseTab,
    Finish,
    Limits,
    Navigate,
    Press,
    SelectOption,
    Task,
    TypeText,
)
from .figure import Figure
from .web import Answer, Web

VALUE = 'pä "ss/w+7&q'
"""A secret with what URLs, HTML, JSON and base64 write differently."""
NAME = "door"
LEAST_PLACES = 7
WRITERS = (
    *("title: ", "tab: ", "button: ", "value: ", "option: ", "picture: ", "alert: ", "confirm: ", "prompt: "),
    *(
        "?query=",
        "?led=",
        "?model=",
        "Pay now ",
        "thought: ",
        "wrote: ",
        "target: ",
        "fault: ",
        "raw: ",
    ),
    *("tool: ", "failed tool: ", "'argument': '", "typed: ", "answer: "),
)
"""The words before the secret, by whoever writes it: pages, tools, the model."""
AT_A_TIME = 4
VIEWPORT = Size(640, 480)
LIMITS = Limits(bad_outputs=3, repeats=20, fruitless=20)


def _units(text: str) -> list[str]:
    raw = text.encode("utf-16-be").hex()
    return [raw[at : at + 4] for at in range(0, len(raw), 4)]


def _within_base64(text: str, before: int) -> str:
    """What the base64 of a longer text holds of this one alone, which begins after so many bytes."""
    raw = bytes(before) + text.encode()
    return base64.b64encode(raw).decode()[-(-before * 8 // 6) : len(raw) * 8 // 6]


ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "in a URL": quote,
    "in a part of a URL": lambda text: quote(text, safe=""),
    "in a form": quote_plus,
    "in a URL, in small letters": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "twice in a URL": lambda text: quote(quote(text, safe=""), safe=""),
    "in HTML": html.escape,
    "in HTML, by numbers": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "in HTML, by hexadecimal numbers": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
    "in JSON": lambda text: json.dumps(text)[1:-1],
    "in JSON, by numbers": lambda text: "".join(f"\\u{one}" for one in _units(text)),
    "in base64": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "in base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "in base64, one byte later": lambda text: _within_base64(text, 1),
    "in base64, two bytes later": lambda text: _within_base64(text, 2),
    "in base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode().rstrip("="),
    "in hexadecimal": lambda text: text.encode().hex(),
    "in hexadecimal, large": lambda text: text.encode().hex(" ").upper(),
    "with what nobody sees": "\u200b".join,
}
"""How a text can be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a secret was found, and in which encoding."""

    where: str
    encoding: str


@dataclass(slots=True, kw_only=True)
class _Telling:
    """A policy that plays a script and keeps everything that it was shown."""

    script: list[Decision | BadModelOutput]
    shown: list[str] = field(default_factory=list[str])

    def reset(self, task: Task) -> None:
        self.shown.append(repr(task))

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        self.shown.append(repr(observation))
        self.shown += [repr((turn.raw, turn.error, turn.decision, turn.observation)) for turn in history]
        if not self.script:
            return Decision(actions=(Finish(),), frame="")
        entry = self.script.pop(0)
        if isinstance(entry, BadModelOutput):
            raise entry
        return entry


async def leaks(chromium: Chromium, encodings: Sequence[str]) -> list[Found]:
    """One run in which everybody writes the secret, in these encodings, wherever they can; and where it was found."""
    return _search(await _kept(chromium, encodings))


async def control(chromium: Chromium) -> tuple[frozenset[str], frozenset[str]]:
    """The same where nothing is hidden: in which places it is found, and from whom of `WRITERS`."""
    kept = await _kept(chromium, ["as it is"], is_known=False)
    everything = "\n".join(kept.values())
    writers = frozenset(one for one in WRITERS if any(f"{one}{form}" in everything for form in _forms(VALUE)))
    return frozenset(one.where for one in _search(kept)), writers


def _search(kept: dict[str, str]) -> list[Found]:
    return [
        Found(where=where, encoding=name)
        for where, text in kept.items()
        for name, write in ENCODINGS.items()
        if any(form in text for form in _forms(write(VALUE)))
    ]


def _forms(written: str) -> tuple[str, ...]:
    """As it is, and as a file of JSON, HTML or URLs holds that."""
    as_json = (json.dumps(written)[1:-1], json.dumps(written, ensure_ascii=False)[1:-1])
    return (written, *as_json, html.escape(written), quote(written), quote(written, safe="/&+"))


async def _kept(chromium: Chromium, encodings: Sequence[str], *, is_known: bool = True) -> dict[str, str]:
    """All that is left of one run, by where that is."""
    written = " ".join(ENCODINGS[encoding](VALUE) for encoding in encodings)
    logged, printed = io.StringIO(), io.StringIO()
    console = Console(file=printed, width=10_000, force_terminal=False)
    with tempfile.TemporaryDirectory(prefix="secrets-") as folder:
        place, held = Path(folder), dict[str, str]()

        def look(step: Step) -> None:
            print_step(console, step)
            held.update({f"{path.name} meanwhile": _read(path) for path in place.rglob("checkpoints*")})

        async with Web() as web:
            policy = _Telling(script=_script(written, web))
            with _logging_to(logged):
                agent = _agent(policy, web, place, chromium, written, is_known=is_known)
                result = await agent.arun(on_step=look)
        print_ending(console, result)
        write_report(place / "run")
        held["exported"] = as_test(read_run(place / "run"))
        kept = [path for path in (place / "run").rglob("*") if path.is_file()]
        held |= {path.relative_to(place).as_posix(): _read(path) for path in kept}
    return held | {"logged": logged.getvalue(), "printed": printed.getvalue(), "shown": "\n".join(policy.shown)}


def _read(path: Path) -> str:
    """A file as text in which each byte that is no UTF-8 is a character of its own; UTF-16 without its zeros."""
    raw = path.read_bytes()
    return raw.decode("utf-8", "surrogateescape") + "\n" + raw.replace(b"\x00", b"").decode("latin-1")


@contextmanager
def _logging_to(stream: io.StringIO) -> Generator[None]:
    """Everything that any library logs, down to the smallest."""
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _agent(policy: _Telling, web: Web, place: Path, chromium: Chromium, written: str, *, is_known: bool) -> Agent:
    def echo() -> str:
        """Says too much."""
        return f"tool: {written}"

    def fail() -> str:
        """Says too much, and that it failed."""
        raise ActionFailed(f"failed tool: {written}")

    return Agent(
        Task(goal="Sign in.", start_url=_site(web, written), limits=LIMITS),
        policy=policy,
        environment=BrowserEnvironment(
            chromium=chromium, viewport=VIEWPORT, elements=True, download_dir=place / "downloads"
        ),
        run_dir=place / "run",
        permissions=Permissions(origins=(web.url("").rstrip("/"),), ask=ASK_BY_DEFAULT),
        tools=[echo, fail],
        secrets={NAME: VALUE} if is_known else {},
        model="scripted",
    )


def _place(row: int) -> str:
    return f"position:absolute;left:20px;top:{20 + 40 * row}px;width:200px;height:30px"


def _at(row: int) -> Point:
    return Point(100, 35 + 40 * row)


def _site(web: Web, written: str) -> str:
    """A page that writes the secret into all that is told of a page."""
    text, code = html.escape(written), json.dumps(written).replace("<", "\\u003c")
    attached = f"Content-Disposition: attachment; filename*=UTF-8''{quote('file ' + written, safe='')}.csv"
    web.answers["/file"] = Answer(body="a,b", kind="text/csv", headers=(attached,))
    web.answers["/tab"] = Answer(body=f"<!doctype html><meta charset=utf-8><title>tab: {text}</title><p>Opened")
    parts = (
        f"<title>title: {text}</title>",
        f"<input type=password style='{_place(0)}'>",
        f"<button style='{_place(1)}' aria-label=\"button: {text}\" onclick='say()'>Say</button>",
        f'<input style=\'{_place(2)}\' value="value: {text}" placeholder="{text}" title="{text}">',
        f"<select style='{_place(3)}' aria-label=List><option>option: {text}</select>",
        f"<a href='#' style='{_place(4)}'><img alt=\"picture: {text}\" width=99 height=20 src=data:,></a>",
        f"<button style='{_place(5)}' onclick='lead()'>Lead</button>",
        f"<button style='{_place(6)}' aria-label=\"Pay now {text}\">Pay</button>",
    )
    script = f"""
      const written = {code};
      window.name = written; document.cookie = "c=" + encodeURIComponent(written); localStorage.s = written;
      function say() {{
        console.log("console: " + written); console.error(new Error(written));
        alert("alert: " + written); confirm("confirm: " + written); prompt("prompt: " + written, written);
        history.replaceState(1, "", "?query=" + written + "#fragment: " + written);
        let a = document.createElement("a"); a.href = "/file"; a.download = "named " + written; a.click();
        window.open("/tab?" + written);
        setTimeout(() => {{ throw new Error("error: " + written) }});
      }}
      function lead() {{ location = "/lead?led=" + written }}"""
    web.answers["/"] = Answer(body=f"<!doctype html><meta charset=utf-8>{''.join(parts)}<script>{script}</script>")
    return web.url()


def _script(written: str, web: Web) -> list[Decision | BadModelOutput]:
    """What the model does, saying the secret wherever it says anything."""

    def says(*actions: Action) -> Decision:
        said = Generation(text=f"wrote: {written}", token_ids=(1,))
        return Decision(
            actions=actions, frame="", thought=f"thought: {written}", target=f"target: {written}", generation=said
        )

    return [
        says(Click(point=_at(0)), TypeText(secret=NAME)),
        BadModelOutput(f"fault: {written}", raw=f"raw: {written}"),
        says(Click(point=_at(1))),
        says(CloseTab()),
        says(SelectOption(point=_at(3), label="none")),
        says(Click(point=_at(3)), Press(keys=("Escape",))),
        says(Click(point=_at(4))),
        says(CallTool(name="echo")),
        says(CallTool(name="fail")),
        says(CallTool(name="unknown", arguments={"argument": written})),
        says(Click(point=_at(2)), TypeText(text=f"typed: {written}")),
        says(Navigate(url=web.url(f"/?model={quote(written)}"))),
        says(Navigate(url=web.url("/"))),
        says(Click(point=_at(5))),
        says(Back()),
        says(Click(point=_at(6))),
        says(Finish(answer=f"answer: {written}")),
    ]


def batches() -> list[list[str]]:
    """The encodings, a few at a time: a page's texts are cut after some hundred characters."""
    names = list(ENCODINGS)
    return [names[at : at + AT_A_TIME] for at in range(0, len(names), AT_A_TIME)]


async def _figures() -> list[Figure]:
    async with Chromium() as chromium:
        found = [one for some in batches() for one in await leaks(chromium, some)]
        places, writers = await control(chromium)
    told = "; ".join(sorted({f"{one.where} ({one.encoding})" for one in found})[:5])
    name = f"a secret in {len(ENCODINGS)} encodings from {len(WRITERS)} writers: found again"
    return [
        Figure(name=name, found=f"{len(found)} {told}".strip(), bar="0", holds=not found),
        _least("places where it is found if nothing is hidden", len(places), LEAST_PLACES),
        _least("writers from whom it is found then", len(writers), len(WRITERS)),
    ]


def _least(name: str, found: int, least: int) -> Figure:
    return Figure(name=name, found=str(found), bar=f">= {least}", holds=found >= least)


def figures(nightly: bool) -> list[Figure]:
    """Where a secret is found after runs in which everybody writes it wherever they can. The same by day and night."""
    return asyncio.run(_figures())
