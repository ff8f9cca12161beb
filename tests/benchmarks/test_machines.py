"""Where workers are: one that has no place any more leaves its key to the others; what is missing is told at once."""

import asyncio
import sys
from collections import deque
from pathlib import Path

import pytest
from clickwright.benchmarks.command import bench
from clickwright.benchmarks.folder import BenchFolder
from clickwright.benchmarks.players import make_player
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.runner.drive import Work, run_episodes
from clickwright.benchmarks.runner.episode import Rules
from clickwright.benchmarks.runner.machines import Machines, placed
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.worker.link import NoPlace, ProcessLink
from clickwright.benchmarks.worker.remote import RemoteStage
from clickwright.benchmarks.worker.wire import Answer, Request, parted
from clickwright.errors import UsageError
from clickwright.options.model import MINI, Chosen
from typer.testing import CliRunner


class Evicted(ProcessLink):
    """A worker that has no place any more when it has begun so many episodes."""

    def __init__(self, opening: Request, episodes: int) -> None:
        super().__init__(opening)
        self._left = episodes

    async def ask(self, request: Request, within_s: float) -> tuple[Answer, bytes]:
        if request.do == "begin":
            self._left -= 1
            if self._left < 0:
                await self.kill()
                raise NoPlace("no processor is left")
        return await super().ask(request, within_s)


def run(folder: Path, *episodes: int) -> list[Row]:
    """Eight episodes by workers that have places for so many each."""
    rows: list[Row] = []

    async def all_of_them() -> None:
        opening = Request(do="open", suite="rehearsal", choice=Choice())
        stages = [RemoteStage(Evicted(opening, count)) for count in episodes]
        work = Work(
            folder=BenchFolder(folder), left=deque(Key(task="press", seed=n) for n in range(8)), tell=rows.append
        )
        await run_episodes(work, stages, make_player("oracle", Chosen(model=MINI)), Rules(folder=folder))

    asyncio.run(all_of_them())
    return rows


def test_a_worker_without_a_place_leaves_its_key_to_the_others_and_the_last_one_ends_the_run(tmp_path: Path) -> None:
    rows = run(tmp_path, 0, 1, 8)
    assert {row.key.seed for row in rows} == set(range(8))
    assert all(row.success for row in rows)
    with pytest.raises(NoPlace, match="no processor is left"):
        run(tmp_path, 1, 2)


def test_without_ray_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "clickwright.benchmarks.worker.on_ray", raising=False)
    player = make_player("oracle", Chosen(model=MINI))
    with pytest.raises(UsageError, match=r"pip install 'clickwright\[ray\]'"), placed(player, Machines(), 1):
        pass
    with pytest.raises(UsageError, match="samples are asked by this process"), placed(player, Machines(), 0):
        pass


def test_a_message_that_is_not_whole_is_none() -> None:
    for message in (b"", b"\0\0\0", b"\0\0\0\x05{}"):
        with pytest.raises(ValueError, match="too short"):
            parted(message)
    assert parted(b"\0\0\0\x02{}pixels") == (b"{}", b"pixels")


def test_models_in_ray_without_ray_are_a_wrong_line() -> None:
    ended = CliRunner().invoke(bench, ["run", "rehearsal", "--ray-models", "2"])
    assert isinstance(ended.exception, UsageError)
    assert "--ray-models needs --ray" in str(ended.exception)
