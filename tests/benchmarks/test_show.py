"""What is said of a run is what is in its rows, and nothing is scored 0 in silence."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from clickwright.benchmarks.compare import compare, remarks, verdict
from clickwright.benchmarks.comparison import compare_records
from clickwright.benchmarks.record import RESULTS, RUN, Rows, RunRecord, read_record
from clickwright.benchmarks.row import Row
from clickwright.benchmarks.show import lowest, show
from clickwright.benchmarks.statistics import wilson
from clickwright.benchmarks.summary import summarise
from clickwright.benchmarks.synthetic import Drawn, draw_manifest, draw_rows, write_run
from clickwright.errors import UsageError
from rich.console import Console


def record_of(*rows: Row, keys: int | None = None, **changes: object) -> RunRecord:
    manifest = draw_manifest(Drawn(), len(rows) if keys is None else keys).model_copy(update=changes)
    return RunRecord(folder=Path("a run"), manifest=manifest, results=Rows(every=rows, lines=len(rows)))


def told(*folders: Path, by: object = show) -> str:
    """What is printed, with runs of spaces made one."""
    console = Console(file=io.StringIO(), width=160)
    by(console, *folders)  # pyright: ignore
    return " ".join(console.file.getvalue().split())  # pyright: ignore


def solved(task: str, *outcomes: int, **more: object) -> list[Row]:
    return [Row(task=task, seed=n, score=done, success=bool(done), **more) for n, done in enumerate(outcomes)]  # pyright: ignore


def test_an_error_is_no_failure_and_both_readings_are_told(tmp_path: Path) -> None:
    rows = [*solved("a", 1, 1, 0), Row(task="a", seed=3, error="environment", ended="error")]
    summary = summarise(record_of(*rows, keys=6))
    assert summary.score is not None
    assert summary.with_errors_as_failures is not None
    assert (summary.scored, summary.failed, summary.missing) == (3, 1, 2)
    assert summary.score.value == pytest.approx(2 / 3)
    assert summary.score.interval == wilson(2, 3)
    assert summary.with_errors_as_failures.value == 0.5
    assert summary.errors == {"environment": 1}
    (tmp_path / RESULTS).write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    (tmp_path / RUN).write_text(draw_manifest(Drawn(), 6).model_dump_json(), encoding="utf-8")
    text = told(tmp_path)
    assert "1 attempt broke and has no score (1 environment); were each a failure, it would be 50.0 %" in text
    assert "2 attempts still to be made." in text


def test_averages_are_told_apart_by_what_they_are_the_average_of() -> None:
    """Nine attempts of one task, all right, and one of another, wrong: 90 % of attempts, half of tasks."""
    rows = [*solved("a", *[1] * 9, groups={"kind": "x"}), *solved("b", 0, groups={"kind": "y"})]
    summary = summarise(record_of(*rows))
    assert summary.score is not None
    assert summary.over_tasks is not None
    assert summary.score.value == 0.9
    assert summary.over_tasks.value == 0.5
    assert summary.over_groups["kind"].value == 0.5
    assert [(part.name, part.score) for part in summary.groups["kind"]] == [("x", 1.0), ("y", 0.0)]


def test_the_average_that_a_benchmark_is_published_with_comes_first(tmp_path: Path) -> None:
    """An episode of one right step and one of three wrong ones; the right step weighs 8.1 of 8.4."""
    weights, episodes = (8.1, 0.1, 0.1, 0.1), "abbb"
    rows = [
        Row(task=f"{episode}/{n}", score=float(n == 0), groups={"episode": episode}, metrics={"weight": weight})
        for n, (episode, weight) in enumerate(zip(episodes, weights, strict=True))
    ]
    for average, value in (("attempts", 0.25), ("episodes", 0.5), ("weight", 8.1 / 8.4)):
        found = summarise(record_of(*rows, average=average)).headline
        assert found is not None
        assert found.value == pytest.approx(value)
        assert found.low <= found.value <= found.high
    (tmp_path / RESULTS).write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    manifest = draw_manifest(Drawn(), 4).model_copy(update={"average": "episodes"})
    (tmp_path / RUN).write_text(manifest.model_dump_json(), encoding="utf-8")
    assert "50.0 % over episodes (macro average), 95 % interval" in told(tmp_path)
    assert summarise(record_of(*solved("a", 1, 0))).over_episodes is None
    assert summarise(record_of(*solved("a", 1, 0))).weighted is None


def test_scores_in_between_have_a_share_of_solved_beside_them() -> None:
    rows = [Row(task=str(n), score=n / 10, success=n == 10) for n in range(11)]
    summary = summarise(record_of(*rows))
    assert not summary.is_rate
    assert summary.score is not None
    assert summary.success is not None
    assert summary.score.value == pytest.approx(0.5)
    assert summary.success.value == pytest.approx(1 / 11)
    assert summary.repeated is None


def test_pass_at_k_is_over_repeats_of_a_seed_where_there_are_any() -> None:
    rows = [row.model_copy(update={"repeat": r, "seed": 0}) for t in "ab" for r, row in enumerate(solved(t, 1, 0))]
    summary = summarise(record_of(*rows))
    assert summary.repeated is not None
    assert (summary.repeated.over, summary.repeated.units) == ("repeats of a seed", 2)
    assert [(at.k, at.any.value, at.all.value) for at in summary.repeated.at] == [(1, 0.5, 0.5), (2, 1.0, 0.0)]


def test_metrics_spreads_and_endings() -> None:
    rows = [
        Row(task="a", score=1, metrics={"iou": 0.5, "px": 12}, steps=2, seconds={"total": 1}, ended="success"),
        Row(task="b", score=0, metrics={"iou": 0.7}, steps=4, seconds={"total": 3}, ended="steps", bad_outputs=2),
        Row(task="c", error="worker", ended="error", seconds={"total": 99}),
    ]
    summary = summarise(record_of(*rows))
    assert summary.rates["iou"].value == pytest.approx(0.6)
    assert summary.measures["px"].mean == 12
    assert (summary.counts["steps"].median, summary.counts["steps"].total) == (3, 6)
    assert summary.seconds["total"].total == 4
    assert summary.endings == {"success": (1, 1), "steps": (1, 0), "error": (1, 0)}
    assert (summary.bad_outputs, summary.rows_with_bad_outputs) == (2, 1)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = list(draw_rows(Drawn(tasks=12, seeds=4, is_graded=True)))
    one, other = summarise(record_of(*rows)), summarise(record_of(*reversed(rows)))
    assert replace(one, tasks=(), groups={}, endings={}, errors={}) == replace(
        other, tasks=(), groups={}, endings={}, errors={}
    )


def test_a_run_without_a_score_is_shown(tmp_path: Path) -> None:
    write_run(tmp_path, Drawn(tasks=3, seeds=1, errors=1.0))
    assert "No attempt has a score yet; 0 of 3 attempts scored" in told(tmp_path)
    (tmp_path / RESULTS).unlink()
    assert "3 attempts still to be made" in told(tmp_path)


def test_the_tasks_with_the_lowest_scores_are_shown_where_there_are_many(tmp_path: Path) -> None:
    summary = summarise(read_record(write_run(tmp_path, Drawn(tasks=30, seeds=3))))
    shown = lowest(summary.tasks, 5)
    left = [part.score or 0.0 for part in summary.tasks if part not in shown]
    assert max(part.score or 0.0 for part in shown) <= min(left)
    assert [part.name for part in shown] == sorted(part.name for part in shown)
    assert "by task" in told(tmp_path)


def test_what_a_page_or_a_model_wrote_commands_no_terminal(tmp_path: Path) -> None:
    row = Row(task="a\x1b[2Jb", score=1, ended="[red]success[/red]", groups={"kind": "\u202ex"})
    (tmp_path / RESULTS).write_text(f"{row.model_dump_json()}\n" * 2, encoding="utf-8")
    (tmp_path / RUN).write_text(draw_manifest(Drawn(), 2).model_dump_json(), encoding="utf-8")
    text = told(tmp_path)
    assert "\x1b[2J" not in text
    assert "\u202e" not in text
    assert "[red]success[/red]" in text


@pytest.mark.parametrize(("missing", "module"), [("scipy", "show"), ("matplotlib", "report.plots")])
def test_what_must_be_installed_is_said(missing: str, module: str) -> None:
    script = f"import sys; sys.modules[{missing!r}] = None; import clickwright.benchmarks.{module}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert "UsageError: " in done.stderr
    assert 'pip install "clickwright[bench]"' in done.stderr


def test_showing_a_run_loads_neither_a_model_nor_the_loop_nor_plots() -> None:
    script = (
        "import sys, clickwright.benchmarks.show, clickwright.benchmarks.compare, clickwright.benchmarks.export\n"
        "print(*sys.modules.keys() & {'torch', 'playwright', 'langgraph', 'matplotlib', 'clickwright.agent'})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")


# Comparison


def pair_of_runs(folder: Path, *, skill: float = 0.0, **more: object) -> tuple[Path, Path]:
    drawn = Drawn(tasks=30, seeds=4)
    return write_run(folder / "a", drawn), write_run(folder / "b", replace(drawn, skill=skill, player="b", **more))  # pyright: ignore


def test_a_player_that_is_much_better_is_found_to_be(tmp_path: Path) -> None:
    a, b = pair_of_runs(tmp_path, skill=0.35)
    found = compare_records(read_record(a), read_record(b))
    turned = compare_records(read_record(b), read_record(a))
    assert (verdict(found), verdict(turned)) == ("B is better", "A is better")
    assert found.difference.value == pytest.approx(-turned.difference.value)
    assert found.permutation_p == turned.permutation_p
    assert (len(found.only_a), len(found.only_b)) == (len(turned.only_b), len(turned.only_a))
    text = told(a, b, by=compare)
    assert "B is better: +" in text
    assert "go by the permutation test" in text
    assert "solved by A alone" in text


def test_a_run_does_not_differ_from_itself(tmp_path: Path) -> None:
    a, _ = pair_of_runs(tmp_path)
    found = compare_records(read_record(a), read_record(a))
    assert verdict(found) == "These runs do not tell which is better"
    assert (found.difference.value, found.permutation_p, found.mcnemar_p) == (0, 1, 1)
    assert found.difference.low < 0 < found.difference.high
    assert found.settings == ()
    assert found.sees is None


def test_what_only_one_run_has_is_counted_and_left_out() -> None:
    a = record_of(*solved("a", 1, 0, 1), Row(task="b", error="timeout"))
    b = record_of(*solved("a", 1, 1), *solved("b", 1), *solved("c", 1))
    found = compare_records(a, b)
    assert (found.pairs.only_a, found.pairs.only_b, found.pairs.unscored) == (1, 1, 1)
    assert found.difference.value == 0.5
    assert [str(each.key) for each in found.only_b] == ["a seed 1"]


def test_settings_that_differ_are_told() -> None:
    a, b = record_of(*solved("a", 1)), record_of(*solved("a", 1), limits={"steps": 30}, commit="f" * 40, dirty=True)
    assert [(each.name, each.a, each.b) for each in compare_records(a, b).settings] == [
        ("limit of steps", "10", "30"),
        ("commit", a.manifest.commit[:12], f"{'f' * 12} and changes"),
    ]


def test_runs_that_cannot_be_compared_are_refused_in_one_sentence() -> None:
    a = record_of(*solved("a", 1))
    data = [a.manifest.choice.model_copy(update={"data_hash": name}) for name in ("one", "two")]
    for other, words in [
        (record_of(*solved("a", 1), suite="miniwob"), "a run of synthetic cannot be compared with one of miniwob"),
        (record_of(*solved("a", 1), metric="iou"), "different scores"),
        (record_of(*solved("b", 1)), "no attempt in common"),
    ]:
        with pytest.raises(UsageError, match=words):
            compare_records(a, other)
    with pytest.raises(UsageError, match="on different data"):
        compare_records(record_of(*solved("a", 1), choice=data[0]), record_of(*solved("a", 1), choice=data[1]))


def test_a_test_that_cannot_tell_says_so() -> None:
    """Three tasks that differ flip in eight ways, two of which are the farthest."""
    a = record_of(*(row for task in "abc" for row in solved(task, 1, 1)))
    b = record_of(*(row for task in "abc" for row in solved(task, 0, 0)))
    found = compare_records(a, b)
    assert found.permutation_p == 0.25
    assert "3 tasks that differ cannot bring the permutation test below p = 0.250" in " ".join(remarks(found))
