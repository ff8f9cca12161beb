"""The model of a name, wherever it runs: in this process, through transformers, or behind a server."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from .conversation import Model
from .processor import FACTOR, Budget

if TYPE_CHECKING:
    from .checkpoint.devices import DeviceMap

BACKENDS = ("own", "transformers", "openai")


def open_model(
    name: str | Path,
    *,
    backend: str | None = None,
    base_url: str | None = None,
    device: str | None = None,
    dtype: str | None = None,
    min_pixels: int | None = None,
    max_pixels: int | None = None,
    quantize: str | None = None,
    device_map: "DeviceMap | None" = None,
    factor: int | None = None,
    select: float = 1.0,
    read_s: float | None = None,
) -> Model:
    """The model of this name: from this package's own engine, or from another of `BACKENDS`.

    A base URL, such as http://127.0.0.1:8000/v1, alone means openai: any server that speaks that API. Raises
    UsageError for what cannot be meant, ModelUnavailable for a checkpoint that cannot be had. That a server cannot be
    reached is told by the first answer. `quantize`, `device_map` and `select` are for the own engine, as `load_model`
    has them; `factor` and `read_s`, how many seconds it may be silent, are for a server, as `OpenAIModel` has them.
    """
    chosen = backend or ("own" if base_url is None else "openai")
    if chosen in BACKENDS[1:] and (quantize or device_map):
        raise UsageError(f"the backend {chosen} places its weights itself: leave out quantize and device_map")
    if chosen in BACKENDS[1:] and select != 1:
        raise UsageError(f"the backend {chosen} reads every token of a picture: leave out select")
    if chosen in BACKENDS[:2] and factor is not None:
        raise UsageError(f"the backend {chosen} finds the factor in the checkpoint: leave it out")
    if chosen in BACKENDS[:2] and read_s is not None:
        raise UsageError(f"the backend {chosen} waits for no server: leave out read_s")
    match chosen:
        case "openai":
            if base_url is None:
                raise UsageError("the backend openai needs the base URL of a server, such as http://127.0.0.1:8000/v1")
            if device or dtype:
                raise UsageError("a model behind a server runs on that server's device: leave out device and dtype")
            budget = Budget().but(min_pixels=min_pixels, max_pixels=max_pixels)
            return _served(str(name), base_url, budget, factor or FACTOR, read_s)
        case ("own" | "transformers") as local if base_url is not None:
            raise UsageError(f"the backend {local} runs in this process: leave out the base URL")
        case "own":
            from .load import load_model

            return load_model(
                name,
                device=device,
                dtype=dtype,
                min_pixels=min_pixels,
                max_pixels=max_pixels,
                quantize=quantize,
                device_map=device_map,
                select=select,
            )
        case "transformers":
            from .backends.transformers import load_transformers

            return load_transformers(name, device=device, dtype=dtype, min_pixels=min_pixels, max_pixels=max_pixels)
        case other:
            raise UsageError(f"{other!r} is not a backend; known are {', '.join(BACKENDS)}")


def _served(name: str, base_url: str, budget: Budget, factor: int, read_s: float | None) -> Model:
    try:
        from .backends.openai import READ_S, OpenAIModel
    except ModuleNotFoundError as error:
        if error.name != "openai":
            raise
        raise UsageError('models behind a server need the OpenAI SDK: pip install "clickwright[openai]"') from None
    return OpenAIModel(name, base_url, budget=budget, factor=factor, read_s=READ_S if read_s is None else read_s)
