"""Where the recording of a test is kept: beside the file that the test is in."""

import hashlib
import re
from pathlib import Path

SUFFIX = ".ui"
_MAX_CHARS = 80
_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def recording_of(file: Path, test: str) -> Path:
    """`shop.yaml`, or `test_shop.py`, and the name of one test in it: `shop.ui/<test>.yaml`.

    A name that not every system takes for a file, or that could be taken for another's, gets a mark of its own.
    """
    return file.with_suffix(SUFFIX) / f"{file_name_of(test)}.yaml"


def file_name_of(test: str) -> str:
    """The name of a test as one of a file: the same for the same name, and no other's."""
    slug = re.sub(r"[^a-z0-9_-]+", "-", test.lower()).strip("-")[:_MAX_CHARS].strip("-")
    if slug == test and not _OF_WINDOWS.fullmatch(slug):
        return slug
    mark = hashlib.sha256(test.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-{mark}".lstrip("-")
