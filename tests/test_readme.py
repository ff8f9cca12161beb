"""Every Python block of the README runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import clickwright
import pytest

ROOT = Path(clickwright.__file__).parent
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_there_is_an_example_of_about_fifteen_lines():
    assert BLOCKS
    assert all(len(block.splitlines()) <= 18 for block in BLOCKS)


@pytest.mark.skipif(not (ROOT / "model/mini/config.json").exists(), reason="clickwright/mini is not in this checkout")
@pytest.mark.parametrize("block", BLOCKS)
def test_the_example_runs_and_its_task_passes(block: str, tmp_path: Path):
    script = tmp_path / "example.py"
    script.write_text(block, "utf-8")
    ended = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith("success")


def test_every_file_that_the_documents_link_to_is_there():
    for document in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / document).read_text("utf-8")):
            assert (ROOT / link).exists(), f"{document} links to {link}"
