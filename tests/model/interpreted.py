"""The kernels for GPUs beside torch, run by Triton's interpreter: prints how far each is off, as JSON.

Run by test_kernels.py in a process of its own, since Triton must be told before it is first imported. Takes the folder
of a small checkpoint.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace

os.environ["TRITON_INTERPRET"] = "1"

import torch
import torch.nn.functional as F
from clickwright.model import Conversation, Decoding, Message
from clickwright.model.config import QWEN2_VL_2B
from clickwright.model.decoder import Cache
from clickwright.model.graphs import Graphs
from clickwright.model.kernels import attending
from clickwright.model.kernels.choosing import likeliest
from clickwright.model.kernels.elementwise import gated, quick_gelu_, rotated
from clickwright.model.kernels.matrix import Matrix
from clickwright.model.kernels.products import Tiling, product
from clickwright.model.load import load_model
from clickwright.model.qwen2_vl import Qwen2VL
from clickwright.model.rotary import frequencies, rotate
from torch import Tensor

Found = Iterator[tuple[str, float]]
ROUGH = "float16"
"""In the name of what is as near as numbers of 16 bits can be."""
HEADS, SHARED, WIDTH, LAYERS, ROOM = 6, 2, 32, 3, 300
SMALL = replace(
    QWEN2_VL_2B.text, hidden_size=128, intermediate_size=192, num_attention_heads=4, num_key_value_heads=2,
    num_hidden_layers=2, vocab_size=1500, mrope_section=(4, 6, 6),
)  # fmt: skip


def off(ours: Tensor, exact: Tensor) -> float:
    """How far they are apart, as a share of what is exact."""
    return float((ours.float() - exact.float()).norm() / exact.float().norm())


def elementwise() -> Found:
    angles = torch.randn(5, 20)
    cos, sin = torch.cat((angles.cos(),) * 2, -1)[:, None], torch.cat((-angles.sin(), angles.sin()), -1)[:, None]
    x = torch.randn(2, 5, 7, 40)[:, :, 1:4]
    yield "turned", off(rotated(x, cos, sin), rotate(x, cos, sin))
    each = torch.stack((cos, cos.roll(1, 0))), torch.stack((sin, sin.roll(1, 0)))
    yield "turned, rows at other places", off(rotated(x, *each), rotate(x, *each))
    x = torch.randn(3, 700)
    yield "QuickGELU", off(quick_gelu_(x.clone()), x * torch.sigmoid(1.702 * x))
    x = torch.randn(3, 1400)
    yield "SwiGLU", off(gated(x), F.silu(x[:, :700]) * x[:, 700:])


def products() -> Found:
    for rows in (1, 3, 16):
        for inputs in (96, 128):  # a tile less than whole, and whole ones
            tiles = Tiling(16, 64 if rows == 1 else 32, 4)
            x, weight, norm = torch.randn(rows, inputs), torch.randn(44, inputs) / 10, torch.rand(inputs) + 0.5
            bias, added, normed = torch.randn(44), torch.randn(rows, 44), F.rms_norm(x, (inputs,), norm, 1e-6)
            bytes_, scales = torch.randint(-127, 128, (44, inputs), dtype=torch.int8), torch.rand(44) / 100
            name, out = f"{rows} x {inputs}", torch.empty(rows, 44)
            ours = product(x, Matrix(weight, None, bias), out, norm=norm, epsilon=1e-6, tiles=tiles)
            yield f"{name}, norm and bias", off(ours, F.linear(normed, weight, bias))
            ours = product(x, Matrix(weight), added.clone(), added=added, tiles=tiles)
            yield f"{name}, added", off(ours, F.linear(x, weight) + added)
            ours = product(x, Matrix(bytes_, scales, bias), out, tiles=tiles)
            yield f"{name}, 8 bits", off(ours, F.linear(x, bytes_ * scales[:, None], bias))
            narrow = [one.half() for one in (x, weight, norm)]
            ours = product(narrow[0], Matrix(narrow[1]), out.half(), norm=narrow[2], epsilon=1e-6, tiles=tiles)
            yield f"{name}, {ROUGH}", off(ours, F.linear(normed, weight))
            for kind, matrix in (("16 bits", Matrix(weight)), ("8 bits", Matrix(bytes_, scales))):
                wide = torch.zeros(rows, 50)
                gate, up = matrix.rows(0, 22), matrix.rows(22, 44)
                product(x, up, wide[:, 4:26], norm=norm, epsilon=1e-6, gate=gate, tiles=tiles)
                values = matrix.values if matrix.scales is None else matrix.values * matrix.scales[:, None]
                first, second = F.linear(normed, values).chunk(2, -1)
                yield f"{name}, gate, {kind}", off(wide, F.pad(F.silu(first) * second, (4, 24)))


def attention() -> Found:
    for rows in (1, 4):
        for length in (1, 63, 200):
            unread = [torch.full((1, SHARED, ROOM, WIDTH), float("nan")) for _ in range(2 * LAYERS)]
            for kept in unread:
                kept[:, :, :length] = torch.randn(1, SHARED, length, WIDTH)
            keys, values = unread[:LAYERS], unread[LAYERS:]
            told = torch.tensor([length, 77, ROOM, *[kept.data_ptr() for kept in unread]])
            projected, query = torch.randn(rows, HEADS + 2 * SHARED, WIDTH), torch.empty(rows, HEADS, WIDTH)
            turning = frequencies(WIDTH, 1e4)
            attending.keep(projected, query, told, turning, 1, LAYERS)
            angles = (77 + torch.arange(rows))[:, None] * turning
            cos, sin = torch.cat((angles.cos(),) * 2, -1), torch.cat((-angles.sin(), angles.sin()), -1)
            turned = rotate(projected[:, : HEADS + SHARED], cos[:, None], sin[:, None])
            end, name = length + rows, f"{rows} behind {length}"
            yield f"{name}, queries", off(query, turned[:, :HEADS])
            yield f"{name}, keys", off(keys[1][0, :, length:end].transpose(0, 1), turned[:, HEADS:])
            yield f"{name}, values", off(values[1][0, :, length:end].transpose(0, 1), projected[:, HEADS + SHARED :])
            splits = attending.splits(SHARED)
            parts, weights = (torch.full((splits, rows, HEADS, last), float("nan")) for last in (WIDTH, 2))
            out = torch.empty(rows, HEADS, WIDTH)
            attending.attend(query, told, parts, weights, out, 1, LAYERS, SHARED)
            mask = torch.ones(rows, end, dtype=torch.bool).tril(length)
            known = (kept[1][:, :, :end] for kept in (keys, values))
            exact = F.scaled_dot_product_attention(query.transpose(0, 1)[None], *known, attn_mask=mask, enable_gqa=True)
            yield f"{name}, seen", off(out, exact[0].transpose(0, 1))


def choices() -> Found:
    scores = torch.randn(3001)
    scores[[5, 2900]] = 9.0  # equal, and far apart: the first counts
    for name, allowed in (("all", None), ("some", torch.rand(3001) < 0.3)):
        token, logprob, copy = likeliest(scores, allowed)
        exact = scores if allowed is None else scores.masked_fill(~allowed, float("-inf"))
        yield f"likeliest of {name}", abs(token - int(exact.argmax()))
        yield f"how likely of {name}", abs(logprob - float(exact.log_softmax(-1).max()))
        yield f"scores of {name}", float(not torch.equal(copy, exact))


def whole_passes() -> Found:
    network = Qwen2VL(replace(QWEN2_VL_2B, text=SMALL, vision=replace(QWEN2_VL_2B.vision, depth=1, hidden_size=128)))
    for name, weight in network.named_parameters():
        torch.nn.init.normal_(weight, 1.0 if "norm" in name and name.endswith("weight") else 0.0, 0.1)
    for is_fused in (False, True):
        if is_fused:
            network.decoder.fuse()
        graphs = Graphs(network)
        for count, begun in ((1, 40), (3, 40), (9, 40), (1, 700)):
            ours, exact = read(network, begun), read(network, begun)
            if count == 3:  # as an interrupted reading leaves it: one layer has more room than the others
                ours._keys[0] = ours._widened(ours._keys, 0, 2000)
            for place in (begun, begun + count):  # twice: the second finds what the first kept
                ids = [(place + n) % 50 for n in range(count)]
                wanted = passed(network, ids, place, exact)
                found = graphs.logits(ids, place, ours)
                name = f"{count} behind {place}, {'fused' if is_fused else 'apart'}"
                yield name, off(found, wanted)
            (keys, values), (their_keys, their_values) = ours.reserve(0), exact.reserve(0)
            pairs = zip((*keys, *values), (*their_keys, *their_values), strict=True)
            end = exact.length
            yield f"{name}, kept", max(off(one[:, :, :end], other[:, :, :end]) for one, other in pairs)


def read(network: Qwen2VL, tokens: int) -> Cache:
    """What a network remembers of some tokens."""
    cache = Cache(SMALL.num_hidden_layers)
    passed(network, [n % 50 for n in range(tokens)], 0, cache)
    return cache


def passed(network: Qwen2VL, ids: list[int], place: int, cache: Cache) -> Tensor:
    """Scores behind each token, by torch."""
    positions = torch.arange(place, place + len(ids)).expand(3, 1, -1)
    return network.logits(network.decoder(network.decoder.embed_tokens(torch.tensor([ids])), positions, None, cache))[0]


def answers() -> Found:
    """An engine with recorded passes answers as one without: alone, going on, and several together."""
    plain, recorded = (load_model(sys.argv[1], device="cpu", dtype="float32") for _ in range(2))
    recorded._reader._passes = Graphs(recorded.network)
    short = Decoding(max_new_tokens=3)
    talks = [
        Conversation(messages=tuple(Message("user", (word,)) for word in words))
        for words in (("red",), ("green", "blue"))
    ]
    longer = [
        Conversation(messages=(*talk.messages, Message("assistant", ("ok",)), Message("user", ("on",))))
        for talk in talks
    ]
    told = [
        [one.generate(talks[0], short), *one.generate_batch(talks, short, sessions=held), *again]
        for one in (plain, recorded)
        for held in [[one.session(), one.session()]]
        for again in [one.generate_batch(longer, short, sessions=held)]
    ]
    for number, (one, other) in enumerate(zip(*told, strict=True)):
        yield f"answer {number}, tokens", float(one.token_ids != other.token_ids)
        apart = max(abs(a - b) for a, b in zip(one.logprobs, other.logprobs, strict=True))
        yield f"answer {number}, how likely", apart


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with torch.inference_mode():
        parts = (elementwise, products, attention, choices, whole_passes, answers)
        print(json.dumps({name: away for part in parts for name, away in part()}))
