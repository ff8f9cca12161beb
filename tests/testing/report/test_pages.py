"""The pages in a real browser: they show what was done, filters work, hostile text stays text, no request leaves."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clickwright.screen import Screenshot
from clickwright.testing.report.pages import write_pages
from clickwright.testing.report.told import (
    PICTURES,
    TESTS,
    StepTold,
    TestTold,
    picture_name,
    read_tests,
    safe_name,
    write_test,
)
from playwright.sync_api import Browser, Page

from .hostile import HOSTILE


class Watched:
    """A page, with all that it says and asks for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("requestfailed", lambda request: self.said.append(f"{request.url} failed"))
        page.on("request", lambda request: self.asked.append(request.url))

    def see(self, path: Path) -> Page:
        self.page.goto(path.as_uri())
        return self.page

    @property
    def left(self) -> list[str]:
        """Requests beyond the files of the pages."""
        return [url for url in self.asked if not url.startswith(("data:", "file:"))]


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    page = chromium.new_page(viewport={"width": 1288, "height": 900})
    yield Watched(page)
    page.close()


def page_of(results: Path, name: str) -> Path:
    write_pages(results)
    return results / TESTS / f"{safe_name(f'tests/ui/test_shop.py::{name}')}.html"


def shown(page: Page) -> list[str]:
    """The names of the tests in the table."""
    return [row.inner_text() for row in page.locator("tr.row .to").all() if row.is_visible()]


def screen(width: int = 60, height: int = 40) -> Screenshot:
    return Screenshot(pixels=np.full((height, width, 3), 90, np.uint8))


@pytest.mark.slow
def test_the_page_of_all_tests_has_failures_first_with_their_reasons_and_screens(
    watched: Watched, results: Path
) -> None:
    index = write_pages(results)
    assert index == results / "index.html"
    page = watched.see(index)
    assert page.locator("h1").inner_text().startswith("3 of 5 tests did not pass")
    assert shown(page) == ["test_claim", "test_missing", "test_doubt", "test_fill", "test_buy"]
    failed = page.locator("article.row")
    assert [pill.inner_text() for pill in failed.locator(".pill").all()] == ["failed", "failed", "inconclusive"]
    assert "the basket holds one line" in failed.nth(0).locator(".error").inner_text()
    assert failed.locator("svg.part image").count() == 3
    assert failed.nth(0).locator("svg.part rect.box").count() == 1
    row = page.locator("tr.row", has_text="test_fill")
    assert [row.locator(".pill").inner_text(), row.locator(".tag").all_inner_texts()] == [
        "flaky",
        ["2 tries", "1 healed"],
    ]
    assert row.locator(".found-by").all_inner_texts() == ["model 2"]
    assert watched.said == []
    assert watched.left == []


@pytest.mark.slow
@pytest.mark.parametrize("has_script", [True, False])
def test_tests_are_filtered_by_how_they_ended(chromium: Browser, results: Path, has_script: bool) -> None:
    context = chromium.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.goto(write_pages(results).as_uri())
    for label, names in (
        ("Failed", ["test_claim", "test_missing"]),
        ("Inconclusive", ["test_doubt"]),
        ("Flaky", ["test_fill"]),
        ("Passed", ["test_buy"]),
        ("With healed steps", ["test_fill"]),
        ("All tests", ["test_claim", "test_missing", "test_doubt", "test_fill", "test_buy"]),
    ):
        page.locator(".only label", has_text=label).click()
        assert shown(page) == names
        cards = [card for card in page.locator("article.row").all() if card.is_visible()]
        assert len(cards) == len({*names} & {"test_claim", "test_missing", "test_doubt"})
    assert page.locator("#search").is_visible() == has_script
    context.close()


def test_the_search_leaves_tests_out_beside_the_filter(watched: Watched, results: Path) -> None:
    page = watched.see(write_pages(results))
    page.keyboard.press("/")
    page.keyboard.type("PROCEED to")
    assert page.locator("article.row:visible").count() == 1
    assert page.locator("#hits").inner_text() == "in 0 tests"
    page.keyboard.press("Escape")
    assert len(shown(page)) == 5
    page.keyboard.press("/")
    page.keyboard.type("test_f")
    assert shown(page) == ["test_fill"]
    assert page.locator("#hits").inner_text() == "in 1 test"
    assert watched.said == []


