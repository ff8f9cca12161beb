"""The doctor: what this machine has, and whether a click lands where it should."""

import asyncio
import os
import platform
import sys
import time
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.text import Text

from . import aim
from .coordinates import VIEWS, View, measure
from .errors import BadModelOutput, ClickwrightError, EnvironmentLost, UsageError
from .model import Conversation, Decoding, Message, Model, Picture
from .options.model import Backend, Chosen
from .screen import Screenshot

if TYPE_CHECKING:
    from .policies import ModelPolicy

MAX_ERROR_PX = 1.0
TOLD_APART = {True: ("ok  ", "green"), False: ("bad ", "bold red"), None: ("note", "yellow")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `is_good` None: worth knowing, and nothing that stops a run in a browser."""

    what: str
    detail: str
    is_good: bool | None = True
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """How the model's pointing is examined: on more sizes of the screen where it is `is_thorough`.

    With `is_forced` it is only noted that a model does not answer as its profile reads it. The pictures with the
    targets and clicks go into the folder `out`, where there is one.
    """

    is_thorough: bool = False
    is_forced: bool = False
    out: Path | None = None


def examine(console: Console, chosen: Chosen, how: Aim | None = None) -> int:
    """Print every finding as soon as it is made; the exit code of the first bad one, else 0."""
    code = 0
    for finding in _findings(chosen, how or Aim()):
        console.print(Text.assemble(TOLD_APART[finding.is_good], f"  {finding.what:<12}{finding.detail}"))
        code = code or finding.exit_code
    return code


def _findings(chosen: Chosen, how: Aim) -> Iterable[Finding]:
    yield _python()
    yield (torch := _torch())
    if torch.is_good:
        yield _gpu()
    yield (browser := _browser())
    yield from _other_browsers()
    yield _display()
    policy, finding = _model(chosen)
    yield finding
    if policy is not None:
        yield from _pointing(policy, how)
    if browser.is_good:
        for view in VIEWS:
            yield _coordinates(view)


def _python() -> Finding:
    return Finding(what="Python", detail=f"{platform.python_version()} on {platform.platform(terse=True)}")


def _torch() -> Finding:
    try:
        return Finding(what="PyTorch", detail=version("torch"))
    except PackageNotFoundError:
        return Finding(what="PyTorch", detail="not installed", is_good=False, exit_code=3)


def _gpu() -> Finding:
    """What torch can use, and whether the engine's kernels can be compiled for it."""
    import torch

    from .model.kernels import are_built

    if not torch.cuda.is_available():
        return Finding(what="GPU", detail="none that torch can use: models run on the CPU", is_good=None)
    device = torch.device("cuda", torch.cuda.current_device())
    _, total = torch.cuda.mem_get_info(device)
    detail = f"{torch.cuda.get_device_name(device)}, {total / 1e9:.0f} GB"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        is_built = are_built(device)
    why = str(told[0].message) if told else "without the engine's kernels, which are for NVIDIA's and need Triton"
    return Finding(what="GPU", detail=detail if is_built else f"{detail}: {why}", is_good=is_built or None)


def _display() -> Finding:
    if sys.platform != "linux":
        return Finding(what="display", detail=f"that of {platform.system()}")
    display = os.environ.get("DISPLAY", "")
    if display:
        return Finding(what="display", detail=display)
    return Finding(what="display", detail="none: browsers run without a window, --headed needs one", is_good=None)


def _browser() -> Finding:
    from .environments import find_browser

    try:
        return Finding(what="browser", detail=str(find_browser()))
    except EnvironmentLost as error:
        return Finding(what="browser", detail=str(error), is_good=False, exit_code=error.exit_code)


def _other_browsers() -> Iterable[Finding]:
    """Those that are driven by sight, and that no run needs unless it names them."""
    from .environments.playwright_api.program import NAMES, Kind, find_program

    kinds: tuple[Kind, ...] = ("firefox", "webkit")
    for kind in kinds:
        try:
            found = find_program(kind)
            yield Finding(what=NAMES[kind], detail=str(found.path or "Playwright's own"))
        except EnvironmentLost as error:
            yield Finding(what=NAMES[kind], detail=str(error), is_good=None)


def _model(chosen: Chosen) -> tuple["ModelPolicy | None", Finding]:
    """Load the model and have it look at a small picture once."""
    try:
        policy = chosen.policy()
        began = time.monotonic()
        with suppress(BadModelOutput):  # there is no button on the picture, and the model may say so
            _look(policy)
    except ClickwrightError as error:
        return None, Finding(what="model", detail=str(error), is_good=False, exit_code=error.exit_code)
    took_ms = 1000 * (time.monotonic() - began)
    place = _place(policy.model, chosen)
    detail = f"{chosen.model} answers, {place}, {took_ms:.0f} ms for a small picture"
    return policy, Finding(what="model", detail=detail)


def _look(policy: "ModelPolicy") -> None:
    if policy.profile.ground is not None:
        policy.ground(_small_picture(), "the button")
        return
    asked = Message("user", (Picture(_small_picture().pixels), "What is this?"))
    policy.model.generate(Conversation(messages=(asked,)), Decoding(max_new_tokens=8))


def _place(model: Model, chosen: Chosen) -> str:
    """Where it runs."""
    if chosen.base_url is not None:
        return f"behind {chosen.base_url}"
    if chosen.backend is Backend.TRANSFORMERS:
        return "through transformers"
    from .model import Engine

    return f"on {model.device} in {str(model.dtype).removeprefix('torch.')}" if isinstance(model, Engine) else "here"


def _small_picture() -> Screenshot:
    return Screenshot(pixels=np.full((112, 112, 3), 240, np.uint8))


def _pointing(policy: "ModelPolicy", how: Aim) -> Iterable[Finding]:
    """Have the model point at drawn targets: a finding for each size of the screen, and one for its coordinates."""
    if not aim.writes_places(policy.profile):
        detail = f"{policy.profile.title} names what it means and writes no coordinates"
        yield Finding(what="pointing", detail=detail, is_good=None)
        return
    views = aim.ALL_VIEWS if how.is_thorough else aim.VIEWS
    try:
        diagnosis = aim.diagnose([aim.ask(policy, aim.draw_page(view)) for view in views], policy.profile)
        if how.out is not None:
            _write(diagnosis, how.out)
    except ClickwrightError as error:
        yield Finding(what="pointing", detail=str(error), is_good=False, exit_code=error.exit_code)
        return
    for asked, found in zip(diagnosis.asked, diagnosis.pictures, strict=True):
        is_good = None if how.is_forced and found.agrees is False else found.agrees
        yield Finding(what="pointing", detail=aim.picture_line(asked, found, diagnosis.own), is_good=is_good)
    said = aim.verdict(diagnosis, policy.profile)
    if diagnosis.agrees is not False:
        yield Finding(what="coordinates", detail=said, is_good=diagnosis.agrees)
    elif how.is_forced:
        yield Finding(what="coordinates", detail=f"{said} (--force: noted only)", is_good=None)
    else:
        yield Finding(what="coordinates", detail=said, is_good=False, exit_code=BadModelOutput.exit_code)


def _write(diagnosis: aim.Diagnosis, folder: Path) -> None:
    """One picture for each size of the screen."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for asked, found in zip(diagnosis.asked, diagnosis.pictures, strict=True):
            size = asked.screenshot.size
            path = folder / f"pointing-{size.width}x{size.height}.png"
            path.write_bytes(aim.draw_answers(asked, found).to_png())
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from None


def _coordinates(view: View) -> Finding:
    """Whether clicks on known targets land on them."""
    try:
        worst_px, count = asyncio.run(measure(view))
    except ClickwrightError as error:
        return Finding(what="clicks", detail=f"{view}: {error}", is_good=False, exit_code=error.exit_code)
    is_good = worst_px <= MAX_ERROR_PX
    detail = f"{view}: {count} targets hit, at most {worst_px:.2f} px off"
    return Finding(what="clicks", detail=detail, is_good=is_good, exit_code=0 if is_good else EnvironmentLost.exit_code)
