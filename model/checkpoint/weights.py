"""Checkpoints on disk and on the hub: where they are, and the network that holds their weights."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import torch
from huggingface_hub import snapshot_download  # pyright: ignore[reportUnknownVariableType]
from huggingface_hub.errors import HTTPError  # pyright: ignore[reportPrivateImportUsage]
from torch import Tensor, nn

from ...errors import ModelUnavailable, UsageError
from ..config import ModelConfig
from ..pointer import HEADS as POINTER_HEADS
from ..qwen2_vl import Qwen2VL
from ..relief import enough_memory
from .devices import DeviceMap, Placement, dispatch, plan
from .packed import PARTS, unpack
from .quantise import Quantisation, find_quantisation, in_decoder_layer, quantise, require_device
from .stored import Stored

MINI = "clickwright/mini"
TOO_LARGE = "the weights do not fit into the GPU's memory; quantize or spread them"
HEAD = "lm_head.weight"
POINTER = "multi_patch_pointer_head."
_TEXTS = ["*.json", "*.jinja"]
_FILES = ["*.safetensors", *_TEXTS]
"""All that is ever fetched from the hub: no code, no pickle."""


def checkpoint_folder(name: str | Path, *, weights: bool = True) -> Path:
    """The folder of a checkpoint: the embedded one, a local path, or a name on the hub, fetched where needed.

    Without `weights` only what describes it is fetched. Raises UsageError for what is neither, ModelUnavailable when
    the hub does not give it.
    """
    if str(name) == MINI:
        return Path(__file__).parents[1] / "mini"
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    text = str(name)
    if isinstance(name, Path) or text.startswith((".", "/", "~", "\\")) or text.count("/") != 1:
        raise UsageError(
            f"there is no folder {name}, and it is not a name on the hub such as Qwen/Qwen2-VL-2B-Instruct"
        )
    try:
        return Path(snapshot_download(text, allow_patterns=_FILES if weights else _TEXTS))
    except (OSError, ValueError, HTTPError) as error:  # of the hub, and of the connection to it
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ModelUnavailable(f"the checkpoint {text} could not be fetched from the hub: {reason}") from None


def load_network(
    folder: Path,
    config: ModelConfig,
    *,
    device: torch.device,
    dtype: torch.dtype | None,
    quantize: str | None = None,
    device_map: DeviceMap | None = None,
    fused: bool = False,
) -> Qwen2VL:
    """The network with the weights of a folder, ready to run on a device, or spread as `device_map` says.

    One file or several with an index, tensor names of any version, floats or packed integers. Weights are read one
    after another: each goes to its device, becomes a float and, where `quantize` asks for it, an integer again before
    the next is read. Without a `dtype` floats stay as they are stored, and on a CPU in their files, which are mapped:
    they take no memory of their own. `fused` joins the decoder's products where their weights are floats on one device,
    which copies the weights of these.
    Raises ModelUnavailable with one sentence for whatever is missing, broken, of another shape, or only there as a
    pickle, UsageError for options that cannot be meant.
    """
    quantisation = None if quantize is None or dtype is None else find_quantisation(quantize, dtype)
    with Stored(folder) as stored, enough_memory(TOO_LARGE):
        network = _empty(replace(config, has_pointer=_has_pointer(folder, config, stored)), dtype or torch.float32)
        placement = Placement.whole(device) if device_map is None else plan(network, device_map, quantisation)
        if quantisation is not None:
            for one in placement.devices(filter(in_decoder_layer, network.state_dict())):
                require_device(quantisation, one)
        _fill(network, stored, folder, placement, quantisation, is_cast=dtype is not None)
        if device_map is not None:
            dispatch(network, placement, stored)
        elif fused and quantisation is None:
            network.decoder.fuse()
    return network


def _empty(config: ModelConfig, dtype: torch.dtype) -> Qwen2VL:
    with torch.device("meta"):
        return Qwen2VL(config).to(dtype).requires_grad_(False).eval()


def _has_pointer(folder: Path, config: ModelConfig, stored: Iterable[str]) -> bool:
    found = any(name.startswith(POINTER) for name in stored)
    if found and config.text.hidden_size % POINTER_HEADS:
        raise ModelUnavailable(f"{folder} has a pointer head, whose {POINTER_HEADS} heads do not divide its width")
    return found


def _fill(
    network: Qwen2VL,
    stored: Stored,
    folder: Path,
    placement: Placement,
    quantisation: Quantisation | None,
    *,
    is_cast: bool,
) -> None:
    wanted, packing = network.state_dict(), network.config.packing
    packed = {name for name in map(_unpacked_name, stored) if packing is not None and name in wanted}
    missing = sorted(wanted.keys() - set(stored) - packed)
    _require_places(stored, wanted, packed)
    if missing:
        raise ModelUnavailable(f"{folder} lacks {len(missing)} weights, {missing[0]} among them")
    for name, empty in wanted.items():
        device = placement.of(name)
        if packing is not None and name in packed:
            if device is None:
                raise ModelUnavailable(f"{name} is packed, and packed weights cannot stay on disk; give it a device")
            weight = unpack(packing, _parts(stored, name, device), empty.shape, name.removesuffix(".weight"))
        else:
            _require_shape(stored, name, empty)
            if device is None:
                continue
            weight = stored.read(name).to(device)
        _put(network, name, weight.to(empty.dtype) if is_cast else weight, quantisation)
    if HEAD in stored and HEAD not in wanted:  # some tools write the tied matrix twice
        embeddings = network.decoder.embed_tokens.weight
        if not torch.equal(stored.read(HEAD).to(embeddings), embeddings):
            raise ModelUnavailable(f"{folder} says that its lm_head is tied to the embeddings, but holds another one")


def _put(network: Qwen2VL, name: str, weight: Tensor, quantisation: Quantisation | None) -> None:
    owner, _, leaf = name.rpartition(".")
    module = network.get_submodule(owner)
    module.register_parameter(leaf, nn.Parameter(weight, requires_grad=False))
    if quantisation is not None and leaf == "weight" and isinstance(module, nn.Linear) and in_decoder_layer(name):
        quantise(module, quantisation)


def _unpacked_name(name: str) -> str:
    """The weight that a stored tensor is a part of, if it is one."""
    owner, _, leaf = name.rpartition(".")
    return f"{owner}.weight" if leaf in PARTS else ""


def _parts(stored: Stored, name: str, device: torch.device) -> dict[str, Tensor]:
    owner = name.rpartition(".")[0]
    return {part: stored.read(f"{owner}.{part}").to(device) for part in PARTS if f"{owner}.{part}" in stored}


def _require_places(stored: Stored, wanted: Mapping[str, Tensor], packed: Container[str]) -> None:
    for name in stored:
        if name in wanted or name == HEAD or _unpacked_name(name) in packed:
            continue
        # GPTQ's writer gives every layer a bias, of zeros where the network has none.
        if name.endswith(".bias") and name.replace(".bias", ".weight") in packed and not stored.read(name).any():
            continue
        file, told = stored.home(name)
        raise ModelUnavailable(f"{file} holds {told}, which this architecture has no place for")


def _require_shape(stored: Stored, name: str, empty: Tensor) -> None:
    shape = list(stored.shape(name))
    if shape != list(empty.shape):
        file, told = stored.home(name)
        raise ModelUnavailable(f"{told} in {file} is {shape}, but the config asks for {list(empty.shape)}")
