"""The rules of the house that a reader would otherwise have to check: layout, names, imports, errors."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import clickwright
import numpy as np
import pytest
from clickwright import errors
from clickwright.policies import ModelPolicy, ScriptedPolicy, load_policy
from clickwright.policies.grammars import Canvas, parse_answer, parse_calls, tool_calls
from clickwright.policies.reading import limits
from clickwright.screen import Box, Observation, Point, Screenshot, Size, read_image, screenshot
from clickwright.tools import Tool, canonical_key

ROOT = Path(__file__).parent.parent
MAX_LINES = 400
CATCH_ALL = ("cli.py", "model/tokenizer.py", "environments/osworld/calls.py")
"""tokenizers raises a bare Exception and nothing narrower; OSWorld's desktop_env does, and what its libraries raise."""
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill", "torchvision"}
HEAVY = {  # library: the only folders and files that may import it
    "torch": ("model", "training", "perf", "doctor.py", "benchmarks/experiments", "reliability"),
    "transformers": ("model", "training", "perf"),
    "playwright": ("environments", "training", "perf", "reliability"),
    "langgraph": ("agent",),
    "mss": ("environments", "perf"),
    "pyautogui": ("environments",),
    "pyperclip": ("environments",),
    "Xlib": ("environments",),
    "torchao": ("model",),
    "accelerate": ("model",),
    "gymnasium": ("environments", "perf"),
    "ray": ("benchmarks/worker/on_ray.py",),
    "scipy": ("benchmarks", "training"),
    "matplotlib": ("benchmarks", "training"),
    "pyarrow": ("benchmarks", "training"),
    "datasets": ("training",),
    "peft": ("training",),
    "tensorboard": ("training",),
}


def sources(*, tests: bool = False) -> Iterator[Path]:
    """Every Python file of the package, and of the tests where they are asked for."""
    folders = [path.parent for path in ROOT.glob("*/__init__.py")]
    yield from ROOT.glob("*.py")
    for folder in [*folders, *([ROOT / "tests"] if tests else [])]:
        yield from folder.rglob("*.py")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """The path below the root and the syntax of every file of the package."""
    for path in sources():
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The first part of every absolute import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def test_the_packages_listed_are_the_folders_that_exist() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        listed = tomllib.load(file)["tool"]["setuptools"]["packages"]
    found = {path.parent for path in sources() if path.name == "__init__.py"}
    assert listed == sorted(".".join(["clickwright", *folder.relative_to(ROOT).parts]) for folder in found)


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lines = {str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n") for path in sources(tests=True)}
    assert len(lines) > 40
    assert {path: n for path, n in lines.items() if n > MAX_LINES} == {}


def test_nothing_is_evaluated_unpickled_or_given_to_a_shell() -> None:
    faults: list[str] = []
    for path, tree in modules():
        faults += [f"{path}: imports {name}" for name in imported(tree) if name in FORBIDDEN_MODULES]
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            words = ast.unparse(node.func)
            shell = any(keyword.arg == "shell" and ast.unparse(keyword.value) != "False" for keyword in node.keywords)
            if words in FORBIDDEN_CALLS or words in ("torch.load", "os.system", "os.popen") or shell:
                faults.append(f"{path}:{node.lineno}: {words}")
    assert faults == []


def test_everything_is_caught_only_where_it_must_be() -> None:
    faults = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and path not in CATCH_ALL
    ]
    assert faults == []


def test_heavy_libraries_have_their_places_and_the_package_imports_itself_relatively() -> None:
    faults: list[str] = []
    for path, tree in modules():
        names = set(imported(tree))
        faults += [f"{path}: {name}" for name in names if name in HEAVY and not _is_within(path, HEAVY[name])]
        faults += [f"{path}: absolute import" for name in names if name == "clickwright"]
    assert faults == []


def _is_within(path: str, places: tuple[str, ...]) -> bool:
    return any(f"{path}/".startswith(f"{place}/") for place in places)


