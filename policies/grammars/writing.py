"""How calls are written in languages that have them: `click(start_box='(12,34)')`."""

from ...errors import UsageError
from ...tools import Action


def string(text: str) -> str:
    """A text between single quotes, in one line.

    It may hold anything: written with an escape, no mark in it can turn into a token of the chat.
    """
    for raw, written in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r"), ("<|", "\\u003c|")):
        text = text.replace(raw, written)
    return f"'{text}'"


def no_word(language: str, action: Action) -> UsageError:
    """What to raise for an action that a language cannot say."""
    return UsageError(f"{language} has no word for {action.kind} as it is meant: {action!r:.200}")


STRING = r"""/'([^'\\\x00-\x1f]|\\['"\\n]){0,1000}'/"""
"""A terminal: any text in single quotes, as `string` writes it."""
