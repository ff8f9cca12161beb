"""Rendered pages as records: what can be pointed at and read, and nothing that is doubtful."""

from pathlib import Path

import numpy as np
from clickwright.training.data import Named, RecordFolder
from clickwright.training.data.convert import convert
from clickwright.training.packs import encode, write_pack
from clickwright.training.pages.records import write_records
from clickwright.training.pages.rendered import ShownPage, TextLine
from clickwright.training.shown import Element


def line(text: str, y: float, visible: float = 1.0) -> TextLine:
    return TextLine(text=text, role="cell", box=(10, y, 90, y + 14), visible=visible)


def written(tmp_path: Path, texts: list[TextLine]) -> RecordFolder:
    element = Element(kind="menu item", colour="", name="Öffnen", box=(100.4, 10, 196.0, 40.2), visible=1)
    twice = [Element(kind="tab", colour="", name="Zwei", box=(x, 60, x + 30, 80), visible=1) for x in (100, 140)]
    page = ShownPage(pixels=np.zeros((112, 196, 3), np.uint8), elements=[element, *twice], texts=texts, seed=4)
    write_pack(tmp_path / "pages-4.safetensors", [encode(page.pixels)], [page.to_row((4, 7))])
    write_records(tmp_path, tmp_path / "records")
    return RecordFolder(tmp_path / "records")


def test_things_and_texts_that_are_there_once_are_asked_for(tmp_path: Path) -> None:
    texts = [line("Name", 5), line("Name", 25), line("Rosa", 45), line("Half", 65, visible=0.5), line("Hal", 85)]
    records = list(written(tmp_path, texts).read())
    asked = {one.messages[0].parts[1].text: one.messages[1].parts[0] for one in records if one.kind == "pointing"}  # pyright: ignore
    assert set(asked) == {'the "Öffnen" menu item', "the menu item", 'the text "Rosa"'}
    assert asked['the text "Rosa"'].places == ((10, 45, 90, 59),)
    (read,) = (one for one in records if one.kind == "places")
    assert [part.text for part in read.messages[1].parts if isinstance(part, Named)] == ["Name", "Name", "Rosa", "Hal"]


def test_the_texts_of_a_page_become_labels_for_reading(tmp_path: Path) -> None:
    folder = written(tmp_path, [line("Größe", 5), line("Rosa", 45)])
    made = convert(folder.path, tmp_path / "ocr" / "labels.txt", read_as="records", write_as="ocr")
    assert made.written == 1
    (told,) = made.path.read_text("utf-8").splitlines()
    assert '"Größe", "points": [[10.0, 5.0]' in told
