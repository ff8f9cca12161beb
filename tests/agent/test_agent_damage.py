"""What is left of a run folder: torn and damaged lines, a full disk, another process in it."""

import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from clickwright.agent import Agent, Result, read_run, resume
from clickwright.agent.record.folder import JOURNAL, STEPS
from clickwright.agent.record.journal import Journal
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import UsageError
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.reliability.faults.room import full_folder
from clickwright.running import follow
from clickwright.screen import Point
from clickwright.terminal import make_console
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


# Lines


def test_a_step_that_was_lost_is_made_again_from_the_journal(begun: Path, shop: MemoryEnvironment) -> None:
    """What the journal says was done is not done again."""
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


def test_a_whole_last_line_without_its_end_is_torn_all_the_same(begun: Path) -> None:
    path = begun / JOURNAL
    assert len(Journal(path).begun(1)) == 1
    path.write_bytes(path.read_bytes()[:-1])
    (entry,) = Journal(path).begun(1)
    assert entry.mark == "intent"


@pytest.mark.parametrize(
    "damage",
    [b'{"number": 2, "garbage"\n', b'{"number": 2, "po', b'\n{"number": 2, "garbage"\n{"torn', b"\xff\xfe\n\n"],
)
def test_a_damaged_last_step_is_told_and_kept_beside(
    begun: Path, shop: MemoryEnvironment, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = begun / STEPS
    first = path.read_bytes()
    path.write_bytes(first + damage)
    assert go_on(begun, shop).status == "success"
    assert path.read_bytes().startswith(first)
    assert begun.joinpath("steps.damaged").read_bytes() == damage.strip(b"\n") + b"\n"
    told = f"the last line of steps.jsonl was damaged: it was put into {begun / 'steps.damaged'}"
    assert told in caplog.messages
    assert read_run(begun).warnings == ("what could not be read is in steps.damaged",)


def test_what_is_damaged_twice_is_kept_twice(begun: Path, shop: MemoryEnvironment) -> None:
    for damage in (b'{"one', b'{"two"\n'):
        path = begun / STEPS
        path.write_bytes(path.read_bytes() + damage)
        agent = Agent.resume(begun, policy=ScriptedPolicy([]), environment=shop)
        agent.stop()
        agent.run()
        assert [told for told in agent.repairs if "steps.damaged" in told] == list(agent.repairs) != []
    assert begun.joinpath("steps.damaged").read_bytes() == b'{"one\n{"two"\n'


def test_a_torn_line_of_the_journal_is_told_and_kept_beside(begun: Path, shop: MemoryEnvironment) -> None:
    path = begun / JOURNAL
    path.write_bytes(path.read_bytes() + b'{"mark": "intent", "tu')
    agent = Agent.resume(begun, policy=ScriptedPolicy([[NEXT, Finish()], Finish()]), environment=shop)
    assert agent.run().status == "success"
    assert agent.repairs == (
        f"the last line of journal.jsonl was damaged: it was put into {begun / 'journal.damaged'}",
    )
    assert begun.joinpath("journal.damaged").read_bytes() == b'{"mark": "intent", "tu\n'


def test_a_folder_without_damage_has_no_repairs(begun: Path, shop: MemoryEnvironment) -> None:
    agent = Agent.resume(begun, policy=ScriptedPolicy([[NEXT, Finish()], Finish()]), environment=shop)
    assert (agent.run().status, agent.repairs, read_run(begun).warnings) == ("success", (), ())
    assert not list(begun.glob("*.damaged"))


def test_the_command_line_says_what_was_damaged(
    begun: Path, shop: MemoryEnvironment, capsys: pytest.CaptureFixture[str]
) -> None:
    path = begun / STEPS
    path.write_bytes(path.read_bytes() + b'{"torn')
    agent = Agent.resume(begun, policy=ScriptedPolicy([[NEXT, Finish()], Finish()]), environment=shop)
    assert follow(agent, make_console()) == 0
    assert f"warning: the last line of steps.jsonl was damaged: it was put into {begun}" in capsys.readouterr().out


@pytest.mark.parametrize("line", [0, 1])
def test_a_damaged_journal_is_told_and_nothing_is_done(begun: Path, shop: MemoryEnvironment, line: int) -> None:
    path = begun / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = b'{"mark": "done"}\n'
    path.write_bytes(b"".join(lines))
    with pytest.raises(UsageError, match=r"line( 1)? of .*journal\.jsonl is damaged"):
        go_on(begun, shop)
    assert shop.actions == [NEXT]


# The disk

_WRITES = """
import resource, sys
from conftest import PAGES
from clickwright.agent import Agent, graph
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import ClickwrightError
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.reliability.faults.room import full_folder
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


@pytest.mark.slow
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
    if full.parent.is_dir():
        full.joinpath("room for a folder and little else").write_bytes(bytes(56_000))
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
