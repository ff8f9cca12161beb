"""The suite as a run wants it: its tasks and their twins, which of them can be played here, and the stage."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from ....errors import UsageError
from ...row import Key
from ...suite import Choice, Stage
from ..settings import require_known
from .install import apps_folder
from .stage import AppStage
from .tasks import TASKS, Staged


class AppSuite:
    """Implements `OnlineSuite`: twenty tasks on real applications, or their twins, whose names end with `@` and a kind.

    The setting `apps` names the folder with the applications, where it is not the usual one. Tasks may be chosen by
    their names, or by groups: `browser`, `desktop`, and the first words of names, such as `todo`. The name of a plain
    task stands for all its twins in the suite of the twins. What is missing here, `missing` tells.
    """

    metric = "success rate"

    def __init__(self, choice: Choice, tasks: Mapping[str, Staged] = TASKS) -> None:
        require_known(choice.settings, "apps")
        self._choice = choice
        self._tasks = tasks
        self._apps = Path(choice.settings["apps"]) if "apps" in choice.settings else apps_folder()

    def keys(self) -> Sequence[Key]:
        """Task by task, each with all its seeds and repeats. Raises UsageError for a task that there is not."""
        choice = self._choice
        names = [name for wanted in choice.tasks for name in self._named(wanted)] if choice.tasks else list(self._tasks)
        return choice.keys(names)

    def missing(self) -> Mapping[str, str]:
        """The tasks that cannot be played here, each with what is to be done about it, in one sentence."""
        told = {name: staged.missing(self._apps) for name, staged in self._tasks.items()}
        return {name: sentence for name, sentence in told.items() if sentence}

    def stage(self) -> Stage:
        return AppStage(self._apps)

    def _named(self, wanted: str) -> list[str]:
        found = [name for name, staged in self._tasks.items() if name == wanted or staged.answers_to(wanted)]
        if found:
            return found
        close = get_close_matches(wanted, self._tasks, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(self._tasks)}"
        raise UsageError(f"this suite has no task {wanted!r}; {hint}")
