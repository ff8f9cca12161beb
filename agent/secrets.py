"""Values that a model, a log and a report never see. An action names a secret; its value is put in as it is done."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from pydantic import JsonValue

from ..environments.environment import Conceals, EntersSecrets, Environment
from ..errors import UsageError
from ..model import Generation
from ..screen import Box, Element, Observation, Tab
from ..tools import ACTION, Action, TypeText
from .disguises import Disguised

SHORTEST = 4
"""Characters of the shortest secret: a shorter one would blot out ordinary text."""


class Secrets:
    """Secrets by name. Kept in memory only. With `any_case`, they are also hidden where they stand in capitals."""

    def __init__(self, values: Mapping[str, str] | None = None, *, any_case: bool = False) -> None:
        self._values = dict(values or {})
        for name, value in self._values.items():
            if len(value) < SHORTEST:
                raise UsageError(f"the secret {name} needs at least {SHORTEST} characters, or no text is safe from it")
        longest = sorted(self._values.items(), key=lambda known: -len(known[1]))
        self._known = [(Disguised(value, any_case=any_case), name) for name, value in longest]

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self._values)})"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def __bool__(self) -> bool:
        return bool(self._values)

    def reveal(self, action: Action) -> Action:
        """The action with the value in place of the name. A name that is not known here is the environment's own."""
        match action:
            case TypeText(secret=str(name)) if name in self._values:
                return TypeText(text=self._values[name])
            case _:
                return action

    def handed(self, action: Action, environment: Environment) -> Action:
        """The action as this environment takes it, which is given the value where it puts secrets in by itself."""
        if not isinstance(environment, EntersSecrets) or not isinstance(action, TypeText):
            return self.reveal(action)
        environment.take_secrets({name: value for name, value in self._values.items() if name == action.secret})
        return action

    def hide(self, text: str) -> str:
        """The text with `<secret NAME>` wherever it holds a value, as it is or encoded."""
        for value, name in self._known:
            text = value.replaced(text, f"<secret {name}>")
        return text

    def places_in_text(self, text: str) -> list[tuple[int, int, str]]:
        """Where in a text values stand: from, to, and the name of each."""
        return [(start, stop, name) for value, name in self._known for start, stop in value.spans(text)]

    def hide_generation(self, generation: Generation) -> Generation:
        """What a model wrote with each value hidden. Its tokens go where they hold one, their rivals always: piece by
        piece they would tell it."""
        if not self._values:
            return generation
        text, whole = self.hide(generation.text), "".join(generation.tokens)
        if text == generation.text and self.hide(whole) == whole:
            return replace(generation, top_logprobs=())
        passes = generation.new_tokens  # which stands for the tokens where there are none
        return replace(generation, text=text, token_ids=(), tokens=(), logprobs=(), top_logprobs=(), passes=passes)

    def hide_json(self, value: JsonValue) -> JsonValue:
        """The same for every text inside a JSON value."""
        match value:
            case str():
                return self.hide(value)
            case list():
                return [self.hide_json(item) for item in value]
            case dict():
                return {self.hide(key): self.hide_json(item) for key, item in value.items()}
            case _:
                return value

    def hide_observation(self, observation: Observation) -> Observation:
        """The observation with the values hidden in all that the page wrote. The picture is not changed."""
        if not self._known:
            return observation
        return replace(
            observation,
            url=self.hide(observation.url),
            title=self.hide(observation.title),
            tabs=tuple(Tab(title=self.hide(t.title), url=self.hide(t.url), active=t.active) for t in observation.tabs),
            error=None if observation.error is None else self.hide(observation.error),
            events=tuple(self.hide(event) for event in observation.events),
            elements=observation.elements and tuple(self._hide_element(one) for one in observation.elements),
            labels=observation.labels and tuple(replace(one, text=self.hide(one.text)) for one in observation.labels),
            focus=observation.focus and self._hide_element(observation.focus),
            windows=tuple(replace(one, title=self.hide(one.title)) for one in observation.windows),
        )

    def places_in(self, observation: Observation) -> tuple[Box, ...]:
        """Where what is known of the screen's elements and texts holds a value."""
        known = (*(observation.elements or ()), *((observation.focus,) if observation.focus else ()))
        texts = tuple(one.box for one in observation.labels or () if self.hide(one.text) != one.text)
        return (*(one.box for one in known if self._hide_element(one) != one), *texts)

    def _hide_element(self, element: Element) -> Element:
        return replace(element, name=self.hide(element.name), value=self.hide(element.value))

    def hide_action(self, action: Action) -> Action:
        """The action with each value hidden; typing just a value becomes typing the secret by its name."""
        if not self._known:
            return action
        if isinstance(action, TypeText):
            for name, value in self._values.items():
                if action.text == value:
                    return TypeText(secret=name)
        dumped = cast(JsonValue, ACTION.dump_python(action, mode="json"))
        hidden = self.hide_json(dumped)
        return action if hidden == dumped else ACTION.validate_python(hidden)

    def require_absent(self, text: str, where: str) -> None:
        """Raises UsageError when the text holds a value: a task that names one would be shown to the model."""
        for value, name in self._known:
            if value.is_in(text):
                raise UsageError(f"{where} holds the value of the secret {name}; write its name there instead")


async def shown_on(environment: Environment, observation: Observation, secrets: Secrets) -> tuple[Box, ...]:
    """Where a screen shows a secret to read, as far as that is known."""
    if not secrets:
        return ()
    fields = await environment.conceal() if isinstance(environment, Conceals) else ()
    return (*fields, *secrets.places_in(observation))
