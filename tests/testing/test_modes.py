"""Recorded once, replayed without eyes, healed with them: on a real page."""

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Box, Element, Point, read_image
from clickwright.testing import AsyncUi, CheckFailed, Inconclusive, Judged, NotFound, Told, verdict_of
from clickwright.testing.call import Call
from clickwright.testing.recording import pictures_of, read_recording
from clickwright.testing.target import Found
from clickwright.testing.ui import HIDDEN
from clickwright.testing.ways.record import Record
from clickwright.tools import Click, Finish, Press, TypeText

from .conftest import SHOP, PlainEyes, Show, sight_of

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
    assert shown.ui.keep() == recording


@pytest.mark.slow
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


@pytest.mark.slow
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
    """Which is no fault of the program's."""
    await record(show, recording)
    shown = await show(mode="replay", recording=recording)
    anew = r"record the test anew \(--ui-mode=record; for step files, --mode record\)$"
    for word, words in (("tap", "Empty the cart"), ("check", "cart shows 3"), ("get", "Cart"), ("do", "buy a hat")):
        with pytest.raises(Inconclusive, match=rf"^{word} '{words}' is not in the recording buy.yaml: {anew}") as told:
            await getattr(shown.ui, word)(words)
        assert verdict_of(told.value) == shown.ui.done[-1].verdict == "inconclusive"


async def test_a_step_that_was_recorded_otherwise_is_to_be_recorded_anew(show: Show, recording: Path) -> None:
    shown = await show("<p>Anything</p>", mode="record", recording=recording)
    await shown.ui.check("'Anything' is visible")
    shown.ui.keep()
    write(recording, text_of(recording).replace("'''Anything'' is visible'", "Anything is visible"))
    again = await show("<p>Anything</p>", mode="replay", recording=recording)
    with pytest.raises(Inconclusive, match=r"^the recording of 'Anything is visible' names no place: record the test"):
        await again.ui.check("Anything is visible")


async def test_a_heal_looks_for_what_the_recording_does_not_know(show: Show, recording: Path, tmp_path: Path) -> None:
    await record(show, recording)
    shown = await show(mode="heal", recording=recording, patches=tmp_path)
    await shown.ui.tap("Newsletter")
    await shown.ui.check("'Total:' is visible")
    assert [done.healed for done in shown.ui.done] == [False, True]
    patch = shown.ui.keep()
    assert patch is not None
    assert "+- does: check" in text_of(patch)


async def test_recorded_steps_that_no_test_asks_for_are_told_and_dropped(show: Show, recording: Path) -> None:
    await record(show, recording)
    shown = await show(mode="replay", recording=recording)
    await shown.ui.tap("Newsletter")
    assert shown.ui.way.unasked()[:3] == ("fill 'Email'", "choose 'Size'", "tap 'Add to cart'")
    assert len(shown.ui.way.unasked()) == len(read_recording(recording).steps) - 1
    anew = await show(mode="record", recording=recording)
    await anew.ui.tap("Newsletter")
    anew.ui.keep()
    (step,) = read_recording(recording).steps
    assert anew.ui.way.unasked() == ()
    assert step.target is not None
    assert listed(recording) == {step.target.picture}


async def test_what_looks_otherwise_is_shown_as_it_was_recorded(show: Show, recording: Path) -> None:
    await record(show, recording)
    larger = SHOP.replace("<button id=add", "<button id=add style='font-size: 20px'")
    shown = await show(larger, mode="replay", recording=recording)
    await shown.ui.tap("Newsletter")
    await shown.ui.tap("Add to cart")
    with pytest.raises(NotFound):
        await (await show("<p>Closed</p>", mode="replay", recording=recording)).ui.tap("Add to cart")
    tapped, added = shown.ui.done
    step = next(step for step in read_recording(recording).steps if step.words == "Add to cart")
    assert step.target is not None
    assert tapped.recorded is None
    assert added.recorded is not None
    assert added.recorded.frame == read_image(pictures_of(recording) / step.target.picture).frame


@pytest.mark.slow
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


async def test_a_claim_is_in_the_words_of_the_test_whatever_the_recording_says(show: Show, recording: Path) -> None:
    await record(show, recording)
    edited = text_of(recording).replace("shows: '2'", "shows: '3'").replace("shows: Sorry", "shows: Never")
    write(recording, edited)
    await buy((await show(mode="replay", recording=recording)).ui)
    sorry = await show(SHOP + "Sorry", mode="replay", recording=recording)
    with pytest.raises(CheckFailed, match="'Sorry' is on the screen"):
        await buy(sorry.ui)


DRAWN = """<canvas id=c width=300 height=80></canvas><script>const t = c.getContext("2d");
t.font = "30px sans-serif"; t.fillText("%s orders", 20, 50)</script>"""


