"""The kernels for GPUs say what torch says: run by Triton's interpreter, so that no GPU is needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from clickwright.model import kernels
from clickwright.model.kernels.matrix import Matrix
from clickwright.model.passes import find_passes
from torch import nn

from .conftest import DEVICE

SCRIPT = Path(__file__).parent / "interpreted.py"
EXACT = 1e-5
"""Of numbers in float32: what is added in another order is this near."""
NEAR = 2e-3
"""Of numbers in float16."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="there is no Triton")
def test_every_kernel_and_whole_passes_say_what_torch_says(small_qwen2):
    told = subprocess.run([sys.executable, SCRIPT, small_qwen2], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert len(found) > 90
    assert {name: away for name, away in found.items() if not away < (NEAR if "float16" in name else EXACT)} == {}


def test_a_weight_is_read_as_it_is_kept():
    plain = nn.Linear(32, 16)
    found = Matrix.of(plain)
    assert found is not None
    assert found.values.data_ptr() == plain.weight.data_ptr()
    assert found.scales is None
    some = found.rows(4, 12)
    assert torch.equal(some.values, plain.weight[4:12])
    assert torch.equal(some.bias, plain.bias[4:12])


@pytest.mark.parametrize("wanted", ["int8", "fp8"])
def test_weights_of_8_bits_are_read_with_a_scale_for_each_row(wanted):
    from clickwright.model.checkpoint.quantise import quantise

    linear = nn.Linear(64, 48, bias=False, dtype=torch.bfloat16, device="cpu").requires_grad_(False)
    exact = linear.weight.detach().clone()
    quantise(linear, wanted)
    found = Matrix.of(linear)
    assert found is not None
    assert found.scales is not None
    assert found.values.itemsize == 1
    read = found.values.float() * found.scales[:, None]
    assert torch.equal(read.bfloat16(), linear.weight.dequantize().bfloat16())
    assert torch.cosine_similarity(read.flatten(), exact.float().flatten(), 0) > 0.999


def test_what_is_packed_otherwise_or_brought_when_needed_is_left_to_torch():
    from clickwright.model.checkpoint.quantise import quantise

    packed = nn.Linear(64, 48, bias=False, dtype=torch.bfloat16, device="cpu").requires_grad_(False)
    quantise(packed, "int4")
    assert Matrix.of(packed) is None
    brought = nn.Linear(16, 16)
    brought._hf_hook = object()
    assert Matrix.of(brought) is None


@pytest.mark.skipif(DEVICE != "cpu", reason="a CPU is meant")
def test_nothing_of_it_is_used_on_a_cpu(engine):
    with torch.no_grad():
        assert not kernels.serve(torch.zeros(4))
    assert find_passes(engine.network) is None


def test_where_nothing_can_be_compiled_it_is_said_once_and_torch_does_it_all(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(kernels, "find_spec", lambda name: name)
    limits = type(sys)("limits")
    limits.fault = lambda device: "Failed to find C compiler."
    monkeypatch.setitem(sys.modules, "clickwright.model.kernels.limits", limits)
    kernels.are_built.cache_clear()
    try:
        with pytest.warns(RuntimeWarning, match=r"several times slower .* Failed to find C compiler\.; Triton needs"):
            assert not kernels.are_built(torch.device("cuda"))
        assert not kernels.are_built(torch.device("cuda"))
    finally:
        kernels.are_built.cache_clear()
