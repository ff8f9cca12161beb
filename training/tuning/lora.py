"""LoRA on the network's own layers, through peft: added, merged, and told in transformers' names."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from safetensors import SafetensorError
from torch import Tensor, nn

from ...errors import ModelUnavailable, UsageError
from ...model.qwen2_vl import Qwen2VL
from ..tensors import OF_TORCH, write_tensors
from .settings import Lora
from .sharded import whole
from .stages import Stage, learns

_NAME = "default"
_BASE = ".base_layer."


def add_lora(network: Qwen2VL, lora: Lora, stage: Stage) -> None:
    """Small matrices beside every linear layer that learns in this stage; they learn, all else stands.

    Raises ModelUnavailable where peft is not installed.
    """
    peft = _peft()
    network.requires_grad_(False)
    modules = cast(Iterable[tuple[str, nn.Module]], network.named_modules())
    names = [name for name, module in modules if isinstance(module, nn.Linear) and learns(name, stage)]
    options = {"r": lora.rank, "lora_alpha": lora.alpha, "lora_dropout": lora.dropout}
    peft.inject_adapter_in_model(peft.LoraConfig(**options, target_modules=names), network)
    for name, parameter in network.named_parameters():
        if ".lora_" in name:
            parameter.data = parameter.data.float()
            parameter.requires_grad_(True)
    for name in names:  # drawn once more: peft rounds what it draws to the precision of the layer
        cast(Any, network.get_submodule(name)).reset_lora_parameters(_NAME, True)


def has_lora(network: Qwen2VL) -> bool:
    return any(".lora_" in name for name, _ in network.named_parameters())


def merged_state(network: Qwen2VL, *, is_kept: bool = True) -> Iterator[tuple[str, Tensor]]:
    """The weights of the network without LoRA, into which its products were added, one after another, on the CPU.

    Every process has to go through all of them; one that does not keep them is given nothing in their place.
    """
    for name, value in network.state_dict().items():
        if ".lora_" in name:
            continue
        weight = whole(value, is_kept=is_kept)
        if name.endswith(f"{_BASE}weight"):
            layer = cast(Any, network.get_submodule(name.removesuffix(f"{_BASE}weight")))
            a, b = (whole(part[_NAME].weight, is_kept=is_kept).float() for part in (layer.lora_A, layer.lora_B))
            if not is_kept:
                continue
            weight = (weight.float() + layer.scaling[_NAME] * (b @ a)).to(weight.dtype)
        yield name.replace(_BASE, "."), weight


def write_adapter(network: Qwen2VL, lora: Lora, base: str, out: Path, *, is_first: bool = True) -> None:
    """The small matrices alone, as a folder that peft reads onto transformers' Qwen2-VL.

    Every process has to call it; the first one writes. Raises UsageError where there is nothing to write, or no room.
    """
    if not has_lora(network):
        raise UsageError("there is no adapter to write: the run did not train one")
    state = {
        f"base_model.model.{name.replace(f'.{_NAME}.', '.')}": whole(value, is_kept=is_first)
        for name, value in network.state_dict().items()
        if ".lora_" in name
    }
    if not is_first:
        return
    targets = sorted({name.partition(".lora_")[0].removeprefix("base_model.model.") for name in state})
    config = _peft().LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=targets,
        base_model_name_or_path=base,
        inference_mode=True,
    )
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_tensors(state, out / "adapter_model.safetensors", metadata=OF_TORCH)
        config.save_pretrained(str(out))
    except (OSError, SafetensorError) as error:
        raise UsageError(f"the adapter cannot be written to {out}: {error}") from None


def require_peft() -> None:
    """Raises ModelUnavailable where peft is not installed."""
    _peft()


def _peft() -> Any:
    try:
        import peft
    except ImportError:
        raise ModelUnavailable('LoRA needs peft: pip install "clickwright[training]"') from None
    return peft
