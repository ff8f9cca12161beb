"""transformers on the weights and prompts of an engine, for comparison, and what both are shown."""

import platform
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import torch
from PIL import Image, ImageDraw
from transformers import Qwen2VLForConditionalGeneration

from ..model import Conversation, Picture
from ..model.chat import seen_in
from ..model.engine import Engine


def screenshot(width: int = 1288, height: int = 728) -> np.ndarray:
    """A page with a few painted buttons. Dimensions: (height, width, 3) uint8."""
    picture = Image.new("RGB", (width, height), "#f6f6f4")
    pen = ImageDraw.Draw(picture)
    for n, colour in enumerate(("#dc2626", "#16a34a", "#2563eb", "#7e22ce", "#f97316", "#0d9488")):
        x, y = 120 + 360 * (n % 3), 160 + 300 * (n // 3)
        pen.rounded_rectangle((x, y, x + 130, y + 44), 8, fill=colour)
    return np.array(picture)


def oracle_inputs(engine: Engine, conversation: Conversation) -> dict[str, torch.Tensor]:
    """What transformers' generate takes for a conversation with stills, its own processor's pixels included."""
    from transformers import Qwen2VLImageProcessorPil

    budget = engine.processor.look.budget
    size = {"shortest_edge": budget.min_pixels, "longest_edge": budget.max_pixels}
    pictures = [Image.fromarray(one.pixels) for one in seen_in(conversation) if isinstance(one, Picture)]
    seen = Qwen2VLImageProcessorPil(size=size)(images=pictures, return_tensors="pt")
    ids = torch.tensor([engine.prompt(conversation).ids], device=engine.device)
    return {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "mm_token_type_ids": (ids == engine.config.image_token_id).int(),
        "pixel_values": seen["pixel_values"].to(engine.device, engine.dtype),
        "image_grid_thw": seen["image_grid_thw"].to(engine.device),
    }


def oracle_answer(
    oracle: Qwen2VLForConditionalGeneration,
    engine: Engine,
    conversation: Conversation,
    tokens: int,
    on_first: Callable[[], None] | None = None,
    *,
    static: bool = False,
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The tokens that transformers writes greedily, the end of turn left out, and their log-probabilities.

    `on_first` is called when the scores of the first one are there. `static`: with a cache of a fixed size, which on a
    GPU has its steps compiled.
    """
    inputs = oracle_inputs(engine, conversation)
    told = [on_first] if on_first else []

    def watch(ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        while told:
            told.pop()()
        return scores

    ends = list(engine.config.eos_token_ids)
    out = cast(Any, oracle).generate(
        **inputs, max_new_tokens=tokens, do_sample=False, logits_processor=[watch], eos_token_id=ends,
        pad_token_id=ends[-1], return_dict_in_generate=True, output_logits=True,
        **({"cache_implementation": "static"} if static else {}),
    )  # fmt: skip
    written = out.sequences[0, inputs["input_ids"].shape[1] :].tolist()
    pairs = [
        (token, float(logits[0].float().log_softmax(-1)[token]))
        for token, logits in zip(written, out.logits, strict=True)
        if token not in ends
    ]
    return tuple(token for token, _ in pairs), tuple(logprob for _, logprob in pairs)


def machine(device: str, dtype: str) -> str:
    """When, where and with what it was measured."""
    where = torch.cuda.get_device_name() if device.startswith("cuda") else platform.processor() or "CPU"
    threads = torch.get_num_threads()
    return f"{datetime.now(UTC):%Y-%m-%d}, {where}, {threads} threads, torch {torch.__version__}, {dtype}"
