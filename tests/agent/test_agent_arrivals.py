"""Which files a run keeps that arrive by themselves."""

import pytest
from clickwright.agent.permissions import Permissions
from clickwright.agent.permissions.arrivals import Arrivals
from clickwright.agent.permissions.suffixes import is_program

ASKING = Permissions(ask=frozenset({"download"}))


DISGUISED = ("invoice.pdf.scr", "setup.exe_", "setup.exe\u200b", "setup.exe_\u200b", "se\u202efdp.exe", "x.exe\u00a0")
PROGRAMS = [
    "setup.com",
    "setup.hta",
    "run.py",
    "a.lnk",
    "a.vbs",
    "a.js",
    "a.cmd",
    "a.msix",
    "a.tar",
    "a.zst",
    "a.whl",
    "a.url",
    "a.desktop",
    "a.run",
]
WITH_SCRIPTS = ("a.docm", "a.xls", "a.odt", "a.svg", "page.html")
UNKNOWN = ("README", "a.unheard", ".pdf", "pdf", "", "a.pd\u0493", "a.\uff50df", "setup.exe:a.pdf:$DATA")


@pytest.mark.parametrize(
    "name",
    ["setup.exe", "invoice.pdf.EXE", "data.zip", "x.sh .", "a.tar.gz", *DISGUISED, *PROGRAMS, *WITH_SCRIPTS, *UNKNOWN],
)
def test_what_is_not_known_for_harmless_is_kept_once_for_each_that_was_agreed_to(name: str) -> None:
    arrivals = Arrivals(permissions=lambda: ASKING)
    assert "only where the user agreed" in arrivals(name)
    arrivals.agree()
    assert arrivals(name) == ""
    assert arrivals(name) != ""


@pytest.mark.parametrize(
    "name",
    ["prices.csv", "Invoice 12.PDF", "a.pdf .", "photo.jpeg", "v1.2.docx", "talk.mp3", "film.webm", "x.json", "a.xml"],
)
def test_what_is_harmless_is_kept(name: str) -> None:
    assert Arrivals(permissions=lambda: ASKING)(name) == ""


@pytest.mark.parametrize("file", ["a.scr", "a.hta", "a.tar", "a.docm", "a.ex%65", "a.exe%E2%80%8B", "A.MSIX"])
def test_links_to_programs_are_known_by_their_names(file: str) -> None:
    assert is_program(file)


@pytest.mark.parametrize("file", ["", "index.html", "john.doe", "v1.2", "page.php", "a.pdf", "exe"])
def test_links_to_pages_and_harmless_files_are_not_asked_about(file: str) -> None:
    assert not is_program(file)


def test_runs_that_ask_of_no_download_keep_what_comes() -> None:
    assert Arrivals(permissions=Permissions)("setup.exe") == ""
