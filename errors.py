"""The errors of the whole package. The class says who must act; `exit_code` is what the command line ends with."""

# ruff: noqa: N818  the class says who must act; a suffix would say nothing more

from typing import ClassVar


class ClickwrightError(Exception):
    """Anything Clickwright raises on purpose. The message is one sentence for the reader of a terminal."""

    exit_code: ClassVar[int] = 1


class UsageError(ClickwrightError):
    """The caller's code or command line is wrong: the caller must change it."""

    exit_code: ClassVar[int] = 2


class BadModelOutput(ClickwrightError):
    """A model wrote something that is not an action: ask the model again, with this message as the reason.

    `raw` is what the model wrote, empty where only a piece of it was read, and the tokens are what that took,
    with all that was asked on the way.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, raw: str = "", prompt_tokens: int = 0, new_tokens: int = 0) -> None:
        super().__init__(message)
        self.raw = raw
        self.prompt_tokens, self.new_tokens = prompt_tokens, new_tokens

    @property
    def tokens(self) -> int:
        """Read and written."""
        return self.prompt_tokens + self.new_tokens


class ModelUnavailable(ClickwrightError):
    """A checkpoint or a model server cannot be used: back off, then stop.

    `is_passing` where it may be over in a while, as with a server that is overloaded or begins anew.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, is_passing: bool = False) -> None:
        super().__init__(message)
        self.is_passing = is_passing


class ActionFailed(ClickwrightError):
    """An action was valid but the screen did not take it: tell the model."""

    exit_code: ClassVar[int] = 4


class EnvironmentLost(ClickwrightError):
    """The browser or the display is gone, hung or was never there: recover it or stop."""

    exit_code: ClassVar[int] = 4


class Denied(ClickwrightError):
    """The permissions forbid this action: stop or ask."""

    exit_code: ClassVar[int] = 6
