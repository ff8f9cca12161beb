"""Any image-text-to-text architecture that transformers knows, as a `Model`.

`generate` of transformers runs the passes, since every architecture supports it, with its own positions and caches.
The tokens are chosen here, by the writer that the engine has too: it stands in `generate` as its only logits
processor and leaves it one token to choose.
"""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
import transformers
from huggingface_hub.errors import StrictDataclassError
from jinja2 import TemplateError
from PIL import Image
from safetensors import SafetensorError
from torch import Tensor

from ...errors import ModelUnavailable, UsageError
from ...screen import Pixels, Size
from ..answer import Answer
from ..chat import joined, seen_in, turns_of_agents
from ..checkpoint.stored import weight_files
from ..checkpoint.weights import checkpoint_folder
from ..conversation import Conversation, Decoding, Generation, Message, Picture, Timings, Video
from ..grammar import GrammarTokenizer, Guide
from ..load import DTYPES, find_device, find_precision
from ..processor import Budget, size_of
from ..relief import enough_memory
from ..room import free_bytes, require_room_for_weights
from ..sampling import Sampler
from ..tokenizer import ChatTokenizer
from ..video import FRAMES_PER_SECOND
from ..writer import Writer
from .marks import Marks

_FAULTS = (
    *(ImportError, KeyError, OSError, RuntimeError, TypeError, ValueError),
    *(SafetensorError, StrictDataclassError),
)
"""What transformers raises for a checkpoint that it cannot load: it has no error of its own."""

VIDEO_PART = "video_processor"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Prompt:
    """A conversation as transformers' processor gives it. `ids` are those of the only row of `inputs`."""

    inputs: Any
    ids: list[int]
    visual_tokens: int
    is_halved: bool = False


