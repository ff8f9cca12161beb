"""Every Python block of the README and the documents runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import clickwright
import pytest
from clickwright.policies.profiles import PROFILES

ROOT = Path(clickwright.__file__).parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = {
    f"{document.relative_to(ROOT)} {number}": block
    for document in DOCUMENTS
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", document.read_text("utf-8"), re.DOTALL), 1)
}


def test_the_examples_are_short():
    """About fifteen lines; a whole new family of checkpoints takes less than sixty."""
    assert "README.md 1" in BLOCKS
    assert all(len(block.splitlines()) < (60 if "checkpoints" in name else 19) for name, block in BLOCKS.items())


def test_every_profile_is_told_of():
    told = (ROOT / "docs/checkpoints.md").read_text("utf-8")
    assert [name for name in PROFILES if f"`{name}`" not in told] == []


@pytest.mark.skipif(not (ROOT / "model/mini/config.json").exists(), reason="clickwright/mini is not in this checkout")
@pytest.mark.parametrize("name", BLOCKS)
def test_the_example_runs_and_its_task_passes(name: str, tmp_path: Path):
    script = tmp_path / "example.py"
    script.write_text(BLOCKS[name], "utf-8")
    ended = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith(("success", "yes", "no"))


def test_every_file_that_the_documents_link_to_is_there():
    others = [ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
    for document in (*DOCUMENTS, *others):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text("utf-8")):
            assert (document.parent / link).exists(), f"{document.name} links to {link}"


def test_every_test_that_the_security_page_names_is_there():
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text("utf-8")))
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 15
    assert [name for name in sorted(named) if f"def {name}(" not in written] == []
    assert all(f"ASI{number:02}" in (ROOT / "SECURITY.md").read_text("utf-8") for number in range(1, 11))
