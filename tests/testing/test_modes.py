"""Recorded once, replayed without eyes, healed with them: on a real page."""

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Box, Point
from clickwright.testing import AsyncUi, CheckFailed, Judged, NotFound
from clickwright.testing.recording import pictures_of, read_recording
from clickwright.tools import Click, Finish, Press, TypeText

from .conftest import SHOP, PlainEyes, Show

pytestmark = pytest.mark.asyncio(loop_scope="session")


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def listed(recording: Path) -> set[str]:
    return {path.name for path in pictures_of(recording).iterdir()}


def write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def apply(patch: Path, folder: Path) -> None:
    subprocess.run(["git", "apply", str(patch)], cwd=folder, check=True)


class NoEyes(PlainEyes):
    """Fail where a replay asks a model."""

    def find(self, *asked: object) -> object:
        raise AssertionError("a replay looks without eyes")

    judge = read = find


async def buy(ui: AsyncUi) -> None:
    await ui.fill("Email", "a@b.c")
    await ui.choose("Size", "Large")
    await ui.tap("Add to cart")
    await ui.tap("Add to cart")
    await ui.tap("Newsletter")
    await ui.check("Newsletter is checked")
    await ui.check("cart shows 2")
    await ui.check("'Sorry' is not visible")
    assert await ui.get("Total", type=Decimal) == Decimal("1299.50")


async def record(show: Show, recording: Path) -> None:
    shown = await show(mode="record", recording=recording)
    where = await shown.js(
        "(() => { const b = count.getBoundingClientRect(); return [b.x, b.y, b.right, b.bottom] })()"
    )
    shown.ui.way.live.eyes.places["cart"] = Box(*where)  # type: ignore[attr-defined]
    await buy(shown.ui)
    with pytest.raises(FileNotFoundError):
        text_of(recording)
    assert shown.ui.keep() == recording


async def test_what_was_recorded_is_replayed_without_eyes(show: Show, recording: Path) -> None:
    await record(show, recording)
    steps = read_recording(recording).steps
    assert [(step.does, step.words, step.nth) for step in steps[:4]] == [
        ("fill", "Email", 1),
        ("choose", "Size", 1),
        ("tap", "Add to cart", 1),
        ("tap", "Add to cart", 2),
    ]
    pictures = {step.target.picture for step in steps if step.target is not None}
    assert pictures == listed(recording)
    written = text_of(recording)
    shown = await show(mode="replay", recording=recording, eyes=NoEyes())
    await buy(shown.ui)
    assert await shown.js("[email.value, size.value, count.textContent]") == ["a@b.c", "Large", "2"]
    assert shown.ui.keep() is None
    assert text_of(recording) == written
    await record(show, recording)
    assert text_of(recording) == written, "a second recording of the same is the same file"


async def test_a_claim_is_never_taken_from_the_recording(show: Show, recording: Path) -> None:
    await record(show, recording)
    broken = SHOP.replace("+count.textContent + 1", "+count.textContent + 2")
    shown = await show(broken, mode="replay", recording=recording)
    with pytest.raises(CheckFailed, match=r"^'cart shows 2' does not hold: the screen shows '4', not '2'$"):
        await buy(shown.ui)
    unticked = SHOP.replace("id=news", "id=news onclick='return false'")
    shown = await show(unticked, mode="replay", recording=recording)
    with pytest.raises(CheckFailed, match="it is no longer checked"):
        await buy(shown.ui)
    sorry = await show(SHOP + "Sorry", mode="replay", recording=recording)
    with pytest.raises(CheckFailed, match="'Sorry' is on the screen"):
        await buy(sorry.ui)
    dearer = await show(SHOP.replace("1,299.50", "1,399.50"), mode="replay", recording=recording)
    with pytest.raises(AssertionError):
        await buy(dearer.ui)


async def test_a_test_that_says_more_than_was_recorded_is_told_so(show: Show, recording: Path) -> None:
    await record(show, recording)
    shown = await show(mode="replay", recording=recording)
    with pytest.raises(
        CheckFailed, match=r"tap 'Empty the cart' is not in the recording buy.yaml: record the test anew"
    ):
        await shown.ui.tap("Empty the cart")


