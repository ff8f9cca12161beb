"""Runs that nobody made: rows drawn at random, for tests, for measuring, and to look at the reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from .record import RESULTS, RUN, Chosen, Manifest, Player
from .row import ErrorClass, Row

BEGAN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
VERBS = ("click", "drag", "enter", "find", "choose", "scroll", "copy", "sort")
THINGS = ("button", "date", "email", "list", "menu", "slider", "table", "text", "tree", "widget")
ERRORS: tuple[tuple[ErrorClass, str], ...] = (
    ("environment", "the browser is gone: Target crashed"),
    ("timeout", "the episode took longer than 120 s, and its worker was ended"),
    ("worker", "the worker process ended with signal 9"),
)
FAILURES = (
    ("failure", "the agent gave up"),
    ("steps", "it took all of its 10 steps"),
    ("over", "the wrong widget was clicked"),
    ("stuck", "it did the same three times and nothing changed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What the rows are drawn from. Tasks differ in how often they are solved, around `rate`.

    `skill` moves every task's chance, as another player would. With `is_graded` scores lie between 0 and 1.
    """

    tasks: int = 40
    seeds: int = 5
    repeats: int = 1
    rate: float = 0.6
    skill: float = 0.0
    errors: float = 0.02
    is_graded: bool = False
    suite: str = "synthetic"
    player: str = "model"
    seed: int = 0


def write_run(folder: Path, drawn: Drawn | None = None) -> Path:
    """Write the folder of a finished run and return it. The same `drawn` gives the same bytes."""
    drawn = Drawn() if drawn is None else drawn
    rows = list(draw_rows(drawn))
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{row.model_dump_json(exclude_defaults=True)}\n" for row in rows)
    (folder / RESULTS).write_text(lines, encoding="utf-8")
    (folder / RUN).write_text(draw_manifest(drawn, len(rows)).model_dump_json(indent=2) + "\n", encoding="utf-8")
    return folder


def draw_manifest(drawn: Drawn, keys: int) -> Manifest:
    """What run.json of such a run holds."""
    return Manifest(
        suite=drawn.suite,
        title=drawn.suite.capitalize(),
        metric="success: the task is done when the episode ends",
        player=Player(
            name=drawn.player,
            checkpoint="clickwright/mini",
            checkpoint_hash="4f1c9a07d2",
            profile="clickwright",
            backend="native",
            dtype="float32",
            device="cpu",
            min_pixels=3_136,
            max_pixels=1_003_520,
            decoding={"temperature": 0.0, "max_new_tokens": 128},
        ),
        choice=Chosen(episodes=drawn.seeds, repeats=drawn.repeats),
        keys=keys,
        limits={"steps": 10},
        versions={"clickwright": "0.1.0", "python": "3.11.9", "torch": "2.11.0"},
        commit="0123456789abcdef0123456789abcdef01234567",
        dirty=False,
        hardware={"system": "Linux x86_64", "cores": "2"},
        command=f"clickwright bench run {drawn.suite} --episodes {drawn.seeds}",
        began_at=BEGAN,
        ended_at=BEGAN + timedelta(minutes=42),
    )


def draw_rows(drawn: Drawn) -> Iterator[Row]:
    """The rows, task by task. Which attempts fail changes with `skill` and `player`, how hard a task is does not."""
    hardness, luck = Random(drawn.seed), Random(f"{drawn.seed} {drawn.player} {drawn.skill}")
    for number in range(drawn.tasks):
        chance = min(1.0, max(0.0, hardness.betavariate(1.6 * drawn.rate + 0.01, 1.6 * (1 - drawn.rate) + 0.01)))
        for seed in range(drawn.seeds):
            for repeat in range(drawn.repeats):
                yield _draw_row(drawn, luck, number, seed, repeat, min(1.0, max(0.0, chance + drawn.skill)))


def _draw_row(drawn: Drawn, luck: Random, number: int, seed: int, repeat: int, chance: float) -> Row:
    verb, thing = VERBS[number % len(VERBS)], THINGS[number // len(VERBS) % len(THINGS)]
    round_ = number // (len(VERBS) * len(THINGS))
    task = f"{verb}-{thing}-{round_ + 1}" if round_ else f"{verb}-{thing}"
    named = Row(task=task, seed=seed, repeat=repeat, groups={"kind": verb, "thing": thing})
    if luck.random() < drawn.errors:
        error, reason = luck.choice(ERRORS)
        return named.model_copy(update={"error": error, "ended": "error", "reason": reason, "seconds": {"total": 3.0}})
    is_solved = luck.random() < chance
    ended, reason = ("success", "") if is_solved else luck.choice(FAILURES)
    score = float(is_solved) if not drawn.is_graded else 1.0 if is_solved else round(luck.betavariate(2, 3), 3)
    steps = min(10, 1 + int(luck.expovariate(0.35)))
    return named.model_copy(
        update={
            "score": score,
            "success": is_solved,
            "reward": score if is_solved else -1.0,
            "metrics": {"first step right": float(is_solved or luck.random() < 0.3)},
            "steps": steps,
            "prompt_tokens": 900 * steps,
            "visual_tokens": 640 * steps,
            "new_tokens": 18 * steps + luck.randrange(30),
            "bad_outputs": int(luck.random() < 0.05),
            "seconds": _draw_seconds(luck, steps),
            "confidence": _draw_confidence(luck, is_solved=is_solved),
            "ended": ended,
            "reason": reason,
            "trajectory": f"trajectories/{task}-{seed}-{repeat}",
        }
    )


def _draw_seconds(luck: Random, steps: int) -> dict[str, float]:
    shares = {
        "setup": 0.12,
        "capture": 0.03,
        "process": 0.02,
        "vision": 0.3,
        "prefill": 0.25,
        "decode": 0.4,
        "act": 0.06,
    }
    parts = {
        name: round(share * luck.lognormvariate(0, 0.4) * (steps if name != "setup" else 1), 4)
        for name, share in shares.items()
    }
    decided = sum(parts[name] for name in ("process", "vision", "prefill", "decode"))
    total = round(sum(parts.values()) + 0.02 * steps, 4)
    return {"total": total, "decide": round(decided + 0.01 * steps, 4), **parts}


def _draw_confidence(luck: Random, *, is_solved: bool) -> float:
    """Too sure of itself, as models are."""
    return round(luck.betavariate(6, 1.2) if is_solved else luck.betavariate(3, 1.6), 4)
