"""Runs that go on by `clickwright run --resume`: on the screen and with the model that they were begun with."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from clickwright.agent import Agent, read_run
from clickwright.agent.record.begun import Begun, BegunBrowser, BegunDemo, BegunDesktop
from clickwright.environments import BrowserEnvironment, MemoryEnvironment
from clickwright.errors import UsageError
from clickwright.options.begun import Choices, choices_again, choices_of, told_again
from clickwright.options.browser import Browsing
from clickwright.options.desktop import ChosenDesktop
from clickwright.options.model import Backend, Chosen, loading
from clickwright.policies import ScriptedPolicy
from clickwright.tools import Finish, Limits, Task, Wait

from .conftest import Said


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands write into a folder of their own, and see no display."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)


BROWSER = Choices(
    chosen=Chosen(model="clickwright/mini", device="cpu", backend=Backend.OWN),
    browsing=Browsing(viewport="800x600", scale=2, mobile=True, locale="de-DE", storage_state=Path("logins.json")),
)
LIMITS = Limits()
DESKTOP = Choices(chosen=Chosen(model="clickwright/mini"), on=ChosenDesktop(desktop=True, app="edit", window="Note"))


def begun(choices: Choices | None, *, limits: Limits = LIMITS, ends: bool = False) -> None:
    """A run in the folder `r` that was interrupted after its first step, or ended there."""
    policy = ScriptedPolicy([Finish()] if ends else [Wait(seconds=1), Wait(seconds=1), Finish()])
    agent = Agent(
        Task(goal="wait", limits=limits),
        policy=policy,
        environment=MemoryEnvironment([]),
        run_dir="r",
        begun=None if choices is None else choices.begun(),
    )
    agent.run(on_step=lambda step: agent.stop())


def test_what_is_kept_is_enough_to_choose_the_same_again(tmp_path: Path):
    again = choices_of(BROWSER.begun())
    assert again.chosen == BROWSER.chosen
    assert again.browsing.storage_state == tmp_path / "logins.json"
    assert (again.browsing.viewport, again.browsing.scale, again.browsing.mobile) == ("800x600", 2, True)
    assert choices_of(DESKTOP.begun()) == DESKTOP
    assert Begun.model_validate_json(DESKTOP.begun().model_dump_json()) == DESKTOP.begun()


def test_every_option_is_kept():
    assert BegunBrowser.model_fields.keys() - {"kind"} == set(Browsing.__dataclass_fields__)
    assert BegunDesktop.model_fields.keys() - {"kind"} == ChosenDesktop.__dataclass_fields__.keys() - {"desktop"}
    of_before = {"min_pixels", "max_pixels"}
    assert BROWSER.begun().model.model_dump().keys() - of_before == Chosen.__dataclass_fields__.keys()


ASKS = Choices(chosen=Chosen(model="Qwen/Qwen2-VL-7B-Instruct", base_url="http://127.0.0.1:9/v1"))


def with_checks(choices: Choices, **model: object) -> Begun:
    """The record of a run, with other values in it."""
    kept = choices.begun()
    return kept.model_copy(update={"model": kept.model.model_copy(update=model)})


def test_a_run_of_an_older_version_with_a_checker_goes_on_with_it():
    again = choices_of(with_checks(ASKS, check=False, checker="instruct=looks"))
    assert (again.chosen.checker, again.chosen.check) == ("instruct=looks", None)
    secret = with_checks(ASKS, check=False).model_copy(update={"asks_again": ("checker",)})
    told = Choices(chosen=replace(ASKS.chosen, checker="instruct=looks@http://h/v1?key=1"))
    assert choices_again(secret, told, frozenset({"checker"})).chosen.checker == told.chosen.checker
    assert choices_of(with_checks(ASKS, check=False)).chosen.check is False  # it was not checked, and is not now


def test_a_run_that_checks_unless_told_goes_on_so():
    kept, no = ASKS.begun(), Choices(chosen=replace(ASKS.chosen, check=False))
    assert choices_again(kept, ASKS, frozenset()).chosen.check is None
    yes = Choices(chosen=replace(ASKS.chosen, check=True))
    assert choices_again(kept, yes, frozenset({"check"})).chosen.check is None
    with pytest.raises(UsageError, match="begun in another way: leave out --no-check"):
        choices_again(kept, no, frozenset({"check"}))
    assert choices_again(no.begun(), no, frozenset({"check"})).chosen.check is False


@pytest.mark.parametrize(
    ("was_checked", "given", "checks"), [(True, set(), None), (False, set(), False), (False, {"check"}, None)]
)
def test_a_run_from_python_is_checked_as_it_was(was_checked: bool, given: set[str], checks: bool | None):
    assert told_again(ASKS, frozenset(given), was_checked=was_checked).chosen.check is checks


def test_no_password_and_no_token_is_kept():
    told = Choices(
        chosen=Chosen(
            model="m", planner=None, base_url="http://ann:pass-1@host/v1", grounder="g@http://h/v1?key=pass-2"
        ),
        browsing=Browsing(proxy="http://ann:pass-3@host:8080"),
    )
    kept = told.begun()
    assert "pass-" not in kept.model_dump_json()
    assert kept.asks_again == ("base_url", "grounder", "proxy")
    with pytest.raises(UsageError, match="--grounder and --proxy held a secret, which is not kept: give it again"):
        choices_again(kept, told, frozenset({"base_url"}))
    assert choices_again(kept, told, frozenset({"base_url", "grounder", "proxy"})) == told
    connected = Choices(chosen=Chosen(model="m"), browsing=Browsing(connect="http://127.0.0.1:9222"))
    assert choices_of(connected.begun()) == connected


def test_where_things_are_may_be_told_anew():
    told = Choices(chosen=Chosen(model="clickwright/mini", device="cuda"), browsing=Browsing(headed=True))
    again = choices_again(BROWSER.begun(), told, frozenset({"device", "headed"}))
    assert (again.chosen.device, again.browsing.headed) == ("cuda", True)
    assert (again.browsing.viewport, again.chosen.backend) == ("800x600", Backend.OWN)


def test_how_a_model_is_loaded_is_kept_and_may_be_told_anew():
    kept = Choices(chosen=Chosen(model="m", load=("max_pixels=6272",))).begun()
    assert choices_of(kept).chosen.load == ("max_pixels=6272",)
    told = Choices(chosen=Chosen(model="m", load=("dtype=float32",)))
    again = choices_again(kept, told, frozenset({"load"})).chosen.load
    assert loading(again) == {"max_pixels": 6272, "dtype": "float32"}
    assert choices_again(kept, Choices(chosen=Chosen(model="m")), frozenset()).chosen.load == ("max_pixels=6272",)
    older = kept.model_copy(update={"model": kept.model.model_copy(update={"load": (), "max_pixels": 6272})})
    assert choices_of(older).chosen.load == ("max_pixels=6272",)


@pytest.mark.parametrize(
    ("choices", "options", "says"),
    [
        (BROWSER, ["wait"], "leave out the task"),
        (BROWSER, ["--url", "https://a.test", "--step", "x"], "leave out --step and --url"),
        (BROWSER, ["--allow", "https://a.test"], "leave out --allow"),
        (BROWSER, ["--permissions", "p.toml"], "leave out --permissions"),
        (BROWSER, ["--run-dir", "other"], "leave out --run-dir"),
        (BROWSER, ["--viewport", "1288x728"], "begun in another way: leave out --viewport"),
        (BROWSER, ["--model", "other", "--profile", "mini"], "begun in another way: leave out --model and --profile"),
        (BROWSER, ["--desktop"], "begun in a browser: leave out --desktop"),
        (BROWSER, ["--max-steps", "0"], "steps"),
        (DESKTOP, ["--app", "other"], "begun in another way: leave out --app"),
        (DESKTOP, ["--headed"], "begun on a desktop: leave out --headed"),
        (None, [], "begun from Python, in a MemoryEnvironment: only Agent.resume"),
    ],
)
def test_what_contradicts_the_run_is_one_sentence(
    clickwright: Callable[..., Said], choices: Choices | None, options: list[str], says: str
):
    begun(choices)
    said = clickwright("run", *options, "--resume", "r")
    assert said.code == 2
    assert says in said.complaint


def test_a_desktop_run_goes_on_on_a_desktop(clickwright: Callable[..., Said]):
    begun(DESKTOP)
    said = clickwright("run", "--resume", "r", "--window", "Note")
    assert said.code == 4
    assert "there is no display: DISPLAY is not set" in said.complaint


def test_a_run_from_before_goes_on_as_it_did(clickwright: Callable[..., Said]):
    begun(None, ends=True)
    path = Path("r/run.json")
    info = json.loads(path.read_text())
    for name in ("begun", "environment", "screen_tells", "extended_after"):
        del info[name]
    path.write_text(json.dumps(info))
    said = clickwright("run", "--resume", "r", "--headed")
    assert said.code == 4  # a browser would be opened
    assert "display" in said.complaint


def test_a_damaged_run_json_is_one_sentence(clickwright: Callable[..., Said]):
    begun(BROWSER)
    Path("r/run.json").write_text("{")
    said = clickwright("run", "--resume", "r")
    assert (said.code, said.complaint) == (2, "clickwright: the run in r cannot be resumed: run.json is damaged")


def test_a_demo_of_an_older_version(clickwright: Callable[..., Said]):
    Path("demo.json").write_text('{"seeds": [1]}')
    said = clickwright("run", "--resume", ".")
    assert said.code == 2
    assert "clickwright demo --run-dir . goes on" in said.complaint


def test_a_limit_that_stopped_a_run_may_be_raised():
    begun(BROWSER, limits=Limits(steps=1))
    first = read_run("r").info
    assert first is not None
    policy = ScriptedPolicy([Wait(seconds=1), Wait(seconds=1), Finish()])
    stopped = Agent.resume("r", policy=policy, environment=MemoryEnvironment([])).run()
    assert (stopped.stop, len(stopped.steps)) == ("steps", 1)
    more = Agent.resume("r", policy=policy, environment=MemoryEnvironment([]), limits=Limits(steps=9)).run()
    assert (more.status, [step.number for step in more.steps]) == ("success", [1, 2, 3, 4])
    found = read_run("r")
    assert found.outcome is not None
    assert found.outcome.status == "success"
    assert found.info is not None
    assert found.info.task.limits.steps == 9


def test_a_demo_says_who_plays():
    kept = BROWSER.begun(BegunDemo(player="oracle", grey=True))
    assert kept.demo == BegunDemo(player="oracle", grey=True)


async def test_the_class_of_the_screen_is_kept(tmp_path: Path):
    agent = Agent("x", policy=ScriptedPolicy([Finish()]), environment=MemoryEnvironment([]), run_dir=tmp_path / "r")
    await agent.arun()
    info = read_run(tmp_path / "r").info
    assert info is not None
    assert info.environment == "MemoryEnvironment"
    assert BrowserEnvironment.__name__ == "BrowserEnvironment"  # by which the command line knows its own
