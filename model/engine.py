"""A loaded checkpoint that answers. Between calls it keeps what the next prompt is likely to begin with."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from ..errors import ModelUnavailable, UsageError
from .answer import Answer
from .chat import prompt_ids, seen_in
from .config import ModelConfig
from .conversation import Conversation, Decoding, Generation, Picture, Timings, Video
from .decoder import Cache, padded_mask
from .grammar import GrammarTokenizer, Guide
from .processor import Patches, Processor, digest
from .qwen2_vl import Qwen2VL
from .rotary import Grid, mrope_positions
from .sampling import Sampler
from .tokenizer import ChatTokenizer
from .writer import Writer

KEPT_PICTURES = 16
"""Pictures whose features stay in memory: a history's screenshots are shown again and again."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture or video of a prompt, under the name that its pixels have, and the grid at which it is read."""

    name: str
    grid: Grid
    seen: Picture | Video

    @property
    def tokens(self) -> int:
        return self.grid[0] * self.grid[1] * self.grid[2] // 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prompt:
    """A conversation in tokens. Dimensions: positions (3, n). `keys` equals `ids`, but says which picture is shown."""

    ids: list[int]
    keys: list[int | str]
    positions: Tensor
    pictures: list[Shown]
    starts: list[int]
    """Where the tokens of each picture begin."""

    @property
    def visual_tokens(self) -> int:
        return sum(isinstance(key, str) for key in self.keys)


@dataclass(slots=True)
class _Clock:
    """Seconds by part. On a GPU the clock waits for it."""

    device: torch.device
    process_s: float = 0.0
    vision_s: float = 0.0
    prefill_s: float = 0.0
    decode_s: float = 0.0
    _last: float = field(default_factory=time.perf_counter)

    def spent(self) -> float:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        last, self._last = self._last, time.perf_counter()
        return self._last - last

    @property
    def timings(self) -> Timings:
        return Timings(
            process_s=self.process_s, vision_s=self.vision_s, prefill_s=self.prefill_s, decode_s=self.decode_s
        )


