"""Checkpoints on disk and on the hub: where they are, what is in them, and the network that holds it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import torch
from huggingface_hub import snapshot_download  # pyright: ignore[reportUnknownVariableType]
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ..errors import ModelUnavailable, UsageError
from .config import ModelConfig
from .qwen2_vl import Qwen2VL

MINI = "clickwright/mini"
INDEX, SINGLE = "model.safetensors.index.json", "model.safetensors"
_FILES = ["*.safetensors", "*.json", "*.jinja"]
"""All that is ever fetched from the hub: no code, no pickle."""
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")


def checkpoint_folder(name: str | Path) -> Path:
    """The folder of a checkpoint: the embedded one, a local path, or a name on the hub, fetched where needed.

    Raises UsageError for what is neither, ModelUnavailable when the hub does not give it.
    """
    if str(name) == MINI:
        return Path(__file__).parent / "mini"
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    text = str(name)
    if isinstance(name, Path) or text.startswith((".", "/", "~", "\\")) or text.count("/") != 1:
        raise UsageError(
            f"there is no folder {name}, and it is not a name on the hub such as Qwen/Qwen2-VL-2B-Instruct"
        )
    try:
        return Path(snapshot_download(text, allow_patterns=_FILES))
    except (OSError, ValueError) as error:  # every error of the hub is one of these
        reason = str(error).strip().partition("\n")[0]
        raise ModelUnavailable(f"the checkpoint {text} could not be fetched from the hub: {reason}") from None


def load_network(folder: Path, config: ModelConfig, *, device: torch.device, dtype: torch.dtype) -> Qwen2VL:
    """The network with the weights of a folder, ready to run.

    One file or several with an index, tensor names of any version. Raises ModelUnavailable with one sentence for
    whatever is missing, broken, of another shape, or only there as a pickle.
    """
    with torch.device("meta"):
        network = Qwen2VL(config)
    wanted = network.state_dict()
    found: dict[str, Tensor] = {}
    head: Tensor | None = None
    for file in weight_files(folder):
        for name, tensor in _read(file, device):
            ours = memory_name(name)
            if ours == "lm_head.weight" and config.text.tie_word_embeddings:
                head = tensor  # some tools write the tied matrix twice
                continue
            if ours not in wanted:
                raise ModelUnavailable(f"{file} holds {name}, which this architecture has no place for")
            if tensor.shape != wanted[ours].shape:
                shapes = f"{list(tensor.shape)}, but the config asks for {list(wanted[ours].shape)}"
                raise ModelUnavailable(f"{name} in {file} is {shapes}")
            found[ours] = tensor.to(dtype)
    missing = sorted(wanted.keys() - found.keys())
    if missing:
        raise ModelUnavailable(f"{folder} lacks {len(missing)} weights, {missing[0]} among them")
    if head is not None and not torch.equal(head.to(dtype), found["model.language_model.embed_tokens.weight"]):
        raise ModelUnavailable(f"{folder} says that its lm_head is tied to the embeddings, but holds another one")
    network.load_state_dict(found, assign=True)
    return network.requires_grad_(False).eval()


def memory_name(name: str) -> str:
    """The name of a tensor in `Qwen2VL`, from its name on disk in any version."""
    if name.startswith("visual."):
        return f"model.{name}"
    if name.startswith("model.") and not name.startswith(("model.visual.", "model.language_model.")):
        return name.replace("model.", "model.language_model.", 1)
    return name


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a checkpoint. Raises ModelUnavailable where there are none, or only pickles."""
    index = folder / INDEX
    if index.is_file():
        files = [folder / name for name in _shards(index)]
    else:
        files = [folder / SINGLE] if (folder / SINGLE).is_file() else sorted(folder.glob("*.safetensors"))
    for file in files:
        if not file.is_file():
            raise ModelUnavailable(f"{folder} lacks {file.name}, which its index names")
    if not files:
        pickled = next((path.name for pattern in _PICKLES for path in folder.glob(pattern)), None)
        if pickled is not None:
            raise ModelUnavailable(f"{folder} holds {pickled} but no safetensors; pickled weights are never loaded")
        raise ModelUnavailable(f"{folder} holds no weights: there is no {SINGLE}")
    return files


def _shards(index: Path) -> list[str]:
    try:
        named: Any = json.loads(index.read_text("utf-8"))["weight_map"].values()
        names = sorted({str(name) for name in named})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModelUnavailable(f"{index} is not an index of weights") from None
    if any(Path(name).name != name for name in names):
        raise ModelUnavailable(f"{index} names files outside its folder")
    return names


def _read(file: Path, device: torch.device) -> Iterator[tuple[str, Tensor]]:
    try:
        opened = cast(Any, safe_open(file, framework="pt", device=str(device)))
        with opened as tensors:
            for name in tensors.keys():  # noqa: SIM118
                yield name, tensors.get_tensor(name)
    except (SafetensorError, OSError) as error:
        raise ModelUnavailable(f"{file} is damaged or no safetensors file: {error}") from None
