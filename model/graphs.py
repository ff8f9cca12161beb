"""Short passes of the decoder as CUDA graphs: seven kernels a layer, started at once.

One token of an answer reads every weight once. Started one by one from Python the kernels for it would take several
times as long as the reading. A graph is recorded once for each number of tokens and serves all trajectories, since its
kernels find in a tensor where the trajectory is kept and how long it is.
"""

from collections.abc import Callable, Sequence
from itertools import chain

import torch
import torch.nn.functional as F
from torch import Tensor

from .decoder import Cache, Layer
from .kernels import attending, products
from .qwen2_vl import Qwen2VL
from .rotary import frequencies

ROWS = (1, 4, 16)
"""Tokens of a recorded pass; others are filled up, and what is filled in is forgotten."""
OVERLAP = 0


class Graphs:
    """Implements `Passes`. Not for several threads at once."""

    most_tokens = ROWS[-1]

    def __init__(self, network: Qwen2VL) -> None:
        self._network = network
        self._recorded: dict[int, _Pass] = {}

    def logits(self, ids: Sequence[int], place: int, cache: Cache) -> Tensor:
        """As `Passes.logits`."""
        rows = next(rows for rows in ROWS if rows >= len(ids))
        keys, values = cache.reserve(rows)
        if rows not in self._recorded:
            self._recorded[rows] = _Pass(self._network, rows)
        scores = self._recorded[rows].run(ids, place, cache.length, keys, values)
        cache.advance(len(ids))
        return scores[: len(ids)]


class _Pass:
    """A pass of so many tokens, recorded when it first runs."""

    def __init__(self, network: Qwen2VL, rows: int) -> None:
        config, weight = network.config.text, network.decoder.embed_tokens.weight
        self._network, self._config, self._rows = network, config, rows
        self._layers = [layer for layer in network.decoder.layers if isinstance(layer, Layer)]
        splits = attending.splits(config.num_key_value_heads)
        heads, width = (rows, config.num_attention_heads), config.head_dim
        self._told = torch.zeros(rows + attending.KEYS + 2 * len(self._layers), dtype=torch.int64, device=weight.device)
        self._sent = torch.zeros(len(self._told), dtype=torch.int64, pin_memory=weight.is_cuda)
        self._frequencies = frequencies(width, config.rope_theta, weight.device)
        self._x = weight.new_empty(rows, config.hidden_size)
        self._projected = weight.new_empty(rows, config.num_attention_heads + 2 * config.num_key_value_heads, width)
        self._query, self._seen = (weight.new_empty(*heads, width) for _ in range(2))
        self._parts, self._weights = (
            weight.new_empty(splits, *heads, last, dtype=torch.float32) for last in (width, 2)
        )
        self._inner = weight.new_empty(rows, config.intermediate_size)
        self._scores = weight.new_empty(rows, config.vocab_size, dtype=torch.float32)
        self._start: Callable[[], None] | None = None

    def run(
        self, ids: Sequence[int], place: int, length: int, keys: Sequence[Tensor], values: Sequence[Tensor]
    ) -> Tensor:
        """Dimensions: (rows, vocab)."""
        filled = [*ids, *[ids[-1]] * (self._rows - len(ids))]
        addresses = (kept.data_ptr() for kept in chain(keys, values))
        self._sent.numpy()[:] = [*filled, length, place, keys[0].shape[2], *addresses]
        self._told.copy_(self._sent, non_blocking=True)
        if self._start is None:
            self._start = self._recorded() if self._x.is_cuda else self._read
        self._start()
        return self._scores

    def _recorded(self) -> Callable[[], None]:
        """Its kernels are compiled by a first run, which is not recorded."""
        self._read()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._read()
        return graph.replay

    def _read(self) -> None:
        network, epsilon, rows = self._network, self._config.rms_norm_eps, self._rows
        embeddings = network.decoder.embed_tokens.weight
        self._x.copy_(F.embedding(self._told[:rows], embeddings))
        for number, layer in enumerate(self._layers):
            self._read_layer(number, layer)
        head = embeddings if network.lm_head is None else network.lm_head.weight
        self._product(self._x, head, self._scores, norm=network.decoder.norm.weight, epsilon=epsilon)

    def _read_layer(self, number: int, layer: Layer) -> None:
        config, told, x = self._config, self._told[self._rows :], self._x
        seeing, mlp, layers, rows = layer.self_attn, layer.mlp, len(self._layers), self._rows
        assert seeing.qkv_proj is not None
        assert mlp.gate_up_proj is not None
        epsilon, flat = config.rms_norm_eps, self._projected.view(rows, -1)
        norm = layer.input_layernorm.weight
        self._product(x, seeing.qkv_proj.weight, flat, norm=norm, epsilon=epsilon, bias=seeing.qkv_proj.bias)
        attending.keep(self._projected, self._query, told, self._frequencies, number, layers, OVERLAP)
        places = self._parts, self._weights, self._seen
        attending.attend(self._query, told, *places, number, layers, config.num_key_value_heads, OVERLAP)
        self._product(self._seen.view(rows, -1), seeing.o_proj.weight, x, added=x)
        norm = layer.post_attention_layernorm.weight
        self._product(x, mlp.gate_up_proj.weight, self._inner, norm=norm, epsilon=epsilon, is_gated=True)
        self._product(self._inner, mlp.down_proj.weight, x, added=x)

    def _product(self, x: Tensor, weight: Tensor, out: Tensor, **parts: Tensor | float | bool | None) -> None:
        products.product(x, weight, out, products.tiling(weight, self._rows), overlap=OVERLAP, **parts)  # type: ignore[arg-type]
