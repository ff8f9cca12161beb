"""What a run of UI tests is told: on the command line, else in pytest's ini file, else as it usually is."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..budget import Budget
    from ..ways import Mode

MODES: "tuple[Mode, ...]" = ("live", "record", "replay", "heal")
DEFAULT_MODEL = "clickwright/mini"
DEFAULT_RESULTS = "ui-results"
BUDGET: dict[str, type[float] | type[int]] = {"seconds": float, "tokens": int, "steps": int}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Of one run. Paths are absolute; `budget` has the limits of tests that say nothing themselves."""

    mode: "Mode"
    model: str
    results: Path
    update_baselines: bool
    retries: int
    flaky: Path
    budget: dict[str, float | None]


SETTINGS = pytest.StashKey[Settings]()


def add_options(parser: pytest.Parser) -> None:
    """Each has an ini option of its name with _ for -."""
    group = parser.getgroup("clickwright", "UI tests by sight (Clickwright)")
    group.addoption(
        "--ui-mode", choices=MODES, help="who finds things: a model (live, record), or a recording (replay)"
    )
    group.addoption("--ui-model", metavar="MODEL", help="the model of the modes that need one")
    group.addoption("--ui-results", metavar="DIR", help="where reports, pictures and patches go")
    group.addoption("--ui-retries", metavar="N", type=int, help="tries more after the browser or the model has failed")
    group.addoption("--ui-flaky", metavar="FILE", help="JSON lines of tests that passed on a retry, appended to")
    group.addoption("--update-baselines", action="store_true", default=None, help="take what is seen for right")
    parser.addini("ui_mode", "live, record, replay or heal (replay)", default="replay")
    parser.addini("ui_model", f"the model of the modes that need one ({DEFAULT_MODEL})", default=DEFAULT_MODEL)
    parser.addini("ui_results", f"where reports, pictures and patches go ({DEFAULT_RESULTS})", default=DEFAULT_RESULTS)
    parser.addini("ui_retries", "tries more after the browser or the model has failed (1)", default="1")
    parser.addini("ui_flaky", "JSON lines of tests that passed on a retry (flaky.jsonl in the results)", default="")
    parser.addini("update_baselines", "take what is seen for right", type="bool", default=False)
    for name in BUDGET:
        parser.addini(f"ui_budget_{name}", f"how many {name} a UI test may use", default="")


def read_settings(config: pytest.Config) -> Settings:
    """All of them, kept for `settings_of`. Raises pytest.UsageError."""
    mode: Any = _told(config, "ui_mode")
    if mode not in MODES:
        raise pytest.UsageError(f"ui_mode is one of {', '.join(MODES)}, not {mode!r}")
    results = _path(config, "ui_results")
    settings = Settings(
        mode=mode,
        model=_told(config, "ui_model"),
        results=results,
        update_baselines=bool(_told(config, "update_baselines")),
        retries=int(_number("ui_retries", _told(config, "ui_retries"), int) or 0),
        flaky=_path(config, "ui_flaky") if _told(config, "ui_flaky") else results / "flaky.jsonl",
        budget={
            name: _number(f"ui_budget_{name}", config.getini(f"ui_budget_{name}"), kind)
            for name, kind in BUDGET.items()
        },
    )
    config.stash[SETTINGS] = settings
    return settings


def settings_of(config: pytest.Config) -> Settings:
    return config.stash[SETTINGS]


def budget_of(item: pytest.Item) -> "Budget":
    """Of the marker `ui_budget` next to the test, where it names a limit, else of the ini file. Raises UsageError."""
    from ...errors import UsageError
    from ..budget import Budget

    limits: dict[str, Any] = dict(settings_of(item.config).budget)
    for marker in reversed(list(item.iter_markers("ui_budget"))):
        unknown = set(marker.kwargs) - set(BUDGET)
        if unknown or marker.args:
            said = ", ".join([*map(repr, marker.args), *sorted(unknown)])
            raise UsageError(f"ui_budget knows seconds=, tokens= and steps=, not {said}")
        limits |= marker.kwargs
    return Budget(**limits)


def shown_path(path: Path) -> str:
    """From where people stand, where it lies below."""
    return below(path, Path.cwd()).as_posix()


def below(path: Path, root: Path) -> Path:
    """From the root, where it lies below."""
    return path.relative_to(root) if path.is_relative_to(root) else path


def _told(config: pytest.Config, name: str) -> Any:
    said = config.getoption(name)
    return config.getini(name) if said is None else said


def _path(config: pytest.Config, name: str) -> Path:
    """Relative to where pytest was called, where the command line has it; else to the ini file."""
    from_line = config.getoption(name)
    return config.invocation_params.dir / from_line if from_line else config.rootpath / config.getini(name)


def _number(name: str, said: object, kind: type[float] | type[int]) -> float | None:
    if said in ("", None):
        return None
    try:
        number = kind(str(said))
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise pytest.UsageError(f"{name} is a number from 0 up, not {said!r}")
    return number
