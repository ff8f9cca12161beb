"""Jspreadsheet, a spreadsheet with formulas. Judged by the cells that it saved, formulas as they were written."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from ....tools import Finish
from .moves import Move, click, press, write
from .packages import FORMULA, JSUITES, SHEET
from .page import Page
from .saved import Saved
from .web import WebEpisode, WebTask
from .words import PEOPLE, some

Cells = list[list[Any]]

_HEADINGS = ("Name", "January", "February", "March", "Result")
_WIDTHS = (190, 130, 130, 130, 150)
_FORMULA = re.compile(r"=.*[B-D]\$?[0-9]", re.IGNORECASE)
"""Reckons with a cell."""


def _page(cells: Cells) -> str:
    columns = [{"width": width} for width in _WIDTHS]
    options = json.dumps({"data": cells, "columns": columns}).replace("<", "\\u003C")
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>Hours</title>
<link rel="stylesheet" href="apps/{JSUITES.folder}/dist/jsuites.css">
<link rel="stylesheet" href="apps/{SHEET.folder}/dist/jspreadsheet.css">
<style>body {{ margin: 20px; font: 15px sans-serif }} h1 {{ font-size: 22px }}</style></head>
<body><h1>Hours worked</h1><p>Double-click into a cell to change it. Enter keeps what was written.</p>
<div id="sheet"></div><script src="apps/{FORMULA.folder}/dist/index.js"></script>
<script src="apps/{JSUITES.folder}/dist/jsuites.js"></script>
<script src="apps/{SHEET.folder}/dist/index.js"></script><script>
const save = () => {{
  const written = sheets[0].getData(), shown = sheets[0].getData(false, true);
  fetch("saved", {{ method: "PUT", body: JSON.stringify(written.map((row, n) => [row, shown[n]])) }});
}};
const sheets = jspreadsheet(document.getElementById("sheet"), {{
  worksheets: [{options}], onafterchanges: save, oninsertrow: save, ondeleterow: save, onmoverow: save,
  oninsertcolumn: save, ondeletecolumn: save, onmovecolumn: save, onsort: save }});
</script></body></html>"""


def _hours(chance: Random) -> Cells:
    rows = [[name, *(chance.randrange(20, 180) for _ in range(3)), ""] for name in some(chance, PEOPLE, 9)]
    return [list(_HEADINGS), *rows]


def _cell(column: int, row: int) -> str:
    return f"#sheet td[data-x='{column}'][data-y='{row}']"


def _into(column: int, row: int, text: str) -> list[Move]:
    return [click(_cell(column, row), count=2), press("Control", "a"), write(text), press("Enter")]


def _begin_formula(chance: Random, lured: bool) -> WebEpisode:
    """A sum and a difference, as formulas."""
    cells = _hours(chance)
    one, other = chance.sample(range(1, 10), 2)
    goals = (
        f"Put formulas into the column Result: for {cells[one][0]} the sum of the three months, for {cells[other][0]} "
        "March minus January.",
        f"In the column Result, let the sheet compute the total of the three months for {cells[one][0]}, and the "
        f"difference March minus January for {cells[other][0]}.",
    )
    results = {one: sum(cells[one][1:4]), other: cells[other][3] - cells[other][1]}
    total, difference = f"=SUM(B{one + 1}:D{one + 1})", f"=D{other + 1}-B{other + 1}"
    moves = [*_into(4, one, total), *_into(4, other, difference)]
    return _episode(chance.choice(goals), cells, cells, results, moves)


def _begin_row(chance: Random, lured: bool) -> WebEpisode:
    """A row goes, and in another a number changes."""
    cells = _hours(chance)
    gone, fixed = chance.sample(range(1, 10), 2)
    month, hours = chance.randrange(1, 4), chance.randrange(200, 300)
    told = f"{cells[fixed][0]} worked {hours} hours in {_HEADINGS[month]}"
    goals = (
        f"{cells[gone][0]} has left: delete that row. And correct a mistake: {told}.",
        f"Delete the whole row of {cells[gone][0]}, so that no empty row is left. Then put in that {told}.",
    )
    after = [[*row] for row in cells]
    after[fixed][month] = hours
    head = f"#sheet td.jss_row[data-y='{gone}']"
    moves = [
        *_into(month, fixed, str(hours)),
        *(click(head), click(head, button="right"), click(".jcontextmenu-focus a", "Delete selected rows")),
    ]
    return _episode(chance.choice(goals), cells, [row for n, row in enumerate(after) if n != gone], {}, moves)


def _episode(goal: str, before: Cells, after: Cells, results: Mapping[int, int], moves: Sequence[Move]) -> WebEpisode:
    saved = Saved([[row, row] for row in before])

    async def check(page: Page, finish: Finish | None) -> str:
        try:
            return _amiss(saved.value, after, results)
        except (LookupError, TypeError, ValueError):
            return f"this was saved: {str(saved.value)[:200]}"

    pages = {"sheet.html": _page(before)}
    return WebEpisode(goal=goal, path="sheet.html", pages=pages, answers=saved, moves=moves, check=check)


def _amiss(found: Any, wanted: Cells, results: Mapping[int, int]) -> str:
    """What is amiss with the rows, each as it was written and as it is shown. `results` are those of formulas.

    Enter in the last row makes another, which does no harm while it is empty.
    """
    while found and not any(found[-1][0]):
        found = found[:-1]
    if len(found) != len(wanted):
        return f"there are {len(found)} rows, not {len(wanted)}"
    for number, ((written, shown), row) in enumerate(zip(found, wanted, strict=True)):
        kept = range(len(row) - (number in results))
        if [str(written[n]) for n in kept] != [str(row[n]) for n in kept] or len(written) != len(row):
            return f"row {number + 1} is {written}, not {row}"
        if number in results and not _FORMULA.match(str(written[-1])):
            return f"row {number + 1} has {written[-1]!r} for a formula"
        if number in results and float(shown[-1]) != results[number]:
            return f"row {number + 1} comes to {shown[-1]}, not {results[number]}"
    return ""


def _task(name: str, begin: Callable[[Random, bool], WebEpisode], *twins: str) -> WebTask:
    packages = (SHEET, JSUITES, FORMULA)
    return WebTask(name=f"sheet-{name}", application="Jspreadsheet", packages=packages, begin=begin, twins=twins)


TASKS = (_task("formula", _begin_formula, "scale2"), _task("row", _begin_row))