@pytest.mark.parametrize("name", clickwright.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(clickwright, name) is not None
    assert name in dir(clickwright)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Clicker'"):
        clickwright.Clicker  # noqa: B018


def test_importing_clickwright_is_free() -> None:
    """The figure is printed for the reader; the bound only tells a lazy import from one of torch."""
    code = (
        "import sys, time\n"
        "began = time.perf_counter()\n"
        "import clickwright\n"
        "print(f'{(time.perf_counter() - began) * 1000:.1f}')\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    milliseconds, loaded = done.stdout.splitlines()
    print(f"import clickwright: {milliseconds} ms")
    assert float(milliseconds) < 2000
    assert "clickwright" in loaded.split()
    assert not {"torch", "transformers", "playwright", "langgraph", "numpy", "pydantic", "PIL"} & set(loaded.split())


# Errors


def test_every_error_says_what_the_command_line_ends_with() -> None:
    codes = {
        errors.ClickwrightError: 1,
        errors.UsageError: 2,
        errors.BadModelOutput: 3,
        errors.ModelUnavailable: 3,
        errors.ActionFailed: 4,
        errors.EnvironmentLost: 4,
        errors.Denied: 6,
    }
    defined = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert defined == set(codes)
    for error, code in codes.items():
        assert error.exit_code == code
        assert issubclass(error, errors.ClickwrightError)
        assert str(error("one sentence")) == "one sentence"


def test_a_bad_output_carries_what_was_written() -> None:
    assert errors.BadModelOutput("no call", raw="I do not know").raw == "I do not know"
    assert errors.BadModelOutput("no call").raw == ""


def _blank(width: int, height: int) -> Screenshot:
    return Screenshot(pixels=np.zeros((height, width, 3), np.uint8))


def _act_without_a_script() -> object:
    return ScriptedPolicy([]).act(Observation(screenshot=_blank(1, 1)), [])


THOUSAND = Canvas(size=Size(1000, 1000))
WAIT = '<tool_call>{"name": "computer_use", "arguments": {"action": "wait", "time": %s}}</tool_call>'
WIDE = b"P6 16385 1 255\n"

NAMED = [  # what is done wrong, the error, and what its message must name: what was seen, and the limit it broke
    (lambda: Size(0, 5), errors.UsageError, ("0 x 5", "at least 1")),
    (lambda: Point(float("nan"), 1), errors.UsageError, ("finite", "nan")),
    (lambda: Box(5, 0, 1, 1), errors.UsageError, ("corners in order", "(5, 0), (1, 1)")),
    (lambda: _blank(0, 4), errors.UsageError, ("at least one pixel", "0 x 4")),
    (lambda: _blank(9, 9).crop(Box(50, 50, 60, 60)), errors.UsageError, ("50", "9 x 9")),
    (lambda: read_image("nowhere.png"), errors.UsageError, ("nowhere.png", "does not exist")),
    (lambda: read_image(WIDE), errors.UsageError, ("16385 x 1", f"{screenshot.MAX_SIDE_PX:,} a side")),
    (lambda: read_image(b"words"), errors.UsageError, screenshot.FORMATS),
    (lambda: canonical_key("Hyper"), errors.BadModelOutput, ("Hyper", "Enter", "ArrowUp", "GoBack")),
    (lambda: Tool.from_function(print, name="navigate"), errors.UsageError, ("navigate", "built in")),
    (lambda: parse_answer("", THOUSAND), errors.BadModelOutput, ("<tool_call>", "name", "arguments")),
    (lambda: parse_answer("x" * 70_000, THOUSAND), errors.BadModelOutput, ("70,000", f"{limits.MAX_CHARS:,}")),
    (lambda: parse_calls(WAIT % 1 * 65, THOUSAND), errors.BadModelOutput, (str(tool_calls.MAX_CALLS),)),
    (lambda: parse_calls(WAIT % 61, THOUSAND), errors.BadModelOutput, ("wait", "seconds", "60")),
    (lambda: parse_calls(WAIT % ("1" * 33), THOUSAND), errors.BadModelOutput, ("33", str(limits.MAX_NUMBER_CHARS))),
    (lambda: parse_answer("<|box_start|>(1288,5)", THOUSAND), errors.BadModelOutput, ("(1288, 5)", "0 to 999")),
    (_act_without_a_script, errors.BadModelOutput, ("over after 0 turns",)),
    (lambda: load_policy("some/model"), errors.UsageError, ("some/model", "clickwright models")),
    (
        lambda: load_policy("clickwright/mini", profile="maxi"),
        errors.UsageError,
        ("maxi", "mini", "clickwright models"),
    ),
]


@pytest.mark.parametrize(("wrong", "error", "words"), NAMED)
def test_an_error_names_what_was_seen_and_the_limit_it_broke(
    wrong: Callable[[], object], error: type[Exception], words: tuple[str, ...]
) -> None:
    with pytest.raises(errors.ClickwrightError) as caught:
        wrong()
    assert type(caught.value) is error
    message = str(caught.value)
    assert [word for word in words if word not in message] == []
    assert "\n" not in message


def test_the_policy_that_load_policy_promises_is_the_public_one() -> None:
    assert clickwright.ModelPolicy is ModelPolicy
    assert load_policy.__annotations__["return"] in (ModelPolicy, "ModelPolicy")
