"""A folder in which there is no room."""

import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def full_folder() -> Generator[Path]:
    """A folder for which there is no room: 64 kB of memory where it may be mounted, else below a file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "full")
        folder.mkdir()
        mount = ("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder))
        is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        if not is_mounted:
            folder = Path(name, "file", "full")
            folder.parent.touch()
        try:
            yield folder
        finally:
            if is_mounted:
                subprocess.run(("umount", str(folder)), check=True)
