"""Where the recording of a test lies."""

import hashlib
import re
from pathlib import Path

MAX_CHARS = 100
PATCHES = "patches"
LOOKS = "looks"
"""The folder of all baselines beside the recordings."""
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


def recording_of(test_file: Path, name: str) -> Path:
    """The file beside the test: `TestCart::test_buy[two]` of test_shop.py has test_shop.ui/TestCart.test_buy-two.yaml.

    Its pictures lie in the folder of the same name. What no file can be called is replaced, and told apart by a hash.
    """
    words, _, rest = name.partition("[")
    own, given = words.replace("::", "."), rest.removesuffix("]")
    wanted = f"{own}-{given}" if rest else own
    is_plain = _PLAIN.fullmatch(wanted) and len(wanted) <= MAX_CHARS and "[" not in given
    if is_plain and wanted.lower() != LOOKS and not wanted.lower().endswith(".yaml"):  # what other things are called
        stem = wanted
    else:
        slug = re.sub(r"[^A-Za-z0-9_.]+", "-", wanted).strip("-.")[:MAX_CHARS]
        stem = f"{slug}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return test_file.with_suffix(".ui") / f"{stem}.yaml"


def patches_of(recording: Path, results: Path, *, root: Path | None = None) -> Path:
    """The folder for the repairs of a recording: below that of the results as the recording lies below its root."""
    folder = recording.parent
    if root is not None and folder.is_relative_to(root):
        folder = folder.relative_to(root)
    return results / PATCHES / (folder.name if folder.is_absolute() else folder)


def looks_of(recording: Path) -> Path:
    """The folder for how the screens of a test should look, beside its recording."""
    return recording.parent / LOOKS / recording.stem
