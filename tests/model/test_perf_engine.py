"""The command that times the engine on a GPU runs end to end on a CPU, in a small shape."""

import re
import subprocess
import sys

import pytest


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_the_table_is_printed_after_the_check_against_transformers():
    command = (sys.executable, "-m", "clickwright.perf.engine", "--shapes", "2B", "--layers", "1", "--runs", "1")
    told = subprocess.run(command, capture_output=True, text=True, timeout=880, check=True).stdout
    assert "torch.float32: tokens equal" in told
    rows = re.findall(
        r"^2B (.+?)  +([\d.]+) \(([\d.]+) to ([\d.]+)\) +[\d.]+ +\d+ % +[\d.]+ +[\d.]+$", told, re.MULTILINE
    )
    assert [part.partition(",")[0] for part, *_ in rows] == ["tower", "prompt", "each token written", "step"]
    assert all(0 < float(least) <= float(median) <= float(most) for _, median, least, most in rows)
