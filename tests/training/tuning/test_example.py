"""The example that teaches the mini a rule, from its lessons on disk to its answers on held-out pages."""

import os
import re
import subprocess
import sys
from pathlib import Path

import clickwright
import pytest

SCRIPT = Path(clickwright.__file__).parent / "examples/tuning/status_light.py"


@pytest.mark.slow
def test_the_mini_learns_a_rule_that_it_did_not_know(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, SCRIPT, tmp_path], env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    before, after = (int(re.search(rf"{word}: (\d+) of 30", done.stdout)[1]) for word in ("before", "after"))
    assert before <= 10  # a rule of three keys, guessed
    assert after >= 27
