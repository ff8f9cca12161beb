"""Exports are what their readers expect, field by field, and leave nothing out in silence."""

import csv
import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from clickwright.benchmarks.drawn import FORMATS
from clickwright.benchmarks.export import EXPORTS, export_bench
from clickwright.benchmarks.export.agentlab import COLUMNS, standard_error
from clickwright.benchmarks.record import RESULTS, RUN
from clickwright.benchmarks.row import Row
from clickwright.benchmarks.subjects import unreadable
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import SUITES
from clickwright.benchmarks.suites.samples import SampleSuite
from clickwright.benchmarks.synthetic import Drawn, draw_manifest, write_run
from clickwright.errors import UsageError

GOLDEN = Path(__file__).parent / "golden"
SMALL = Drawn(tasks=4, seeds=2, errors=0.2, seed=3)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "a run", SMALL)


def write(folder: Path, *rows: Row, keys: int | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / RESULTS).write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    manifest = draw_manifest(Drawn(), len(rows) if keys is None else keys)
    (folder / RUN).write_text(manifest.model_dump_json(), encoding="utf-8")
    return folder


def test_a_form_that_there_is_not_is_refused_with_those_that_there_are(run: Path) -> None:
    with pytest.raises(UsageError, match="markdown, latex, screenspot-pro, agentlab, inspect, not to 'excel'"):
        export_bench(run, "excel")


@pytest.mark.parametrize("to", [name for name in EXPORTS if name != "screenspot-pro"])
def test_a_run_is_written_into_its_folder_or_where_it_is_wanted(run: Path, tmp_path: Path, to: str) -> None:
    inside, wanted = export_bench(run, to), export_bench(run, to, tmp_path / "elsewhere")
    assert inside.parent == run
    assert inside.read_bytes() == wanted.read_bytes()
    with pytest.raises(UsageError, match="cannot be written: No such file"):
        export_bench(run, to, tmp_path / "no" / "folder")


# Tables


def test_a_table_shows_what_was_written_by_others_and_obeys_nothing(tmp_path: Path) -> None:
    row = Row(task="a", score=1, groups={"kind": "a|b_*c*\n<script> 50% $x$ \\input{y}"})
    run = write(tmp_path / "run", row, row.model_copy(update={"task": "b"}))
    marked, tex = export_bench(run, "markdown").read_text("utf-8"), export_bench(run, "latex").read_text("utf-8")
    assert r"| a\|b\_\*c\* \<script\> 50% $x$ \\input\{y\} | 100.0 | 34.2 to 100.0 | 2 |  |" in marked
    assert r"a|b\_*c* \textless{}script\textgreater{} 50\% \$x\$ \textbackslash{}input\{y\} & 100.0" in tex


def test_tables_tell_errors_apart(run: Path) -> None:
    text = export_bench(run, "markdown").read_text("utf-8")
    assert "broke and have no score" in text
    assert "| over attempts, errors as failures |" in text
    assert "| By task |" in text


# AgentLab


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_journal_of_agentlabs_has_its_columns_and_figures(tmp_path: Path) -> None:
    """3 of 4 is AgentLab's own first line: 0.75, 0.217, 4/4."""
    run = write(tmp_path / "run", *(Row(task=str(n), score=float(n > 0), success=n > 0) for n in range(4)))
    [line] = read_csv(export_bench(run, "agentlab"))
    assert tuple(line) == COLUMNS
    assert (line["avg_reward"], line["std_err"], line["n_err"], line["n_completed"]) == ("0.75", "0.217", "0", "4/4")
    assert (line["agent_name"], line["benchmark"], line["date"]) == (
        "clickwright/mini",
        "synthetic",
        "2026-01-02_03-04-05",
    )
    assert line["comment"] == "run by Clickwright 0.1.0 at 0123456789ab"


