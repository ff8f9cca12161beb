"""The words of a test on a real page: what they do, what they say, what they wait for."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest
from clickwright.environments.browser.selected import box_selected
from clickwright.errors import BadModelOutput, UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Point
from clickwright.testing import Budget, CheckFailed, Done, Inconclusive, Judged, NotFound, PageEyes, verdict_of
from clickwright.testing.target import Found
from clickwright.testing.ways.choose import eyes_of
from clickwright.tools import Click, Finish, TypeText

from .conftest import SHOP, PlainEyes, Show, Shown

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_words_act_on_what_they_name(show: Show) -> None:
    shown = await show()
    ui = shown.ui
    await ui.fill("Email", "x")
    await ui.fill("Email", "a@b.c")
    await ui.choose("Size", "Large")
    await ui.tap("Newsletter")
    await ui.tap("Add to cart")
    await ui.double_tap("Add to cart")
    assert await shown.js("[email.value, size.value, news.checked, count.textContent]") == ["a@b.c", "Large", True, "3"]
    await ui.fill("Email", "")
    assert await shown.js("email.value") == ""
    await ui.press("Shift", "x")
    assert await shown.js("email.value") == "X"
    assert (await ui.locate("Add to cart")).contains(ui.done[4].point or Point(0, 0))


async def test_values_and_claims_are_of_the_screen_as_it_is(show: Show) -> None:
    shown = await show()
    ui = shown.ui
    assert await ui.get("Total", type=Decimal) == Decimal("1299.50")
    await ui.check("'€ 1,299.50' is visible")
    await ui.check("Newsletter is not checked")
    with pytest.raises(
        CheckFailed, match=r"^'Newsletter is checked' does not hold: Newsletter is not checked$"
    ) as failed:
        await ui.check("Newsletter is checked")
    assert failed.value.screen is not None
    assert failed.value.box is not None
    assert failed.value.box.contains((await ui.locate("Newsletter")).center)


async def test_what_comes_later_is_waited_for(show: Show) -> None:
    late = "<script>setTimeout(() => document.body.append('Thank you'), 400)</script>"
    shown = await show(SHOP + late, deadline_s=5.0)
    await shown.ui.wait_for("'Thank you' is visible")
    button = (
        "<script>setTimeout(() => document.body.innerHTML = '<button onclick=this.remove()>Pay</button>', 400)</script>"
    )
    again = await show(button, deadline_s=5.0)
    await again.ui.tap("Pay")
    assert await again.js("document.querySelector('button')") is None


async def test_what_never_comes_fails_with_what_it_was(show: Show) -> None:
    ui = (await show()).ui
    with pytest.raises(NotFound, match="'Log out' is not on the screen"):
        await ui.tap("Log out")
    with pytest.raises(CheckFailed, match="'Thank you' is not on the screen"):
        await ui.wait_for("'Thank you' is visible", seconds=0.2)
    assert [done.verdict for done in ui.done] == ["product", "product"]


async def test_a_thing_below_is_scrolled_to(show: Show) -> None:
    shown = await show(f"<p>{'<br>' * 200}</p><button onclick='this.textContent = 1'>Far down</button>")
    ui = shown.ui
    await ui.scroll_to("Far down")
    await ui.tap("Far down")
    assert await shown.js("document.querySelector('button').textContent") == "1"
    with pytest.raises(NotFound):
        await ui.scroll_to("Nowhere")


async def test_a_frozen_screen_answers_as_it_was_until_something_is_done(show: Show) -> None:
    shown = await show()
    ui = shown.ui
    async with ui.freeze():
        await shown.js("total.textContent = '€ 5'")
        assert await ui.get("Total", type=Decimal) == Decimal("1299.50")
        await ui.tap("Add to cart")
        assert await ui.get("Total", type=Decimal) == 5
    assert await ui.get("Total", type=Decimal) == 5


async def test_nobody_who_can_tell_is_neither_pass_nor_failure(show: Show) -> None:
    eyes = PlainEyes(claims={"it is nice": Judged(met=None, reason="too vague")})
    ui = (await show(eyes=eyes)).ui
    with pytest.raises(Inconclusive, match=r"^nobody can tell whether 'it is nice': too vague$") as raised:
        await ui.check("it is nice")
    assert verdict_of(raised.value) == "inconclusive"
    assert ui.done[-1].verdict == "inconclusive"


async def test_a_budget_that_is_used_up_is_told(show: Show) -> None:
    ui = (await show(budget=Budget(steps=1))).ui
    await ui.tap("Add to cart")
    with pytest.raises(Inconclusive, match="budget of 1 steps is used up"):
        await ui.tap("Add to cart")
    slow = (await show(budget=Budget(seconds=0.001))).ui
    with pytest.raises(Inconclusive, match=r"budget of 0.001 s is used up"):
        await slow.tap("Add to cart")


async def test_a_goal_of_several_actions_is_the_agents(show: Show) -> None:
    acts = lambda: ScriptedPolicy(  # noqa: E731
        [Click(point=Point(150, 34)), TypeText(text="a@b.c"), Finish(status="success")]
    )
    shown = await show(eyes=PlainEyes(policy=acts))
    await shown.ui.do("sign up as a@b.c")
    assert await shown.js("email.value") == "a@b.c"
    given_up = PlainEyes(policy=lambda: ScriptedPolicy([Finish(status="failure", answer="no such field")]))
    with pytest.raises(CheckFailed, match="could not be done"):
        await (await show(eyes=given_up)).ui.do("sign up")
    stuck = PlainEyes(policy=lambda: ScriptedPolicy([BadModelOutput("no action")] * 9))
    with pytest.raises(Inconclusive, match="was not finished"):
        await (await show(eyes=stuck)).ui.do("sign up")


async def test_every_call_is_told_as_it_ends(show: Show) -> None:
    told: list[Done] = []
    ui = (await show(on_done=told.append)).ui
    await ui.tap("Add to cart")
    await ui.tap("Add to cart")
    with pytest.raises(NotFound):
        await ui.tap("Log out")
    assert [(str(done.call), done.verdict, done.how) for done in told] == [
        ("tap 'Add to cart'", "passed", "page"),
        ("tap 'Add to cart' (call 2)", "passed", "page"),
        ("tap 'Log out'", "product", None),
    ]
    assert told == ui.done
    assert all(done.before is not None and done.seconds > 0 for done in told)


async def test_what_a_thing_does_not_take_is_the_programs_fault(show: Show) -> None:
    ui = (await show()).ui
    with pytest.raises(CheckFailed, match="choose 'Size'"):
        await ui.choose("Size", "Huge")


async def test_modes_need_their_recording(show: Show, tmp_path: Path) -> None:
    for mode in ("record", "replay", "heal"):
        with pytest.raises(UsageError, match=f"the mode {mode} needs a recording"):
            await show(mode=mode)
    with pytest.raises(UsageError, match=r"there is no recording .*none\.yaml: make it in the mode record"):
        await show(mode="replay", recording=tmp_path / "none.yaml")


async def test_the_page_alone_is_enough_for_its_own_names(show: Show) -> None:
    ui = (await show(eyes=PageEyes())).ui
    await ui.tap("Add to cart")
    await ui.check("Newsletter is not checked")
    with pytest.raises(NotFound, match="the page has no one thing called 'the green button'"):
        await ui.tap("the green button")
    with pytest.raises(Inconclusive, match="the page alone does not say"):
        await ui.check("it looks good")
    with pytest.raises(NotFound, match="no one value called 'the price'"):
        await ui.get("the price")
    with pytest.raises(UsageError, match="choose a model"):
        await ui.do("buy two")
    assert eyes_of("page").name == "page"


async def test_a_page_that_is_being_left_hides_nothing(show: Show) -> None:
    """What it does not tell at that moment is not absent."""
    again = (
        "<b>Payment failed</b><button onclick='setTimeout(() => location.reload(), Math.random() * 80)'>Pay</button>"
    )
    shown = await show()
    await shown.environment.window.active.page.route(
        "**/pay", lambda route: route.fulfill(body=again, content_type="text/html")
    )
    await shown.environment.window.active.page.goto("http://127.0.0.1:1/pay")
    for _ in range(8):
        await shown.ui.tap("Pay")
        with pytest.raises(CheckFailed, match="'Payment failed' is on the screen"):
            await shown.ui.check("'Payment failed' is not visible")


async def test_a_selector_is_waited_for(show: Show) -> None:
    late = "<script>setTimeout(() => document.body.innerHTML = '<i id=x onclick=this.remove()>soon</i>', 400)</script>"
    shown = await show(late, deadline_s=5.0)
    shown.ui.stage.selected = _selecting(shown)  # type: ignore[method-assign]
    await shown.ui.tap("#x", description="the thing that comes")
    assert shown.ui.done[-1].how == "selector"


def _selecting(shown: Shown) -> Callable[[str], Awaitable[Found | None]]:
    async def selected(selector: str) -> Found | None:
        box = await box_selected(shown.environment.window.active.page, selector)
        return None if box is None else Found(point=box.center, box=box, how="selector")

    return selected
