"""Pages of runs in a real browser, and plots: they show what is in the rows, ask nothing, and run nothing."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from clickwright.agent import Agent
from clickwright.benchmarks.record import RESULTS, RUN, read_record
from clickwright.benchmarks.report import write_bench_report, write_comparison
from clickwright.benchmarks.report.charts import shares
from clickwright.benchmarks.report.plots import write_comparison_plots, write_plots
from clickwright.benchmarks.report.reasons import errors, failures, trajectory_link
from clickwright.benchmarks.report.run_page import REPORT, write_run_page
from clickwright.benchmarks.row import Row
from clickwright.benchmarks.summary import summarise
from clickwright.benchmarks.synthetic import Drawn, draw_manifest, write_run
from clickwright.environments import find_browser
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryPage
from clickwright.errors import UsageError
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Size, read_image
from clickwright.tools import Finish, Task
from playwright.sync_api import Browser, Page, sync_playwright

SMALL = Drawn(tasks=12, seeds=4, errors=0.1)
HOSTILE = "\"'><script>alert(1)</script><img src=//evil.test/x onerror=alert(1)>${x}{{ 7*7 }}\u202e</style>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(find_browser()))
        yield chromium
        chromium.close()


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    return write_run(tmp_path / "a", SMALL), write_run(tmp_path / "b", replace(SMALL, skill=0.2, player="b"))


def seen(browser: Browser, path: Path, *, width: int = 1280) -> tuple[Page, list[str]]:
    """The page, and everything that it complained of or asked for beyond itself."""
    page, said = browser.new_page(viewport={"width": width, "height": 900}), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.extend([] if request.url[:5] in ("file:", "data:") else [request.url]))
    page.goto(path.as_uri())
    return page, said


def page_of(run: Path) -> Path:
    return write_run_page(run, run / REPORT)


def write(folder: Path, *rows: Row) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / RESULTS).write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    (folder / RUN).write_text(draw_manifest(Drawn(), len(rows)).model_dump_json(), encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", [420, 1280])
def test_pages_are_drawn_by_their_own_style_and_fit_the_window(
    browser: Browser, runs: tuple[Path, Path], width: int
) -> None:
    for path in (page_of(runs[0]), write_comparison(*runs)):
        page, said = seen(browser, path, width=width)
        assert said == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("getComputedStyle(document.querySelector('.bar-value, .gap-bar')).fill") != "rgb(0, 0, 0)"
        page.close()


def test_the_page_of_a_run_has_its_figures_and_every_part_that_its_list_names(
    browser: Browser, runs: tuple[Path, Path]
) -> None:
    summary = summarise(read_record(runs[0]))
    assert summary.score is not None
    page, _ = seen(browser, page_of(runs[0]))
    text = page.inner_text("body")
    assert f"{100 * summary.score.value:.1f} %" in text
    assert f"{summary.failed} attempts broke and have no score" in text
    places = page.eval_on_selector_all(".places a", "all => all.map(each => each.hash.slice(1))")
    assert places
    assert [place for place in places if page.locator(f"[id='{place}']").count() != 1] == []
    assert page.locator("#tasks tbody tr").count() == 12
    page.close()


def test_failures_lead_to_the_trajectories_that_were_kept(browser: Browser, runs: tuple[Path, Path]) -> None:
    failed = next(row for row in read_record(runs[0]).rows if row.score == 0)
    kept = runs[0] / failed.trajectory / "report.html"
    kept.parent.mkdir(parents=True)
    kept.write_text("<title>kept</title>", encoding="utf-8")
    page, _ = seen(browser, page_of(runs[0]))
    links = page.locator("#failures .tries a")
    assert links.count() == 1
    page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    links.first.click()
    assert page.title() == "kept"
    page.close()


def test_a_kept_trajectory_gets_its_page_when_a_report_is_drawn(browser: Browser, runs: tuple[Path, Path]) -> None:
    whole, torn = [row for row in read_record(runs[0]).rows if row.score == 0][:2]
    screen = MemoryEnvironment([MemoryPage(items=())], size=Size(64, 48))
    task = Task(goal="press nothing")
    kept = runs[0] / whole.trajectory
    Agent(task, policy=ScriptedPolicy([Finish(status="failure")]), environment=screen, run_dir=kept).run()
    (runs[0] / torn.trajectory).mkdir(parents=True)
    page, said = seen(browser, write_bench_report(runs[0]))
    assert page.locator("#failures .tries a").count() == 1
    page.goto((kept / "report.html").as_uri())
    assert "press nothing" in page.inner_text("h1")
    assert said == []
    page.close()


def test_a_page_that_is_kept_elsewhere_leads_there_too(runs: tuple[Path, Path], tmp_path: Path) -> None:
    failed = next(row for row in read_record(runs[0]).rows if row.score == 0)
    kept = runs[0] / failed.trajectory / "report.html"
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert trajectory_link(failed, runs[0], tmp_path / "out" / "x.html") == f"../a/{failed.trajectory}/report.html"
    outside = failed.model_copy(update={"trajectory": "../b"})
    (runs[1] / "report.html").touch()
    assert trajectory_link(outside, runs[0], runs[0] / "report.html") == ""


def test_what_others_wrote_stays_text(browser: Browser, tmp_path: Path) -> None:
    right = Row(task=HOSTILE, score=1, success=True, groups={HOSTILE: HOSTILE}, ended=HOSTILE, confidence=0.9)
    wrong = right.model_copy(update={"seed": 1, "score": 0.0, "success": False, "reason": HOSTILE, "steps": 1})
    broken = Row(task="x", error="model", ended="error", reason=HOSTILE, seconds={HOSTILE: 1.0})
    a = write(tmp_path / "a", right, wrong, broken)
    b = write(tmp_path / "b", right.model_copy(update={"seed": 1}), wrong.model_copy(update={"seed": 0}))
    for path in (page_of(a), write_comparison(a, b)):
        page, said = seen(browser, path)
        assert said == []
        assert page.locator("script, img, [onerror]").count() == 0
        assert "<script>alert(1)</script>" in page.inner_text("main")
        assert "\\u202e" in page.inner_text("main")
        page.close()


def test_a_run_without_a_score_has_a_page(browser: Browser, tmp_path: Path) -> None:
    page, said = seen(browser, page_of(write_run(tmp_path / "a", Drawn(tasks=3, seeds=1, errors=1.0))))
    assert said == []
    assert "No score yet" in page.inner_text("main")
    page.close()
    (tmp_path / "a" / RESULTS).unlink()
    write_bench_report(tmp_path / "a")


def test_failures_are_grouped_by_how_they_ended_and_errors_are_apart(tmp_path: Path) -> None:
    rows = [
        *(Row(task="a", seed=n, score=0, ended="steps", reason="too many") for n in range(3)),
        Row(task="b", score=0.4, success=False, ended="failure", reason="gave up"),
        Row(task="c", score=0.4, success=True, ended="success"),
        Row(task="d", error="timeout", ended="error", reason="took too long"),
    ]
    found = failures(rows, tmp_path, tmp_path / "x.html")
    assert [(each.name, each.n, [reason.reason for reason in each.reasons]) for each in found] == [
        ("steps", 3, ["too many"]),
        ("failure", 1, ["gave up"]),
    ]
    assert [each.name for each in errors(rows, tmp_path, tmp_path / "x.html")] == ["timeout"]


def test_shares_of_time_are_all_of_it(runs: tuple[Path, Path]) -> None:
    found = shares(summarise(read_record(runs[0])))
    assert sum(part.share for part in found) == pytest.approx(100, abs=0.1)
    assert [part.name for part in found][-1] == "the rest"
    assert "decide" not in {part.name for part in found}


def test_the_time_of_a_decision_is_not_counted_twice(tmp_path: Path) -> None:
    """0.2 of 1 s is the decision's own, 0.1 s is nobody's; a policy that tells no parts has decided all the time."""
    told = {"total": 1.0, "decide": 0.9, "vision": 0.3, "decode": 0.4}
    parts = shares(summarise(read_record(write(tmp_path / "a", Row(task="a", score=1, seconds=told)))))
    assert [(part.name, part.share) for part in parts] == [
        ("rest of decide", 20),
        ("vision", 30),
        ("decode", 40),
        ("the rest", 10),
    ]
    told = {"total": 1.0, "decide": 1.0, "vision": 0.0}
    parts = shares(summarise(read_record(write(tmp_path / "a", Row(task="a", score=1, seconds=told)))))
    assert [(part.name, part.share) for part in parts] == [("decide", 100)]


def test_plots_are_pictures_and_leave_no_figures_behind(runs: tuple[Path, Path]) -> None:
    """In a process of its own: an import of pyplot elsewhere would not be told from one here."""
    script = (
        "import sys; from pathlib import Path\n"
        "from clickwright.benchmarks.report.plots import write_comparison_plots, write_plots\n"
        "a, b = map(Path, sys.argv[1:])\n"
        "print(*[path.name for path in (*write_plots(a), *write_comparison_plots(a, b, b / 'plots'))])\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    command = [sys.executable, "-W", "error", "-c", script, *map(str, runs)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "tasks.png",
        "group-1.png",
        "group-2.png",
        "confidence.png",
        "time.png",
        "paired.png",
        "differences.png",
    ]
    assert read_image(runs[0] / "plots" / "tasks.png").size.width == 1280


def test_a_name_is_no_formula_on_a_plot(tmp_path: Path) -> None:
    rows = [Row(task=task, seed=n, score=n % 2) for task in ("$\\bad{", "_x", "a_b^") for n in range(2)]
    assert [path.name for path in write_plots(write(tmp_path / "a", *rows))] == ["tasks.png"]


def test_a_report_is_a_page_with_its_plots_beside_it(runs: tuple[Path, Path], tmp_path: Path) -> None:
    assert write_bench_report(runs[0]) == runs[0] / REPORT
    (tmp_path / "out").mkdir()
    page = write_bench_report(runs[0], tmp_path / "out" / "page.html")
    assert page.exists()
    for folder in (runs[0], tmp_path / "out"):
        assert (folder / "plots" / "tasks.png").exists()


def test_what_cannot_be_written_is_told(runs: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        write_plots(runs[0], tmp_path / "file")
    with pytest.raises(UsageError, match="cannot be written"):
        write_bench_report(runs[0], tmp_path / "no" / "page.html")
    with pytest.raises(UsageError, match="holds no benchmark run"):
        write_comparison_plots(runs[0], tmp_path, tmp_path / "plots")
