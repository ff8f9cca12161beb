"""Rendered pages: what is labelled stands where pixels say so, once, and the same again from the same seed."""

import colorsys
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from clickwright.training.concepts import EPISODE_WORDS, FILLER, GOAL_WORDS, HUES, SHOWN_KINDS, WORDS
from clickwright.training.packs import encode, read_pack, write_pack
from clickwright.training.pages import application
from clickwright.training.pages.apart import APART_FROM, FILLER_APART, HELD_FROM, NAMED_APART
from clickwright.training.pages.languages import LANGUAGES, Language, kept_back, taught
from clickwright.training.pages.questions import phrases
from clickwright.training.pages.render import KINDS, scale_of
from clickwright.training.pages.rendered import Rendered, ShownPage, TextLine
from clickwright.training.prepare import page_rows
from clickwright.training.shown import Element

SIZE = 1288, 728
SEED = 40
COUNT = 4


def rendered(out: Path, kind: str, *options: str) -> str:
    """What the command prints."""
    command = [sys.executable, "-m", "clickwright.training.pages.render", "--out", str(out), "--kind", kind, *options]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A few pages of each kind, at several scales."""
    found: dict[str, Path] = {}
    for kind in KINDS:
        found[kind] = tmp_path_factory.mktemp(kind)
        told = rendered(found[kind], kind, "--count", str(COUNT), "--seed", str(SEED), "--scale", "mixed")
        assert re.search(rf"{COUNT} pages, \d+\.\d a second", told)
    return found


def pages_in(folder: Path) -> list[ShownPage]:
    pages = Rendered(folder)
    return [pages.page(n) for n in range(len(pages))]


@pytest.fixture(scope="module")
def pages(folders: dict[str, Path]) -> list[ShownPage]:
    return [page for folder in folders.values() for page in pages_in(folder)]


def inside(page: ShownPage, box: tuple[float, float, float, float], inset: float = 0) -> np.ndarray:
    x1, y1, x2, y2 = (round(side) for side in (box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset))
    return page.pixels[max(0, y1) : y2, max(0, x1) : x2]


def hue_of(pixels: np.ndarray) -> float:
    """Of what most of the pixels have, in degrees."""
    red, green, blue = np.median(pixels.reshape(-1, 3), axis=0) / 255
    return 360 * colorsys.rgb_to_hsv(red, green, blue)[0]


def is_of(colour: str, hue: float) -> bool:
    low, high = HUES[colour]
    return any(low - 3 <= hue + turn <= high + 3 for turn in (0, 360))


@pytest.mark.slow
def test_a_coloured_button_has_its_colour(pages: list[ShownPage]) -> None:
    buttons = [(page, one) for page in pages for one in page.elements if one.kind == "button" and one.colour]
    whole = [(page, one) for page, one in buttons if one.visible > 0.99]
    assert len(whole) > 20, "else nothing is shown"
    wrong = [(one, hue_of(inside(page, one.box, 3))) for page, one in whole]
    assert [(one, hue) for one, hue in wrong if not is_of(one.colour, hue)] == []


@pytest.mark.slow
def test_a_line_of_text_stands_in_its_box_from_end_to_end(pages: list[ShownPage]) -> None:
    lines = [(page, line) for page in pages for line in page.texts if line.visible > 0.99]
    assert len(lines) > 150
    for page, line in lines:
        shades = inside(page, line.box).astype(float).mean(axis=2)
        ink = np.abs(shades - np.median(shades)) > 20
        assert ink.any(), line
        if len(line.text) > 2:
            columns = np.flatnonzero(ink.any(axis=0))
            assert columns[-1] - columns[0] > 0.8 * (line.box[2] - line.box[0]) - 4, line


@pytest.mark.slow
def test_roles_and_names_are_those_that_the_browser_tells(folders: dict[str, Path]) -> None:
    roles = {"menu": "menuitem", "menu item": "menuitem", "tab": "tab", "column header": "columnheader", "link": "link"}
    roles |= {"button": "button", "check box": "checkbox", "switch": "switch", "icon": "button"}
    found = [
        (one, told)
        for page in pages_in(folders["application"])
        for one, told in zip(page.elements, page.roles, strict=True)
    ]
    assert {one.kind for one, _ in found} >= {"menu", "button", "icon"}
    for one, (role, name) in found:
        if one.kind in roles:
            assert (role, name) == (roles[one.kind], one.name)
    told = {line.role for page in pages_in(folders["application"]) for line in page.texts}
    assert {"menuitem", "button"} <= told


@pytest.mark.slow
def test_one_seed_gives_one_page(folders: dict[str, Path], tmp_path: Path) -> None:
    for kind, folder in folders.items():
        rendered(tmp_path / kind, kind, "--count", "2", "--seed", str(SEED), "--scale", "mixed")
        (again,), (first,) = ([read_pack(path) for path in one.glob("*")] for one in (tmp_path / kind, folder))
        assert again.rows[:2] == first.rows[:2]
        assert [row["scale"] for row in first.rows] == [scale_of(SEED + n) for n in range(COUNT)]
        assert all(first.picture(n).shape == (SIZE[1], SIZE[0], 3) for n in range(COUNT))


@pytest.mark.slow
def test_what_is_asked_for_is_there_once(pages: list[ShownPage]) -> None:
    for page in pages:
        found = phrases(page.elements)
        assert len({phrase.text for phrase in found}) == len(found)
        for phrase in found:
            words = phrase.text.replace('"', "").split()
            like = [one for one in page.elements if one.visible > 0.1 and one.kind == phrase.element.kind]
            same = [
                one
                for one in like
                if all(getattr(one, of) == getattr(phrase.element, of) for of in stated(phrase.element, words))
            ]
            assert same == [phrase.element]


def stated(element: Element, words: list[str]) -> list[str]:
    """The attributes that a phrase of these words states."""
    has_name = bool(element.name) and set(element.name.replace('"', "").split()) <= set(words)
    return [
        of
        for of, is_told in (("colour", element.colour in words), ("name", has_name), ("size", element.size in words))
        if is_told
    ]


@pytest.mark.slow
def test_what_lies_under_a_dialog_or_a_menu_is_not_asked_for(tmp_path: Path) -> None:
    dialog = next(n for n in range(100) if "role=dialog" in application.page(n, *SIZE, None, frozenset({"en"})))
    rendered(tmp_path, "application", "--count", "1", "--seed", str(dialog))
    (page,) = pages_in(tmp_path)
    tops = {one.name for one in page.elements if one.kind == "menu"}
    assert tops
    assert not tops & {phrase.element.name for phrase in phrases(page.elements) if phrase.element.kind == "menu"}
    asked = [phrase.element for phrase in phrases(page.elements)]
    assert any(one.kind == "button" for one in asked)
    assert {line.text for line in page.texts if line.visible > 0.99} & tops, "what is dimmed can still be read"


def words_in(html: str) -> set[str]:
    """Everything that stands between two tags or in a field, and each part of what is put together."""
    told = [*re.findall(r">([^<>]+)<", html), *re.findall(r'(?:value|placeholder)="([^"]*)"', html)]
    whole = {part.strip() for one in told for part in re.split(r"[:,.?]", one)}
    return whole | {word.lower() for one in told for word in one.split()}


def own(language: Language) -> set[str]:
    return {word for words in (language.verbs, language.things, language.people) for word in kept_back(words)}


def own_people() -> set[str]:
    """The names that any language keeps back."""
    return {name for language in LANGUAGES.values() for name in kept_back(language.people)}


def test_a_name_that_is_kept_back_is_taught_in_no_language() -> None:
    assert not own_people() & {name for language in LANGUAGES.values() for name in taught(language.people)}


def test_words_that_are_kept_back_are_on_no_page_that_is_trained_on() -> None:
    for seed in range(60):
        assert not words_in(application.page(seed, *SIZE, None)) & (own(application.language_of(seed)) | own_people())
        for kind in ("full", "ordinary"):
            shown = words_in(KINDS[kind](seed, *SIZE, None))
            assert not shown & {*map(str.lower, NAMED_APART), *FILLER_APART}


def test_pages_apart_show_words_and_layouts_of_their_own() -> None:
    for seed in range(APART_FROM, APART_FROM + 20):
        page = application.page(seed, *SIZE, None)
        assert words_in(page) & own(application.language_of(seed))
        assert any(f'data-layout="{layout}"' in page for layout in application.KEPT_BACK)
        shown = words_in(KINDS["full"](seed, *SIZE, None)) | words_in(KINDS["ordinary"](seed, *SIZE, None))
        assert shown & {*map(str.lower, NAMED_APART), *FILLER_APART}
        assert not shown & {word.lower() for word in (*WORDS, *FILLER)}
    held = [application.page(seed, *SIZE, None) for seed in range(HELD_FROM, HELD_FROM + 20)]
    assert all(any(f'data-layout="{layout}"' in page for layout in application.LAYOUTS) for page in held)


def test_words_kept_back_are_in_no_list_that_is_taught() -> None:
    learned = {word.lower() for word in (*WORDS, *FILLER, *EPISODE_WORDS, *GOAL_WORDS)}
    english = LANGUAGES["en"]
    learned |= {word.lower() for words in (english.verbs, english.things) for word in taught(words)}
    assert not {word.lower() for word in (*NAMED_APART, *FILLER_APART)} & learned
    for language in LANGUAGES.values():
        lists = language.verbs, language.things, language.people
        assert not own(language) & {*language.menus, *(word for words in lists for word in taught(words))}


def test_a_language_without_a_font_is_english() -> None:
    japanese = next(seed for seed in range(200) if application.language_of(seed).code == "ja")
    assert application.language_of(japanese, frozenset({"en", "de"})).code == "en"
    assert "<html lang=en dir=ltr>" in application.page(japanese, *SIZE, None, frozenset({"en"}))
    arabic = next(seed for seed in range(200) if application.language_of(seed).code == "ar")
    assert "<html lang=ar dir=rtl>" in application.page(arabic, *SIZE, None)


def test_packs_from_before_texts_were_kept_are_read(tmp_path: Path) -> None:
    element = Element(kind="button", colour="red", name="Save", box=(10, 10, 60, 40), visible=1)
    row = {"seed": 3, "extent": (26, 46), "elements": [element.to_row()]}
    write_pack(tmp_path / "pages-0.safetensors", [encode(np.zeros((56, 84, 3), np.uint8))], [row])
    (page,) = pages_in(tmp_path)
    assert page.elements == [element]
    assert (page.texts, page.roles, page.scale) == ([], [], 1)


def test_a_page_is_kept_whole(tmp_path: Path) -> None:
    line = TextLine(text="Größe", role="cell", box=(1, 2, 30, 20), visible=1)
    page = ShownPage(
        pixels=np.zeros((56, 84, 3), np.uint8),
        elements=[Element(kind="tab", colour="", name="Größe", box=(0, 0, 40, 28), visible=1)],
        roles=[("tab", "Größe")],
        texts=[line],
        seed=7,
        layout="table",
        language="de",
        scale=1.5,
    )
    write_pack(tmp_path / "application-7.safetensors", [encode(page.pixels)], [page.to_row((2, 3))])
    (read,) = pages_in(tmp_path)
    assert np.array_equal(read.pixels, page.pixels)
    assert read.to_row((2, 3)) == page.to_row((2, 3))


def test_the_mini_is_shown_the_kinds_that_it_knows(tmp_path: Path) -> None:
    things = [Element(kind=kind, colour="", name=kind, box=(0, 0, 40, 28), visible=1) for kind in ("menu item", "tab")]
    rows = page_rows(Random(0), [{"extent": (26, 46), "elements": [one.to_row() for one in things]}])
    assert [thing[0] for _, row in rows for thing in row["things"]] == ["tab"]
    assert "menu item" not in SHOWN_KINDS
