"""What one test may use."""

from dataclasses import dataclass

from .verdicts import Inconclusive


@dataclass(slots=True, kw_only=True)
class Budget:
    """Limits of one test, None where there is none, and what was used of them. Over the limit it is Inconclusive."""

    seconds: float | None = None
    tokens: int | None = None
    steps: int | None = None
    used_seconds: float = 0.0
    used_tokens: int = 0
    used_steps: int = 0

    def require_step(self) -> None:
        """Count one more step. Raises Inconclusive where no more are allowed."""
        self.used_steps += 1
        if self.steps is not None and self.used_steps > self.steps:
            raise Inconclusive(f"the test's budget of {self.steps} steps is used up")

    def require_within(self, seconds: float, tokens: int) -> None:
        """Count what a step took. Raises Inconclusive where that is more than is left."""
        self.used_seconds += seconds
        self.used_tokens += tokens
        if self.seconds is not None and self.used_seconds > self.seconds:
            raise Inconclusive(f"the test's budget of {self.seconds:g} s is used up: {self.used_seconds:.1f} s")
        if self.tokens is not None and self.used_tokens > self.tokens:
            raise Inconclusive(f"the test's budget of {self.tokens} tokens is used up: {self.used_tokens}")
