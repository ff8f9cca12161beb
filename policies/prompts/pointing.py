"""What a model is told when it is asked where something is."""

from ...model import Conversation, Message, Picture
from ...screen import Screenshot
from ..grammars.canvas import Canvas
from ..profiles import Pointing
from .template import filled, filled_text


def pointing_conversation(pointing: Pointing, description: str, canvas: Canvas, screenshot: Screenshot) -> Conversation:
    """The system text, if there is one, and the question about the screenshot."""
    seen = canvas.seen or canvas.size
    words: dict[str, str | int] = {"description": description, "width": seen.width, "height": seen.height}
    asked = Message("user", filled(pointing.prompt, words, (Picture.of(screenshot),)))
    if pointing.system is None:
        return Conversation(messages=(asked,), prefix=pointing.prefill)
    system = Message("system", (filled_text(pointing.system, words),))
    return Conversation(messages=(system, asked), prefix=pointing.prefill)
