"""Which profile a checkpoint has: told, or read off its folder or its name. Never guessed."""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from ...errors import UsageError
from .aguvis import AGUVIS, GUI_ACTOR
from .gta1 import GTA1, GTA1_2507
from .holo import HOLO1, HOLO1_5
from .infigui import INFIGUI
from .jedi import JEDI
from .opencua import OPENCUA, OPENCUA_72B, OPENCUA_RELATIVE
from .os_atlas import OS_ATLAS_BASE, OS_ATLAS_BASE_POINT, OS_ATLAS_PRO, OS_ATLAS_PRO_MOBILE, OS_ATLAS_PRO_WEB
from .os_genesis import OS_GENESIS_AC, OS_GENESIS_AW
from .planner import MARKED, PLANNER
from .profile import Profile
from .qwen2_5_vl import QWEN2_5_VL, QWEN2_5_VL_MOBILE
from .qwen2_vl import INSTRUCT, INSTRUCT_FUNCTIONS, MINI
from .qwen3_vl import QWEN3_VL, QWEN3_VL_MOBILE, QWEN3_VL_THINKING
from .seeclick import SEECLICK, SEECLICK_AITW, SEECLICK_MIND2WEB, SEECLICK_MINIWOB
from .showui import SHOWUI, SHOWUI_MOBILE
from .tongui import TONGUI, TONGUI_MOBILE, TONGUI_WEB
from .uground import UGROUND
from .ui_tars import UI_TARS, UI_TARS_1_5, UI_TARS_1_5_MOBILE, UI_TARS_MOBILE
from .ui_venus import (
    UI_VENUS_1_5,
    UI_VENUS_1_5_MOBILE,
    UI_VENUS_GROUND,
    UI_VENUS_GROUND_72B,
    UI_VENUS_NAVI,
    UI_VENUS_NAVI_72B,
)

_ALL = (
    *(INSTRUCT, INSTRUCT_FUNCTIONS, MINI),
    *(PLANNER, MARKED),
    *(AGUVIS, GUI_ACTOR),
    *(OPENCUA, OPENCUA_72B, OPENCUA_RELATIVE),
    *(SHOWUI, SHOWUI_MOBILE),
    *(TONGUI, TONGUI_WEB, TONGUI_MOBILE),
    *(OS_ATLAS_BASE, OS_ATLAS_BASE_POINT, OS_ATLAS_PRO, OS_ATLAS_PRO_WEB, OS_ATLAS_PRO_MOBILE),
    *(UGROUND,),
    *(SEECLICK, SEECLICK_AITW, SEECLICK_MIND2WEB, SEECLICK_MINIWOB),
    *(OS_GENESIS_AC, OS_GENESIS_AW),
    *(QWEN2_5_VL, QWEN2_5_VL_MOBILE, JEDI, INFIGUI),
    *(QWEN3_VL, QWEN3_VL_MOBILE, QWEN3_VL_THINKING),
    *(UI_TARS, UI_TARS_MOBILE, UI_TARS_1_5, UI_TARS_1_5_MOBILE),
    *(UI_VENUS_NAVI, UI_VENUS_NAVI_72B, UI_VENUS_GROUND, UI_VENUS_GROUND_72B, UI_VENUS_1_5, UI_VENUS_1_5_MOBILE),
    *(HOLO1, HOLO1_5, GTA1_2507, GTA1),
)
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in _ALL}
"""Every profile by its name. Of two that a checkpoint's name fits, the first is its own."""

PROFILE_FILE = "clickwright.json"
"""In a checkpoint's folder: {"profile": "mini"}."""


def find_profile(checkpoint: str | Path, *, name: str | None = None) -> Profile:
    """The profile named, or that of a checkpoint.

    It is found in this order: clickwright.json in its folder; tokens that only one family has; the name of its folder;
    the name that its configuration gives it, which may be that of the checkpoint it was made of; its whole name or
    path. Raises UsageError for a name or a checkpoint that no profile is known for.
    """
    if name is not None:
        return _named(name)
    folder = Path(checkpoint).expanduser()
    if not folder.exists() and (folder.is_absolute() or str(checkpoint).startswith(".")):
        raise UsageError(f"there is no checkpoint folder {checkpoint}")
    marker = folder / PROFILE_FILE
    if marker.is_file():
        return _named(_read_marker(marker))
    own = folder.absolute().name if folder.is_dir() else ""
    names = (own, _config_name(folder), str(checkpoint))
    found = _by_marks(folder) or next(filter(None, map(_by_name, names)), None)
    if found is None:
        raise UsageError(
            f"no profile is known for the checkpoint {checkpoint}: say which it was trained for with --profile"
            f"{_alike(str(checkpoint))}"
        )
    return found


def _alike(name: str) -> str:
    """The profiles whose names are most like this one, and where all are told of."""
    words = name.lower().rpartition("/")[2]
    alike = get_close_matches(words, PROFILES, n=4, cutoff=0.5)
    named = f", such as {' or '.join(alike)}" if alike else ""
    return f"{named}; `clickwright models` tells of all {len(PROFILES)}"


def _by_marks(folder: Path) -> Profile | None:
    """The profile with the most tokens that no others have, where the tokenizer has them all."""
    added = _tokens(folder)
    known = [profile for profile in PROFILES.values() if profile.marks and added.issuperset(profile.marks)]
    return max(known, key=lambda profile: len(profile.marks), default=None)


def _by_name(name: str) -> Profile | None:
    words = re.sub(r"[_\s]+", "-", name.lower())
    return next((profile for profile in PROFILES.values() if _fits(words, profile.names)), None)


def _fits(words: str, patterns: Iterable[str]) -> bool:
    return any(re.search(pattern, words) for pattern in patterns)


def _named(name: str) -> Profile:
    if name not in PROFILES:
        raise UsageError(f"there is no profile {name!r}{_alike(name)}")
    return PROFILES[name]


def _read_marker(marker: Path) -> str:
    try:
        found = json.loads(marker.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{marker} cannot be read: {error}") from None
    match found:
        case {"profile": str(name)}:
            return name
        case _:
            raise UsageError(f'{marker} does not name a profile, as in {{"profile": "mini"}}')


def _config_name(folder: Path) -> str:
    """The name under which transformers saved it; empty without one."""
    name = _object(folder / "config.json").get("_name_or_path")
    return name if isinstance(name, str) else ""


def _tokens(folder: Path) -> set[str]:
    """The tokens that were added to its vocabulary."""
    added = _object(folder / "tokenizer.json").get("added_tokens")
    listed = cast(list[Any], added) if isinstance(added, list) else []
    told = {str(cast(dict[str, Any], token).get("content")) for token in listed if isinstance(token, dict)}
    return told | set(_object(folder / "added_tokens.json"))


def _object(path: Path) -> dict[str, Any]:
    """The JSON object of a file; empty where there is none. That it is broken is told when it is loaded."""
    try:
        found: object = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}
