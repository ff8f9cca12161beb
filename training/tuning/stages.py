"""What learns: the three stages in which Qwen2-VL was trained."""

from enum import StrEnum

from ...model.qwen2_vl import Qwen2VL


class Stage(StrEnum):
    """The tower alone, on pairs of pictures and texts; everything; then instructions, behind a tower that stands."""

    TOWER = "tower"
    ALL = "all"
    INSTRUCTIONS = "instructions"


def begin_stage(network: Qwen2VL, stage: Stage) -> None:
    """Have the parts of this stage learn and no others. A head that points learns in none: lessons are texts."""
    network.requires_grad_(False)
    if stage != Stage.INSTRUCTIONS:
        network.visual.requires_grad_(True)
    if stage != Stage.TOWER:
        network.decoder.requires_grad_(True)
        if network.lm_head is not None:
            network.lm_head.requires_grad_(True)


def learns(name: str, stage: Stage) -> bool:
    """Whether the module of this name in `Qwen2VL` learns in a stage."""
    is_tower = name.startswith("model.visual.")
    is_decoder = name.startswith("model.language_model.")
    return (is_tower and stage != Stage.INSTRUCTIONS) or (is_decoder and stage != Stage.TOWER)
