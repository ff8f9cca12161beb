"""Why a test did not pass, and who has to act on it."""

# ruff: noqa: N818  as in errors.py, the class says who must act

from typing import ClassVar, Literal

from ..errors import BadModelOutput, ClickwrightError, EnvironmentLost, ModelUnavailable, UsageError
from ..screen import Box, Screenshot

Verdict = Literal["passed", "product", "environment", "model", "inconclusive"]
"""`product`: the tested program is not as the test says. `environment`: the browser or the display failed. `model`: the
model could not be reached, or wrote what cannot be read. `inconclusive`: nobody can tell, such as where a budget is
used up, a claim passes both ways, the test says more than was recorded, or cannot be done as it is written."""


class CheckFailed(AssertionError):
    """The tested program is not as the test says. The message is the reason, in one sentence.

    `tokens` are those of a model that was asked in vain.
    """

    verdict: ClassVar[Verdict] = "product"

    def __init__(
        self, reason: str, *, screen: Screenshot | None = None, box: Box | None = None, tokens: int = 0
    ) -> None:
        super().__init__(reason)
        self.screen, self.box, self.tokens = screen, box, tokens


class NotFound(CheckFailed):
    """What a step of the test is about is not on the screen, or is another thing than was recorded."""


class Inconclusive(ClickwrightError):
    """Nobody can say whether the test passes. Neither a pass nor a fault of the tested program."""

    verdict: ClassVar[Verdict] = "inconclusive"
    exit_code: ClassVar[int] = 5

    def __init__(self, reason: str, *, screen: Screenshot | None = None, box: Box | None = None) -> None:
        super().__init__(reason)
        self.screen, self.box = screen, box


class NotRecorded(Inconclusive):
    """The test has come to say what its recording does not know: the test is to be recorded anew."""


def verdict_of(error: BaseException | None) -> Verdict:
    """Whose fault an error is. What is no error of ours, such as a plain assert, is one of the product."""
    match error:
        case None:
            return "passed"
        case EnvironmentLost():
            return "environment"
        case BadModelOutput() | ModelUnavailable():
            return "model"
        case Inconclusive() | UsageError():
            return "inconclusive"
        case _:
            return "product"