class Engine:
    """Implements `Model`. Calls from several threads wait for one another.

    The keys and values of the last conversation are kept: a prompt that begins as it did, pictures included, is read
    from where it differs. Features of pictures are kept too, by what the pictures show.
    """

    def __init__(
        self,
        name: str,
        network: Qwen2VL,
        tokenizer: ChatTokenizer,
        processor: Processor,
        *,
        default_system: str | None = None,
    ) -> None:
        self.name = name
        self.network, self.tokenizer, self.processor = network, tokenizer, processor
        self.default_system = default_system
        weight = network.decoder.embed_tokens.weight
        self.device, self.dtype = weight.device, weight.dtype
        self._lock = threading.Lock()
        self._features: OrderedDict[str, Tensor] = OrderedDict()
        self._cache = Cache(self.config.text.num_hidden_layers)
        self._known: list[int | str] = []
        """What the cache holds, token by token."""

    @property
    def config(self) -> ModelConfig:
        return self.network.config

    @torch.inference_mode()
    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """The answer to a conversation. Raises UsageError for a prompt longer than the checkpoint can read."""
        decoding = decoding or Decoding()
        with self._lock, _enough_memory():
            clock = _Clock(self.device)
            prompt = self.prompt(conversation)
            self._require_room(prompt, decoding)
            reused = self._reusable(prompt)
            clock.process_s = clock.spent()
            features = self._features_behind(prompt, reused)
            clock.vision_s = clock.spent()
            logits = self._read(prompt, reused, features)
            clock.prefill_s = clock.spent()
            answer = self._write(prompt, logits, decoding, on_text)
            clock.decode_s = clock.spent()
            return answer.generation(
                prompt_tokens=len(prompt.ids), visual_tokens=prompt.visual_tokens, timings=clock.timings
            )

    @torch.inference_mode()
    def generate_batch(
        self, conversations: Sequence[Conversation], decoding: Decoding | None = None
    ) -> tuple[Generation, ...]:
        """The answers to several conversations at once, each as `generate` gives it alone; nothing is kept."""
        if not conversations:
            return ()
        decoding = decoding or Decoding()
        with self._lock, _enough_memory():
            prompts = [self.prompt(conversation) for conversation in conversations]
            for prompt in prompts:
                self._require_room(prompt, decoding)
            answers, clock = self._batch(prompts, decoding)
        return tuple(
            answer.generation(prompt_tokens=len(prompt.ids), visual_tokens=prompt.visual_tokens, timings=clock.timings)
            for answer, prompt in zip(answers, prompts, strict=True)
        )

    def prompt(self, conversation: Conversation) -> Prompt:
        """The tokens of a conversation, their positions, and its pictures, which are cut up only when looked at."""
        pictures = [Shown(digest(one), self.processor.grid(one), one) for one in seen_in(conversation)]
        grids = [shown.grid for shown in pictures]
        ids = prompt_ids(self.tokenizer, conversation, grids, default_system=self.default_system)
        keys, starts, index = list[int | str](ids), list[int](), 0
        for shown in pictures:
            index = next(n for n in range(index, len(ids)) if ids[n] in self._placeholders)
            starts.append(index)
            keys[index : index + shown.tokens] = [shown.name] * shown.tokens
            index += shown.tokens
        positions = mrope_positions(ids, grids, self._placeholders)
        return Prompt(ids=ids, keys=keys, positions=positions, pictures=pictures, starts=starts)

    def forget(self) -> None:
        """Give back the memory of what was read so far."""
        with self._lock:
            self._features.clear()
            self._cache, self._known = Cache(self.config.text.num_hidden_layers), []

    @property
    def _placeholders(self) -> tuple[int, int]:
        return self.config.image_token_id, self.config.video_token_id

    def _require_room(self, prompt: Prompt, decoding: Decoding) -> None:
        last = int(prompt.positions.max()) + decoding.max_new_tokens
        if last >= self.config.text.max_position_embeddings:
            raise UsageError(
                f"the prompt of {len(prompt.ids)} tokens and an answer of {decoding.max_new_tokens} reach position "
                f"{last}; {self.name} reads {self.config.text.max_position_embeddings}"
            )

    def _reusable(self, prompt: Prompt) -> int:
        """How many tokens at the beginning are in the cache already, with whole pictures and one token left to read."""
        pairs = zip(prompt.keys[:-1], self._known, strict=False)
        common = next(
            (n for n, (new, old) in enumerate(pairs) if new != old), min(len(prompt.keys) - 1, len(self._known))
        )
        for start, shown in zip(prompt.starts, prompt.pictures, strict=True):
            if start < common < start + shown.tokens:
                common = start
        return common

    def _features_behind(self, prompt: Prompt, reused: int) -> Tensor | None:
        """The features of the pictures that are still to be read. Dimensions: (tokens, hidden)."""
        pictures = [one for start, one in zip(prompt.starts, prompt.pictures, strict=True) if start >= reused]
        return torch.cat([self._look(one) for one in pictures]) if pictures else None

    def _look(self, shown: Shown) -> Tensor:
        known = self._features.pop(shown.name, None)
        if known is None:
            known = self.network.visual(self._tensor(self.processor.patches(shown.seen)), [shown.grid])
        self._features[shown.name] = known
        if len(self._features) > KEPT_PICTURES:
            self._features.popitem(last=False)
        return known

    def _tensor(self, patches: Patches) -> Tensor:
        numbers = self.processor.scale_and_shift(patches.values.shape[1])
        scale, shift = (torch.as_tensor(part, device=self.device) for part in numbers)
        values = torch.as_tensor(patches.values, device=self.device).float()
        return (values * scale + shift).to(self.dtype)

    def _read(self, prompt: Prompt, reused: int, features: Tensor | None) -> Tensor:
        """Logits behind the prompt. Dimensions: (1, vocab)."""
        self._cache.cut(reused)
        self._known = prompt.keys[:reused]
        hidden = self._advance(
            torch.tensor([prompt.ids[reused:]], device=self.device),
            prompt.positions[:, None, reused:].to(self.device),
            self._cache,
            features=features,
        )
        self._known = list(prompt.keys)
        return self.network.logits(hidden[:, -1])

    def _advance(
        self,
        ids: Tensor,
        positions: Tensor,
        cache: Cache,
        *,
        features: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        return self.network.decoder(self.network.embed(ids, features), positions, mask, cache)

    def _write(
        self, prompt: Prompt, logits: Tensor, decoding: Decoding, on_text: Callable[[str], None] | None
    ) -> Answer:
        writer = self._writer(decoding, on_text)
        position = int(prompt.positions.max()) + 1
        tokens = writer.ahead() or writer.write(logits)
        while not writer.is_over:
            places = torch.arange(position, position + len(tokens), device=self.device).expand(3, 1, -1)
            hidden = self._advance(torch.tensor([tokens], device=self.device), places, self._cache)
            self._known += tokens
            position += len(tokens)
            writer.answer.passes += 1
            tokens = writer.write(self.network.logits(hidden[:, -1]))
        return writer.answer

    def _writer(self, decoding: Decoding, on_text: Callable[[str], None] | None = None) -> Writer:
        ends = self.config.eos_token_ids
        guide = Guide(decoding.grammar, self._grammar_tokenizer) if decoding.grammar else None
        return Writer(
            Answer(self.tokenizer, decoding, ends, on_text),
            Sampler(decoding, len(self.tokenizer), self.device),
            guide,
        )

    @cached_property
    def _grammar_tokenizer(self) -> GrammarTokenizer:
        rows = self.config.text.vocab_size
        return GrammarTokenizer(self.tokenizer.description(), rows, self.config.eos_token_ids)

    def _batch(self, prompts: list[Prompt], decoding: Decoding) -> tuple[list[Answer], _Clock]:
        clock = _Clock(self.device)
        pictures = [one for prompt in prompts for one in prompt.pictures]
        features = torch.cat([self._look(one) for one in pictures]) if pictures else None
        clock.vision_s = clock.spent()
        lengths = [len(prompt.ids) for prompt in prompts]
        longest = max(lengths)
        ids = torch.zeros(len(prompts), longest, dtype=torch.long)
        positions = torch.zeros(3, len(prompts), longest, dtype=torch.long)
        for row, prompt in enumerate(prompts):
            ids[row, longest - len(prompt.ids) :] = torch.tensor(prompt.ids)
            positions[:, row, longest - len(prompt.ids) :] = prompt.positions
        cache = Cache(self.config.text.num_hidden_layers)
        mask = padded_mask(lengths, self.device)
        hidden = self._advance(ids.to(self.device), positions.to(self.device), cache, features=features, mask=mask)
        clock.prefill_s = clock.spent()
        answers = self._write_batch(hidden[:, -1], lengths, positions, cache, decoding)
        clock.decode_s = clock.spent()
        return answers, clock

    def _write_batch(
        self, hidden: Tensor, lengths: list[int], positions: Tensor, cache: Cache, decoding: Decoding
    ) -> list[Answer]:
        writers = [self._writer(decoding) for _ in lengths]
        place = positions.amax((0, 2)).to(self.device) + 1
        seen = torch.arange(cache.length, device=self.device) >= cache.length - torch.tensor(
            lengths, device=self.device
        ).unsqueeze(1)
        while True:
            rows = torch.split(self.network.logits(hidden), 1)
            chosen = [writer.write_one(row) for writer, row in zip(writers, rows, strict=True)]
            if all(writer.is_over for writer in writers):
                return [writer.answer for writer in writers]
            tokens = torch.tensor(chosen, device=self.device)
            for writer in writers:
                writer.answer.passes += not writer.is_over
            seen = torch.cat((seen, seen.new_ones(len(writers), 1)), 1)
            mask = seen[:, None, None]
            hidden = self._advance(tokens[:, None], place.expand(3, -1)[..., None], cache, mask=mask)[:, -1]
            place = place + 1


@contextmanager
def _enough_memory() -> Generator[None]:
    try:
        yield
    except torch.OutOfMemoryError:
        raise ModelUnavailable("the prompt does not fit into the GPU's memory; give a smaller max_pixels") from None
