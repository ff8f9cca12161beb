"""A screen that types secrets and shows none: what it shows of them is masked before anybody sees it."""

from collections.abc import Mapping
from dataclasses import replace

from ...environments import ActsBlindly, Environment, Facts
from ...environments.environment import Conceals
from ...screen import Box, Observation, masked
from ...tools import Action, Task, TypeText
from .split import hide_split
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
        self._secrets = Secrets(secrets, any_case=True)

    def hide(self, text: str) -> str:
        return self._secrets.hide(text)

    async def reset(self, task: Task) -> Observation:
        return await self._shown(await self.environment.reset(task))

    async def observe(self) -> Observation:
        return await self._shown(await self.environment.observe())

    async def step(self, action: Action) -> Observation:
        return await self._shown(await self.environment.step(self._real(action)))

    async def act(self, action: Action) -> str | None:
        if isinstance(self.environment, ActsBlindly):
            error = await self.environment.act(self._real(action))
        else:
            error = (await self.environment.step(self._real(action))).error
        return None if error is None else self.hide(error)

    def _real(self, action: Action) -> Action:
        """What is typed, in the place of what is shown of it."""
        typing = self.typing
        if isinstance(action, TypeText) and typing is not None and action.text == typing.shown:
            return TypeText(text=typing.real)
        return action

    async def facts(self, action: Action) -> Facts:
        facts = await self.environment.facts(action)
        return replace(facts, name=self.hide(facts.name), url=self.hide(facts.url), href=self.hide(facts.href))

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        return await self.environment.sensitive_boxes()

    async def close(self) -> None:
        await self.environment.close()

    async def _shown(self, seen: Observation) -> Observation:
        fields = await self.environment.conceal() if isinstance(self.environment, Conceals) else ()
        whole, split = hide_split(seen, self._secrets.places_in_text)
        places = (*fields, *split, *self._secrets.places_in(whole))
        return replace(self._secrets.hide_observation(whole), screenshot=masked(seen.screenshot, places))
