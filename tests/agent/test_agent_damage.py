"""What is left of a run folder: damaged checkpoints, torn and damaged lines, a full disk, another process in it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import ormsgpack
import pytest
from clickwright.agent import Agent, Result, read_run, resume
from clickwright.agent.record.folder import CHECKPOINTS, JOURNAL, STEPS
from clickwright.agent.record.journal import Journal
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import UsageError
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.reliability.faults import full_folder
from clickwright.screen import Point
from clickwright.tools import Click, Finish, Task

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
TASK = Task(goal="x", steps=("a", "b", "c"))


@pytest.fixture
def begun(make: Make) -> Path:
    """A run that was stopped after the first of three steps."""
    agent = make([[NEXT, Finish()], Finish()], TASK)
    agent.run(on_step=lambda step: agent.stop())
    return agent.run_dir


def go_on(folder: Path, shop: MemoryEnvironment) -> Result:
    return resume(folder, ScriptedPolicy([[NEXT, Finish()], Finish()]), shop)


# Checkpoints


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def zero(path: Path) -> None:
    path.write_bytes(b"\0" * path.stat().st_size)


def garble(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[4096:8192] = os.urandom(4096)
    path.write_bytes(whole)


def be_text(path: Path) -> None:
    path.write_text("not a database" * 1000)


def other_tables(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE checkpoints (a INT)")
    database.close()


def change(path: Path, **changes: object) -> None:
    """Put other values into the state of every checkpoint."""
    with sqlite3.connect(path) as database:
        rows = list(database.execute("SELECT rowid, checkpoint FROM checkpoints"))
        for row, blob in rows:
            held = ormsgpack.unpackb(blob, ext_hook=lambda code, data: None)
            held["channel_values"].update(changes)
            database.execute("UPDATE checkpoints SET checkpoint = ? WHERE rowid = ?", (ormsgpack.packb(held), row))
    database.close()


DAMAGE: dict[str, Callable[[Path], None]] = {
    "truncated": truncate,
    "zeroed": zero,
    "garbled": garble,
    "text": be_text,
    "other tables": other_tables,
    "a turn that is text": lambda path: change(path, turn="two"),
    "a plan that is a number": lambda path: change(path, plan=7),
    "a place beyond the plan": lambda path: change(path, position=3),
    "a count below 0": lambda path: change(path, tokens=-1),
    "actions that are none": lambda path: change(path, did=[{"action": {"kind": "fly"}, "verdict": "allowed"}]),
    "a sight without a picture": lambda path: change(path, saw={"frame": 1}),
    "no such type": lambda path: _retype(path, "pickle"),
    "no checkpoint in it": lambda path: _reblob(path, ormsgpack.packb(["x"])),
    "cut msgpack": lambda path: _reblob(path, b"\x81\xa1"),
}


def _retype(path: Path, name: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE checkpoints SET type = ?", (name,))
    database.close()


def _reblob(path: Path, blob: bytes) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE checkpoints SET checkpoint = ?", (blob,))
    database.close()


@pytest.mark.parametrize("kind", DAMAGE)
def test_damaged_checkpoints_are_kept_aside_and_cost_nothing(begun: Path, shop: MemoryEnvironment, kind: str) -> None:
    path = begun / CHECKPOINTS
    DAMAGE[kind](path)
    damaged = path.read_bytes()
    result = go_on(begun, shop)
    assert (result.status, [step.number for step in result.steps]) == ("success", [1, 2, 3])
    kept = path.with_name("checkpoints.sqlite.damaged").read_bytes()
    assert kept == damaged or kind == "other tables"  # where LangGraph adds its own before it reads
    (warning,) = read_run(begun).warnings
    assert warning.startswith("checkpoints.sqlite was damaged and is kept as checkpoints.sqlite.damaged")


def test_what_was_put_aside_before_is_kept_too(begun: Path, shop: MemoryEnvironment) -> None:
    begun.joinpath("checkpoints.sqlite.damaged").write_text("older")
    be_text(begun / CHECKPOINTS)
    assert go_on(begun, shop).status == "success"
    assert begun.joinpath("checkpoints.sqlite.damaged").read_text() == "older"
    assert begun.joinpath("checkpoints.sqlite.damaged-2").exists()


def test_missing_checkpoints_cost_nothing(begun: Path, shop: MemoryEnvironment) -> None:
    begun.joinpath(CHECKPOINTS).unlink()
    result = go_on(begun, shop)
    assert (result.status, [step.number for step in result.steps]) == ("success", [1, 2, 3])
    assert read_run(begun).warnings == ()


def test_what_a_checkpoint_names_is_neither_imported_nor_called(begun: Path, shop: MemoryEnvironment) -> None:
    """An intruder with access to the folder plants calls of os.system as LangGraph would write objects."""
    marker = begun / "called"
    planted = [
        ormsgpack.Ext(code, ormsgpack.packb(value))
        for code, value in enumerate(
            [
                ("os", "system", f"touch {marker}"),
                ("os", "system", (f"touch {marker}",)),
                ("os", "system", {"command": f"touch {marker}"}),
                ("os", "system", f"touch {marker}", "__call__"),
                ("os", "system", {"command": f"touch {marker}"}),
                ("os", "system", {"command": f"touch {marker}"}, "model_validate_json"),
            ]
        )
    ]
    for one in planted:
        change(begun / CHECKPOINTS, answer=one, last=one)
    unknown = ormsgpack.packb(("antigravity", "anything", ("x",)))
    change(begun / CHECKPOINTS, answer=ormsgpack.Ext(1, unknown))
    assert go_on(begun, shop).status == "success"
    assert not marker.exists()
    assert "antigravity" not in sys.modules


# Lines


def test_a_step_that_was_lost_is_made_again_from_the_journal(begun: Path, shop: MemoryEnvironment) -> None:
    """The checkpoint knows of a step that steps.jsonl no longer holds; what it did is not done again."""
    begun.joinpath(STEPS).write_bytes(b"")
    result = go_on(begun, shop)
    assert (result.status, [step.number for step in result.steps]) == ("success", [1, 2, 3])
    assert [did.action for did in result.steps[0].did] == [NEXT]
    assert shop.actions == [NEXT, NEXT]


def test_a_torn_last_line_of_the_journal_was_never_acted_on(begun: Path, shop: MemoryEnvironment) -> None:
    path = begun / JOURNAL
    path.write_bytes(path.read_bytes() + b'{"mark": "intent", "tu')
    assert go_on(begun, shop).status == "success"
    assert [entry.mark for turn in (1, 2) for entry in Journal(path).begun(turn)] == ["done", "done"]


@pytest.mark.parametrize("line", [0, 1])
def test_a_damaged_journal_is_told_and_nothing_is_done(begun: Path, shop: MemoryEnvironment, line: int) -> None:
    path = begun / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = b'{"mark": "done"}\n'
    path.write_bytes(b"".join(lines))
    with pytest.raises(UsageError, match=r"line( 1)? of .*journal\.jsonl is damaged"):
        go_on(begun, shop)
    assert shop.actions == [NEXT]


@pytest.mark.parametrize("has_checkpoint", [True, False])
def test_a_journal_without_decisions_is_enough(begun: Path, shop: MemoryEnvironment, *, has_checkpoint: bool) -> None:
    """As older versions wrote it: an intent said only what, and on which screen."""
    intent = Journal(begun / JOURNAL).find(1, 0)
    assert intent is not None
    old = intent.model_copy(update={"mark": "intent", "turn": 2})
    with begun.joinpath(JOURNAL).open("a") as file:
        file.write(old.model_dump_json(exclude={"did", "decided", "after", "reconciled"}) + "\n")
    if not has_checkpoint:
        begun.joinpath(CHECKPOINTS).unlink()
    result = go_on(begun, shop)
    assert result.stop == "in_doubt"
    assert [(step.number, [did.effect for did in step.did]) for step in result.steps[1:]] == [
        (2, ["in_doubt"]),
        (3, ["not_done"]),
    ]
    assert result.steps[1].actions == (NEXT,)
    assert shop.actions == [NEXT]


# The disk

_WRITES = """
import resource, sys
from conftest import PAGES
from clickwright.agent import Agent, graph
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import ClickwrightError
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.reliability.faults import full_folder
from clickwright.screen import Point
from clickwright.tools import Click, Limits, Task

