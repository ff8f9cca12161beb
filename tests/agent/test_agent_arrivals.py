"""Which files a run keeps that arrive by themselves."""

import pytest
from clickwright.agent.permissions import Permissions
from clickwright.agent.permissions.arrivals import Arrivals

ASKING = Permissions(ask=frozenset({"download"}))


@pytest.mark.parametrize("name", ["setup.exe", "invoice.pdf.EXE", "data.zip", "x.sh .", "a.tar.gz"])
def test_a_program_is_kept_once_for_each_that_was_agreed_to(name: str) -> None:
    arrivals = Arrivals(permissions=lambda: ASKING)
    assert "only where the user agreed" in arrivals(name)
    arrivals.agree()
    assert arrivals(name) == ""
    assert arrivals(name) != ""


def test_other_files_and_runs_that_ask_of_no_download_keep_what_comes() -> None:
    assert Arrivals(permissions=lambda: ASKING)("prices.csv") == ""
    assert Arrivals(permissions=Permissions)("setup.exe") == ""
