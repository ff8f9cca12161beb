"""Runs that get nowhere, and runs that only look so: the scenes of which docs/reliability.md has the figures."""

from pathlib import Path

import pytest
from clickwright.environments.environment import Facts
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.reliability.nowhere import LEFT_ONE, MAX_TURNS, Scene, again, ended, nowhere, somewhere
from clickwright.tools import Action


@pytest.mark.parametrize("scene", nowhere(), ids=lambda scene: scene.what)
def test_it_ends_soon_and_says_why(scene: Scene, tmp_path: Path) -> None:
    how, turns, why = ended(scene, tmp_path / "run")
    assert how == scene.ends, why
    assert turns <= MAX_TURNS
    assert why


@pytest.mark.parametrize("scene", somewhere(), ids=lambda scene: scene.what)
def test_it_is_left_to_go_on(scene: Scene, tmp_path: Path) -> None:
    how, _, why = ended(scene, tmp_path / "run")
    assert how == "success", why


class Undoing(MemoryEnvironment):
    """Goes back to where it was, as soon as nobody looks."""

    async def facts(self, action: Action) -> Facts:
        self.show("start")
        return await super().facts(action)


def test_a_page_that_undoes_everything_is_found_out(tmp_path: Path) -> None:
    how, turns, why = ended(Scene(what="undone", script=again(LEFT_ONE), world=Undoing), tmp_path / "run")
    assert (how, turns) == ("stuck", 4), why