def test_an_error_is_a_reward_of_0_in_a_journal_and_the_comment_says_so(tmp_path: Path) -> None:
    run = write(tmp_path / "run", Row(task="a", score=1), Row(task="b", error="timeout", ended="error"), keys=3)
    [line] = read_csv(export_bench(run, "agentlab"))
    assert (line["avg_reward"], line["n_err"], line["n_completed"]) == ("0.5", "1", "2/3")
    assert line["comment"].endswith("; 100.0 % of those that did not break")


def test_a_journal_that_is_there_gets_one_more_line_in_its_own_order(run: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal.csv"
    head = list(reversed(COLUMNS))
    journal.write_text(",".join(head) + "\n" + ",".join("x" for _ in head), encoding="utf-8")
    export_bench(run, "agentlab", journal)
    export_bench(run, "agentlab", journal)
    lines = read_csv(journal)
    assert [line["benchmark"] for line in lines] == ["x", "synthetic", "synthetic"]
    journal.write_text("name,size\nx,1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is not a reproducibility journal"):
        export_bench(run, "agentlab", journal)
    assert journal.read_text("utf-8") == "name,size\nx,1\n"


def test_the_standard_error_is_agentlabs() -> None:
    assert standard_error([1.0] * 341 + [0.0] * 284) == pytest.approx(0.0199, abs=5e-5)
    assert standard_error([0.0, 0.5, 1.0]) == pytest.approx(0.5 / 3**0.5)
    assert standard_error([0.5]) == 0


# ScreenSpot-Pro


def sample(name: str, score: float, point: list[float] | None, **groups: str) -> Row:
    groups = {"platform": "windows", "application": "word", "group": "Office", "ui_type": "text", **groups}
    said = {"point": point, "text": "(12.5, 30)"} if point else "nowhere"
    box = {
        "bbox": [10, 20, 30, 40],
        "instruction": f"the {name}",
        "image": f"word/{name}.png",
        "file": "annotations/word_windows.json",
    }
    return Row(task=name, score=score, success=bool(score), groups=groups, prediction=said, expected=box)  # pyright: ignore


def test_screenspot_pro_is_what_its_own_evaluation_writes(tmp_path: Path) -> None:
    rows = [
        sample("save", 1, [12.5, 30]),
        sample("icon", 0, [0, 0], ui_type="icon"),
        sample("pen", 1, [20, 20], ui_type="icon", application="autocad", group="CAD"),
        sample("nothing", 0, None, platform="macos"),
    ]
    report = json.loads(export_bench(write(tmp_path / "run", *rows), "screenspot-pro").read_text("utf-8"))
    assert report["details"][0] == {
        "id": "save",
        "img_path": "word/save.png",
        "group": "Office",
        "platform": "windows",
        "application": "word",
        "lang": "en",
        "instruction_style": "instruction",
        "prompt_to_evaluate": "the save",
        "gt_type": "positive",
        "ui_type": "text",
        "task_filename": "word_windows",
        "pred": [12.5, 30],
        "raw_response": "(12.5, 30)",
        "bbox": [10, 20, 30, 40],
        "correctness": "correct",
    }
    assert [each["correctness"] for each in report["details"]] == ["correct", "wrong", "correct", "wrong_format"]
    assert report["details"][3]["raw_response"] == "nowhere"
    metrics = report["metrics"]
    assert set(metrics["fine_grained"]) == {
        "plat:windows app:word inst_style:instruction gt_type:positive",
        "plat:windows app:autocad inst_style:instruction gt_type:positive",
        "plat:macos app:word inst_style:instruction gt_type:positive",
    }
    assert set(metrics["seeclick_style"]) == {
        "plat:windows inst_style:instruction gt_type:positive",
        "plat:macos inst_style:instruction gt_type:positive",
    }
    assert set(metrics["leaderboard_simple_style"]) == {"group:Office", "group:CAD"}
    assert metrics["leaderboard_detailed_style"]["app:word"] == {
        "num_correct_action": 1,
        "num_total": 3,
        "wrong_format_num": 1,
        "action_acc": 1 / 3,
        "text_acc": 0.5,
        "icon_acc": 0.0,
    }
    assert metrics["overall"]["action_acc"] == 0.5


def test_the_rows_of_the_suite_have_what_the_leaderboard_wants(tmp_path: Path) -> None:
    """Four samples of two applications: three are pointed at, of the last the answer cannot be read."""
    FORMATS["screenspot-pro"].draw(tmp_path)
    suite = SUITES["screenspot-pro"].open(Choice(data=tmp_path))
    assert isinstance(suite, SampleSuite)
    *found, lost = suite.keys()
    rows = [suite.attempt(key, suite.sample(key.task).knower()) for key in found]
    rows.append(suite.attempt(lost, unreadable("I see no brush")))
    report = json.loads(export_bench(write(tmp_path / "run", *rows), "screenspot-pro").read_text("utf-8"))
    first, last = report["details"][0], report["details"][-1]
    assert {name for name, value in first.items() if value in ("", None)} <= {"raw_response"}
    assert (first["task_filename"], first["prompt_to_evaluate"]) == ("photoshop", "the brush")
    assert (last["correctness"], last["pred"], last["raw_response"]) == ("wrong_format", None, "I see no brush")
    assert report["metrics"]["leaderboard_detailed_style"]["app:photoshop"]["action_acc"] == 1
    assert report["metrics"]["leaderboard_simple_style"]["group:Dev"]["wrong_format_num"] == 1


def test_a_leaderboard_gets_no_run_with_gaps_and_no_other_benchmark(tmp_path: Path) -> None:
    broken = Row(task="b", error="model", ended="error")
    with pytest.raises(UsageError, match=r"1 samples of .* have no score"):
        export_bench(write(tmp_path / "run", sample("a", 1, [1, 1]), broken), "screenspot-pro")
    with pytest.raises(UsageError, match=r"2 samples"):
        export_bench(write(tmp_path / "run", sample("a", 1, [1, 1]), keys=3), "screenspot-pro")
    with pytest.raises(UsageError, match="a seed 0 has no platform"):
        export_bench(write(tmp_path / "run", Row(task="a", score=1)), "screenspot-pro")


# inspect


def test_the_log_is_the_one_that_inspect_has_read(run: Path) -> None:
    """golden/inspect.json was read by inspect_ai 0.3.285 without a complaint."""
    assert json.loads(export_bench(run, "inspect").read_text("utf-8")) == json.loads(
        (GOLDEN / "inspect.json").read_text("utf-8")
    )


def test_the_log_tells_errors_from_failures(run: Path) -> None:
    log = json.loads(export_bench(run, "inspect").read_text("utf-8"))
    broken = [each for each in log["samples"] if "error" in each]
    assert broken
    assert all(each["scores"] == {} for each in broken)
    assert log["results"]["scores"][0]["unscored_samples"] == len(broken)
    assert log["results"]["completed_samples"] == len(log["samples"]) - len(broken)


def test_steps_of_one_episode_are_no_independent_attempts(tmp_path: Path) -> None:
    def error_of(name: str, groups: list[str]) -> float:
        rows = [Row(task=str(n), score=n // 10, groups={"episode": group}) for n, group in enumerate(groups)]
        log = json.loads(export_bench(write(tmp_path / name, *rows), "inspect").read_text("utf-8"))
        return log["results"]["scores"][0]["metrics"]["stderr"]["value"]

    alone, together = (
        error_of("alone", [str(n) for n in range(20)]),
        error_of("together", [str(n // 5) for n in range(20)]),
    )
    assert together > 1.5 * alone


@pytest.mark.skipif(find_spec("inspect_ai") is None, reason="inspect_ai is not installed")
def test_inspect_reads_the_log(run: Path) -> None:
    from inspect_ai.log import read_eval_log  # pyright: ignore

    log = read_eval_log(str(export_bench(run, "inspect")))
    assert len(log.samples) == 8
    assert log.status == "success"