class TransformersModel:
    """Implements `Model`. Calls from several threads wait for one another.

    Nothing is kept between calls. What a grammar leaves no choice about takes a pass a token here.
    """

    def __init__(self, name: str, network: Any, processor: Any, *, budget: Budget | None = None) -> None:
        """With a budget, pictures are read at its sizes; otherwise at those that the processor has by itself."""
        self.name = name
        self._network, self._processor, self._budget = network, processor, budget
        self._ends = _ends(network.generation_config, processor.tokenizer)
        # Without the checkpoint's own temperature, repetition penalty and the like: a decoding says all of it.
        network.generation_config = transformers.GenerationConfig(
            do_sample=False,
            eos_token_id=list(self._ends),
            pad_token_id=self._ends[0],
            bos_token_id=network.generation_config.bos_token_id,
            decoder_start_token_id=network.generation_config.decoder_start_token_id,
        )
        self.tokenizer = ChatTokenizer(processor.tokenizer.backend_tokenizer.to_str())
        places = (getattr(processor, f"{kind}_token", None) for kind in ("image", "video", "audio"))
        self._marks = Marks(processor.tokenizer, [place for place in places if place])
        self._lock = threading.Lock()
        self._seen_sizes: dict[Size, Size] = {}

    def seen_size(self, size: Size) -> Size:
        """The size at which it reads a still of this size, as its own processor resizes an empty one.

        Where that does not tell (it cuts pictures into tiles, or reads all at one size), it is the size given: such
        models tell places as parts of the picture. Raises UsageError for a size that it refuses.
        """
        if size not in self._seen_sizes:
            self._seen_sizes[size] = self._measured(size)
        return self._seen_sizes[size]

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """The answer to a conversation.

        Text is untrusted: control marks in it are broken apart by a space. Raises UsageError for a conversation that
        the model cannot read, ModelUnavailable where the memory does not suffice.
        """
        decoding = decoding or Decoding()
        with self._lock, enough_memory("the prompt does not fit into the GPU's memory; give a smaller max_pixels"):
            began_s = time.perf_counter()
            prompt = self._prompt(conversation)
            self._require_room(prompt, decoding)
            steps = _Steps(self._writer(decoding, on_text))
            processed_s = time.perf_counter()
            if not steps.writer.is_over:
                self._network.generate(
                    **prompt.inputs,
                    max_new_tokens=decoding.max_new_tokens,
                    logits_processor=transformers.LogitsProcessorList([steps]),
                    stopping_criteria=transformers.StoppingCriteriaList([_Over(steps.writer)]),
                )
            answer = steps.writer.answer
            answer.passes = steps.passes
            read_s = steps.first_s or processed_s
            timings = Timings(
                process_s=processed_s - began_s,
                prefill_s=read_s - processed_s,
                decode_s=time.perf_counter() - read_s,
            )
            return steps.writer.generation(prompt, 0, timings)

    def _prompt(self, conversation: Conversation) -> _Prompt:
        seen = seen_in(conversation)
        pictures = [_image(one) for one in seen if isinstance(one, Picture)]
        videos = [one for one in seen if isinstance(one, Video)]
        text = self._rendered(conversation)
        beginning = self._processor.tokenizer.bos_token
        asked: dict[str, Any] = {
            "text": [text],
            "return_tensors": "pt",
            "add_special_tokens": not (beginning and text.startswith(beginning)),
        }
        if pictures:
            asked["images"] = pictures
        if pictures and self._budget:
            asked["images_kwargs"] = _limits(self._budget)
        if videos:
            asked |= self._films(videos)
        try:
            inputs = self._processor(**asked)
        except ValueError as error:
            raise UsageError(f"the conversation cannot be read by {self.name}: {_first_line(error)}") from None
        ids = inputs["input_ids"][0].tolist()
        config = self._network.config
        places = {getattr(config, f"{kind}_token_id", None) for kind in ("image", "video")}
        return _Prompt(
            inputs=inputs.to(self._network.device, self._network.dtype),
            ids=ids,
            visual_tokens=sum(token in places for token in ids),
        )

    def _measured(self, size: Size) -> Size:
        look = self._processor.image_processor
        side = getattr(look, "patch_size", None)
        if not isinstance(side, int) or "image_grid_thw" not in look.model_input_names:
            return size
        empty = Image.fromarray(np.zeros((size.height, size.width, 3), np.uint8))
        limits = _limits(self._budget) if self._budget else {}
        try:
            _, rows, columns = look(images=[empty], return_tensors="np", **limits)["image_grid_thw"][0].tolist()
        except ValueError as error:
            raise UsageError(f"{self.name} reads no picture of this size: {_first_line(error)}") from None
        return Size(columns * side, rows * side)

    def _rendered(self, conversation: Conversation) -> str:
        """The conversation in the words of the checkpoint's chat template, up to where the model goes on."""
        messages = [
            {"role": message.role, "content": self._content(message, marked=message.is_marked)}
            for message in conversation.messages
        ]
        try:
            text = self._processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        except (TemplateError, TypeError, ValueError) as error:
            raise UsageError(f"the chat template of {self.name} refuses it: {_first_line(error)}") from None
        text += self._marks.broken(conversation.prefix, marked=True)
        return turns_of_agents(self.tokenizer, text)

    def _content(self, message: Message, *, marked: bool) -> list[dict[str, str]]:
        """Parts as a template wants them. Neighbouring texts are joined first: a mark may begin in one of them."""
        return [
            {"type": "text", "text": self._marks.broken(part, marked=marked)}
            if isinstance(part, str)
            else {"type": "image" if isinstance(part, Picture) else "video"}
            for part in joined(message.parts)
        ]

    def _films(self, videos: list[Video]) -> dict[str, Any]:
        """Videos as a processor wants them: frames that are sampled already, and when they were."""
        frames = [_frames(video) for video in videos]
        if getattr(self._processor, VIDEO_PART, None) is None:
            raise UsageError(f"{self.name} reads no videos here; where it knows them, they need torchvision installed")
        counts = [len(one) for one in frames]
        told = [
            {"fps": FRAMES_PER_SECOND, "total_num_frames": count, "frames_indices": [*range(count)]} for count in counts
        ]
        return {
            "videos": frames,
            "videos_kwargs": {"do_sample_frames": False, "video_metadata": told},
        }

    def _require_room(self, prompt: _Prompt, decoding: Decoding) -> None:
        config = self._network.config.get_text_config()
        limit = getattr(config, "max_position_embeddings", None)
        rope: dict[str, object] = getattr(config, "rope_parameters", None) or {}
        # With M-RoPE a picture takes few positions. What it takes at least is none.
        positions = len(prompt.ids) - ("mrope_section" in rope) * prompt.visual_tokens + decoding.max_new_tokens
        if limit is not None and positions > limit:
            raise UsageError(
                f"the prompt of {len(prompt.ids)} tokens and an answer of {decoding.max_new_tokens} need {positions} "
                f"positions; {self.name} reads {limit}"
            )

    def _writer(self, decoding: Decoding, on_text: Callable[[str], None] | None) -> Writer:
        guide = Guide(decoding.grammar, self._grammar_tokenizer) if decoding.grammar else None
        answer = Answer(self.tokenizer, decoding, self._ends, on_text)
        return Writer(answer, Sampler(decoding, len(self.tokenizer), self._network.device), guide)

    @cached_property
    def _grammar_tokenizer(self) -> GrammarTokenizer:
        rows = self._network.get_output_embeddings().weight.shape[0]
        return GrammarTokenizer(self.tokenizer.description(), rows, self._ends)


