"""A model as a player: one for all workers, each of which has a memory of its own in it."""

from collections.abc import Sequence
from dataclasses import replace

from ...model import Video
from ...policies import Decision, Grounding, ModelPolicy, Turn
from ...policies.asking import Reply, Seen, ask
from ...policies.blind import GREY, greyed, greyed_observation
from ...screen import Observation, Screenshot
from ...tools import Task


class ModelSubject:
    """Implements `Subject` with a model; behind grey glass where it is to be blind."""

    def __init__(self, policy: ModelPolicy, *, is_blind: bool = False) -> None:
        self._policy, self._is_blind = policy, is_blind

    def ground(self, screenshot: Screenshot, description: str) -> Grounding:
        return self._policy.ground(self._shown(screenshot), description)

    def act(self, task: Task, observation: Observation, history: Sequence[Turn]) -> Decision:
        self._policy.reset(task)
        if self._is_blind:
            observation = greyed_observation(observation)
            history = [replace(turn, observation=greyed_observation(turn.observation)) for turn in history]
        return self._policy.act(observation, history)

    def ask(self, question: str, seen: Seen, *, max_new_tokens: int | None = None) -> Reply:
        model, profile = self._policy.model, self._policy.profile
        parts = [seen] if isinstance(seen, Video) else seen
        shown = [self._part(part) for part in parts]
        return ask(model, profile, question, shown, max_new_tokens=max_new_tokens)

    def _part(self, part: Screenshot | Video | str) -> Screenshot | Video | str:
        if isinstance(part, Video):
            return Video(part.frames * 0 + GREY) if self._is_blind else part
        return part if isinstance(part, str) else self._shown(part)

    def _shown(self, screenshot: Screenshot) -> Screenshot:
        return greyed(screenshot) if self._is_blind else screenshot