def test_links_lead_from_the_tests_to_their_steps_and_back(watched: Watched, results: Path) -> None:
    page = watched.see(write_pages(results))
    for name in ("test_claim", "test_doubt", "test_fill", "test_buy"):
        page.locator("tr.row .to", has_text=name).click()
        assert page.locator("h1").inner_text() == name
        for link in page.locator("a[href^='#']").all():
            assert page.locator(link.get_attribute("href") or "").count() == 1
        page.get_by_role("link", name="all tests").click()
    assert watched.said == []


def test_a_step_shows_its_screen_its_place_and_on_demand_what_it_left(watched: Watched, results: Path) -> None:
    page = watched.see(page_of(results, "test_fill"))
    step = page.locator("#step-2")
    assert step.locator("h2").inner_text().endswith("Fill “the field” with “call the museum”")
    assert step.locator(".given").inner_text() == "call the museum"
    assert "found by the model" in step.locator(".told .found").inner_text()
    picture, over = step.locator(".framed img"), step.locator(".framed svg")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1288
    mine, ring = over.bounding_box(), over.locator(".ring").bounding_box()
    assert mine == picture.bounding_box()
    assert mine is not None
    assert ring is not None
    assert ring["x"] + ring["width"] / 2 == pytest.approx(mine["x"] + 550 * mine["width"] / 1288, abs=1.5)
    assert ring["y"] + ring["height"] / 2 == pytest.approx(mine["y"] + 665 * mine["height"] / 728, abs=1.5)
    first = page.locator("#step-1")  # what it left is what the next one saw
    after = first.locator(".after img")
    assert not after.is_visible()
    first.locator("summary").click()
    assert after.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1288
    assert step.locator(".beside h3").all_inner_texts() == ["As it was recorded", "As it is now"]
    assert step.locator(".near svg").is_visible()
    page.keyboard.press("c")
    assert not step.locator(".near svg").is_visible()
    assert page.locator("#patch .added").inner_text().strip() == '+"box": [3, 4]'
    assert page.locator("#patch pre").inner_text().splitlines()[-1] == " <script>alert(1)</script>"
    assert watched.said == []
    assert watched.left == []


def test_a_failure_is_shown_large_on_top_and_at_its_step(watched: Watched, results: Path) -> None:
    page = watched.see(page_of(results, "test_claim"))
    assert page.locator(".top .pill").inner_text() == "failed"
    assert "the basket holds one line" in page.locator(".top > .error").inner_text()
    large = page.locator(".top .big svg").bounding_box()
    assert large is not None
    assert large["width"] > 600
    page.locator(".top .big a").click()
    assert page.url.endswith("#step-2")
    assert "the basket holds one line" in page.locator("#step-2 .error").inner_text()
    page.keyboard.press("k")
    assert page.locator(".step.current").get_attribute("id") == "step-1"


@pytest.mark.parametrize("width", [1288, 420])
def test_hostile_text_stays_text_and_no_request_leaves(watched: Watched, tmp_path: Path, width: int) -> None:
    tmp_path.joinpath("x.patch").write_text(f"+{HOSTILE}", "utf-8", "replace")
    picture = screen()
    told = TestTold(
        test=HOSTILE,
        title=HOSTILE,
        file=HOSTILE,
        model=HOSTILE,
        verdict="product",
        reason=HOSTILE,
        steps=tuple(
            StepTold(
                does=does,
                words=HOSTILE,
                given=HOSTILE,
                note=HOSTILE,
                error=HOSTILE,
                verdict="product",
                before=picture_name(picture),
                box=(-5, 3, 9e9, 10),
                point=(-7, 1e9),
            )
            for does in ("fill", "choose", "get", "press", "tap")
        ),
        recording=HOSTILE,
        patch="x.patch",
        worker=HOSTILE,
        failure=picture_name(picture),
    )
    write_test(tmp_path, told, {picture_name(picture): picture})
    write_test(tmp_path, TestTold(test=f"{HOSTILE} too", recording="r", patch=HOSTILE), {})
    (tmp_path / TESTS / "<img src=x onerror=alert(1)>.json").write_text("{}")
    watched.page.set_viewport_size({"width": width, "height": 900})
    index = write_pages(tmp_path)
    for path in (index, *sorted((tmp_path / TESTS).glob("*.html"))):
        page = watched.see(path)
        tags: Any = page.evaluate(
            "[...document.querySelectorAll('script, img, link, style')].map(e => e.outerHTML.slice(0, 24))"
        )
        known = (
            "<script>",
            "<style>",
            '<link rel="icon" href="d',
            '<img src="../pictures/',
            '<img class="thumb" src="',
        )
        assert [tag for tag in tags if not tag.startswith(known)] == []
        assert len([tag for tag in tags if tag.startswith("<script>")]) == 1
        links: Any = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href') || '')")
        assert [link for link in links if not link.startswith(("tests/", "../", "#step-", "#patch"))] == []
        assert page.locator("svg[onload], textarea, [onerror]").count() == 0
        assert "alert(1)" in page.locator("main").inner_text()
        wide: Any = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
    assert watched.said == []
    assert watched.left == []


