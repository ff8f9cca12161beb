"""The whole chain with a real network of random weights: files, pictures and videos, the model, the score."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from clickwright.benchmarks.players import make_player
from clickwright.benchmarks.players.model import ModelSubject
from clickwright.benchmarks.record import read_rows
from clickwright.benchmarks.row import Row
from clickwright.benchmarks.runner.begin import Plan, run_bench
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites.asking import SUITES
from clickwright.benchmarks.suites.samples import SampleSuite
from clickwright.options.model import Chosen
from clickwright.policies import load_policy
from transformers import Qwen2VLConfig

from ...model.conftest import small_checkpoint, small_tokenizer_file  # noqa: F401  a fixture is found by its name
from . import others, stills
from .forms import Write


@pytest.fixture(scope="module")
def checkpoint(small_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """Random weights that know bytes and marks only."""
    tower = {"depth": 1, "embed_dim": 64, "num_heads": 4, "hidden_size": 64, "mlp_ratio": 2}
    return small_checkpoint(Qwen2VLConfig, tower, tmp_path_factory.mktemp("small"), small_tokenizer_file)


@pytest.fixture(scope="module")
def subject(checkpoint: Path) -> ModelSubject:
    return ModelSubject(load_policy(checkpoint, profile="instruct", device="cpu"))


@pytest.mark.parametrize(
    ("name", "write", "settings"),
    [
        ("docvqa", stills.docvqa_table, {}),
        ("mmmu", others.mmmu_table, {"layout": "interleaved"}),
        ("mvbench", others.mvbench_own, {}),
        ("bfcl", others.bfcl_own, {}),
    ],
)
def test_a_network_is_examined(
    name: str, write: Write, settings: dict[str, str], subject: ModelSubject, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    write(tmp_path / "data")
    suite = SUITES[name].open(Choice(data=tmp_path / "data", settings={"max_new_tokens": "12", **settings}))
    assert isinstance(suite, SampleSuite)
    keys = suite.keys()
    rows = [suite.attempt(key, subject) for key in keys]
    _require_examined(name, rows)


def test_a_run_of_the_runner_holds_the_same(checkpoint: Path, subject: ModelSubject, tmp_path: Path) -> None:
    stills.docvqa_table(tmp_path)
    choice = Choice(data=tmp_path, settings={"max_new_tokens": "12"})
    player = make_player("model", Chosen(model=str(checkpoint), profile="instruct", device="cpu"))
    folder = run_bench(Plan(suite="docvqa", player=player, choice=choice, folder=tmp_path / "run"))
    rows = list(read_rows(folder).by_key.values())
    _require_examined("docvqa", rows)
    suite = SUITES["docvqa"].open(choice)
    assert isinstance(suite, SampleSuite)
    again = {key: suite.attempt(key, subject).prediction for key in suite.keys()}  # noqa: SIM118
    assert {row.key: row.prediction for row in rows} == again


def _require_examined(name: str, rows: Sequence[Row]) -> None:
    assert len(rows) > 1
    for row in rows:
        assert (row.error, row.new_tokens) == (None, 12)
        assert row.score is not None
        assert row.score < 1 or row.groups == {"kind": "irrelevance"}, "bytes at random are no answer"
        assert row.prompt_tokens > 20
        assert (row.visual_tokens > 0) == (name != "bfcl")
        assert row.seconds["decode"] > 0
