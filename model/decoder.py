"""The decoder: Qwen2 with grouped queries and M-RoPE, and the cache of keys and values that it reads and extends."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import Mask, attention, can_hide
from .config import TextConfig
from .kernels import serve
from .rotary import rotate, text_rotation

GROWTH_TOKENS = 512
"""How many tokens a cache grows by at a time, at least."""
PIECE_TOKENS = 2048
"""How many tokens are read at once behind others where their mask is written out, on a CPU as floats: 5 bytes for each
of them times all before them, which for 32,768 behind as many would be 10 GB."""


def capacity(tokens: int) -> int:
    """How many tokens a cache makes room for when it has to hold so many."""
    return max(tokens + GROWTH_TOKENS, tokens * 5 // 4)


class Cache:
    """Keys and values of the tokens seen so far. Dimensions: each (batch, kv heads, capacity, head_dim).

    `length` tokens are valid in every layer; `cut` forgets the last ones, which costs nothing.
    """

    def __init__(self, layers: int) -> None:
        self.length = 0
        self._keys: list[Tensor | None] = [None] * layers
        self._values: list[Tensor | None] = [None] * layers

    def append(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """All keys and values of one layer with these behind them. `advance` makes them count."""
        end = self.length + key.shape[2]
        return self._store(self._keys, layer, key, end), self._store(self._values, layer, value, end)

    def advance(self, tokens: int) -> None:
        self.length += tokens

    def reserve(self, tokens: int) -> tuple[list[Tensor], list[Tensor]]:
        """All keys and all values, layer by layer, with room for so many behind the tokens of a cache that has any.

        All have the same room, whatever became of an earlier reading. What is written there counts when `advance` says
        so.
        """
        rooms = [kept.shape[2] for kept in (*self._keys, *self._values) if kept is not None]
        room, end = max(rooms, default=0), self.length + tokens
        room = room if room >= end else capacity(end)
        return [self._widened(self._keys, n, room) for n in range(len(self._keys))], [
            self._widened(self._values, n, room) for n in range(len(self._values))
        ]

    def cut(self, length: int) -> None:
        """Keep the first `length` tokens."""
        self.length = min(self.length, length)

    def clear(self) -> None:
        """Give the memory back."""
        self.length = 0
        self._keys, self._values = [None] * len(self._keys), [None] * len(self._values)

    def fork(self) -> Self:
        """A copy of the only row, which goes on alone."""
        copy = type(self)(len(self._keys))
        copy.take(self, 0, 0, self.length)
        return copy

    @classmethod
    def together(cls, caches: Sequence["Cache"]) -> Self:
        """Caches of one row each as one batch, copied. Those that are shorter get zeros on their left: mask them."""
        whole = cls(len(caches[0]._keys))
        whole.length = max(cache.length for cache in caches)
        for layer in range(len(whole._keys)):
            whole._keys[layer] = torch.cat([cache._padded(cache._keys[layer], whole.length) for cache in caches])
            whole._values[layer] = torch.cat([cache._padded(cache._values[layer], whole.length) for cache in caches])
        return whole

    def take(self, batch: "Cache", row: int, start: int, tokens: int) -> None:
        """Append some tokens of one row of a batch."""
        place = np.s_[row : row + 1, :, start : start + tokens]
        for layer, (keys, values) in enumerate(zip(batch._keys, batch._values, strict=True)):
            if keys is not None and values is not None:
                self.append(layer, keys[place], values[place])
        self.advance(tokens)

    def _padded(self, kept: Tensor | None, length: int) -> Tensor:
        assert kept is not None, "a cache that has read nothing cannot join a batch"
        return F.pad(kept[:, :, : self.length], (0, 0, length - self.length, 0))

    def _store(self, kept: list[Tensor | None], layer: int, new: Tensor, end: int) -> Tensor:
        known = kept[layer]
        if known is None:
            kept[layer] = known = new.new_empty(new.shape[0], new.shape[1], capacity(end), new.shape[3])
        room = known if known.shape[2] >= end else self._widened(kept, layer, capacity(end))
        room[:, :, self.length : end] = new
        return room[:, :, :end]

    def _widened(self, kept: list[Tensor | None], layer: int, room: int) -> Tensor:
        """Those of one layer, with room for so many tokens, no more and no less."""
        known = kept[layer]
        assert known is not None, "a cache that has read nothing has no shape yet"
        if known.shape[2] == room:
            return known
        wide = known.new_empty(known.shape[0], known.shape[1], room, known.shape[3])
        wide[:, :, : self.length] = known[:, :, : self.length]
        kept[layer] = wide
        return wide


class Attention(nn.Module):
    """Causal attention in which several queries share one key and value."""

    def __init__(self, config: TextConfig, layer: int) -> None:
        super().__init__()
        self.layer, self.head_dim = layer, config.head_dim
        self.heads, self.kv_heads = config.num_attention_heads, config.num_key_value_heads
        shared = config.num_key_value_heads * config.head_dim
        self.q_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.k_proj = nn.Linear(config.hidden_size, shared)
        self.v_proj = nn.Linear(config.hidden_size, shared)
        self.o_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.qkv_proj: nn.Linear | None = None

    def fuse(self) -> None:
        self.qkv_proj = _fused(self.q_proj, self.k_proj, self.v_proj)
        del self.q_proj, self.k_proj, self.v_proj

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], mask: Mask | None, cache: Cache | None) -> Tensor:
        projected = self._projected(x)
        heads = projected.view(*projected.shape[:-1], -1, self.head_dim)
        turned, value = torch.split(heads, [self.heads + self.kv_heads, self.kv_heads], 2)
        query, key = torch.split(rotate(turned, *rotation), [self.heads, self.kv_heads], 2)
        query, key, value = (part.transpose(1, 2) for part in (query, key, value))
        if cache is not None:
            key, value = cache.append(self.layer, key, value)
        seen = attention(query, key, value, mask=mask, causal=mask is None)
        return self.o_proj(seen.transpose(1, 2).flatten(2))

    def _projected(self, x: Tensor) -> Tensor:
        if self.qkv_proj is not None:
            return self.qkv_proj(x)
        return torch.cat((self.q_proj(x), self.k_proj(x), self.v_proj(x)), -1)


class Mlp(nn.Module):
    """SwiGLU."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)
        self.gate_up_proj: nn.Linear | None = None

    def fuse(self) -> None:
        self.gate_up_proj = _fused(self.gate_proj, self.up_proj)
        del self.gate_proj, self.up_proj

    def forward(self, x: Tensor) -> Tensor:
        both = None if self.gate_up_proj is None else self.gate_up_proj(x)
        if both is not None and serve(both):
            from .kernels.elementwise import gated

            return self.down_proj(gated(both))
        gate, up = (self.gate_proj(x), self.up_proj(x)) if both is None else both.chunk(2, -1)
        return self.down_proj(F.silu(gate) * up)


