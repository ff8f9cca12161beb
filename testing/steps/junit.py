"""The results as JUnit's XML, as servers that build read it."""

import io
import os
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

from ...errors import UsageError
from ...shown import visible
from ..report.told import TestTold


def write_junit(path: Path, tests: Sequence[TestTold]) -> None:
    """One suite for each file. A fault of the product is a failure, all else an error. Raises UsageError."""
    buffer = io.BytesIO()
    Xml.ElementTree(_suites(tests)).write(buffer, encoding="utf-8", xml_declaration=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(buffer.getvalue() + b"\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def require_writable(path: Path) -> None:
    """Raises UsageError, before anything has run, for what cannot be such a file."""
    if path.is_dir() or (path.exists() and not os.access(path, os.W_OK)):
        raise UsageError(f"{path} cannot be written: it is {'a folder' if path.is_dir() else 'read only'}")


def _suites(tests: Sequence[TestTold]) -> Xml.Element:
    root = Xml.Element("testsuites", {"name": "clickwright", **_counts(tests)})
    for file in sorted({told.file for told in tests}):
        of_file = [told for told in tests if told.file == file]
        suite = Xml.SubElement(root, "testsuite", {"name": _text(file), **_counts(of_file)})
        for told in of_file:
            suite.append(_case(told))
    return root


def _counts(tests: Sequence[TestTold]) -> dict[str, str]:
    wrong = [told.verdict for told in tests if told.verdict != "passed"]
    return {
        "tests": str(len(tests)),
        "failures": str(wrong.count("product")),
        "errors": str(len(wrong) - wrong.count("product")),
        "time": f"{sum(told.seconds for told in tests):.3f}",
    }


def _case(told: TestTold) -> Xml.Element:
    case = Xml.Element(
        "testcase",
        name=_text(told.name),
        classname=_text(told.file),
        file=_text(told.file),
        line=str(told.line),
        time=f"{told.seconds:.3f}",
    )
    properties = Xml.SubElement(case, "properties")
    for name, value in _properties(told).items():
        Xml.SubElement(properties, "property", name=name, value=_text(value))
    if told.verdict != "passed":
        kind = "failure" if told.verdict == "product" else "error"
        Xml.SubElement(case, kind, type=told.verdict, message=_text(told.reason)).text = _text(_steps(told))
    return case


def _properties(told: TestTold) -> dict[str, str]:
    return {
        "verdict": told.verdict,
        "mode": told.mode,
        "model": told.model,
        "steps": str(len(told.steps)),
        "tokens": str(told.tokens),
        "healed": str(sum(step.healed for step in told.steps)),
        "unasked": str(len(told.unasked)),
        "tries": str(told.tries),
        "flaky": "yes" if told.flaky else "no",
    }


def _steps(told: TestTold) -> str:
    """What was done, a line for each step, down to the one that failed."""
    lines = [f"{step.does} {step.words!r}: {step.error or step.note or step.verdict}" for step in told.steps]
    return "\n".join([told.reason, *lines])


def _text(text: str) -> str:
    """Without what XML has no way to write."""
    return "".join(
        char if char in "\n\t" or 0x20 <= ord(char) < 0xFFFE or ord(char) > 0xFFFF else f"\\u{ord(char):04x}"
        for char in visible(text)
    )
