"""A loaded checkpoint that answers. Between calls it keeps what the next prompt is likely to begin with."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import TypeVar

import torch
from torch import Tensor

from ..errors import UsageError
from ..screen import Size
from .answer import Answer
from .batch import write_together
from .chat import seen_in
from .clock import Clock
from .config import ModelConfig
from .conversation import Conversation, Decoding, Generation, Picture, Pointed
from .decoder import Cache
from .drafts import Drafts
from .features import FEATURE_BYTES
from .grammar import GrammarTokenizer, Guide
from .memory import Memory
from .pixels import normalised
from .pointing import aimed, pointed
from .processor import Processor
from .prompt import Prompt, Shown, read_prompt
from .qwen2_vl import Qwen2VL
from .reader import Reader
from .relief import NOT_TWICE, TOO_LARGE, TOO_MANY, Kept, enough_memory, tell_halved
from .sampling import Sampler
from .selection import Selection
from .tokenizer import POINTER_PAD, ChatTokenizer
from .writer import Writer

_Given = TypeVar("_Given")


class Engine:
    """Implements `Model` and `Pointer`. Calls from several threads wait for one another.

    The keys and values of the last conversation are kept: a prompt that begins as it did, pictures included, is read
    from where it differs. Several trajectories in turn each want a `session`. Features of pictures are kept for all
    of them, up to `feature_bytes`.

    Where a GPU's memory does not do for a prompt or its answer, all of this is given back and the prompt read again;
    where that does not do, with its pictures at half the pixels: those of this call and all later ones. An answer that
    had begun begins anew, and `on_text` hears it from its beginning. `Generation.is_halved` and a RuntimeWarning tell
    of smaller pictures. Where these do not do either, ModelUnavailable is raised.

    With a `selection` of less than all, only some tokens of each still are read, and it cannot point by a head.
    """

    def __init__(
        self,
        name: str,
        network: Qwen2VL,
        tokenizer: ChatTokenizer,
        processor: Processor,
        *,
        default_system: str | None = None,
        feature_bytes: int = FEATURE_BYTES,
        selection: Selection | None = None,
    ) -> None:
        self.name = name
        self.network, self.tokenizer, self.processor = network, tokenizer, processor
        self.default_system = default_system
        weight = network.decoder.embed_tokens.weight
        self.device, self.dtype = weight.device, weight.dtype
        self._selection = selection or Selection(1.0)
        self._lock = threading.RLock()  # of the thread that hears an answer, too, which may fork what it hears
        self._reader = Reader(network)
        self._kept = Kept(feature_bytes)
        self._memory = self._new_memory()

    @property
    def config(self) -> ModelConfig:
        return self.network.config

    def seen_size(self, size: Size) -> Size:
        """The size at which it reads a still of this size. Raises UsageError for one that is too thin."""
        return self.processor.resized(size)

    def session(self) -> "Session":
        """A trajectory with a memory of its own, which no other disturbs."""
        return Session(self, self._new_memory())

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """The answer to a conversation. Raises UsageError for a prompt longer than the checkpoint can read."""
        return self.answer(self._memory, conversation, decoding or Decoding(), on_text)

    @torch.inference_mode()
    def answer(
        self,
        memory: Memory,
        conversation: Conversation,
        decoding: Decoding,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """What `generate` does, for the trajectory of this memory."""
        with self._lock, enough_memory():
            return self._relieved(partial(self._answer, memory, conversation, decoding, on_text), [conversation])

    @property
    def can_point(self) -> bool:
        """Whether the checkpoint has a pointer head and its mark."""
        return self.network.pointer is not None and self.tokenizer.has(POINTER_PAD)

    def point(self, conversation: Conversation) -> Pointed:
        """Where the last picture shows what is meant, as `Pointer` has it."""
        return self.pointed(self._memory, conversation)

    @torch.inference_mode()
    def pointed(self, memory: Memory, conversation: Conversation) -> Pointed:
        """What `point` does, for the trajectory of this memory."""
        if not self.can_point:
            raise UsageError(f"{self.name} has no head that points; choose one of GUI-Actor's checkpoints")
        if self._selection.share < 1:
            raise UsageError("a head points at every part of a picture: load the checkpoint without select")
        with self._lock, enough_memory():
            point = partial(self._point, memory, conversation, Clock(self.device))
            return self._relieved(point, [conversation])

    @torch.inference_mode()
    def generate_batch(
        self,
        conversations: Sequence[Conversation],
        decoding: Decoding | Sequence[Decoding] | None = None,
        *,
        sessions: Sequence["Session"] | None = None,
    ) -> tuple[Generation, ...]:
        """The answers to several conversations, each as `generate` gives it alone, decoded in common passes.

        `decoding` is that of all, or one for each. With `sessions`, one for each and no two the same, what these
        remember is reused and kept; otherwise nothing is. The seconds of decoding are those of all together. Raises
        UsageError as `generate` does, and for sessions or decodings that do not match; ModelUnavailable where memory
        does not do for several, of which each may still fit alone: pictures are made smaller for no more than one.
        """
        decodings = _one_each(decoding, len(conversations))
        memories = self._memories(len(conversations), sessions)
        with self._lock, enough_memory(TOO_LARGE if len(conversations) == 1 else TOO_MANY):
            answer = partial(self._answer_batch, memories, conversations, decodings)
            return self._relieved(answer, conversations) if conversations else ()

    def prompt(self, conversation: Conversation) -> Prompt:
        """The tokens of a conversation, their positions, and its pictures.

        These are cut up only when looked at, or to select what is read of them.
        """
        places = self.config.image_token_id, self.config.video_token_id
        prompt = read_prompt(conversation, self.tokenizer, self.processor, places, default_system=self.default_system)
        if self._selection.share == 1:
            return prompt
        stills = [(shown.name, shown.seen) for shown in prompt.pictures if isinstance(shown.seen, Picture)]
        patches = self.processor.patches
        return prompt.thinned({name: self._selection.of(name, partial(patches, seen)) for name, seen in stills})

    def forget(self, memory: Memory | None = None) -> None:
        """Give back what is remembered: of one memory, or its own with all features. Sessions keep theirs."""
        with self._lock:
            if memory is None:
                self._kept.features.clear()
            (memory or self._memory).forget()

    def fork(self, memory: Memory) -> Memory:
        """A second memory that has read the same so far. Raises ModelUnavailable where there is no room for it."""
        with self._lock, enough_memory(NOT_TWICE):
            return self._kept.add(memory.fork())

    def _new_memory(self) -> Memory:
        return self._kept.add(Memory(Cache(self.config.text.num_hidden_layers)))

    def _relieved(self, attempt: Callable[[], _Given], conversations: Sequence[Conversation]) -> _Given:
        """What `attempt` gives: where memory does not do, with nothing kept, and then with smaller pictures.

        Several conversations leave the pictures as they are, since each may fit alone.
        """
        with suppress(torch.OutOfMemoryError):  # it holds tensors of the first, and must be gone before the second
            return attempt()
        self._kept.forget()
        halved = self.processor.halved(seen_in(conversations[0])) if len(conversations) == 1 else self.processor
        if halved is self.processor:
            return attempt()
        with suppress(torch.OutOfMemoryError):
            return attempt()
        self._kept.forget()
        self.processor = halved
        tell_halved(halved)
        return attempt()

    def _memories(self, count: int, sessions: Sequence["Session"] | None) -> list[Memory]:
        if sessions is None:
            return [self._new_memory() for _ in range(count)]
        if len(sessions) != count or len({id(session) for session in sessions}) != count:
            raise UsageError(f"{count} conversations need as many different sessions, got {len(sessions)}")
        if any(session.engine is not self for session in sessions):
            raise UsageError("a session can only be used with the engine that made it")
        return [session.memory for session in sessions]

    def _require_room(self, prompt: Prompt, new_tokens: int) -> None:
        last = prompt.end - 1 + new_tokens
        if last >= self.config.text.max_position_embeddings:
            raise UsageError(
                f"the prompt of {len(prompt.ids)} tokens and an answer of {new_tokens} reach position "
                f"{last}; {self.name} reads {self.config.text.max_position_embeddings}"
            )

    def _features_of(self, pictures: Sequence[Shown], clock: Clock) -> Tensor | None:
        """The features of pictures one behind the other. Dimensions: (tokens, hidden)."""
        found = [self._kept.features.of(shown.name, partial(self._look, shown, clock)) for shown in pictures]
        return torch.cat(found) if found else None

    def _look(self, shown: Shown, clock: Clock) -> Tensor:
        patches = clock.preparing(partial(self.processor.patches, shown.seen)).values
        numbers = normalised(patches, self.processor.look, device=self.device, dtype=self.dtype)
        features = self.network.visual(numbers, [shown.grid])
        return features if shown.kept is None else features[torch.tensor(shown.kept, device=features.device)]

    def _answer(
        self,
        memory: Memory,
        conversation: Conversation,
        decoding: Decoding,
        on_text: Callable[[str], None] | None,
    ) -> Generation:
        clock = Clock(self.device)
        writer = self._writer(decoding, on_text)
        prompt = self.prompt(conversation)
        self._require_room(prompt, decoding.max_new_tokens)
        logits, reused = self._read(memory, prompt, writer.ahead(), clock)
        self._write(memory, prompt, writer, logits, decoding)
        clock.decode_s = clock.spent()
        return writer.generation(prompt, reused, clock.timings, looked=clock.looked)

    def _read(self, memory: Memory, prompt: Prompt, ahead: Sequence[int], clock: Clock) -> tuple[Tensor, int]:
        """Logits behind the prompt and what is written ahead, and how many tokens of the prompt were known.

        Dimensions: (1, vocab).
        """
        reused = memory.shared(prompt)
        clock.process_s += clock.spent()
        looks = self._kept.features.looks
        features = self._features_of(prompt.unread(reused), clock)
        clock.vision_s, clock.looked = clock.vision_s + clock.spent(), self._kept.features.looks - looks
        memory.cut(reused)
        logits = self._reader.read(memory, prompt, ahead, features=features)
        clock.prefill_s += clock.spent()
        return logits, reused

    def _point(self, memory: Memory, conversation: Conversation, clock: Clock) -> Pointed:
        prompt = self.prompt(conversation)
        self._require_room(prompt, 0)
        place, shown = aimed(prompt, self.tokenizer)
        reused = min(memory.shared(prompt), place)
        clock.process_s += clock.spent()
        unread, features = (self._features_of(some, clock) for some in (prompt.unread(reused), [shown]))
        clock.vision_s += clock.spent()
        memory.cut(reused)
        hidden = self._reader.hidden(memory, prompt, features=unread)[place - reused]
        assert self.network.pointer is not None
        scores = self.network.pointer(features, hidden).numpy(force=True)
        clock.prefill_s += clock.spent()
        return pointed(prompt, shown, scores, self.config.vision, reused=reused, timings=clock.timings)

    def _write(self, memory: Memory, prompt: Prompt, writer: Writer, logits: Tensor, decoding: Decoding) -> None:
        """Write until the answer is over. What is guessed rightly is not read again, the rest of a guess forgotten."""
        drafts, written = self._drafts(memory, prompt, decoding), writer.answer.ids
        guess: list[int] = []
        while True:
            confirmed, unread = writer.write(logits, guess)
            memory.cut(len(memory.known) - len(guess) + confirmed)
            if writer.is_over:
                break
            guess = drafts.after(written)
            if (quick := self._reader.most_at_once) > len(unread):
                guess = guess[: quick - len(unread)]
            logits = self._reader.read(memory, prompt, [*unread, *guess], last=1 + len(guess))
            writer.answer.passes += 1
        memory.answers.append(writer.answer.whole)

    def _drafts(self, memory: Memory, prompt: Prompt, decoding: Decoding) -> Drafts:
        end = self.config.eos_token_ids[0]
        examples = decoding.grammar.examples if decoding.grammar else ()
        likely = [[*self.tokenizer.encode_marked(example), end] for example in examples]
        return Drafts(prompt.text_ids, [*likely, *memory.answers], decoding.drafts)

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

    def _answer_batch(
        self, memories: list[Memory], conversations: Sequence[Conversation], decodings: Sequence[Decoding]
    ) -> tuple[Generation, ...]:
        """Each prompt is read into its own memory, which is as quick as together; then all are decoded together."""
        clocks: list[Clock] = []
        prompts: list[Prompt] = []
        for conversation, decoding in zip(conversations, decodings, strict=True):
            clocks.append(Clock(self.device))
            prompts.append(self.prompt(conversation))
            self._require_room(prompts[-1], decoding.max_new_tokens)
            clocks[-1].process_s = clocks[-1].spent()
        writers = [self._writer(decoding) for decoding in decodings]
        ahead = [writer.ahead() for writer in writers]
        begun: list[tuple[Tensor, int]] = []
        for memory, prompt, tokens, clock in zip(memories, prompts, ahead, clocks, strict=True):
            clock.spent()  # on the others
            begun.append(self._read(memory, prompt, tokens, clock))
        ends = [prompt.end + len(tokens) for prompt, tokens in zip(prompts, ahead, strict=True)]
        decoding_clock = Clock(self.device)
        write_together(self.network, memories, writers, ends, [logits for logits, _ in begun])
        decode_s = decoding_clock.spent()
        return tuple(
            writer.generation(prompt, reused, replace(clock.timings, decode_s=decode_s), looked=clock.looked)
            for writer, prompt, (_, reused), clock in zip(writers, prompts, begun, clocks, strict=True)
        )


class Session:
    """One trajectory with an engine, itself a `Model` and `Pointer`: conversations that go on, go back or branch off.

    Each conversation is given whole. What it shares with the last one is not read again, what the last one had
    beyond that is forgotten.
    """

    def __init__(self, engine: Engine, memory: Memory) -> None:
        self.engine, self.memory = engine, memory

    @property
    def name(self) -> str:
        return self.engine.name

    def seen_size(self, size: Size) -> Size:
        """As `Engine.seen_size`."""
        return self.engine.seen_size(size)

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """As `Engine.generate`."""
        return self.engine.answer(self.memory, conversation, decoding or Decoding(), on_text)

    @property
    def can_point(self) -> bool:
        """As `Engine.can_point`."""
        return self.engine.can_point

    def point(self, conversation: Conversation) -> Pointed:
        """As `Engine.point`."""
        return self.engine.pointed(self.memory, conversation)

    def fork(self) -> "Session":
        """A second session that has read the same so far, at the price of its memory. Raises as `Engine.fork`."""
        return Session(self.engine, self.engine.fork(self.memory))

    def forget(self) -> None:
        """Give back the memory of what was read so far."""
        self.engine.forget(self.memory)


def _one_each(decoding: Decoding | Sequence[Decoding] | None, count: int) -> Sequence[Decoding]:
    if decoding is None or isinstance(decoding, Decoding):
        return [decoding or Decoding()] * count
    if len(decoding) != count:
        raise UsageError(f"{count} conversations need as many decodings, got {len(decoding)}")
    return decoding
