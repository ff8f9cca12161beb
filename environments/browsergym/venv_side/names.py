"""Prints the environments that a suite of BrowserGym registers, as JSON. Run by the Python that has BrowserGym."""

import importlib
import json
import os
import sys
from typing import Any


def main() -> None:
    """The last argument is the suite, such as miniwob."""
    os.environ.setdefault("MINIWOB_URL", "file:///")  # asked for when it is imported, and not used here
    importlib.import_module(f"browsergym.{sys.argv[-1]}")
    gymnasium: Any = importlib.import_module("gymnasium")
    names = sorted(name for name in gymnasium.registry if name.startswith(f"browsergym/{sys.argv[-1]}."))
    sys.stdout.write(json.dumps(names))


if __name__ == "__main__":
    main()
