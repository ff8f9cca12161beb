"""Several trajectories decoded in common passes."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .decoder import Cache
from .memory import Memory
from .qwen2_vl import Qwen2VL
from .writer import Writer


def write_together(
    network: Qwen2VL,
    memories: Sequence[Memory],
    writers: Sequence[Writer],
    ends: Sequence[int],
    logits: Sequence[Tensor],
) -> None:
    """Write until every answer is over; each memory knows its own then.

    `ends` are the positions behind what each has read. Dimensions: each of the logits behind that (1, vocab).
    """
    together = Cache.together([memory.cache for memory in memories])
    start, device = together.length, logits[0].device
    lengths = torch.tensor([memory.cache.length for memory in memories], device=device)
    seen = torch.arange(start, device=device) >= start - lengths[:, None]
    place = torch.tensor(ends, device=device)
    read: list[list[int]] = [[] for _ in writers]
    while True:
        chosen = [writer.write_one(row) for writer, row in zip(writers, logits, strict=True)]
        if all(writer.is_over for writer in writers):
            break
        for writer, tokens, token in zip(writers, read, chosen, strict=True):
            if not writer.is_over:
                writer.answer.passes += 1
                tokens.append(token)
        seen = torch.cat((seen, seen.new_ones(len(writers), 1)), 1)
        ids = torch.tensor(chosen, device=device)[:, None]
        x, places = network.decoder.embed_tokens(ids), place.expand(3, -1)[..., None]
        hidden = network.decoder(x, places, seen[:, None, None], together)
        logits = torch.split(network.logits(hidden[:, -1]), 1)
        place = place + 1
    for row, (memory, writer, tokens) in enumerate(zip(memories, writers, read, strict=True)):
        memory.cache.take(together, row, start, len(tokens))
        memory.known += tokens
        memory.answers.append(writer.answer.whole)
