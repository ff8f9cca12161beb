"""The engine at the real widths of 2B and 7B, beside its floors and transformers, with random weights.

    python -m clickwright.perf.engine [--device cuda] [--shapes 2B,7B] [--layers N] [--quantize fp8] [--compiled]

First a cut network must write the same tokens as transformers' in float32 and nearly the same scores in the precision
that is timed. Then each part is timed: the tower on one screenshot, the prompt, each token of an answer, a whole step.
Floors come from rates that are measured in the same run. Speed does not depend on values, so random weights do.
Needs torch, transformers, numpy, pillow, safetensors and tokenizers.
"""

import argparse
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import torch
from torch import nn
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

from ..model import Conversation, Decoding, Generation, Message, Picture
from ..model.checkpoint.quantise import Quantisation, in_decoder_layer, quantise
from ..model.checkpoint.weights import MINI, checkpoint_folder
from ..model.config import QWEN2_VL_2B, QWEN2_VL_7B, ModelConfig
from ..model.engine import Engine
from ..model.pixels import normalised
from ..model.processor import Budget, Look, Processor
from ..model.qwen2_vl import Qwen2VL
from ..model.tokenizer import read_tokenizer
from .floors import Rates, look_s, measured_rates, read_s, timed, write_s
from .oracle import machine, oracle_answer, oracle_inputs, screenshot

SHAPES = {"2B": QWEN2_VL_2B, "7B": QWEN2_VL_7B}
SIZES = {"cuda": (1932, 1092), "cpu": (644, 364)}
"""1080p brought to multiples of 28, and a third of it where it would take too long."""
SYSTEM = "Click what the user asks for. " * 40
PLAIN = Decoding(max_new_tokens=60, drafts=0)
"""As many tokens as an action with a short thought has, one pass each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The engine, and transformers on the same weights."""

    engine: Engine
    oracle: Qwen2VLForConditionalGeneration


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Seconds of one part: of each of our runs, the median of theirs, and the least that the machine allows."""

    part: str
    ours: Sequence[float]
    theirs: float
    floor: float

    def told(self) -> str:
        ours = statistics.median(self.ours)
        spread = f"({1000 * min(self.ours):.1f} to {1000 * max(self.ours):.1f})"
        share, faster = f"{100 * self.floor / ours:.0f} %", f"{self.theirs / ours:.2f}"
        told = f"{self.part:30s}{1000 * ours:9.1f} {spread:20s}{1000 * self.floor:9.1f}{share:>7s}"
        return f"{told}{1000 * self.theirs:14.1f}{faster:>8s}"


def cut(config: ModelConfig, layers: int | None) -> ModelConfig:
    """The same widths in fewer layers, with the marks of the tokenizer that comes with the package."""
    tokenizer = read_tokenizer(checkpoint_folder(MINI))
    text, vision = config.text, config.vision
    if layers is not None:
        text = replace(text, num_hidden_layers=min(layers, text.num_hidden_layers))
        vision = replace(vision, depth=min(layers, vision.depth))
    marks = {"image_token_id": tokenizer.id("<|image_pad|>"), "video_token_id": tokenizer.id("<|video_pad|>")}
    return replace(config, text=text, vision=vision, eos_token_ids=(tokenizer.id("<|im_end|>"),), **marks)


def random_pair(
    config: ModelConfig,
    device: torch.device,
    dtype: torch.dtype,
    *,
    fused: bool = True,
    quantize: Quantisation | None = None,
) -> Pair:
    """Both networks with one set of random weights; the engine's own is then fused, or quantised."""
    torch.manual_seed(0)  # pyright: ignore[reportUnknownMemberType]
    with torch.device("meta"):
        network = Qwen2VL(config)
        oracle = Qwen2VLForConditionalGeneration(_transformers_config(config))
    state = {name: _random(name, empty, device, dtype) for name, empty in network.state_dict().items()}
    network.load_state_dict(state, assign=True)
    oracle.load_state_dict(state, strict=False, assign=True)
    oracle.tie_weights()
    _make_buffers(oracle, config, device)
    network.requires_grad_(False).eval()
    if fused and quantize is None:
        network.decoder.fuse()
    for name, part in cast(Iterable[tuple[str, nn.Module]], network.named_modules()):
        if quantize is not None and isinstance(part, nn.Linear) and in_decoder_layer(name):
            part.register_parameter("weight", nn.Parameter(part.weight.clone(), requires_grad=False))
            quantise(part, quantize)
    processor = Processor(config.vision, Look(budget=Budget()))
    return Pair(
        engine=Engine("random", network, read_tokenizer(checkpoint_folder(MINI)), processor), oracle=oracle.eval()
    )


