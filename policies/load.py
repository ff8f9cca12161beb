"""From the name of a checkpoint to a policy."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..model import Model
from ..tools import Tool, toolbox
from .model_policy import ModelPolicy
from .policy import Grounder
from .profiles import Doubt, Profile, find_profile
from .profiles.planner import PLANNER
from .shown import Detector, require_use

if TYPE_CHECKING:
    from ..model.checkpoint.devices import DeviceMap


def load_policy(
    name_or_folder: str | Path,
    *,
    profile: Profile | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
    tools: Iterable[Tool | Callable[..., object]] = (),
    min_pixels: int | None = None,
    max_pixels: int | None = None,
    backend: str | None = None,
    base_url: str | None = None,
    quantize: str | None = None,
    device_map: "DeviceMap | None" = None,
    select: float = 1.0,
    factor: int | None = None,
    read_s: float | None = None,
    grounder: Grounder | None = None,
    detector: Detector | None = None,
    tells_elements: bool = False,
    doubt: Doubt | None = None,
    opened_by: Callable[..., Model] | None = None,
) -> ModelPolicy:
    """A policy with the checkpoint of this name or folder, asked in the form that it was trained on.

    `profile` is needed only for a checkpoint that does not say which it is. Where and how the model runs is told as
    `open_model` has it; `opened_by` is called in the place of that, and takes the same. With a `grounder` it plans in
    words, unless the profile says otherwise; `detector`, `tells_elements` and `doubt` are those of `ModelPolicy`.
    Raises UsageError for what is not known, ModelUnavailable for a checkpoint that cannot be loaded.
    """
    if grounder is not None and profile is None:
        profile = PLANNER
    found = profile if isinstance(profile, Profile) else find_profile(name_or_folder, name=profile)
    box = toolbox(tools)  # before the weights: a fault in what is asked for is then told at once
    require_use(found, grounder, detector, tells_elements=tells_elements, doubt=doubt)
    from ..model import open_model

    is_served = backend == "openai" or (backend is None and base_url is not None)
    model = (opened_by or open_model)(
        name_or_folder,
        backend=backend,
        base_url=base_url,
        device=device,
        dtype=dtype,
        min_pixels=found.min_pixels if min_pixels is None else min_pixels,
        max_pixels=found.max_pixels if max_pixels is None else max_pixels,
        factor=found.factor if factor is None and is_served else factor,
        quantize=quantize,
        device_map=device_map,
        select=select,
        read_s=read_s,
    )
    return ModelPolicy(
        model,
        profile=found,
        tools=box.values(),
        grounder=grounder,
        detector=detector,
        tells_elements=tells_elements,
        doubt=doubt,
    )
