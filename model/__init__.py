"""Qwen2-VL: pixels and messages in, text out. Knows nothing of actions or browsers."""

from .conversation import Conversation, Decoding, Generation, Message, Model, Part, Picture, Role, Timings, Video

__all__ = [
    "Conversation",
    "Decoding",
    "Generation",
    "Message",
    "Model",
    "Part",
    "Picture",
    "Role",
    "Timings",
    "Video",
]