def _random(name: str, empty: torch.Tensor, device: torch.device, dtype: torch.dtype) -> torch.Tensor:
    mean = 1.0 if "norm" in name and name.endswith("weight") else 0.0
    return torch.empty(empty.shape, device=device, dtype=dtype).normal_(mean, 0.02)


def _transformers_config(config: ModelConfig) -> Qwen2VLConfig:
    text, vision = config.text, config.vision
    rope = {"rope_type": "default", "mrope_section": list(text.mrope_section), "rope_theta": text.rope_theta}
    names = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads")
    kept = {name: getattr(text, name) for name in (*names, "vocab_size", "rms_norm_eps", "max_position_embeddings")}
    names = ("hidden_size", "depth", "embed_dim", "num_heads", "mlp_ratio")
    tower = {name: getattr(vision, name) for name in names}
    tied = text.tie_word_embeddings
    return Qwen2VLConfig(
        text_config=kept | {"rope_parameters": rope, "tie_word_embeddings": tied},
        vision_config=tower,
        tie_word_embeddings=tied,
        image_token_id=config.image_token_id,
        video_token_id=config.video_token_id,
    )


def _make_buffers(oracle: Qwen2VLForConditionalGeneration, config: ModelConfig, device: torch.device) -> None:
    """The rotary frequencies, which are in no state and were made on no device."""
    with torch.device("cpu"):
        tiny = Qwen2VLForConditionalGeneration(_transformers_config(_with_few_weights(config)))
    made = dict(tiny.named_buffers())
    for name, buffer in list(oracle.named_buffers()):
        if buffer.is_meta:
            owner, _, leaf = name.rpartition(".")
            oracle.get_submodule(owner).register_buffer(leaf, made[name].to(device), persistent=False)


def _with_few_weights(config: ModelConfig) -> ModelConfig:
    return replace(
        config,
        text=replace(config.text, num_hidden_layers=1, intermediate_size=8, vocab_size=64),
        vision=replace(config.vision, depth=1),
    )


def asked(device: torch.device, *seeds: int, answers: Sequence[str] = ()) -> Conversation:
    """A system text and some screenshots, all but the last with an answer."""
    messages = [Message("system", (SYSTEM,))]
    for n, seed in enumerate(seeds):
        pixels = screenshot(*SIZES[device.type])
        pixels[20:60, 40 * seed : 40 * seed + 30] = 30
        messages.append(Message("user", (Picture(pixels), "Click the green button.")))
        messages += [Message("assistant", (answers[n],))] if n < len(answers) else []
    return Conversation(messages=tuple(messages))


def check(device: torch.device, dtype: torch.dtype) -> None:
    """Ends the run where a cut network of the 2B does not write and score as transformers' does."""
    small = asked(device, 1)
    for precision, off in ((torch.float32, 1e-3), (dtype, 0.15)):
        pair = random_pair(cut(QWEN2_VL_2B, 2), device, precision)
        ours = pair.engine.generate(small, Decoding(max_new_tokens=8))
        theirs, scores = oracle_answer(pair.oracle, pair.engine, small, 8)
        apart = max(abs(one - other) for one, other in zip(ours.logprobs[:1], scores[:1], strict=True))
        same = ours.token_ids == theirs
        print(f"{precision}: tokens {'equal' if same else 'differ'}, first log-probability {apart:.1e} apart")
        if apart > off or (precision == torch.float32 and not same):
            raise SystemExit("the engine does not answer as transformers does, so nothing is timed")


