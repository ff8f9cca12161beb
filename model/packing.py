"""How a checkpoint packs its weights, as its config.json says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import ModelUnavailable

_ZERO_OFFSETS = {"gptq": 1, "gptq_v2": 0}
"""What is to be added to a zero as it is written: GPTQ's first format keeps it minus one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """How a checkpoint packs its weights. Which of them it packs is seen by their tensors.

    `group_size` counts inputs, -1 is all of them. `is_ordered` is False where inputs were sorted into groups (the
    desc_act of GPTQ), so that only g_idx knows which belong together.
    """

    method: Literal["awq", "gptq"]
    bits: int
    group_size: int
    zero_offset: int = 0
    is_ordered: bool = True

    @property
    def fields(self) -> int:
        """Integers in one word of 32 bits."""
        return 32 // self.bits

    def groups(self, inputs: int) -> int:
        return 1 if self.group_size == -1 else -(-inputs // self.group_size)


def parse_packing(found: Mapping[str, Any]) -> Packing | None:
    """The packing that a config.json names in its quantization_config, None where it names none.

    Raises ModelUnavailable for every form but 4-bit AWQ in its "gemm" version and GPTQ of 4 or 8 bits.
    """
    if not found:
        return None
    method = str(found.get("quant_method")).lower()
    if method not in ("awq", "gptq"):
        raise ModelUnavailable(f"the weights are quantised by the method {method!r}; only awq and gptq can be read")
    bits = _integer(found, "bits", "w_bit")
    group_size = _integer(found, "group_size", "q_group_size")
    if group_size < 1 and group_size != -1:
        raise ModelUnavailable(f"the quantization_config needs a positive group_size, or -1, got {group_size}")
    if method == "awq":
        _require("number of bits of AWQ", bits, (4,))
        _require("version of AWQ", str(found.get("version", "gemm")).lower(), ("gemm",))
        return Packing(method="awq", bits=bits, group_size=group_size)
    _require("number of bits of GPTQ", bits, (4, 8))
    form = str(found.get("checkpoint_format") or "gptq")
    _require("checkpoint_format of GPTQ", form, tuple(_ZERO_OFFSETS))
    is_ordered = not found.get("desc_act", False)
    offset = _ZERO_OFFSETS[form]
    return Packing(method="gptq", bits=bits, group_size=group_size, zero_offset=offset, is_ordered=is_ordered)


def _require(what: str, value: object, known: tuple[object, ...]) -> None:
    if value not in known:
        raise ModelUnavailable(f"the {what} is {value!r}; only {' and '.join(map(str, known))} can be read")


def _integer(found: Mapping[str, Any], *names: str) -> int:
    value = next((found[name] for name in names if name in found), None)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ModelUnavailable(f"the quantization_config needs {names[0]} as a whole number, got {value!r}")
    return value