class World(MemoryEnvironment):
    async def step(self, action):
        print("acted", flush=True)
        return await super().step(action)

task = Task(goal="x", limits=Limits(repeats=99, steps=99))
policy = ScriptedPolicy([Click(point=Point(60, 35))] * 90)
agent = Agent(task, policy=policy, environment=World(PAGES), run_dir=sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    agent.run()
except ClickwrightError as error:
    print(f"{type(error).__name__} {error.exit_code}: {error}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize("size", [100, 1500, 3000, 6000, 20_000, 150_000])
def test_nothing_is_done_that_the_disk_does_not_take(tmp_path: Path, size: int) -> None:
    """No file may grow beyond `size`, as on a disk that is full: what was done has an intent, and the rest is told."""
    folder = tmp_path / "run"
    ended = subprocess.run(
        [sys.executable, "-c", _WRITES, str(folder), str(size)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    *acted, told = ended.stdout.splitlines()
    assert told.startswith(f"UsageError 2: {folder}/")
    assert "cannot be written: " in told
    journal = Journal(folder / JOURNAL)
    begun = [entry for turn in range(1, 99) for entry in journal.begun(turn)]
    assert len(acted) <= len(begun) <= len(acted) + 1
    assert [entry.turn for entry in begun] == list(range(1, len(begun) + 1))


@pytest.fixture
def full(tmp_path: Path) -> Generator[Path]:
    with full_folder() as folder:
        yield folder


def test_a_full_disk_is_told_in_one_sentence(full: Path, shop: MemoryEnvironment) -> None:
    agent = Agent("x", policy=ScriptedPolicy([NEXT] * 9), environment=shop, run_dir=full / "run")
    with pytest.raises(UsageError) as told:
        agent.run()
    assert str(full / "run") in str(told.value)
    assert "\n" not in str(told.value)
    assert shop.actions == []
    assert shop.closed == 1


# Another process

_HOLDS = """
import sys
from pathlib import Path
from clickwright.agent.record.folder import RunFolder
with RunFolder(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_keeps_the_folder_until_it_dies(make: Make) -> None:
    agent = make([[NEXT, Finish()]])
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(agent.run_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UsageError, match="another process is running in"):
            agent.run()
        other.kill()
        other.wait()
    assert agent.run().status == "success"
