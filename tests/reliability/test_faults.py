"""What goes wrong with all that a run stands on but browsers, made to go wrong."""

from pathlib import Path

import clickwright
import pytest
from clickwright.reliability.faults.numbered import FAULTS, OfLoop
from clickwright.reliability.faults.tried import LIMIT_S, happen_to_a_run

ELSEWHERE = ("F10", "F13")
"""Killed and interrupted processes, which test_agent_resume and test_agent_ends try at length."""
OF_THE_LOOP = [fault for fault in FAULTS if isinstance(fault, OfLoop) and fault.name not in ELSEWHERE]


@pytest.mark.slow
@pytest.mark.parametrize("fault", OF_THE_LOOP, ids=[f"{fault.name}: {fault.what}" for fault in OF_THE_LOOP])
async def test_a_fault_is_survived(fault: OfLoop, tmp_path: Path) -> None:
    survived = await happen_to_a_run(fault, tmp_path / "run")
    assert survived.told
    assert survived.seconds < 2 * LIMIT_S  # beside other tests


def test_there_are_as_many_faults_as_are_claimed() -> None:
    assert [fault.name for fault in FAULTS] == [f"F{number}" for number in range(1, 37)]
    assert len({fault.happen for fault in FAULTS}) == len({fault.what for fault in FAULTS}) == 36


def test_the_documentation_has_them_by_their_numbers() -> None:
    told = (Path(clickwright.__file__).parent / "docs" / "reliability.md").read_text("utf-8")
    missing = [one.name for one in FAULTS[:17] if f"| {one.name} | {one.what.removesuffix('.')} |" not in told]
    assert missing == []
    assert f"F18 to F{len(FAULTS)} are more of browsers" in told
