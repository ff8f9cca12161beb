"""A trained network as a checkpoint in the ordinary layout: for this package, for transformers and for servers."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import save_torch_state_dict

from ...errors import UsageError
from ...model.checkpoint.stored import INDEX, hub_name
from ...model.processor import Budget
from .lora import merged_state
from .tunable import Tunable

SHARD = "5GB"
_SIZE = re.compile(r"(\d+|\d*\.\d+) ?[KMGT]B", re.IGNORECASE)
_TEXTS = ("*.json", "*.jinja", "*.txt")
_NOT_TEXTS = {INDEX, "adapter_config.json"}
_PRECISIONS = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}


def require_shard(shard: str) -> None:
    """Raises UsageError for what is no size of a file of weights, as 500MB is one."""
    found = _SIZE.fullmatch(shard.strip())
    if found is None or not float(found[1]):
        raise UsageError(f"a file of weights holds a size above 0 in KB, MB, GB or TB, such as 500MB, not {shard!r}")


def write_checkpoint(
    checkpoint: Tunable,
    out: Path,
    *,
    profile: str | None = None,
    shard: str = SHARD,
    dtype: str | None = None,
    is_first: bool = True,
) -> None:
    """The network, LoRA merged into it, with the files of the checkpoint that it was made from.

    Weights go into files of at most `shard`, such as 500MB, in `dtype`: that of the checkpoint unless given. `profile`
    says how it is asked, for those who load it. Every process has to call it; the first one writes. Raises UsageError.
    """
    require_shard(shard)
    precision = _PRECISIONS.get(dtype or checkpoint.network.config.dtype or "bfloat16")
    if precision is None:
        raise UsageError(f"{dtype!r} is not a precision for weights; known are {', '.join(_PRECISIONS)}")
    state = {hub_name(name): value.to(precision) for name, value in merged_state(checkpoint.network, is_kept=is_first)}
    if not is_first:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for pattern in _TEXTS:
            for path in checkpoint.folder.glob(pattern):
                if path.name not in _NOT_TEXTS and path.resolve() != (out / path.name).resolve():
                    shutil.copyfile(path, out / path.name)
        _tell_precision(out / "config.json", str(precision).removeprefix("torch."))
        _tell_budget(out / "preprocessor_config.json", checkpoint.processor.look.budget)
        if profile is not None:
            (out / "clickwright.json").write_text(json.dumps({"profile": profile}) + "\n", "utf-8")
        save_torch_state_dict(state, out, max_shard_size=shard)
    except (OSError, ValueError) as error:
        raise UsageError(f"the checkpoint cannot be written to {out}: {error}") from None


def _tell_budget(path: Path, budget: Budget) -> None:
    """Have the pictures of those who load it be as large as those that it was trained on."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    limits = {"min_pixels": budget.min_pixels, "max_pixels": budget.max_pixels}
    if isinstance(found.get("size"), dict):
        edges = {"shortest_edge": budget.min_pixels, "longest_edge": budget.max_pixels}
        found["size"] |= {key: value for key, value in (edges | limits).items() if key in found["size"]}
    path.write_text(json.dumps(found | limits, indent=2) + "\n", "utf-8")


def _tell_precision(path: Path, precision: str) -> None:
    """Have a config.json name the precision of the weights, wherever it names one."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for part in (found, found.get("text_config"), found.get("vision_config")):
        if isinstance(part, dict):
            for name in ("torch_dtype", "dtype"):
                if name in part or (part is found and name == "torch_dtype" and "dtype" not in part):
                    part[name] = precision
    path.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
