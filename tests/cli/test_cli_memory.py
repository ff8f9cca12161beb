"""What checkpoints need of memory, as it is printed and as it stands in the documents."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import clickwright as package
import pytest
from clickwright.catalogue import size_words
from clickwright.memory_table import SIZES, fitting, rows
from clickwright.model.config import parse_config
from clickwright.model.footprint import FAMILY, parameters, weight_bytes
from clickwright.model.processor import Budget
from clickwright.policies.profiles import PROFILES

from .conftest import Said

ROOT = Path(package.__file__).parent
LARGE = {
    "model_type": "qwen2_vl",
    "hidden_size": 8192,
    "intermediate_size": 29568,
    "num_hidden_layers": 80000,
    "num_attention_heads": 64,
    "num_key_value_heads": 8,
    "vocab_size": 152064,
}


def test_the_table_shows_every_checkpoint_in_every_precision(clickwright: Callable[..., Said]):
    said = clickwright("models", "--memory")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert all(f"{size.width}x{size.height}" in lines[0] for size in SIZES)
    for name in FAMILY:
        shown = [line for line in lines if line.startswith(name)]
        assert all(any(word in line for line in shown) for word in ("bfloat16", "fp8, int8", "int4"))
        weights = f"{weight_bytes(FAMILY[name], 'bfloat16').total / 1e9:.1f}"
        assert any("bfloat16" in line and line.split()[2] == weights for line in shown)
    assert "free" in lines[-1].lower()
    assert all(len(line) <= 120 for line in lines)


def test_a_checkpoint_of_ones_own_needs_its_config_alone(clickwright: Callable[..., Said], tmp_path: Path):
    (tmp_path / "config.json").write_text(json.dumps(LARGE))
    said = clickwright("models", "--model", tmp_path)
    assert said.code == 0
    assert str(tmp_path) in said.out
    assert "Qwen/" not in said.out
    if "cannot be found out" not in said.out:
        assert all(line.endswith(" no") for line in said.out.splitlines() if line.startswith(str(tmp_path)))


def test_the_picture_budget_of_a_checkpoint_counts(clickwright: Callable[..., Said], tmp_path: Path):
    (tmp_path / "config.json").write_text(json.dumps(LARGE))
    (tmp_path / "preprocessor_config.json").write_text(json.dumps({"min_pixels": 3136, "max_pixels": 200704}))
    config = parse_config(LARGE)
    small, large = (next(iter(rows({"it": config}, budget, is_cpu=False))) for budget in (_budget(200704), Budget()))
    said = clickwright("models", "--model", tmp_path).out
    assert f"{small.totals[2] / 1e9:.1f}" in said
    assert f"{large.totals[2] / 1e9:.1f}" not in said


def test_a_folder_that_is_no_checkpoint_is_told_in_one_sentence(clickwright: Callable[..., Said], tmp_path: Path):
    said = clickwright("models", "--model", tmp_path)
    assert (said.code, "no config.json" in said.complaint) == (3, True)


def test_the_list_of_models_and_the_readme_say_what_is_reckoned():
    readme = (ROOT / "README.md").read_text("utf-8")
    known = {one.name: size_words(one) for profile in PROFILES.values() for one in profile.checkpoints}
    for name, config in FAMILY.items():
        count = f"{parameters(config).total / 1e9:.1f} billion"
        weights = f"{weight_bytes(config, 'bfloat16').total / 1e9:.1f} GB"
        assert known[name] == (count, weights)
        assert f"| {name} | {count} | {weights} |" in readme
    one, *_, eight = next(row for row in rows(FAMILY, Budget(), is_cpu=False) if "7B" in row.name).totals
    assert f"the 7B takes {one / 1e9:.1f} GB" in readme
    assert f"{eight / 1e9:.1f} GB for a trajectory of eight" in readme


@pytest.mark.skipif(not (ROOT / "model/mini/config.json").exists(), reason="clickwright/mini is not in this checkout")
def test_the_embedded_model_is_as_small_as_is_said():
    from clickwright.model.config import read_config

    (mini,) = PROFILES["mini"].checkpoints
    config = read_config(ROOT / "model" / "mini")
    assert size_words(mini) == (f"{parameters(config).total / 1e6:.0f} million", "under 0.1 GB")
    assert weight_bytes(config, "bfloat16").total < 1e8


def test_the_plain_list_needs_no_torch():
    script = (
        "import os, sys; os.environ['COLUMNS'] = '80'; from clickwright import cli\n"
        "try: cli.app(['models'])\n"
        "except SystemExit: sys.exit('torch' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0
    assert re.search(r"^mini: clickwright/mini ", ended.stdout, re.MULTILINE)


def _budget(most: int) -> Budget:
    return Budget(min_pixels=3136, max_pixels=most)


def test_what_fits_is_told_in_few_words_however_much_is_free() -> None:
    names, totals = ["1288x728", "1920x1080", "3840x2160", "8 x 1080p"], [10, 20, 40, 30]
    told = {free: fitting(totals, names, free) for free in (5, 10, 25, 35, 40)}
    assert told == {5: "no", 10: "up to 1288x728", 25: "up to 1920x1080", 35: "up to 1920x1080, 8 x 1080p", 40: "all"}
