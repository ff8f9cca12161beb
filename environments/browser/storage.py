"""Cookies and local storage as a JSON file, so that a login outlives the browser. Such a file is a secret."""

import asyncio
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from playwright.async_api import BrowserContext, StorageState
from playwright.async_api import Error as PlaywrightError

from ...errors import UsageError


def read_storage(path: Path | str) -> StorageState | None:
    """What the file holds, None where there is none. Raises UsageError for a file that holds something else."""
    try:
        held: Any = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as cookies and local storage: {error}") from None
    if not (isinstance(held, dict) and {"cookies", "origins"} & held.keys()):
        raise UsageError(f"{path} holds no cookies and no local storage")
    return cast(StorageState, {"cookies": [], "origins": []} | cast(dict[str, Any], held))


async def write_storage(context: BrowserContext, path: Path | str) -> None:
    """Replace the file as a whole; only its owner can read it. Raises UsageError where it cannot be written."""
    text = json.dumps(await context.storage_state(indexed_db=True), indent=1)
    try:
        _replace(Path(path), text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


async def keep_storage(context: BrowserContext, path: Path | str, within_s: float) -> None:
    """Write the file where the browser still tells what belongs into it, in time; else it stays as it was."""
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(within_s):
            await write_storage(context, path)


def _replace(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(target)