async def test_what_only_a_picture_tells_must_be_the_same_picture(show: Show, recording: Path) -> None:
    shown = await show(DRAWN % 63, mode="record", recording=recording)
    eyes = shown.ui.way.live.eyes  # type: ignore[attr-defined]
    eyes.claims["there are many orders"] = Judged(met=True, reason="63 are many", box=Box(20, 20, 300, 80))
    eyes.answers["orders"] = Told(text="63", box=Box(20, 20, 300, 80))
    await shown.ui.check("there are many orders")
    assert await shown.ui.get("orders", type=int) == 63
    shown.ui.keep()
    again = (await show(DRAWN % 63, mode="replay", recording=recording, eyes=NoEyes())).ui
    await again.check("there are many orders")
    assert await again.get("orders", type=int) == 63
    for other in (68, 61):
        ui = (await show(DRAWN % other, mode="replay", recording=recording, eyes=NoEyes())).ui
        with pytest.raises(CheckFailed):
            await ui.check("there are many orders")
        with pytest.raises(CheckFailed):
            await ui.get("orders", type=int)


async def test_only_what_a_recording_names_is_deleted_with_it(show: Show, tmp_path: Path) -> None:
    mine = tmp_path / "shop" / "mine.png"
    mine.parent.mkdir()
    write(mine, "not a picture of a recording")
    recording = tmp_path / "shop.yaml"
    shown = await show(mode="record", recording=recording)
    await shown.ui.check("'Sorry' is not visible")
    shown.ui.keep()
    await record(show, recording)
    await shown.ui.check("'Sorry' is not visible")
    shown.ui.keep()
    assert listed(recording) == {"mine.png"}


async def test_what_was_noted_twice_leaves_no_picture_behind(show: Show, recording: Path) -> None:
    """Such as what was found again, and is now told apart by itself."""
    box, call = Box(50, 100, 120, 130), Call(does="tap", words="Add")
    first, other = (Element(box=at, role="button", name="Add") for at in (box, Box(50, 200, 120, 230)))
    found = Found(point=box.center, box=box, how="page")
    way = (await show(mode="record", recording=recording)).ui.way
    assert isinstance(way, Record)
    way.written.found(call, sight_of(elements=(first, other)), found)
    assert set(way.written.pictures) == {"01-tap-add.png", "01-tap-add-around.png"}
    way.written.found(call, sight_of(elements=(first,)), found)
    way.keep()
    assert listed(recording) == {"01-tap-add.png"}


async def test_a_hostile_recording_is_refused(show: Show, recording: Path, tmp_path: Path) -> None:
    await record(show, recording)
    written = text_of(recording)
    for hostile, words in (
        (written.replace("point: [", "point: [9", 1), "the point of a thing lies in its box"),
        (written.replace("scale: 1.0", "scale: 0"), "made.scale"),
        (written + "x: &a [1]\ny: *a\n", "aliases"),
        ("[" * 20000, "is no YAML"),
        ("2001-99-99", "is no YAML"),
        (written.replace("picture: 01-fill-email.png", "picture: ../../secret.png"), "steps.0.target.picture"),
    ):
        write(recording, hostile)
        with pytest.raises(UsageError, match=words):
            await show(mode="replay", recording=recording)
    write(recording, written)
    picture = pictures_of(recording) / "01-fill-email.png"
    picture.unlink()
    picture.symlink_to(tmp_path / "elsewhere.png")
    with pytest.raises(UsageError, match="is a link"):
        await (await show(mode="replay", recording=recording)).ui.fill("Email", "a@b.c")


async def test_nothing_of_a_secret_is_kept(show: Show, recording: Path) -> None:
    card = (
        "<p><label>Card <input id=card autocomplete=cc-number></label></p><p><label>Code <input type=password></label>"
    )
    shown = await show(card, mode="record", recording=recording)
    await shown.ui.fill("Card", "4111111111111111")
    await shown.ui.tap("Card")
    eyes = shown.ui.way.live.eyes  # type: ignore[attr-defined]
    label = await shown.js(
        "(() => { const b = document.querySelectorAll('label')[1].getBoundingClientRect();"
        " return [b.x + 5, b.y + 5] })()"
    )
    eyes.places["the code"] = Point(*label)
    await shown.ui.fill("the code", "hunter2")
    shown.ui.keep()
    assert "4111" not in text_of(recording)
    assert "hunter2" not in text_of(recording)
    assert [done.given for done in shown.ui.done if done.given] == [HIDDEN, HIDDEN]
    kept = [read_image(path).pixels for path in pictures_of(recording).iterdir() if "card" in path.name]
    assert kept
    assert all((pixels[8:-8, 8:-8] == 0x60).all() for pixels in kept)
