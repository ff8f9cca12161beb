"""The in-memory screen: keeps the contract, draws what it says, and fails when it is told to."""

import numpy as np
import pytest
from clickwright.environments import MemoryEnvironment, MemoryItem, MemoryPage, check_environment
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.screen import Box, Element, Point, Size
from clickwright.tools import (
    Back,
    Click,
    Drag,
    Forward,
    Navigate,
    NewTab,
    Press,
    Scroll,
    SelectOption,
    Task,
    TypeText,
    Upload,
)

TASK = Task(goal="look around")


def shop(**options: object) -> MemoryEnvironment:
    start = MemoryPage(
        items=(
            MemoryItem(name="Search", box=Box(40, 40, 340, 80), role="textbox", leads_to="results"),
            MemoryItem(name="Password", box=Box(40, 100, 340, 140), role="textbox", secret=True),
            MemoryItem(name="Cart", box=Box(1000, 40, 1100, 80), colour="#00ff00", leads_to="cart"),
            MemoryItem(name="Gift", box=Box(40, 200, 240, 240), role="checkbox"),
            MemoryItem(name="Size", box=Box(40, 300, 240, 340), role="combobox", options=("Small", "Large")),
            MemoryItem(name="Photo", box=Box(300, 300, 500, 340), role="file"),
            MemoryItem(name="Card", box=Box(600, 300, 700, 400), movable=True, colour="#ff0000"),
        ),
        height=1500,
    )
    pages = (start, MemoryPage(name="results", background="#eeeeee"), MemoryPage(name="cart", background="#ddddff"))
    return MemoryEnvironment(pages, **options)  # type: ignore[arg-type]


async def started(**options: object) -> MemoryEnvironment:
    environment = shop(**options)
    await environment.reset(TASK)
    return environment


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
async def test_memory_keeps_the_contract(scale: float) -> None:
    environment = shop(scale=scale)

    async def landed() -> Point | None:
        return environment.clicks[-1][0] if environment.clicks else None

    size = Size(round(1288 * scale), round(728 * scale))
    await check_environment(
        environment, TASK, target=Point(900 * scale, 600 * scale), landed=landed, size=size, scale=scale
    )
    assert environment.closed == 2


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
async def test_memory_draws_each_box_to_the_pixel(scale: float) -> None:
    environment = shop(scale=scale)
    pixels = (await environment.reset(TASK)).screenshot.pixels
    rows, columns = np.nonzero((pixels == (255, 0, 0)).all(axis=2))
    seen = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert seen == environment.box("Card") == Box(600, 300, 700, 400).scale(scale, scale)


async def test_memory_types_into_the_field_that_was_clicked_and_enter_leads_on() -> None:
    environment = await started()
    await environment.step(Click(point=environment.box("Search").center))
    await environment.step(TypeText(text="tea 茶 🫖"))
    assert environment.values["Search"] == "tea 茶 🫖"
    await environment.step(Press(keys=("Control", "a")))
    after = await environment.step(TypeText(text="coffee\n"))
    assert (environment.values["Search"], after.url) == ("coffee", "memory:results")
    assert (await environment.step(Back())).title == "start"
    assert (await environment.step(Forward())).title == "results"
    assert (await environment.step(Forward())).error


async def test_memory_refuses_text_without_focus_and_tabs() -> None:
    environment = await started()
    assert (await environment.step(TypeText(text="lost"))).error == "nothing that takes text has the focus"
    assert (await environment.step(NewTab())).error == "this screen has no new tab"
    assert "there is no such page" in ((await environment.step(Navigate(url="memory:nowhere"))).error or "")


async def test_memory_puts_values_where_they_belong() -> None:
    environment = await started()
    await environment.step(Click(point=environment.box("Gift").center))
    await environment.step(SelectOption(point=environment.box("Size").center, label="Large"))
    await environment.step(Upload(point=environment.box("Photo").center, paths=("a.png",)))
    assert environment.values == {"Gift": "on", "Size": "Large", "Photo": "a.png"}
    wrong = await environment.step(SelectOption(point=environment.box("Size").center, label="Huge"))
    assert wrong.error == "the list has no option 'Huge'; it has Small, Large"
    missed = await environment.step(Upload(point=Point(900, 600), paths=("a.png",)))
    assert missed.error == "there is no file at (900, 600)"


