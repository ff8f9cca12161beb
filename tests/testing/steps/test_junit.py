"""The results as other programs read them, whatever pages and files say."""

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from clickwright.errors import UsageError
from clickwright.testing.report.told import StepTold, TestTold
from clickwright.testing.steps.junit import write_junit
from clickwright.testing.verdicts import Verdict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def told(verdict: Verdict, reason: str = "why", name: str = "a", file: str = "shop.yaml") -> TestTold:
    steps = (StepTold(does="tap", words=name, verdict=verdict, error=reason, healed=True),)
    return TestTold(test=f"{file}::{name}", title=name, file=file, line=3, verdict=verdict, reason=reason, steps=steps)


def test_faults_of_the_product_are_failures_and_all_else_errors(tmp_path: Path) -> None:
    path = tmp_path / "new" / "junit.xml"
    write_junit(
        path, [told("passed"), told("product", name="b"), told("model", name="c"), told("inconclusive", file="z")]
    )
    root = Xml.parse(path).getroot()
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["errors"]) == ("4", "1", "2")
    assert [suite.attrib["name"] for suite in root] == ["shop.yaml", "z"]
    kinds = [[child.tag for child in case if child.tag != "properties"] for case in root.iter("testcase")]
    assert kinds == [[], ["failure"], ["error"], ["error"]]
    properties = {one.attrib["name"]: one.attrib["value"] for one in next(root.iter("testcase")).iter("property")}
    assert (properties["steps"], properties["healed"], properties["verdict"]) == ("1", "1", "passed")


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: Is a directory"):
        write_junit(tmp_path, [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=())), st.text(min_size=1))
def test_any_text_is_well_formed(tmp_path: Path, reason: str, name: str) -> None:
    path = tmp_path / "junit.xml"
    write_junit(path, [told("product", reason, name)])
    (case,) = Xml.parse(path).getroot().iter("testcase")
    assert case.find("failure") is not None


def test_markup_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    write_junit(path, [told("product", "]]><script>&amp;\x1b[31m", '"<b>')])
    (case,) = Xml.parse(path).getroot().iter("testcase")
    failure = case.find("failure")
    assert case.attrib["name"] == '"<b>'
    assert failure is not None
    assert failure.attrib["message"] == "]]><script>&amp;\\u001b[31m"
