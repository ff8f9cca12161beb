"""Where the parts of a network go: onto one device, or over several GPUs, the computer's memory and the disk.

accelerate plans and moves. What is kept in the computer's memory or on the disk beside a GPU is lent to the GPU layer
by layer in every pass, which is slow but computes as the GPU does. Tried on a CPU with the disk; several GPUs follow
the same path, but have not been tried.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

import torch
from torch import nn

from ...errors import ModelUnavailable, UsageError
from ..qwen2_vl import Qwen2VL
from .quantise import Quantisation, in_decoder_layer
from .stored import Stored

DeviceMap = Mapping[str, int | str] | str
"""Names of modules to a GPU's number, "cuda:0", "cpu" or "disk"; "" is the whole network. Or "auto"."""
_WHOLE = ["Block", "Layer", "PatchEmbed", "PointerHead"]
"""Classes whose parts stay together: they add to what they read, or use a weight without calling its module."""
_USED = 0.8
"""How much of a GPU's free memory weights may take; what was read so far and the pictures need the rest."""
_EMBEDDINGS = "model.language_model.embed_tokens.weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The place of every module: a device, or "disk". `main` is where prompts, pictures and scores are."""

    main: torch.device
    places: Mapping[str, str]

    @classmethod
    def whole(cls, device: torch.device) -> Self:
        return cls(main=device, places={"": str(device)})

    def of(self, name: str) -> torch.device | None:
        """The device that keeps a weight, None for the disk."""
        place = self.places[_covering(self.places, name)]
        return None if place == "disk" else torch.device(place)

    def devices(self, names: Iterable[str]) -> set[torch.device]:
        """All devices that keep any of these weights."""
        return {device for name in names if (device := self.of(name)) is not None}

    def is_lent(self, name: str) -> bool:
        """Whether a weight is kept elsewhere than where it computes."""
        device = self.of(name)
        return device is None or (device.type == "cpu" and self.main.type != "cpu")


def plan(network: Qwen2VL, wanted: DeviceMap, quantisation: Quantisation | None) -> Placement:
    """Where the modules of an empty network go. Raises UsageError or ModelUnavailable for what cannot be."""
    require_map(wanted)
    given = _auto(network, quantisation) if isinstance(wanted, str) else wanted
    told = {name: _place(place) for name, place in given.items()}
    places = {unit: told[_covering(told, unit)] for unit in _units(network, told)}
    main = places[_covering(places, _EMBEDDINGS)]
    if main == "disk" or (main == "cpu" and {*places.values()} - {"cpu", "disk"}):
        raise ModelUnavailable("the embeddings have to be on a device that computes, and cannot be lent to one")
    placement = Placement(main=torch.device(main), places=places)
    layers = filter(in_decoder_layer, network.state_dict())
    if quantisation is not None and any(placement.is_lent(name) for name in layers):
        raise ModelUnavailable("quantised weights have to be on a device that computes, and cannot be lent to one")
    return placement


def require_map(wanted: DeviceMap) -> None:
    """What of a map needs no network to be checked. Raises UsageError or ModelUnavailable for what cannot be."""
    if isinstance(wanted, str):
        if wanted != "auto":
            raise UsageError(f'{wanted!r} is not a device_map; give "auto", or the place of each module')
    else:
        for place in wanted.values():
            _require_place(_place(place))
    _accelerate()


def require_gpu(device: torch.device) -> None:
    """Raises ModelUnavailable where there is no such GPU."""
    if (device.index or 0) >= torch.cuda.device_count():
        raise ModelUnavailable(f"there is no device {device} here, but {torch.cuda.device_count()} GPUs")


def dispatch(network: Qwen2VL, placement: Placement, stored: Stored) -> None:
    """Let every module of a filled network fetch what it reads to its device, and its weights where they are lent.

    Weights on disk are read from the checkpoint's own files, which must stay there.
    """
    dtype = str(network.decoder.embed_tokens.weight.dtype).removeprefix("torch.")
    index: dict[str, dict[str, str]] = {}
    for name in network.state_dict():
        if placement.of(name) is None:
            file, told = stored.home(name)
            index[name] = {"safetensors_file": str(file), "weight_name": told, "dtype": dtype}
    _accelerate().dispatch_model(
        network,
        dict(placement.places),
        main_device=str(placement.main),
        offload_index=index or None,
        preload_module_classes=["PatchEmbed", "PointerAttention"],
    )


def _auto(network: Qwen2VL, quantisation: Quantisation | None) -> Mapping[str, int | str]:
    """Evenly over the GPUs; what has no room there goes to the computer's memory, and what is left to the disk."""
    accelerate = _accelerate()
    free: dict[int | str, int] = accelerate.utils.get_max_memory()
    room = {place: size if place == "cpu" else int(size * _USED) for place, size in free.items()}
    options: dict[str, object] = {"no_split_module_classes": _WHOLE}
    if quantisation is not None:
        kind = accelerate.utils.CustomDtype("int4" if quantisation == "int4" else "fp8")
        options["special_dtypes"] = {name: kind for name in network.state_dict() if in_decoder_layer(name)}
    room = accelerate.utils.get_balanced_memory(network, room, **options)
    return accelerate.infer_auto_device_map(network, room, **options)


def _covering(places: Mapping[str, str], name: str) -> str:
    """The module in a device map that a weight belongs to, the innermost. Raises UsageError where there is none."""
    parts = name.split(".")
    found = next((key for n in range(len(parts), -1, -1) if (key := ".".join(parts[:n])) in places), None)
    if found is None:
        raise UsageError(f"the device_map has no place for {name}")
    return found


def _units(network: Qwen2VL, told: Iterable[str]) -> list[str]:
    """The modules that are not divided: layers, and what has weights beside them. Raises UsageError for other names."""
    modules = dict(cast(Iterable[tuple[str, nn.Module]], network.named_modules()))
    whole = [name for name, module in modules.items() if type(module).__name__ in _WHOLE]
    for name in told:
        if name not in modules:
            raise UsageError(f"the device_map names {name}, which is no module of the network")
        if any(name.startswith(f"{one}.") for one in whole):
            raise UsageError(f"the device_map divides a layer, of which {name} is a part")
    owners = [name.rpartition(".")[0] for name in network.state_dict()]
    return [next((one for one in whole if owner.startswith(f"{one}.")), owner) for owner in owners]


def _require_place(place: str) -> None:
    if place in ("cpu", "disk"):
        return
    try:
        device = torch.device(place)
    except RuntimeError:
        device = None
    if device is None or device.type != "cuda":
        raise UsageError(f'{place!r} is no place for weights; known are cpu, disk, and GPUs by number or as "cuda:0"')
    require_gpu(device)


def _place(told: int | str) -> str:
    return f"cuda:{told}" if isinstance(told, int) else told


def _accelerate() -> Any:
    try:
        import accelerate  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        raise ModelUnavailable('a device_map needs accelerate: pip install "clickwright[device-map]"') from None
    return cast(Any, accelerate)
