"""A screen that types secrets and shows none: what it shows of them is masked before anybody sees it."""

from collections.abc import Mapping
from dataclasses import replace

from ...environments import Environment, Facts, Reads
from ...environments.environment import Conceals
from ...screen import Box, Label, Observation, masked
from ...tools import Action, Task, TypeText
from .words import Value


class Concealed:
    """An environment around another one. Pictures, texts and errors hold no secret; `typing` is put in as it is typed.

    Every picture and every text that a test looks at goes through here: into a model, a recording and a report.
    """

    def __init__(self, environment: Environment, secrets: Mapping[str, str]) -> None:
        from ...agent.secrets import Secrets  # half a second, for tests that have secrets

        self.environment = environment
        self.typing: Value | None = None
        """What the step that is going on types; as it is shown, it comes in an action."""
        self._secrets = Secrets(secrets)

    def hide(self, text: str) -> str:
        return self._secrets.hide(text)

    async def reset(self, task: Task) -> Observation:
        return await self._shown(await self.environment.reset(task))

    async def observe(self) -> Observation:
        return await self._shown(await self.environment.observe())

    async def step(self, action: Action) -> Observation:
        typing = self.typing
        if isinstance(action, TypeText) and typing is not None and action.text == typing.shown:
            action = TypeText(text=typing.real)
        return await self._shown(await self.environment.step(action))

    async def labels(self) -> tuple[Label, ...]:
        labels = await self.environment.labels() if isinstance(self.environment, Reads) else ()
        return tuple(replace(label, text=self.hide(label.text)) for label in labels)

    async def facts(self, action: Action) -> Facts:
        facts = await self.environment.facts(action)
        return replace(facts, name=self.hide(facts.name), url=self.hide(facts.url), href=self.hide(facts.href))

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        return await self.environment.sensitive_boxes()

    async def close(self) -> None:
        await self.environment.close()

    async def _shown(self, seen: Observation) -> Observation:
        labels = await self.environment.labels() if isinstance(self.environment, Reads) else ()
        texts = tuple(label.box for label in labels if self.hide(label.text) != label.text)
        fields = await self.environment.conceal() if isinstance(self.environment, Conceals) else ()
        boxes = (*fields, *self._secrets.places_in(seen), *texts)
        hidden = self._secrets.hide_observation(seen)
        return replace(hidden, screenshot=masked(seen.screenshot, boxes))
