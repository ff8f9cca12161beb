"""What the tests of several families need."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from clickwright.model.grammar import GrammarTokenizer
from clickwright.model.tokenizer import ChatTokenizer, read_tokenizer
from clickwright.policies.profiles import Profile

from ..model.agents import bytes_alone
from .doubles import write_double, write_weights


@pytest.fixture(scope="session")
def double(qwen_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Profile], Path]:
    """A folder with a double of a family's checkpoints."""
    weights = write_weights(tmp_path_factory.mktemp("weights"))

    def write(profile: Profile) -> Path:
        return write_double(profile, tmp_path_factory.mktemp("double"), weights, qwen_tokenizer_file)

    return write


@pytest.fixture(scope="session")
def small_double(qwen_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Profile], Path]:
    """The same without Qwen's words. Two threads on a network this small wait for each other most of their time."""
    torch.set_num_threads(1)
    weights = write_weights(tmp_path_factory.mktemp("weights"), knows_words=False)
    tokenizer = tmp_path_factory.mktemp("small") / "tokenizer.json"
    tokenizer.write_text(bytes_alone(qwen_tokenizer_file), "utf-8")

    def write(profile: Profile) -> Path:
        return write_double(profile, tmp_path_factory.mktemp("double"), weights, tokenizer)

    return write


@pytest.fixture(scope="module")
def tokenizer(qwen_tokenizer_file: Path) -> ChatTokenizer:
    """Qwen's own."""
    return read_tokenizer(qwen_tokenizer_file.parent)


@pytest.fixture(scope="module")
def tokens(tokenizer: ChatTokenizer) -> GrammarTokenizer:
    """The same, as grammars need it."""
    return GrammarTokenizer(tokenizer.description(), len(tokenizer), (tokenizer.id("<|im_end|>"),))
