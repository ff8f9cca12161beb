"""Rendered pages as records of `training.data`: where things are, and what is written where.

    python -m clickwright.training.pages.records PAGES RECORDS

PAGES is a folder of `render.py`. From RECORDS on go all families and formats that `training.data` knows.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ...exits import in_one_sentence
from ...screen import Box, Screenshot, Size
from ..data import Named, PictureFile, Record, RecordFolder, Said, Shown, Text
from ..data.formats.ocr import QUESTION
from ..data.formats.pairs import located
from ..data.record import numbers_of
from ..shown import Sides
from .questions import phrases
from .rendered import Rendered, ShownPage, TextLine

WHOLE = 0.95
"""Of a text, that must be seen."""


def page_records(page: ShownPage, into: RecordFolder) -> Iterator[Record]:
    """Each thing and each text that can be named without doubt, and all texts that are seen whole."""
    picture = into.keep(Screenshot(pixels=page.pixels))
    name, source = f"page/{page.seed}/{picture.frame[:8]}", f"pages/{page.layout or 'plain'}/{page.language}"
    for n, phrase in enumerate(phrases(page.elements)):
        yield located(f"{name}/thing/{n}", picture, phrase.text, _inside(phrase.element.box, picture), source=source)
    whole = [line for line in page.texts if line.visible >= WHOLE]
    for n, line in enumerate(_unlike_others(page)):
        words = f'the text "{line.text}"'
        yield located(f"{name}/text/{n}", picture, words, _inside(line.box, picture), source=source, label=line.text)
    if whole:
        yield _read(name, source, picture, whole)


def _unlike_others(page: ShownPage) -> list[TextLine]:
    """Lines that are seen whole, whose text stands nowhere else, not even within another or half hidden."""
    seen = [line for line in page.texts if line.visible > 0]
    count = Counter(line.text for line in seen)
    return [
        line
        for line in seen
        if line.visible >= WHOLE
        and count[line.text] == 1
        and not any(line.text in other.text for other in seen if other is not line)
    ]


def _read(name: str, source: str, picture: PictureFile, lines: list[TextLine]) -> Record:
    named = tuple(Named(text=line.text, places=(_inside(line.box, picture),)) for line in lines)
    messages = (
        Said(role="user", parts=(Shown(picture=0), Text(text=QUESTION))),
        Said(role="assistant", parts=named),
    )
    return Record(id=f"{name}/texts", source=source, pictures=(picture,), messages=messages)


def _inside(sides: Sides, picture: PictureFile) -> tuple[float, ...]:
    return numbers_of(Box(*sides).clip(Size(picture.width, picture.height)))


def write_records(pages: Path, out: Path) -> int:
    """Write what the pages of a folder show into a folder of records; how many there are."""
    rendered, into = Rendered(pages), RecordFolder(out)
    return into.put(record for n in range(len(rendered)) for record in page_records(rendered.page(n), into))


@in_one_sentence()
def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write rendered pages as records.")
    parser.add_argument("pages", type=Path, help="a folder of rendered pages")
    parser.add_argument("out", type=Path, help="a folder of records, which is added to")
    given = parser.parse_args()
    print(f"{write_records(given.pages, given.out)} records in {given.out}")


if __name__ == "__main__":
    main()
