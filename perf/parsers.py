"""How long it takes to read a model's answer, for every language, and that it grows with the length and no faster.

    python -m clickwright.perf.parsers [--inputs 1000000] [--actions 100000]

First random actions go through every language that has words for them: what is read of what was written is written
alike. Then ordinary answers are read; texts of 2 kB made of the marks of all languages, which must end in an answer or
in BadModelOutput; hostile texts of n, 2n and 4n characters, and one of 1 MB.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random

from rich.console import Console
from rich.progress import track
from rich.table import Table

from ..errors import BadModelOutput, UsageError
from ..policies.grammars import Canvas
from ..policies.profiles import PROFILES, Profile
from ..screen import Box, Point, Size
from ..tools import Click, Finish, TypeText
from .any_action import TOOL, random_action

Read = Callable[[str], object]

MARKS = (
    *("(", ")", "[", "]", "[[", "]]", "{", "}", "<", ">", "'", '"', '"""', "\\", "\n", ",", ":", "=", " ", "#"),
    *("，", "（", "）", "<point>", "</point>", "<bbox>", "<|box_start|>", "<|box_end|>", "<|object_ref_start|>"),
    *("Thought: ", "Action: ", "thoughts:\n", "actions:\n", "CLICK ", "TYPE [", "SCROLL [", "click(", "start_box='"),
    *("pyautogui.", "x=", "y=", "<tool_call>", "</tool_call>", "✿FUNCTION✿: ", "✿ARGS✿: ", "<think>", "</think>"),
    *("None", "null", "nan", "1e308", "-1", "1000", "0.5", "12", "action", "coordinate", "finished()", "```json\n"),
)
HOSTILE = (
    *("(", "[", "{", '"', "'", "\\", "<point>", "<|box_start|>", "(1,", "1", "x=1,", "a(", "\n", "<tool_call>", "é"),
    *("Action: ", "CLICK ", "✿ARGS✿: {", "<think>", "TYPE [", "```"),
)
CHARS = 2000
FIRST = 16_000
"""Characters of the shortest hostile text."""


def canvas_of(profile: Profile) -> Canvas:
    """A screen on which every language can be read and written."""
    size = Size(1288, 728)
    return Canvas(
        size=size,
        seen=size,
        space=profile.space,
        pointer=Point(1, 1),
        tools={TOOL},
        locate=lambda words: Point(1, 1),
        marks=(Box(0, 0, 10, 10),),
    )


def readers(profile: Profile) -> Iterator[tuple[str, Read]]:
    """The parsers of a profile by name, on one canvas."""
    canvas = canvas_of(profile)
    if profile.act is not None:
        language = profile.act.language
        yield f"{profile.name}, acting", lambda text: language.parse(text, canvas)
    if profile.ground is not None:
        places = profile.ground.places
        yield f"{profile.name}, pointing", lambda text: places.parse(text, canvas)


def spent_s(read: Read, text: str) -> float:
    """Seconds that reading takes. Anything but an answer or BadModelOutput is raised."""
    began = time.perf_counter()
    with suppress(BadModelOutput):
        read(text)
    return time.perf_counter() - began


def ordinary(profile: Profile) -> str:
    """An answer as it is usual, filled up with a thought to 2 kB."""
    canvas = canvas_of(profile)
    if profile.act is None:
        return ""
    thought = ("The page shows a form with several fields; the next one is still empty. " * 40)[:CHARS]
    for actions in ([Click(point=Point(600, 300)), TypeText(text="pears")], [Click(point=Point(600, 300))], [Finish()]):
        with suppress(Exception):
            return profile.act.language.write(actions, canvas, thought=thought)
    return ""


def shuffled(random: Random) -> str:
    """A text of 2 kB out of marks."""
    return "".join(random.choices(MARKS, k=CHARS))[:CHARS]


def fuzzed(read: Read, count: int, random: Random) -> list[float]:
    """The seconds for each text of 2 kB, of which there are half as many; each is read cut off somewhere as well."""
    times: list[float] = []
    for _ in range(count // 2):
        text = shuffled(random)
        times.append(spent_s(read, text))
        spent_s(read, text[: random.randint(1, CHARS)])
    return times


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def growth(read: Read) -> tuple[float, float]:
    """The worst ratio of the time for 2n to that for n characters, and the seconds for 1 MB at most."""
    worst = largest_s = 0.0
    for mark in HOSTILE:
        times = [
            min(spent_s(read, (mark * (n // len(mark) + 1))[:n]) for _ in range(15))
            for n in (FIRST, 2 * FIRST, 4 * FIRST)
        ]
        if times[0] > 2e-4:  # below, the clock tells more than the parser
            worst = max(worst, times[1] / times[0], times[2] / times[1])
        largest_s = max(largest_s, spent_s(read, mark * (1_000_000 // len(mark))))
    return worst, largest_s


def round_trips(profile: Profile, count: int, random: Random) -> int:
    """How many of so many random actions the language has words for. Raises ValueError for one that changes."""
    canvas = canvas_of(profile)
    said = 0
    for _ in range(count if profile.act else 0):
        assert profile.act is not None
        action = random_action(random, canvas.size)
        with suppress(UsageError):  # it has no word for this one
            written = profile.act.language.write([action], canvas)
            again = profile.act.language.write(profile.act.language.parse(written, canvas).actions, canvas)
            if again != written:
                raise ValueError(f"{profile.name} writes {action!r} as {written!r}, reads it and writes {again!r}")
            said += 1
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the parsers of all languages.")
    parser.add_argument("--inputs", type=int, default=50_000, help="texts of marks, shared out among the parsers")
    parser.add_argument("--actions", type=int, default=2_000, help="random actions for each language")
    given = parser.parse_args()
    random = Random(1)
    for profile in track(PROFILES.values(), "round trips"):
        said = round_trips(profile, given.actions, random)
        print(f"{profile.name}: {said:,} of {given.actions:,} random actions have words and come back alike")
    every = [(profile, name, read) for profile in PROFILES.values() for name, read in readers(profile)]
    table = Table("parser", "ordinary 2 kB", "marks, p50", "marks, p99", "slowest", "2n against n", "1 MB")
    count = max(2, given.inputs // len(every) // 2 * 2)
    for profile, name, read in track(every, "parsers"):
        usual = ordinary(profile)
        usual_s = min(spent_s(read, usual) for _ in range(50))
        times = fuzzed(read, count, random)
        ratio, largest_s = growth(read)
        table.add_row(
            name,
            f"{1e6 * usual_s:.0f} µs",
            f"{1e6 * percentile(times, 0.5):.0f} µs",
            f"{1e6 * percentile(times, 0.99):.0f} µs",
            f"{1e6 * max(times):.0f} µs",
            f"{ratio:.2f}" if ratio else "not measurable",
            f"{1e3 * largest_s:.1f} ms",
        )
    Console(width=140).print(table)
    print(f"{count * len(every):,} texts of marks were read; none raised anything but BadModelOutput")


if __name__ == "__main__":
    main()
