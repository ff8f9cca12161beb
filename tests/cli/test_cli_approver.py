"""The person at the terminal: what is shown, and what each answer means."""

import io
import os
from typing import Any

import pytest
from clickwright.agent import Approve, Edit, Question, Refuse, TakeOver
from clickwright.agent.permissions.urls import read_url
from clickwright.errors import UsageError
from clickwright.options.rules import secrets_from
from clickwright.screen import Point
from clickwright.terminal import TerminalApprover, read_line
from clickwright.tools import Click, Wait
from rich.console import Console

PLACE = read_url("https://xn--pypal-4ve.com/pay")
ASKED = Question(
    trigger="elsewhere",
    digest="d" * 64,
    reason="it leads elsewhere",
    place=PLACE,
    action=Click(point=Point(1, 2)),
    role="button",
    name="OK\x1b[2J\u202e",
    page="https://shop.test",
    expires_s=60,
)


def approver(*lines: str) -> tuple[TerminalApprover, io.StringIO, list[float | None]]:
    """One that reads these lines, what it prints, and how long it waits for each."""
    waiting, given, shown = list[float | None](), list(lines), io.StringIO()

    def read(seconds: float | None) -> str:
        waiting.append(seconds)
        return given.pop(0) if given else ""

    return TerminalApprover(Console(file=shown, width=200), read=read), shown, waiting


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["y\n"], Approve),
        ([" YES \n"], Approve),
        (["n\n"], Refuse),
        (["\n"], Refuse),
        ([], Refuse),
        (["yo\n"], Refuse),
        (["t\n", "\n"], TakeOver),
        (["e\n", '{"kind": "wait", "seconds": 2}\n'], Edit),
        (["e\n", "nonsense\n"], Refuse),
        (["e\n"], Refuse),
    ],
)
async def test_what_each_answer_means(lines: list[str], answer: type[Any]) -> None:
    asking, _, _ = approver(*lines)
    said = await asking.approve(ASKED, "Do it?")
    assert isinstance(said, answer)
    if isinstance(said, Approve | Edit):
        assert said.digest == ASKED.digest
    if isinstance(said, Edit):
        assert said.action == Wait(seconds=2)


async def test_the_person_sees_the_host_in_punycode_and_no_escape_codes() -> None:
    asking, shown, waiting = approver()
    await asking.approve(ASKED, "click on 'OK\x1b[2J'. Do it?")
    told = shown.getvalue()
    assert "https://xn--pypal-4ve.com" in told
    assert "https://shop.test" in told
    assert "click (1, 2)" in told
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert waiting[0] is not None
    assert 59 < waiting[0] <= 60


def test_a_line_that_does_not_come_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert read_line(0.01) == ""
        os.write(writing, b"y\n")
        assert read_line(5) == "y\n"
        os.close(writing)
        assert read_line(None) == ""


def test_secrets_are_named_on_the_command_line_and_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP", "12345678")
    assert secrets_from(["door=SHOP"]) == {"door": "12345678"}
    for told in ("door", "door=", "=SHOP"):
        with pytest.raises(UsageError, match="NAME=VARIABLE"):
            secrets_from([told])
    with pytest.raises(UsageError, match="no such variable") as refused:
        secrets_from(["door=hunter22"])
    assert "hunter22" not in str(refused.value)
