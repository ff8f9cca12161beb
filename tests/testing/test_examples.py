"""The example suite passes without a model, as it stands and as the documentation quotes it."""

import re
import subprocess
import sys
from pathlib import Path

import clickwright
import pytest

ROOT = Path(clickwright.__file__).parent
EXAMPLES = ROOT / "examples" / "ui_tests"


def test_what_the_documentation_quotes_stands_in_the_examples() -> None:
    text = (ROOT / "docs" / "ui-testing.md").read_text("utf-8")
    quoted = re.findall(r"```py\n(.*?)```", text, re.DOTALL)
    assert quoted
    assert all(block in (EXAMPLES / "test_shop.py").read_text("utf-8") for block in quoted)


@pytest.mark.slow
def test_the_examples_pass_in_a_replay_that_loads_no_model(tmp_path: Path) -> None:
    """In a process of its own: Playwright's synchronous pages and asynchronous tests do not go together."""
    script = (
        "import pytest, sys; code = pytest.main(sys.argv[1:]); "
        "print('heavy', *{'torch', 'langgraph'} & set(sys.modules)); sys.exit(code)"
    )
    options = ["-c", "/dev/null", f"--rootdir={EXAMPLES}", "-p", "no:cacheprovider", f"--ui-results={tmp_path / 'ui'}"]
    done = subprocess.run(
        [sys.executable, "-c", script, *options, "--output", str(tmp_path / "out"), "-q", str(EXAMPLES)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        cwd=tmp_path,
    )
    assert "5 passed" in done.stdout, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "heavy"
    assert done.returncode == 0
    assert (tmp_path / "ui" / "index.html").is_file()