def measure(shape: str, config: ModelConfig, pair: Pair, rates: Rates, given: argparse.Namespace) -> list[Row]:
    """Every part of one shape."""
    runs, precision = given.runs, given.quantize or "bfloat16"
    engine, oracle, device = pair.engine, pair.oracle, pair.engine.device
    conversation = asked(device, 1)
    inputs = oracle_inputs(engine, conversation)
    picture = engine.prompt(conversation).pictures[0]
    patches, tokens = picture.tokens * 4, len(engine.prompt(conversation).ids)
    pixels = normalised(
        engine.processor.patches(picture.seen).values, engine.processor.look, device=device, dtype=engine.dtype
    )
    look = _seconds(lambda: engine.network.visual(pixels, [picture.grid]), device, runs)
    grid = inputs["image_grid_thw"]
    their_look = _median(lambda: oracle.model.visual(inputs["pixel_values"], grid), device, runs)
    ours = [_fresh(engine, conversation) for _ in range(runs + 1)][1:]
    prompt, each = ([part(made) for made in ours] for part in (_prompt_s, _each_token))
    their_first, their_whole = (
        _median(lambda n=n: oracle_answer(oracle, engine, conversation, n), device, max(1, runs // 2))
        for n in (1, PLAIN.max_new_tokens)
    )
    written = PLAIN.max_new_tokens - 1
    context = tokens + PLAIN.max_new_tokens // 2
    rows = [
        Row(part="tower, 1 screenshot", ours=look, theirs=their_look, floor=look_s(config, patches, rates)),
        Row(part=f"prompt, {tokens} tokens", ours=prompt, theirs=their_first - their_look,
            floor=read_s(config, tokens, 0, rates)),
        Row(part="each token written", ours=each, theirs=(their_whole - their_first) / written,
            floor=write_s(config, context, rates, precision)),
        *_steps(config, pair, rates, given),
    ]  # fmt: skip
    return [replace(row, part=f"{shape} {row.part}") for row in rows]


def _steps(config: ModelConfig, pair: Pair, rates: Rates, given: argparse.Namespace) -> list[Row]:
    """A step behind three others: with a session, and anew as transformers does it."""
    engine, device = pair.engine, pair.engine.device
    answers = [f"I click on number {n}." for n in range(3)]
    before, now = asked(device, 1, 2, 3, answers=answers[:2]), asked(device, 1, 2, 3, 4, answers=answers)
    runs = [_behind(engine, before, now) for _ in range(given.runs + 1)]
    made = runs[-1]
    new, known = made.prompt_tokens - made.reused_tokens, made.reused_tokens
    patches = engine.prompt(now).pictures[-1].tokens * 4
    writing = PLAIN.max_new_tokens * write_s(config, made.prompt_tokens, rates, given.quantize or "bfloat16")
    floor = look_s(config, patches, rates) + read_s(config, new, known, rates) + writing
    ours = [one.timings.total_s for one in runs[1:]]
    rows: list[Row] = []
    for static in (False, True)[: 1 + given.compiled]:
        answer = partial(oracle_answer, pair.oracle, engine, now, PLAIN.max_new_tokens, static=static)
        named = "step, theirs compiled" if static else "step, 3 before, 60 tokens"
        rows.append(Row(part=named, ours=ours, theirs=_median(answer, device, 1), floor=floor))
    return rows


def _behind(engine: Engine, before: Conversation, now: Conversation) -> Generation:
    engine.forget()
    session = engine.session()
    session.generate(before, replace(PLAIN, max_new_tokens=1))
    return session.generate(now, PLAIN)


def _fresh(engine: Engine, conversation: Conversation) -> Generation:
    engine.forget()
    return engine.generate(conversation, PLAIN)


def _prompt_s(made: Generation) -> float:
    return made.timings.prefill_s


def _each_token(made: Generation) -> float:
    return made.timings.decode_s / max(1, made.passes - 1)


def _seconds(work: Callable[[], object], device: torch.device, runs: int) -> list[float]:
    """Of each run, after one that is not counted."""
    return [timed(work, device) for _ in range(runs + 1)][1:]


def _median(work: Callable[[], object], device: torch.device, runs: int) -> float:
    return statistics.median(_seconds(work, device, runs))


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the engine beside its floors and transformers.")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--shapes", default="2B,7B", help="which widths, such as 2B")
    parser.add_argument("--layers", type=int, default=None, help="cut the networks to so many layers; 2 on a CPU")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quantize", choices=("int8", "fp8"), help="the engine's weights; transformers' stay bfloat16")
    parser.add_argument("--compiled", action="store_true", help="transformers with a static cache, compiled, too")
    given = parser.parse_args()
    device, dtype = torch.device(given.device), torch.bfloat16
    layers = given.layers or (2 if device.type == "cpu" else None)
    with torch.inference_mode():
        check(device, dtype)
        rates = measured_rates(device, dtype)
        print(machine(given.device, "bfloat16"))
        print(f"{rates.bytes / 1e9:.0f} GB/s copied, {rates.operations / 1e12:.2f} TFLOP/s multiplied, measured")
        print(f"{'ms, medians of ' + str(given.runs):30s}{'ours':>9s} {'(least to most)':20s}{'floor':>9s}{'share':>7s}"
              f"{'transformers':>14s}{'faster':>8s}")  # fmt: skip
        for shape in given.shapes.split(","):
            config = cut(SHAPES[shape], layers)
            pair = random_pair(config, device, dtype, quantize=given.quantize)
            for row in measure(shape, config, pair, rates, given):
                print(row.told(), flush=True)


if __name__ == "__main__":
    main()
