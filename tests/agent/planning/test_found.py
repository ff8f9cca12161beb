"""What the pictures say of an action."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from clickwright.agent import Agent, read_run
from clickwright.agent.checking.found import compare
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.screen import Box, Element, Observation, Point, Screenshot, Size, Tab
from clickwright.tools import Action, CallTool, Click, Finish, Press, Scroll, TypeText

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
FIELD = Click(point=Point(110, 75))
NOTHING = Click(point=Point(270, 160))


def screen(*changed: tuple[int, int], scale: float = 1.0, **more: object) -> Observation:
    pixels = np.zeros((200, 300, 3), np.uint8)
    for x, y in changed:
        pixels[y, x] = 255
    return replace(Observation(screenshot=Screenshot(pixels=pixels, scale=scale)), **more)  # pyright: ignore


BEHIND = (Tab(title="c", url="c", active=False), Tab(title="b", url="b", active=True))
FOCUS = Element(box=Box(200, 100, 280, 120), role="textbox")


@pytest.mark.parametrize(
    ("action", "before", "after", "found"),
    [
        (NEXT, screen(), screen(), "unchanged"),
        (NEXT, screen(), screen((80, 50)), "changed here"),
        (NEXT, screen(), screen((93, 35)), "changed elsewhere"),
        (NEXT, screen(scale=2), screen((93, 35), scale=2), "changed here"),
        (NEXT, screen(), screen(effect="navigated"), "navigated"),
        (NEXT, screen(url="http://a/"), screen(url="http://a/#x"), "unchanged"),
        (NEXT, screen(url="http://a/#x"), screen((80, 50), url="http://a/#y", effect="changed"), "changed here"),
        (NEXT, screen(url="http://a/"), screen((80, 50), url="http://a/?q=tea"), "changed here"),
        (NEXT, screen(title="a"), screen(title="(1) a", effect="changed"), "unchanged"),
        (NEXT, screen(url="http://a/#/x"), screen(url="http://a/#/y"), "navigated"),
        (NEXT, screen(url="http://a/#!x"), screen(url="http://a/"), "navigated"),
        (NEXT, screen(tabs=BEHIND), screen((80, 50), tabs=BEHIND[1:], effect="closed_tab"), "changed here"),
        (NEXT, screen(url="b", tabs=BEHIND), screen(url="c", tabs=BEHIND[:1], effect="closed_tab"), "navigated"),
        (NEXT, screen(url="http://a/"), screen(url="http://a/b"), "navigated"),
        (NEXT, screen(), screen(tabs=(Tab(title="a", url="b", active=True),)), "navigated"),
        (Scroll(point=Point(60, 35), dy=300), screen(), screen((5, 190)), "changed"),
        (TypeText(text="a"), screen(), screen((210, 110)), "changed"),
        (TypeText(text="a"), screen(focus=FOCUS), screen((210, 110)), "changed here"),
        (Press(keys=("Enter",)), screen(focus=FOCUS), screen((10, 10)), "changed elsewhere"),
    ],
)
def test_where_it_changed(action: Action, before: Observation, after: Observation, found: str) -> None:
    assert compare(action, before, after)[0] == found


def test_the_share_of_the_pixels_that_changed() -> None:
    assert compare(NEXT, screen(), screen((1, 1), (2, 2), (3, 3))) == ("changed elsewhere", 3 / 60_000)


def test_it_is_in_the_record_of_every_action_on_the_screen(make: Make) -> None:
    def double(number: int) -> int:
        """Twice the number."""
        return 2 * number

    script = [FIELD, NOTHING, NEXT, CallTool(name="double", arguments={"number": 2}), Finish()]
    result = make(script, tools=[double]).run()
    assert [did.found for step in read_run(result.run_dir).steps for did in step.did] == [
        "changed here",
        "changed elsewhere",  # the field loses the focus
        "navigated",
        None,
    ]
    shares = [did.changed for step in result.steps for did in step.did]
    assert shares[0] is not None
    assert 0 < shares[0] < 0.05
    assert shares[2] is not None
    assert shares[2] > 0.5


def test_how_much_a_secret_changes_is_not_told(make: Make) -> None:
    field = Click(point=Point(110, 115))
    secret = TypeText(secret="pin")
    result = make([field, secret, TypeText(text="on"), Finish()], secrets={"pin": "98765432"}).run()
    secret_did, did = result.steps[1].did[0], result.steps[2].did[0]
    assert (secret_did.effect, secret_did.changed) == ("changed", None)
    assert did.changed is not None


def test_what_was_not_done_on_the_screen_is_not_compared(make: Make, shop: MemoryEnvironment) -> None:
    shop.refuse("the button is covered")
    result = make([NEXT, [NEXT, Finish()]]).run()
    assert [did.found for step in result.steps for did in step.did] == [None, "navigated"]


def test_a_click_that_changes_another_part_of_the_screen(make: Make) -> None:
    class Lamp(MemoryEnvironment):
        """A button that shows a page on which it stands as before, and something else is another."""

    button = MemoryItem(name="Switch", box=Box(10, 10, 90, 40), leads_to="on")
    lamp = MemoryItem(name="Lamp", box=Box(200, 120, 300, 170), role="text", colour="#ffcc00")

    def same_url(seen: Observation) -> Observation:
        return replace(seen, url="memory:room", title="")

    class Room(Lamp):
        async def step(self, action: Action) -> Observation:
            return same_url(await super().step(action))

        async def observe(self) -> Observation:
            return same_url(await super().observe())

        async def reset(self, task: object) -> Observation:
            return same_url(await super().reset(task))  # pyright: ignore

    room = Room([MemoryPage(items=(button,)), MemoryPage(name="on", items=(button, lamp))], size=Size(320, 180))
    result = make([[Click(point=Point(50, 25)), Finish()]], environment=room).run()
    assert result.steps[0].did[0].found == "changed elsewhere"
