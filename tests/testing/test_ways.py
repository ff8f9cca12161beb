"""How recordings are made, played and healed, where nothing needs a browser to be seen."""

from pathlib import Path

import pytest
from clickwright.environments import MemoryEnvironment, MemoryItem, MemoryPage
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Box, Observation
from clickwright.testing import AsyncUi, CheckFailed, Inconclusive, Judged, NotFound, ScriptedEyes, Told, open_ui
from clickwright.testing.recording import read_recording
from clickwright.testing.sight import Sight
from clickwright.testing.target import Found
from clickwright.testing.ways import Mode
from clickwright.tools import Action, Ask, Click, Finish

pytestmark = pytest.mark.asyncio

ADD = Box(100, 100, 260, 150)


class Late(MemoryEnvironment):
    """Shows its button after so many looks. With `losing`, the screen is lost whenever it is clicked."""

    def __init__(self, name: str = "Add", *, looks: int = 0, scale: float = 1.0, losing: bool = False) -> None:
        pages = [MemoryPage(), MemoryPage(name="later", items=(MemoryItem(name=name, box=ADD),))]
        super().__init__(pages, scale=scale)
        self.looks, self.losing = looks, losing

    async def observe(self) -> Observation:
        if self.looks <= 0:
            self.show("later")
        self.looks -= 1
        return await super().observe()

    async def step(self, action: Action) -> Observation:
        if self.losing:
            self.lose()
        return await super().step(action)


class Asked(ScriptedEyes):
    """Know where the button is. `calls` are the names that they were asked for."""

    def __init__(self, *, scale: float = 1.0, acts: tuple[Action, ...] = ()) -> None:
        box = ADD.scale(scale, scale)
        places = {"the button": box, "Add": box}
        super().__init__(places, answers={"the name": Told(text="Add", box=box)}, policy=lambda: ScriptedPolicy(acts))


def opened(screen: Late, mode: Mode, recording: Path, eyes: ScriptedEyes, deadline_s: float = 5.0) -> AsyncUi:
    return open_ui(screen, eyes, mode=mode, recording=recording, deadline_s=deadline_s)


async def do_all(ui: AsyncUi) -> None:
    await ui.do("add one")
    await ui.locate("the button")
    assert await ui.get("the name") == "Add"


async def recorded(recording: Path) -> None:
    acts = (Click(point=ADD.center), Finish())
    ui = opened(Late(), "record", recording, Asked(acts=acts))
    await ui.stage.begin()
    await do_all(ui)
    ui.keep()


@pytest.mark.parametrize("mode", ["replay", "heal"])
@pytest.mark.parametrize("word", ["do", "locate", "get"])
async def test_what_comes_later_is_waited_for_and_no_model_asked(recording: Path, mode: Mode, word: str) -> None:
    await recorded(recording)
    screen, eyes = Late(looks=3), Asked()
    ui = opened(screen, mode, recording, eyes)
    await getattr(ui, word)({"do": "add one", "locate": "the button", "get": "the name"}[word])
    assert (screen.looks < 0, eyes.calls, ui.done[0].healed) == (True, [], False)


async def test_a_model_is_asked_for_what_does_not_come(recording: Path) -> None:
    await recorded(recording)
    eyes = Asked()
    ui = opened(Late("Order"), "heal", recording, eyes, deadline_s=0.2)
    await ui.do("add one")
    assert eyes.calls == ["Add"]
    assert ui.done[0].healed
    ui = opened(Late("Order"), "replay", recording, eyes, deadline_s=0.2)
    with pytest.raises(NotFound):
        await ui.do("add one")


async def test_a_frozen_screen_is_not_waited_for(recording: Path) -> None:
    await recorded(recording)
    ui = opened(Late(looks=3), "replay", recording, Asked(), deadline_s=600)
    async with ui.freeze():
        with pytest.raises(NotFound):
            await ui.locate("the button")
        with pytest.raises(NotFound):
            await ui.get("the name")


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_a_recording_is_healed_on_a_screen_such_as_its_own(recording: Path, scale: float) -> None:
    """It is in the pixels of that screen alone."""
    await recorded(recording)
    ui = opened(Late("Order", scale=scale), "heal", recording, Asked(scale=scale), deadline_s=0)
    await ui.stage.begin()
    await ui.locate("the button")
    assert ui.done[0].healed
    if scale == 1:
        assert ui.keep() == recording.with_suffix(".patch")
        return
    with pytest.raises(
        UsageError, match=r"was recorded at 1288 x 728 pixels at scale 1: heal it there, for this screen has 2576"
    ):
        ui.keep()


async def test_a_test_that_looks_for_no_thing_has_a_recording_all_the_same(recording: Path) -> None:
    ui = opened(Late(), "record", recording, Asked())
    await ui.press("Tab")
    assert ui.keep() == recording
    assert read_recording(recording).steps == ()
    await opened(Late(), "replay", recording, Asked()).press("Tab")
    healing = opened(Late(scale=2), "heal", recording, Asked(scale=2))
    await healing.locate("the button")
    patch = healing.keep()
    assert patch is not None
    assert "+  width: 2576" in patch.read_text("utf-8"), "its first thing says on which screen it is"


@pytest.mark.parametrize(
    ("acts", "error"),
    [
        ((Finish(status="failure", answer="no such thing"),), CheckFailed),
        ((Ask(question="Which one?"),), Inconclusive),
        ((Click(point=ADD.center),) * 3, EnvironmentLost),
    ],
)
async def test_only_an_agent_that_gives_up_blames_the_program(acts: tuple[Action, ...], error: type[Exception]) -> None:
    ui = open_ui(Late(losing=True), Asked(acts=acts))
    with pytest.raises(error):
        await ui.do("add one")


class Costly(ScriptedEyes):
    """Take ten tokens each time, and see at their third look what they are asked for."""

    def find(self, sight: Sight, words: str) -> Found:
        self.calls.append(words)
        if len(self.calls) < 3:
            raise NotFound("not yet", tokens=10)
        return Found(point=ADD.center, box=ADD, how="model", tokens=10)

    def judge(self, sight: Sight, claim: str) -> Judged:
        self.calls.append(claim)
        return Judged(met=len(self.calls) > 2, reason="so it is", tokens=10)

    def read(self, sight: Sight, question: str) -> Told:
        self.find(sight, question)
        return Told(text="Add", tokens=10)


@pytest.mark.parametrize("word", ["tap", "locate", "get", "wait_for"])
async def test_what_a_model_took_counts_also_where_it_had_not_seen_it_yet(word: str) -> None:
    ui = open_ui(Late(), Costly())
    await getattr(ui, word)("the button")
    assert ui.done[0].tokens == 30