class _Steps(transformers.LogitsProcessor):
    """The writer's choice as the only token that is left. `first_s` is when the prompt was read."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.passes = 0
        self.first_s: float | None = None

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        self.passes += 1
        if self.first_s is None:
            self.first_s = time.perf_counter()
        if self.writer.is_over:
            return scores
        only = torch.full_like(scores, float("-inf"))
        only[:, self.writer.write_one(scores)] = 0
        return only


class _Over(transformers.StoppingCriteria):
    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def __call__(self, input_ids: Tensor, scores: Tensor, **kwargs: Any) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return torch.full((len(input_ids),), self._writer.is_over, device=input_ids.device)


def load_transformers(
    name: str | Path,
    *,
    device: str | None = None,
    dtype: str | None = None,
    min_pixels: int | None = None,
    max_pixels: int | None = None,
) -> TransformersModel:
    """The checkpoint of this name or folder, run by transformers: only safetensors, and no code that comes with it.

    Defaults and errors are those of `load_model`. Raises UsageError for a pixel budget where the checkpoint knows none.
    """
    place = find_device(device)
    precision = DTYPES[find_precision(dtype, place)]
    folder = checkpoint_folder(name)
    if not (folder / "config.json").is_file():
        raise ModelUnavailable(f"{folder} holds no config.json, so it is not a checkpoint")
    stored = sum(file.stat().st_size for file in weight_files(folder))
    with _loadable(folder), enough_memory(f"the weights of {name} do not fit into the GPU's memory"):
        config = cast(Any, transformers.AutoConfig).from_pretrained(folder, trust_remote_code=False)
        if type(config) not in transformers.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING:
            raise ModelUnavailable(f"{folder} holds a {config.model_type!r} model, which reads no pictures")
        widened = precision.itemsize / (config.dtype or precision).itemsize
        require_room_for_weights(str(name), stored, widened=widened, device=place, free=free_bytes(place))
        processor = _load_processor(folder, config)
        network, told = cast(Any, transformers.AutoModelForImageTextToText).from_pretrained(
            folder,
            config=config,
            dtype=precision,
            use_safetensors=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
        missing = sorted(told["missing_keys"])
        if missing:
            raise ModelUnavailable(f"{folder} lacks {len(missing)} weights, {missing[0]} among them")
        network.to(place)
    budget = _budget(str(name), processor.image_processor, min_pixels, max_pixels)
    return TransformersModel(str(name), network.eval(), processor, budget=budget)


def _load_processor(folder: Path, config: Any) -> Any:
    try:
        processor = cast(Any, transformers.AutoProcessor).from_pretrained(folder, trust_remote_code=False)
    except ImportError:
        # A processor of videos wants torchvision, without which pictures alone could be read just as well.
        kind = cast(Any, transformers.PROCESSOR_MAPPING).get(type(config), None)
        if kind is None or VIDEO_PART not in kind.get_attributes():
            raise
        processor = _of_stills(kind).from_pretrained(folder, trust_remote_code=False)
    if not hasattr(processor, "image_processor"):
        raise ModelUnavailable(f"{folder} does not say how its model sees pictures")
    if not processor.chat_template:
        raise ModelUnavailable(f"{folder} holds no chat template")
    return processor


def _of_stills(kind: Any) -> Any:
    class StillsProcessor(kind):
        """The same processor without the part for videos."""

        @classmethod
        def get_attributes(cls) -> list[str]:
            return [part for part in kind.get_attributes() if part != VIDEO_PART]

    return StillsProcessor


def _budget(name: str, image_processor: Any, min_pixels: int | None, max_pixels: int | None) -> Budget | None:
    if min_pixels is None and max_pixels is None:
        return None
    if "min_pixels" not in image_processor.valid_kwargs.__annotations__:
        raise UsageError(f"{name} resizes pictures by a rule of its own, so it takes no min_pixels or max_pixels")
    size = image_processor.size
    own = Budget(min_pixels=size["shortest_edge"], max_pixels=size["longest_edge"])
    return own.but(min_pixels=min_pixels, max_pixels=max_pixels)


def _limits(budget: Budget) -> dict[str, Any]:
    """A pixel budget as image processors take it."""
    return {"size": {"shortest_edge": budget.min_pixels, "longest_edge": budget.max_pixels}}


def _ends(config: Any, tokenizer: Any) -> tuple[int, ...]:
    """The tokens that end an answer: those of the checkpoint's generation config, and its tokenizer's end of turn."""
    match config.eos_token_id:
        case int(one):
            ends = [one]
        case [*several]:
            ends = cast(list[int], several)
        case _:
            ends = list[int]()
    if tokenizer.eos_token_id is not None:
        ends = [tokenizer.eos_token_id, *ends]
    if not ends:
        raise ModelUnavailable("the checkpoint does not say which token ends an answer")
    return tuple(dict.fromkeys(ends))


def _image(picture: Picture) -> Image.Image:
    size_of(picture.pixels, "a picture")
    return Image.fromarray(picture.pixels)


def _frames(video: Video) -> Pixels:
    if video.frames.ndim != 4 or not len(video.frames):
        raise UsageError(f"a video is (frames, height, width, 3) uint8 RGB, got {video.frames.shape}")
    size_of(video.frames[0], "a video frame")
    return video.frames


@contextmanager
def _loadable(folder: Path) -> Generator[None]:
    try:
        yield
    except _FAULTS as error:
        raise ModelUnavailable(f"transformers cannot load {folder}: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    """The first line of an error, with the next where it only announces that."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2] if lines and lines[0].endswith(":") else lines[:1]) or type(error).__name__
