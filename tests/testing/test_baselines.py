"""`to_look_like`: baselines beside a test, made when they are asked for, and kept only by a test that passes."""

from pathlib import Path

import pytest
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.errors import UsageError
from clickwright.screen import Box, Screenshot, read_image
from clickwright.testing import AsyncUi, Baselines, CheckFailed, ScriptedEyes, Ui, open_ui

BUY = Box(40, 40, 160, 80)
CLOCK = Box(400, 300, 520, 330)


def shop(*, buy: str = "Buy now", clock: str = "10:31") -> MemoryEnvironment:
    items = (MemoryItem(name=buy, box=BUY), MemoryItem(name=clock, box=CLOCK, role="text", colour="#dddddd"))
    return MemoryEnvironment([MemoryPage(items=items)])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def words(environment: MemoryEnvironment, baselines: Baselines | None) -> AsyncUi:
    eyes = ScriptedEyes({"the clock": CLOCK, "the button": BUY.grow(10)})
    return open_ui(environment, eyes, baselines=baselines, deadline_s=0.2)


async def made(folder: Path, **wanted: Box) -> None:
    baselines = Baselines(folder=folder, update=True)
    await words(shop(), baselines).to_look_like("shop", **wanted)
    baselines.commit()


async def test_without_a_baseline_it_fails_and_says_how_to_make_one(tmp_path: Path) -> None:
    baselines = Baselines(folder=tmp_path / "looks", results=tmp_path / "results")
    with pytest.raises(CheckFailed, match=r"there is no baseline shop-.*1x\.png yet.*--update-baselines"):
        await words(shop(), baselines).to_look_like("shop")
    assert not (tmp_path / "looks").exists()
    (actual,) = names(tmp_path / "results")
    assert actual.endswith("-actual.png")
    assert baselines.commit() == ()


async def test_an_update_is_written_by_commit_and_then_looks_the_same(tmp_path: Path) -> None:
    baselines = Baselines(folder=tmp_path, update=True)
    ui = words(shop(), baselines)
    await ui.to_look_like("shop")
    assert "written when the test has passed" in ui.done[-1].note
    assert names(tmp_path) == []
    (written,) = baselines.commit()
    assert names(tmp_path) == [written.name]
    ui = words(shop(), Baselines(folder=tmp_path))
    await ui.to_look_like("shop")
    assert ui.done[-1].note == "the pictures are the same"
    assert read_image(written).frame == ui.done[-1].before.screenshot.frame  # pyright: ignore[reportOptionalMemberAccess]


async def test_a_difference_is_told_with_its_place_and_its_picture(tmp_path: Path) -> None:
    await made(tmp_path / "looks")
    ui = words(shop(buy="Buy not"), Baselines(folder=tmp_path / "looks", results=tmp_path / "results"))
    with pytest.raises(CheckFailed, match=r"does not look like shop-.*1 place differs") as caught:
        await ui.to_look_like("shop")
    assert caught.value.box is not None
    assert caught.value.box.iou(BUY) > 0
    assert caught.value.box.grow(-3).intersect(BUY) == caught.value.box.grow(-3)
    assert caught.value.screen is not None
    assert [name.rpartition("-")[2] for name in names(tmp_path / "results")] == ["actual.png", "diff.png"]
    assert ui.done[-1].verdict == "product"


async def test_masks_and_areas_are_boxes_or_words(tmp_path: Path) -> None:
    await made(tmp_path)
    later = words(shop(clock="11:58"), Baselines(folder=tmp_path))
    await later.to_look_like("shop", masks=["the clock"])
    await later.to_look_like("shop", masks=[CLOCK])
    with pytest.raises(CheckFailed):
        await later.to_look_like("shop")


async def test_an_area_alone_is_compared_and_its_difference_told_on_the_screen(tmp_path: Path) -> None:
    area = BUY.grow(10)
    await made(tmp_path, area=area)
    path = tmp_path / names(tmp_path)[0]
    assert read_image(path).size.area == area.area
    await words(shop(clock="11:58"), Baselines(folder=tmp_path)).to_look_like("shop", area="the button")
    with pytest.raises(CheckFailed) as caught:
        await words(shop(buy="Sell now"), Baselines(folder=tmp_path)).to_look_like("shop", area=area)
    assert caught.value.box is not None
    assert caught.value.box.intersect(BUY) is not None
    with pytest.raises(CheckFailed, match=r"it is \d+ x \d+ px, and was 140 x 60 px"):
        await words(shop(), Baselines(folder=tmp_path)).to_look_like("shop")


async def test_an_update_replaces_only_what_differs_and_one_name_means_one_look(tmp_path: Path) -> None:
    await made(tmp_path)
    path = tmp_path / names(tmp_path)[0]
    same, other = (Baselines(folder=tmp_path, update=True) for _ in range(2))
    await words(shop(), same).to_look_like("shop")
    assert same.commit() == ()
    await words(shop(buy="Buy not"), other).to_look_like("shop")
    with pytest.raises(CheckFailed):
        await words(shop(), other).to_look_like("shop")
    assert other.commit() == (path,)


async def test_words_of_a_model_are_added_and_decide_nothing(tmp_path: Path) -> None:
    await made(tmp_path)
    asked: list[Box] = []

    def describe(before: Screenshot, after: Screenshot, place: Box) -> str:
        asked.append(place)
        return "nothing has\nchanged at all " + "x" * 1000

    baselines = Baselines(folder=tmp_path, describe=describe)
    await words(shop(), baselines).to_look_like("shop")
    assert asked == []
    with pytest.raises(CheckFailed, match="nothing has changed at all") as caught:
        await words(shop(buy="Buy not"), baselines).to_look_like("shop")
    assert len(asked) == 1
    assert len(str(caught.value)) < 600
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["../cart", "", "a/b", ".hidden", "x" * 200])
async def test_a_name_is_the_name_of_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="a baseline is named by letters"):
        await words(shop(), Baselines(folder=tmp_path, update=True)).to_look_like(name)


async def test_a_test_without_a_folder_is_told_so() -> None:
    with pytest.raises(UsageError, match="baselines"):
        await words(shop(), None).to_look_like("shop")


def test_the_same_without_await(tmp_path: Path) -> None:
    for update in (True, False):
        baselines = Baselines(folder=tmp_path, update=update)
        with Ui(shop(), ScriptedEyes(), baselines=baselines) as ui:
            ui.to_look_like("shop")
        baselines.commit()


def test_files_are_named_for_the_machine_that_draws(tmp_path: Path) -> None:
    path = Baselines(folder=tmp_path).path_of("cart", 2.0, browser="chromium")
    assert path.name.startswith("cart-chromium-")
    assert path.name.endswith("-2x.png")