class Layer(nn.Module):
    def __init__(self, config: TextConfig, layer: int) -> None:
        super().__init__()
        self.self_attn = Attention(config, layer)
        self.mlp = Mlp(config)
        self.input_layernorm = nn.RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = nn.RMSNorm(config.hidden_size, config.rms_norm_eps)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], mask: Mask | None, cache: Cache | None) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), rotation, mask, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """Embeddings and positions in, hidden states out."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config, n) for n in range(config.num_hidden_layers))
        self.norm = nn.RMSNorm(config.hidden_size, config.rms_norm_eps)

    def fuse(self) -> None:
        """Join the products that read the same input. The state then has other names than a checkpoint's."""
        for part in list(self.modules()):
            if isinstance(part, Attention | Mlp):
                part.fuse()

    def forward(self, x: Tensor, positions: Tensor, mask: Mask | None = None, cache: Cache | None = None) -> Tensor:
        """Normalised hidden states of the new tokens, which join the cache.

        Dimensions: x (batch, new, hidden), positions (3, batch, new), mask boolean (batch or 1, 1, new, all), True
        where a token is seen, or blocks or branches of such masks; returns (batch, new, hidden). Without a mask every
        token sees all before it, and many tokens behind a filled cache are read in pieces.
        """
        if mask is not None or cache is None or not cache.length or x.shape[1] <= PIECE_TOKENS or can_hide(x):
            return self._read(x, positions, mask, cache)
        pieces = zip(torch.split(x, PIECE_TOKENS, 1), torch.split(positions, PIECE_TOKENS, 2), strict=True)
        return torch.cat([self._read(*piece, None, cache) for piece in pieces], 1)

    def _read(self, x: Tensor, positions: Tensor, mask: Mask | None, cache: Cache | None) -> Tensor:
        config = self.config
        cos, sin = text_rotation(positions, config.head_dim, config.rope_theta, config.mrope_section)
        rotation = cos[:, :, None], sin[:, :, None]
        for layer in self.layers:
            x = layer(x, rotation, mask, cache)
        if cache is not None:
            cache.advance(x.shape[1])
        return self.norm(x)


def _fused(*parts: nn.Linear) -> nn.Linear:
    """One layer that gives what these give, one behind the other."""
    with torch.device("meta"):
        whole = nn.Linear(
            parts[0].in_features, sum(part.out_features for part in parts), bias="bias" in parts[0].state_dict()
        )
    state = {name: torch.cat([getattr(part, name) for part in parts]) for name in whole.state_dict()}
    whole.load_state_dict(state, assign=True)
    return whole.requires_grad_(False)
