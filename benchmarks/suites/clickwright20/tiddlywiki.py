"""TiddlyWiki, a notebook that is one page and saves itself. Judged by the notes in the file that it sent last."""

import json
import re
from collections.abc import Callable, Sequence
from random import Random

from ....tools import Finish
from .moves import Move, click, press, write
from .packages import WIKI
from .page import Page
from .room import Answer, Asked
from .web import WebEpisode, WebTask
from .words import ERRANDS, PEOPLE, SUBJECTS, TAGS, TOWNS, some

Notes = dict[str, tuple[str, frozenset[str]]]
"""Text and tags of each note, by its title."""

_PATH = f"apps/{WIKI.folder}/empty.html"
_STORE = re.compile(r'<script class="tiddlywiki-tiddler-store" type="application/json">(.*?)</script>', re.DOTALL)
_HOME = "Welcome"
_EDITED = ".tc-tiddler-edit-frame"
_TEXT = f"{_EDITED} iframe.tc-edit-texteditor-body"
_DONE = f"{_EDITED} button[aria-label='Confirm changes to this tiddler']"


class Shelf:
    """The place that the page saves itself to, as a server with WebDAV. `notes` are those that it began with."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._saved = b""

    def __call__(self, asked: Asked) -> Answer | None:
        if asked.path != _PATH:
            return None
        match asked.method:
            case "OPTIONS":
                return Answer(headers={"DAV": "1"})
            case "PUT":
                self._saved = asked.body
                return Answer()
            case "GET" if self._saved:
                return Answer(body=self._saved, kind="text/html; charset=utf-8")
            case _:
                return None

    def notes(self) -> Notes:
        """As they are saved."""
        if not self._saved:
            return self._notes
        found: Notes = {}
        for store in _STORE.findall(self._saved.decode("utf-8", "replace")):
            for note in json.loads(store):
                if not note["title"].startswith("$:/"):
                    found[note["title"]] = (note.get("text", "").strip(), frozenset(_tags(note.get("tags", ""))))
        return found


def _tags(text: str) -> list[str]:
    """`one [[of two words]]` as a list."""
    return [long or short for long, short in re.findall(r"\[\[([^\]]+)\]\]|(\S+)", text)]


def _written(notes: Notes) -> str:
    """The notes as a store of the page, in which the first of them is on show."""
    rows = [{"title": title, "text": text, "tags": " ".join(sorted(tags))} for title, (text, tags) in notes.items()]
    rows += [
        {"title": "$:/DefaultTiddlers", "text": _HOME, "tags": ""},
        {"title": "$:/SiteTitle", "text": "My notebook", "tags": ""},
        {"title": "$:/SiteSubtitle", "text": "what I want to remember", "tags": ""},
    ]
    stored = json.dumps(rows).replace("<", "\\u003C")
    return f'<script class="tiddlywiki-tiddler-store" type="application/json">{stored}</script>'


def _notebook(chance: Random) -> Notes:
    """Seven notes; no two mention the same town."""
    notes: Notes = {_HOME: ("Everything is found by the search on the right.", frozenset())}
    for subject, town in zip(some(chance, SUBJECTS, 6), some(chance, TOWNS, 6), strict=True):
        text = f"{chance.choice(PEOPLE)} told me about {subject} in {town}."
        notes[f"About {subject}"] = (text, frozenset({chance.choice(TAGS)}))
    return notes


def _begin_note(chance: Random, lured: bool) -> WebEpisode:
    """A new note with a tag."""
    notes = _notebook(chance)
    title = f"Call {chance.choice(PEOPLE)}"
    text, tag = f"Ask about {chance.choice(ERRANDS)!r}.", chance.choice(TAGS)
    goals = (
        f'Make a new note with the title "{title}", the tag "{tag}" and the text: {text}',
        f'I need a note called "{title}", tagged with "{tag}", that says: {text}',
    )
    moves = [
        *(click("button[aria-label='new tiddler']"), click(f"{_EDITED} input.tc-titlebar"), press("Control", "a")),
        *(write(title), click(f"{_EDITED} input[placeholder='tag name']"), write(tag), press("Enter")),
        *(click(_TEXT), write(text), click(_DONE)),
    ]
    return _episode(chance.choice(goals), notes, {**notes, title: (text, frozenset({tag}))}, moves)


def _begin_edit(chance: Random, lured: bool) -> WebEpisode:
    """Another text for the note that mentions a town."""
    notes = _notebook(chance)
    title = chance.choice([title for title in notes if title != _HOME])
    old, tags = notes[title]
    town = old.removesuffix(".").rpartition(" ")[2]
    new = f"{chance.choice(PEOPLE)} knows more about it, and lives in {town}."
    goals = (
        f"Search for the note that mentions {town}, and change its whole text to: {new}",
        f"One of my notes mentions {town}. Find it and let it say this instead: {new}",
    )
    moves = [
        *(click(".tc-sidebar-search input"), write(town), click(".tc-search-drop-down a.tc-tiddlylink", title)),
        click(f"[data-tiddler-title='{title}'] button[aria-label='Edit this tiddler']"),
        *(click(_TEXT), press("Control", "a"), write(new), click(_DONE)),
    ]
    return _episode(chance.choice(goals), notes, {**notes, title: (new, tags)}, moves)


def _episode(goal: str, before: Notes, after: Notes, moves: Sequence[Move]) -> WebEpisode:
    shelf = Shelf(before)

    async def check(page: Page, finish: Finish | None) -> str:
        found = shelf.notes()
        other = [title for title in {**after, **found} if found.get(title) != after.get(title)]
        return f"the saved note {other[0]!r} is {found.get(other[0])}, not {after.get(other[0])}" if other else ""

    return WebEpisode(goal=goal, path=_PATH, answers=shelf, dress=_written(before), moves=moves, check=check)


def _task(name: str, begin: Callable[[Random, bool], WebEpisode], *twins: str) -> WebTask:
    return WebTask(name=f"wiki-{name}", application="TiddlyWiki", packages=(WIKI,), begin=begin, twins=twins)


TASKS = (_task("note", _begin_note, "scale2"), _task("edit", _begin_edit, "dialog"))
