"""Qwen2-VL: pixels and messages in, text out. Knows nothing of actions or browsers. torch loads with `load_model`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .conversation import (
    Conversation,
    Decoding,
    Generation,
    Marked,
    Message,
    Model,
    Part,
    Picture,
    Pointed,
    Pointer,
    Role,
    Sessions,
    Timings,
    Video,
)
from .grammar import Grammar, json_value
from .scripted import ScriptedModel

if TYPE_CHECKING:
    from .backends.openai import OpenAIModel
    from .engine import Engine
    from .load import load_model
    from .open import open_model
    from .video import read_video

_LATE = {
    "Engine": "engine",
    "OpenAIModel": "backends.openai",
    "load_model": "load",
    "open_model": "open",
    "read_video": "video",
}

__all__ = [
    "Conversation",
    "Decoding",
    "Engine",
    "Generation",
    "Grammar",
    "Marked",
    "Message",
    "Model",
    "OpenAIModel",
    "Part",
    "Picture",
    "Pointed",
    "Pointer",
    "Role",
    "ScriptedModel",
    "Sessions",
    "Timings",
    "Video",
    "json_value",
    "load_model",
    "open_model",
    "read_video",
]


def __getattr__(name: str) -> Any:
    module = _LATE.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{module}", __name__), name)