async def test_what_is_not_found_again_is_healed_and_told_as_a_patch(
    show: Show, recording: Path, tmp_path: Path
) -> None:
    await record(show, recording)
    written = text_of(recording)
    reworded = SHOP.replace(">Add to cart<", ">Put into the cart<")
    replayed = await show(reworded, mode="replay", recording=recording)
    with pytest.raises(NotFound):
        await buy(replayed.ui)
    shown = await show(reworded, mode="heal", recording=recording, patches=tmp_path / "patches")
    place = await shown.js("(() => { const b = add.getBoundingClientRect(); return [b.x, b.y, b.right, b.bottom] })()")
    shown.ui.way.live.eyes.places["Add to cart"] = Box(*place)  # type: ignore[attr-defined]
    await buy(shown.ui)
    assert [done.call.words for done in shown.ui.done if done.healed] == ["Add to cart", "Add to cart"]
    assert text_of(recording) == written, "nothing is changed in silence"
    patch = shown.ui.keep()
    assert patch == tmp_path / "patches" / "buy.patch"
    assert "+      name: Put into the cart" in text_of(patch)
    apply(patch, recording.parent)
    again = await show(reworded, mode="replay", recording=recording, eyes=NoEyes())
    await buy(again.ui)


async def test_a_thing_of_another_sort_is_no_repair(show: Show, recording: Path) -> None:
    await record(show, recording)
    gone = SHOP.replace("<button id=add", "<span id=add").replace("Add to cart</button>", "Sold out</span>")
    shown = await show(gone, mode="heal", recording=recording)
    shown.ui.way.live.eyes.places["Add to cart"] = Point(300, 300)  # type: ignore[attr-defined]
    with pytest.raises(NotFound, match="the model points at nothing that can be used, not at a button"):
        await buy(shown.ui)
    assert shown.ui.keep() is None


async def test_a_goal_is_replayed_action_by_action(show: Show, recording: Path) -> None:
    shown = await show(mode="record", recording=recording, eyes=PlainEyes(policy=lambda: ScriptedPolicy([])))
    places = await shown.js("[email, add].map((one) => one.getBoundingClientRect()).map((b) => [b.x + 9, b.y + 9])")
    acts = [Click(point=Point(*places[0])), TypeText(text="x"), Press(keys=("Control", "a")), TypeText(text="a@b.c")]
    policy = ScriptedPolicy([*acts, Click(point=Point(*places[1])), Finish(status="success")])
    shown.ui.way.live.eyes._policy = lambda: policy  # type: ignore[attr-defined]
    await shown.ui.do("sign up and buy")
    shown.ui.keep()
    moved = "<p>A banner</p>" + SHOP
    again = await show(moved, mode="replay", recording=recording, eyes=NoEyes())
    await again.ui.do("sign up and buy")
    assert await again.js("[email.value, count.textContent]") == ["a@b.c", "1"]


async def test_a_claim_of_a_model_is_looked_at_where_it_was_shown(show: Show, recording: Path) -> None:
    shown = await show(mode="record", recording=recording)
    box = await shown.js("(() => { const b = total.getBoundingClientRect(); return [b.x, b.y, b.right, b.bottom] })()")
    claim = Judged(met=True, reason="it does", box=Box(*box), shows="€ 1,299.50")
    shown.ui.way.live.eyes.claims["the bill is right"] = claim  # type: ignore[attr-defined]
    await shown.ui.check("the bill is right")
    shown.ui.keep()
    await (await show(mode="replay", recording=recording)).ui.check("the bill is right")
    dearer = await show(SHOP.replace("1,299.50", "1,399.50"), mode="replay", recording=recording)
    with pytest.raises(CheckFailed, match=r"not '€ 1,299\.50'"):
        await dearer.ui.check("the bill is right")


async def test_a_recording_that_is_none_is_told_with_its_fault(show: Show, recording: Path) -> None:
    recording.parent.mkdir()
    for text, words in (
        ("a: [", "is no YAML"),
        ("format: 2", "is no recording of this version: format"),
        ("format: 1\ntest: x\nstepps: []", "is no recording of this version"),
        ("!!python/object/apply:os.system ['true']", "is no YAML"),
    ):
        write(recording, text)
        with pytest.raises(UsageError, match=words):
            await show(mode="replay", recording=recording)


async def test_a_picture_that_is_missing_is_named(show: Show, recording: Path) -> None:
    await record(show, recording)
    (pictures_of(recording) / "01-fill-email.png").unlink()
    shown = await show(mode="replay", recording=recording)
    with pytest.raises(UsageError, match=r"01-fill-email\.png does not exist"):
        await shown.ui.fill("Email", "a@b.c")
