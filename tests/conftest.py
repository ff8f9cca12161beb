"""Qwen's own tokenizer, for every room that reads or writes its tokens."""

import base64
import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("whole", deadline=None)  # a busy machine is no fault: speed is measured in perf/
settings.load_profile("whole")

if "PYTEST_XDIST_WORKER" in os.environ:  # two workers, each with a thread for every core, would be in each other's way
    os.environ.setdefault("OMP_NUM_THREADS", "1")

LONGEST = ("test_kernels.py", "test_mini_command.py")
"""Files whose tests come first, so that no worker waits for one of them in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


CONTROL = [
    *("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>"),
    *("<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>"),
    *("<|vision_pad|>", "<|image_pad|>", "<|video_pad|>"),
]
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def _byte_letters() -> dict[int, str]:
    """The letter that byte-level BPE writes for each byte."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in kept]
    return {byte: chr(byte) for byte in kept} | {byte: chr(256 + n) for n, byte in enumerate(others)}


def _merge(ranks: dict[bytes, int], word: bytes) -> tuple[bytes, bytes]:
    """The two parts that the last merge of a word joined: replay all merges of lower rank."""
    parts = [word[n : n + 1] for n in range(len(word))]
    while len(parts) > 2:
        pairs = [(ranks.get(parts[n] + parts[n + 1], 1 << 30), n) for n in range(len(parts) - 1)]
        _, at = min(pairs)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts[0], parts[1]


def qwen_tokenizer() -> dict[str, object]:
    """tokenizer.json of Qwen2-VL, from the vocabulary that dashscope ships."""
    import dashscope

    path = Path(dashscope.__file__).parent / "resources" / "qwen.tiktoken"
    pairs = (line.split() for line in path.read_bytes().splitlines() if line)
    ranks = {base64.b64decode(word): int(rank) for word, rank in pairs}
    letters = _byte_letters()

    def spell(word: bytes) -> str:
        return "".join(letters[byte] for byte in word)

    merges = [[spell(part) for part in _merge(ranks, word)] for word in ranks if len(word) > 1]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "added_tokens": [
            {"id": 151643 + n, "content": mark, "special": True}
            | dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
            for n, mark in enumerate(CONTROL)
        ],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "decoder": byte_level,
        "model": {"type": "BPE", "vocab": {spell(word): rank for word, rank in ranks.items()}, "merges": merges},
    }


@pytest.fixture(scope="session")
def qwen_tokenizer_file(pytestconfig: pytest.Config) -> Path:
    """Built once and kept in pytest's cache: the replay of 151,387 merges takes some seconds."""
    path = pytestconfig.cache.mkdir("qwen") / "tokenizer.json"
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps(qwen_tokenizer()), "utf-8")
        fresh.replace(path)
    return path
