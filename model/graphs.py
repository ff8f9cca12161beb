"""Short passes of the decoder as CUDA graphs: seven kernels a layer for one token, started at once.

One token of an answer reads every weight once. Started one by one from Python the kernels for it would take several
times as long as the reading. A graph is recorded once for each number of tokens and serves all trajectories, since its
kernels find in a tensor where the trajectory is kept and how long it is.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import torch
from torch import Tensor, nn

from .decoder import Cache, Layer
from .kernels import attending, on_its_device
from .kernels.matrix import Matrix
from .kernels.products import MOST_ROWS, product
from .qwen2_vl import Qwen2VL
from .rotary import frequencies

ROWS = (1, 4, MOST_ROWS)
"""Tokens of a recorded pass; others are filled up, and what is filled in is forgotten."""


_RECORDING = threading.Lock()
"""torch records one graph at a time."""


class Graphs:
    """Implements `Passes`. Not for several threads at once."""

    most_tokens = ROWS[-1]

    def __init__(self, network: Qwen2VL) -> None:
        self._network = network
        self._weights = [_Weights.of(layer) for layer in network.decoder.layers if isinstance(layer, Layer)]
        self._recorded: dict[int, _Pass] = {}

    def logits(self, ids: Sequence[int], place: int, cache: Cache) -> Tensor:
        """As `Passes.logits`."""
        rows = next(rows for rows in ROWS if rows >= len(ids))
        keys, values = cache.reserve(rows)
        if rows not in self._recorded:
            self._recorded[rows] = _Pass(self._network, self._weights, rows)
        with on_its_device(keys[0]):
            scores = self._recorded[rows].run(ids, place, cache.length, keys, values)
        cache.advance(len(ids))
        return scores[: len(ids)].clone()


class _Pass:
    """A pass of so many tokens, recorded when it first runs."""

    def __init__(self, network: Qwen2VL, weights: Sequence["_Weights"], rows: int) -> None:
        config, weight = network.config.text, network.decoder.embed_tokens.weight
        self._network, self._weights, self._config, self._rows = network, weights, config, rows
        splits = attending.splits(config.num_key_value_heads)
        heads, width = (rows, config.num_attention_heads), config.head_dim
        self._told = torch.zeros(
            rows + attending.KEYS + 2 * len(self._weights), dtype=torch.int64, device=weight.device
        )
        self._sent = torch.zeros(len(self._told), dtype=torch.int64, device="cpu", pin_memory=weight.is_cuda)
        self._has_sent = torch.cuda.Event() if weight.is_cuda else None
        self._frequencies = frequencies(width, config.rope_theta, weight.device)
        self._x = weight.new_empty(rows, config.hidden_size)
        self._projected = weight.new_empty(rows, config.num_attention_heads + 2 * config.num_key_value_heads, width)
        self._query, self._seen = (weight.new_empty(*heads, width) for _ in range(2))
        self._parts, self._shares = (weight.new_empty(splits, *heads, last, dtype=torch.float32) for last in (width, 2))
        self._inner = weight.new_empty(rows, config.intermediate_size)
        self._scores = weight.new_empty(rows, config.vocab_size, dtype=torch.float32)
        self._start: Callable[[], None] | None = None

    def run(
        self, ids: Sequence[int], place: int, length: int, keys: Sequence[Tensor], values: Sequence[Tensor]
    ) -> Tensor:
        """Dimensions: (rows, vocab)."""
        filled = [*ids, *[ids[-1]] * (self._rows - len(ids))]
        addresses = (kept.data_ptr() for kept in chain(keys, values))
        self._send([*filled, length, place, keys[0].shape[2], *addresses])
        if self._start is None:
            self._start = self._recorded() if self._x.is_cuda else self._read
        self._start()
        return self._scores

    def _send(self, told: list[int]) -> None:
        """Tell the kernels, once what they were told before has left."""
        if self._has_sent is not None:
            self._has_sent.synchronize()
        self._sent.numpy()[:] = told
        self._told.copy_(self._sent, non_blocking=True)
        if self._has_sent is not None:
            self._has_sent.record()

    def _recorded(self) -> Callable[[], None]:
        """Its kernels are compiled by a first run, which is not recorded."""
        self._read()
        graph, stream = torch.cuda.CUDAGraph(), torch.cuda.Stream(self._x.device)
        with _RECORDING, torch.cuda.graph(graph, stream=stream, capture_error_mode="thread_local"):
            self._read()
        return graph.replay

    def _read(self) -> None:
        decoder, epsilon = self._network.decoder, self._config.rms_norm_eps
        torch.index_select(decoder.embed_tokens.weight, 0, self._told[: self._rows], out=self._x)
        for number, layer in enumerate(self._weights):
            self._read_layer(number, layer)
        head = self._network.lm_head
        matrix = Matrix(decoder.embed_tokens.weight) if head is None else _matrix(head)
        product(self._x, matrix, self._scores, norm=decoder.norm.weight, epsilon=epsilon)

    def _read_layer(self, number: int, layer: "_Weights") -> None:
        told, x, epsilon = self._told[self._rows :], self._x, self._config.rms_norm_eps
        flat, end = self._projected.view(self._rows, -1), 0
        for matrix in layer.projections:
            begin, end = end, end + len(matrix.values)
            product(x, matrix, flat[:, begin:end], norm=layer.norms[0], epsilon=epsilon)
        place = number, len(self._weights)
        attending.keep(self._projected, self._query, told, self._frequencies, *place)
        shares = self._parts, self._shares, self._seen
        attending.attend(self._query, told, *shares, *place, self._config.num_key_value_heads)
        product(self._seen.view(self._rows, -1), layer.output, x, added=x)
        norm = layer.norms[1]
        product(x, layer.up, self._inner, norm=norm, epsilon=epsilon, gate=layer.gate)
        product(self._inner, layer.down, x, added=x)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weights:
    """Those of one layer. `projections` give queries, keys and values one behind the other."""

    norms: tuple[Tensor, Tensor]
    projections: Sequence[Matrix]
    output: Matrix
    gate: Matrix
    up: Matrix
    down: Matrix

    @classmethod
    def of(cls, layer: Layer) -> Self:
        """Those of a layer, fused or not."""
        seeing, mlp = layer.self_attn, layer.mlp
        joined = [seeing.qkv_proj] if seeing.qkv_proj is not None else [seeing.q_proj, seeing.k_proj, seeing.v_proj]
        if mlp.gate_up_proj is None:
            gate, up = _matrix(mlp.gate_proj), _matrix(mlp.up_proj)
        else:
            both, width = _matrix(mlp.gate_up_proj), mlp.gate_up_proj.out_features // 2
            gate, up = both.rows(0, width), both.rows(width, 2 * width)
        return cls(
            norms=(layer.input_layernorm.weight, layer.post_attention_layernorm.weight),
            projections=[_matrix(one) for one in joined],
            output=_matrix(seeing.o_proj),
            gate=gate,
            up=up,
            down=_matrix(mlp.down_proj),
        )


def _matrix(linear: nn.Linear) -> Matrix:
    found = Matrix.of(linear)
    assert found is not None, "what kernels cannot read is not recorded"
    return found
