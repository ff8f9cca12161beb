"""A run of an agent, done again without a model: each thing is found as it looked then, on the screen as it is now."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress

from ...agent.record.folder import RunFolder
from ...agent.record.trace import Step, Trajectory
from ...agent.words import in_words
from ...environments import Environment
from ...errors import BadModelOutput, EnvironmentLost, UsageError
from ...tools import Action, Task, TypeText
from ..call import Call, Done, noting
from ..eyes import Eyes
from ..finding import find
from ..recording.recorded import Verb
from ..sight import Sight
from ..stage import PAUSE_S, Stage
from ..target import Found, Target
from ..ui import DEADLINE_S
from ..verdicts import CheckFailed, NotFound
from ..ways.record import moved
from .acted import Acted, acted_in

VERBS: dict[str, Verb] = {
    "click": "tap",
    "long_press": "long_press",
    "hover": "hover",
    "select": "choose",
    "press": "press",
    "type": "fill",
    "scroll": "scroll_to",
    "drag": "drag",
    "upload": "upload",
    "switch_tab": "switch_tab",
}
"""The words of `Ui` that come nearest to an action, for reports."""


async def replay_run(
    folder: RunFolder,
    environment: Environment,
    *,
    secrets: Mapping[str, str] | None = None,
    eyes: Eyes | None = None,
    deadline_s: float = DEADLINE_S,
    on_step: Callable[[Step], None] | None = None,
    on_done: Callable[[Acted, Done], None] | None = None,
) -> list[Done]:
    """Do all of it, from where the run began; the screen is given back. `eyes` find what is not found without them.

    Raises NotFound and CheckFailed where the screen is not as it was, EnvironmentLost where it is gone, UsageError for
    a run that cannot be done again, and for a secret that is not given.
    """
    run = folder.read()
    _require_whole(run, folder, secrets or {})
    replaying = _Replaying(Stage(environment, _task(run)), secrets or {}, eyes, deadline_s, on_done)
    try:
        await replaying.stage.begin()
        for step in run.steps:
            acts = list(acted_in(step, folder))
            if acts and on_step is not None:
                on_step(step)
            for act in acts:
                await replaying.act(act)
        await replaying.require_end(run)
    finally:
        with suppress(EnvironmentLost):
            await environment.close()
    return replaying.done


def _task(run: Trajectory) -> Task:
    first = run.steps[0]
    if run.info is None:
        return Task(goal=first.goal or "a run again", start_url=first.saw.url)
    return run.info.task.model_copy(update={"start_url": run.info.task.start_url or first.saw.url})


def _require_whole(run: Trajectory, folder: RunFolder, secrets: Mapping[str, str]) -> None:
    if not run.steps:
        raise UsageError(f"the run in {folder.path} has no step yet")
    done = (did.action for step in run.steps for did in step.did)
    used = {action.secret for action in done if isinstance(action, TypeText) and action.secret is not None}
    if missing := sorted(used - set(secrets)):
        raise UsageError(f"the run typed the secret {missing[0]!r}: give it by --secret {missing[0]}=VARIABLE")


class _Replaying:
    """One action after another, each at the place where its thing is now."""

    def __init__(
        self,
        stage: Stage,
        secrets: Mapping[str, str],
        eyes: Eyes | None,
        deadline_s: float,
        on_done: Callable[[Acted, Done], None] | None,
    ) -> None:
        self.stage, self._secrets, self._eyes = stage, secrets, eyes
        self._deadline_s, self._on_done = deadline_s, on_done
        self._counts: Counter[tuple[Verb, str]] = Counter()
        self.done: list[Done] = []

    async def act(self, act: Acted) -> None:
        """Raises as `replay_run` does; whatever happens, it is told of."""
        verb, words = VERBS.get(act.action.kind, "do"), act.words or act.asked or in_words(act.action)
        self._counts[verb, words] += 1
        done, action = Done(call=Call(does=verb, words=words, nth=self._counts[verb, words])), act.action
        try:
            with noting(done, in_words(action)):
                if act.target is not None:
                    found = await self._found(act, act.target, done)
                    done.how, done.point, done.box, done.note = found.how, found.point, found.box, found.note
                    done.tokens, done.healed = found.tokens, found.how == "model"
                    action = moved(action, found, act.target.point)
                await self.stage.act(self._with_secret(action))
        finally:
            self.done.append(done)
            if self._on_done is not None:
                self._on_done(act, done)

    async def require_end(self, run: Trajectory) -> None:
        """Raises CheckFailed where another page is shown than at the end of the run."""
        last = run.steps[-1]
        url, until = (last.left or last.saw).url, time.monotonic() + self._deadline_s
        while True:
            sight = await self.stage.look()
            if self.done:
                self.done[-1].after = sight
            if url in ("", sight.observation.url):
                return
            if time.monotonic() >= until:
                reason = f"the run ended at {url}, and now it is {sight.observation.url}"
                raise CheckFailed(reason, screen=sight.shown)
            await asyncio.sleep(PAUSE_S)

    async def _found(self, act: Acted, target: Target, done: Done) -> Found:
        """Where the thing is, which is waited for; a model is asked when the time is over."""
        until = time.monotonic() + self._deadline_s
        while True:
            done.before = await self.stage.look()
            try:
                return find(target, done.before)
            except NotFound as missing:
                if time.monotonic() >= until:
                    return await self._healed(act, done.before, missing)
            await asyncio.sleep(PAUSE_S)

    async def _healed(self, act: Acted, sight: Sight, missing: NotFound) -> Found:
        words = act.words or act.asked
        what = f"{in_words(act.action)}: {words!r}: {missing}" if words else f"{in_words(act.action)}: {missing}"
        told = NotFound(what, screen=missing.screen, box=missing.box)
        if self._eyes is None or not words:
            raise told from missing
        try:
            return await asyncio.to_thread(self._eyes.find, sight, words)
        except BadModelOutput:
            raise told from missing

    def _with_secret(self, action: Action) -> Action:
        if isinstance(action, TypeText) and action.secret is not None:
            return TypeText(text=self._secrets[action.secret])
        return action
