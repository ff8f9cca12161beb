"""What a model is told when it is asked about pictures or a video."""

from collections.abc import Sequence

from ...model import Conversation, Message, Part
from ..grammars.native import NativePlaces
from ..profiles import Profile

NATIVE_CAPTION = "Generate the caption in English with grounding:"
"""The words that Qwen-VL was trained on for a caption with boxes: QwenLM/Qwen-VL, README.md."""
JSON_CAPTION = "Outline the position of each object and output all the coordinates in JSON format."
"""As Qwen2.5-VL's own examples ask for each cake: QwenLM/Qwen2.5-VL, cookbooks/spatial_understanding.ipynb."""


def asking_conversation(question: str, seen: Sequence[Part]) -> Conversation:
    """What is seen, in order, then the question."""
    return Conversation(messages=(Message("user", (*seen, question)),))


def question_of_places(profile: Profile, question: str = "") -> str:
    """The question in the words at which a checkpoint names places; without one, for a caption of the whole picture.

    Qwen2-VL writes its marks where it is asked to answer "with grounding", its successors a list where it is for JSON.
    """
    is_native = profile.ground is not None and isinstance(profile.ground.places, NativePlaces)
    default, word, wish = (
        (NATIVE_CAPTION, "grounding", "with grounding.")
        if is_native
        else (JSON_CAPTION, "json", "and output all the coordinates in JSON format.")
    )
    if not question:
        return default
    return question if word in question.casefold() else f"{question.rstrip(' .:?!')} {wish}"
