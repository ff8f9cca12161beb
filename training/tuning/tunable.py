"""A checkpoint that can be trained: its network in parts that learn, and how it reads a conversation."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch

from ...errors import UsageError
from ...model import Conversation
from ...model.chat import read_default_system
from ...model.checkpoint.weights import checkpoint_folder, load_network
from ...model.config import read_config
from ...model.load import find_device
from ...model.processor import Processor, read_look
from ...model.prompt import Prompt, read_prompt
from ...model.qwen2_vl import Qwen2VL
from ...model.tokenizer import ChatTokenizer, read_tokenizer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tunable:
    """A checkpoint. `folder` holds the files that stand beside its weights."""

    name: str
    folder: Path
    network: Qwen2VL
    tokenizer: ChatTokenizer
    processor: Processor
    default_system: str | None

    def prompt(self, conversation: Conversation) -> Prompt:
        """What the engine reads of this conversation, to the token."""
        config = self.network.config
        places = config.image_token_id, config.video_token_id
        return read_prompt(conversation, self.tokenizer, self.processor, places, default_system=self.default_system)


def open_processor(name: str | Path, *, min_pixels: int | None = None, max_pixels: int | None = None) -> Processor:
    """How a checkpoint reads pictures at this budget, without its weights. Raises as `load_model` does."""
    folder = checkpoint_folder(name, weights=False)
    look = read_look(folder)
    budget = look.budget.but(min_pixels=min_pixels, max_pixels=max_pixels)
    return Processor(read_config(folder).vision, replace(look, budget=budget))


def open_tunable(
    name: str | Path,
    *,
    device: str | None = None,
    dtype: torch.dtype | None = torch.float32,
    min_pixels: int | None = None,
    max_pixels: int | None = None,
) -> Tunable:
    """The checkpoint of this name, its weights as `dtype`, read at the pixel budget at which it will answer.

    Without a `dtype` the weights are as they are stored, and on a CPU in their files: for those that share them out.
    Raises UsageError for one whose weights are packed, and as `load_model` does.
    """
    place = find_device(device)
    config = read_config(checkpoint_folder(name, weights=False))
    if config.packing is not None:
        raise UsageError(
            f"the weights of {name} are packed in {config.packing.bits} bits and cannot be trained; "
            "tune the checkpoint that it was made from"
        )
    folder = checkpoint_folder(name)
    return Tunable(
        name=str(name),
        folder=folder,
        network=load_network(folder, config, device=place, dtype=dtype),
        tokenizer=read_tokenizer(folder),
        processor=open_processor(name, min_pixels=min_pixels, max_pixels=max_pixels),
        default_system=read_default_system(folder),
    )
