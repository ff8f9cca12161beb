"""Every task of the suite, and every twin, by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from . import calculator, calendar, editor, files, spreadsheet, swagger, tabulator, tiddlywiki, todomvc
from .desk import DeskTask
from .twins import PLAIN, TWINS, Twin
from .web import WebTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A task, and how it is made harder."""

    task: WebTask | DeskTask
    twin: Twin = PLAIN

    def answers_to(self, wanted: str) -> bool:
        """Whether that is the name of the plain task, or of a group that it belongs to: its first word, and its kind
        of screen."""
        name = self.task.name
        return wanted in (name, name.partition("-")[0], "desktop" if isinstance(self.task, DeskTask) else "browser")

    def missing(self, apps: Path) -> str:
        return self.task.missing(apps)


_ALL = (
    *todomvc.TASKS,
    *swagger.TASKS,
    *tiddlywiki.TASKS,
    *tabulator.TASKS,
    *spreadsheet.TASKS,
    *calendar.TASKS,
    *calculator.TASKS,
    *editor.TASKS,
    *files.TASKS,
)

TASKS: Mapping[str, Staged] = MappingProxyType({task.name: Staged(task=task) for task in _ALL})
TASKS_OF_TWINS: Mapping[str, Staged] = MappingProxyType(
    {f"{task.name}@{name}": Staged(task=task, twin=TWINS[name]) for task in _ALL for name in task.twins}
)
EVERY: Mapping[str, Staged] = MappingProxyType({**TASKS, **TASKS_OF_TWINS})