async def test_memory_moves_what_is_dragged_and_scrolled() -> None:
    environment = await started(scale=2.0)
    before = environment.box("Card")
    await environment.step(Drag(path=(before.center, Point(before.center.x + 100, before.center.y - 40))))
    assert environment.box("Card").x1 == before.x1 + 100
    await environment.step(Scroll(point=Point(5, 5), dy=300))
    assert environment.box("Card").y1 == before.y1 - 40 - 300
    await environment.step(Scroll(point=Point(5, 5), dy=99_999))
    assert environment.box("Card").y1 == before.y1 - 40 - 2 * (1500 - 728)


async def test_memory_hides_and_reports_secrets() -> None:
    environment = await started(secrets={"login": "hunter2"})
    await environment.step(Click(point=environment.box("Password").center))
    hidden = await environment.step(TypeText(secret="login"))
    assert environment.values["Password"] == "hunter2"
    assert await environment.sensitive_boxes() == (environment.box("Password"),)
    facts = await environment.facts(TypeText(secret="login"))
    assert (facts.role, facts.name, facts.input_type) == ("textbox", "Password", "password")
    assert (await environment.step(TypeText(secret="other"))).error == "there is no secret other"
    await environment.step(Press(keys=("Control", "a")))
    dots = await environment.step(TypeText(text="1234567"))
    assert dots.screenshot.frame == hidden.screenshot.frame  # only the length of a secret shows


async def test_memory_fails_when_told() -> None:
    environment = await started()
    cart = Click(point=environment.box("Cart").center)
    environment.refuse("the button is frozen")
    assert (await environment.step(cart)).error == "the button is frozen"
    environment.ignore()
    assert (await environment.step(cart)).url == "memory:start"
    environment.happen("a dialog said: hello")
    assert (await environment.observe()).events == ("a dialog said: hello",)
    environment.lose("power cut", after=1)
    assert (await environment.observe()).events == ()
    with pytest.raises(EnvironmentLost, match="power cut"):
        await environment.step(cart)
    with pytest.raises(EnvironmentLost, match="power cut"):
        await environment.observe()
    assert (await environment.reset(TASK)).url == "memory:start"
    assert len(environment.actions) == 3


async def test_memory_reset_goes_to_the_start_of_the_task() -> None:
    environment = shop()
    assert (await environment.reset(Task(goal="pay", start_url="memory:cart"))).title == "cart"
    with pytest.raises(EnvironmentLost, match="cannot be reached"):
        await environment.reset(Task(goal="pay", start_url="memory:till"))


def test_memory_needs_pages_that_exist() -> None:
    with pytest.raises(UsageError, match="leads to nowhere"):
        MemoryEnvironment([MemoryItem(name="Go", box=Box(0, 0, 9, 9), leads_to="nowhere")])


class Deaf(MemoryEnvironment):
    """Clicks land 2 px to the right of where they should."""

    async def landed(self) -> Point | None:
        if not self.clicks:
            return None
        point = self.clicks[-1][0]
        return Point(point.x + 2, point.y)


async def test_the_contract_catches_clicks_that_land_beside() -> None:
    environment = Deaf([MemoryItem(name="Go", box=Box(0, 0, 90, 90))])
    with pytest.raises(AssertionError, match=r"landed 2\.00 px away"):
        await check_environment(environment, TASK, target=Point(300, 300), landed=environment.landed)


async def test_elements_are_told_but_for_what_is_covered_scrolled_away_or_secret() -> None:
    environment = MemoryEnvironment(
        [
            MemoryItem(name="Words", box=Box(0, 0, 10, 10), role="text"),
            MemoryItem(name="Under", box=Box(20, 0, 40, 20)),
            MemoryItem(name="Over", box=Box(18, 0, 42, 22)),
            MemoryItem(name="Gift", box=Box(50, 0, 70, 20), role="checkbox"),
            MemoryItem(name="Password", box=Box(80, 0, 120, 20), role="textbox", secret=True),
            MemoryItem(name="Below", box=Box(0, 200, 20, 220)),
        ],
        size=Size(150, 100),
        scale=2.0,
    )
    await environment.reset(TASK)
    await environment.step(Click(point=Point(120, 20)))
    await environment.step(Click(point=Point(200, 20)))
    seen = await environment.step(TypeText(text="hunter2"))
    assert seen.elements == (
        Element(box=Box(36, 0, 84, 44), role="button", name="Over"),
        Element(box=Box(100, 0, 140, 40), role="checkbox", name="Gift", states=("checked",)),
        Element(box=Box(160, 0, 240, 40), role="textbox", name="Password", states=("focused",)),
    )