def test_a_picture_that_is_gone_or_is_none_leaves_the_rest_of_the_page(watched: Watched, tmp_path: Path) -> None:
    names = [f"{digit * 32}.png" for digit in "ab"]
    steps = tuple(StepTold(does="tap", words="Buy", before=name, point=(1, 2)) for name in names)
    write_test(tmp_path, TestTold(test="t", verdict="product", steps=steps, failure=names[0]), {})
    (tmp_path / PICTURES).mkdir()
    (tmp_path / PICTURES / names[1]).write_bytes(b"<svg onload=alert(1)>")
    page = watched.see(write_pages(tmp_path))
    page.locator("tr .to").click()
    assert page.locator(".step").count() == 2
    assert page.locator("img").count() == 0
    assert watched.said == []


def test_nothing_is_read_for_a_patch_but_a_patch(watched: Watched, tmp_path: Path) -> None:
    tmp_path.joinpath("secret.txt").write_text("the secret")
    tmp_path.joinpath("long.diff").write_text("+line\n" * 5000)
    for n, patch in enumerate(("secret.txt", "gone.patch", "long.diff", str(tmp_path / "long.diff"))):
        write_test(tmp_path, TestTold(test=f"t{n}", patch=patch), {})
    write_pages(tmp_path)
    notes: list[str] = []
    for told in read_tests(tmp_path):
        page = watched.see(tmp_path / TESTS / f"{safe_name(told.test)}.html")
        assert "the secret" not in page.content()
        notes.append(page.locator("#patch .where").inner_text())
    assert [note.split()[1:5] for note in notes] == [
        ["is", "shown", "here", "only"],
        ["is", "not", "there", "any"],
        ["is", "longer", "than", "this"],
        ["is", "longer", "than", "this"],
    ]


def test_no_tests_make_a_page_that_says_so(watched: Watched, tmp_path: Path) -> None:
    page = watched.see(write_pages(tmp_path / "new"))
    assert page.locator("h1").inner_text() == "No tests"
    assert watched.said == []


def test_two_hundred_tests_of_ten_steps(watched: Watched, tmp_path: Path) -> None:
    """The figure is printed for the reader."""
    pictures = {picture_name(one): one for one in (screen(1288, 700 + n) for n in range(20))}
    names = list(pictures)
    for n in range(200):
        steps = tuple(
            StepTold(
                does="tap",
                words=f"thing {step}",
                how="pixels",
                point=(30, 20),
                box=(10, 10, 50, 30),
                before=names[(n + step) % 20],
                after=names[(n + step + 1) % 20],
                seconds=0.2,
                verdict="product" if n % 7 == 0 and step == 9 else "passed",
                error="it is not there" if n % 7 == 0 and step == 9 else "",
            )
            for step in range(10)
        )
        told = TestTold(
            test=f"tests/test_many.py::test_one[{n}]",
            verdict=steps[-1].verdict,
            reason=steps[-1].error,
            steps=steps,
            started_at=datetime(2026, 5, 4, tzinfo=UTC),
        )
        write_test(tmp_path, told, pictures if n == 0 else {})
    began = time.perf_counter()
    index = write_pages(tmp_path)
    print(f"200 tests of 10 steps: {time.perf_counter() - began:.2f} s")
    assert len(list((tmp_path / PICTURES).iterdir())) == 20
    page = watched.see(index)
    assert page.locator("tr.row").count() == 200
    assert page.locator("h1").inner_text() == "29 of 200 tests did not pass"
    assert page.locator("article.row svg.part").count() == 24
    assert shown(page)[:3] == [
        "tests/test_many.py::test_one[0]",
        "tests/test_many.py::test_one[7]",
        "tests/test_many.py::test_one[14]",
    ]
    assert watched.said == []
