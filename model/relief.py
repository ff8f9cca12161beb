"""When the GPU's memory does not do: what can be given back, what is told, and how it ends."""

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from weakref import WeakValueDictionary

import torch

from ..errors import ModelUnavailable
from .features import Features
from .memory import Memory
from .processor import Processor

TOO_LARGE = (
    "the prompt and its answer do not fit into the GPU's memory; give a smaller max_pixels, show fewer pictures or "
    "choose a smaller checkpoint (clickwright models --memory)"
)
TOO_MANY = "several prompts and their answers do not fit into the GPU's memory together: ask fewer at once"
NOT_TWICE = "what a session has read does not fit into the GPU's memory twice: begin a new session instead of a fork"


class Kept:
    """All that an engine keeps between calls: features, and the memory of each trajectory that is still in use."""

    def __init__(self, feature_bytes: int) -> None:
        self.features = Features(feature_bytes)
        self._memories = WeakValueDictionary[int, Memory]()

    def add(self, memory: Memory) -> Memory:
        """The same memory, which `forget` empties from now on."""
        self._memories[id(memory)] = memory
        return memory

    def forget(self) -> None:
        """Give it all back to the device. What is asked next is read from its beginning."""
        self.features.clear()
        for one in self._memories.valuerefs():
            memory = one()
            if memory is not None:
                memory.forget()
        torch.cuda.empty_cache()


def tell_halved(processor: Processor) -> None:
    """A RuntimeWarning that pictures are read smaller from now on."""
    warnings.warn(
        "a prompt or its answer did not fit into the GPU's memory, so pictures are read at half the pixels now; "
        f"load the model with max_pixels={processor.look.budget.max_pixels} to begin so",
        RuntimeWarning,
        stacklevel=3,
    )


@contextmanager
def enough_memory(sentence: str = TOO_LARGE) -> Generator[None]:
    """Raises ModelUnavailable with this sentence where the GPU's memory does not do in the end."""
    try:
        yield
    except torch.OutOfMemoryError:
        raise ModelUnavailable(sentence) from None
