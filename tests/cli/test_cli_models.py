"""What is known of the checkpoints, as it is printed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from clickwright.catalogue import known, told
from clickwright.errors import UsageError
from clickwright.policies.grammars import FRACTIONS, SEEN_PIXELS
from clickwright.policies.profiles import (
    PROFILES,
    Alone,
    Checkpoint,
    Dialogue,
    Doubt,
    History,
    Listed,
    Profile,
    Score,
    Stepped,
)

from .conftest import Said

INSTRUCT = PROFILES["instruct"]
WIDTHS = [60, 80, 120, 1000]


def families() -> Iterator[Profile]:
    """Twenty-five families with forty-five checkpoints and more, of every kind that a profile can tell of."""
    assert INSTRUCT.act is not None
    assert INSTRUCT.ground is not None
    histories: list[History] = [Dialogue(images=5), Dialogue(images=1), Listed(line="{n}", none="-", last=4), Alone()]
    for n in range(25):
        company = ("Qwen", "bytedance-research", "OS-Copilot")[n % 3]
        yield replace(
            INSTRUCT,
            name=f"family-{n}.5",
            title=f"Family {n}.5 (Qwen2.5-VL)",
            names=(f"family-{n}[.]5",),
            architectures=(("qwen2_vl",), ("qwen2_5_vl",))[n % 2],
            space=(INSTRUCT.space, FRACTIONS, SEEN_PIXELS)[n % 3],
            act=None if n % 5 == 0 else replace(INSTRUCT.act, history=histories[n % 4]),
            ground=replace(INSTRUCT.ground, has_head=n % 7 == 0),
            asks=n % 6 == 0,
            min_pixels=None if n % 2 else 78_400,
            max_pixels=None if n % 3 else 12_845_056,
            checkpoints=tuple(
                Checkpoint(name=f"{company}/Family-{n}.5-{size}B-Instruct", parameters_b=size + 0.3, scores=scores)
                for size, scores in zip((2, 7, 72), _scores(n), strict=True)
            ),
        )


def _scores(n: int) -> tuple[tuple[Score, ...], ...]:
    special = Score(benchmark="ScreenSpot-v2", value=99.9, source="a README", note="with a planner that is not its own")
    plain = Score(benchmark="ScreenSpot-V2", value=60.0 + n, source="the leaderboard of the benchmark, as of some day")
    other = Score(benchmark="AndroidControl low", value=7.0, source="a paper " * 12)
    return (), (special, plain), (special, plain, other)


@pytest.fixture(scope="module")
def many() -> Mapping[str, Profile]:
    return {profile.name: profile for profile in families()}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_family_is_listed_in_the_width_that_there_is(many: Mapping[str, Profile], width: int):
    lines = list(known(many, width=width))
    assert max(map(len, lines)) <= width
    for profile in many.values():
        (line,) = [line for line in lines if line.split()[:1] in ([profile.name], [f"{profile.name}:"])]
        assert "2B 7B 72B" in line
    text = "\n".join(lines)
    assert "weigh" in text
    assert "ScreenSpot-v2" in text
    assert "99.9" not in text  # its note says why it is no figure to compare


@pytest.mark.parametrize("width", [120, 1000])
def test_columns_stand_below_their_headings(many: Mapping[str, Profile], width: int):
    heading, *lines = known(many, width=width)
    starts = [heading.index(word) for word in ("sizes", "does", "places", "history", "SSv2")]
    for line in lines[: len(many)]:
        assert all(line[start - 1 : start] == " " and line[start : start + 1] != " " for start in starts)
        assert line[starts[-1] :].startswith(("6", "7", "8"))


@pytest.mark.parametrize("width", WIDTHS)
def test_all_is_told_of_a_family(many: Mapping[str, Profile], width: int):
    for profile in many.values():
        lines = list(told(profile.name, many, width=width))
        assert all(len(line) <= width for line in lines if "--" not in line)
        text = " ".join(" ".join(lines).split())
        for checkpoint in profile.checkpoints:
            assert checkpoint.name in text
            assert f"{checkpoint.parameters_b:.1f} billion parameters" in text
            assert f"{2 * checkpoint.parameters_b:.1f} GB in bfloat16" in text
            assert all(" ".join(f"{score.value:.1f} {score.source}".split()) in text for score in checkpoint.scores), (
                text
            )
        assert "with a planner that is not its own" in text
        assert profile.checked in text
        assert ("clickwright run" in text) == (profile.act is not None)
        assert ("clickwright ask" in text) == profile.asks
        assert ("--backend transformers" in lines[-1]) == (profile.architectures == ("qwen2_5_vl",))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "8 screenshots at most, then cut to 4"),
        ({"history": Listed(line="", none="", last=4)}, "each of the last 4 turns"),
        ({"history": Stepped(line="", images=3)}, "3 with the one now"),
        ({"history": Alone()}, "not told"),
    ],
)
def test_the_history_is_told_in_words(change: dict[str, History], says: str):
    assert INSTRUCT.act is not None
    profile = replace(INSTRUCT, act=replace(INSTRUCT.act, **change))
    assert says in " ".join(told("instruct", {"instruct": profile}, width=1000))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "thousandths of the width and the height, 0 to 999"),
        ({"space": FRACTIONS}, "fractions of the width and the height, 0 to 0.9999"),
        ({"space": SEEN_PIXELS}, "pixels of the resized picture"),
        ({"min_pixels": 200_704, "max_pixels": 1_053_696}, "read at 200,704 to 1,053,696 pixels"),
        ({"max_pixels": 1_053_696, "factor": 32}, "read at 1,053,696 pixels at most, sides in multiples of 32"),
        ({"doubt": Doubt(below=0.3)}, "a place that is less than 30 % sure is looked at again, 3 looks in all"),
    ],
)
def test_places_and_pictures_are_told_in_words(change: dict[str, object], says: str):
    profile = replace(INSTRUCT, **change)
    assert says in " ".join(told("instruct", {"instruct": profile}, width=1000))


@pytest.mark.parametrize("name", ["qwen/qwen2-vl-7b-instruct", "Qwen2-VL-7B-Instruct"])
def test_a_checkpoint_is_told_of_alone(clickwright: Callable[..., Said], name: str):
    said = clickwright("models", name)
    assert (said.code, said.err) == (0, "")
    assert "Qwen/Qwen2-VL-7B-Instruct  8.3 billion parameters, 16.6 GB in bfloat16" in said.out
    assert "UGround README" in said.out
    assert "Qwen2-VL-2B" not in said.out
    assert "--profile" not in said.out


def test_a_checkpoint_of_ones_own_is_told_how_it_is_asked(clickwright: Callable[..., Said], tmp_path: Path):
    (tmp_path / "clickwright.json").write_text('{"profile": "instruct"}')
    said = clickwright("models", tmp_path)
    assert (said.code, said.err) == (0, "")
    assert f"--model {tmp_path}" in said.out
    assert "--profile instruct" in said.out


def test_all_that_is_listed_can_be_told_of(clickwright: Callable[..., Said]):
    for profile in PROFILES.values():
        assert next(told(profile.name, width=80)) == f"{profile.name}: {profile.title}"
    said = clickwright("models")
    assert (said.code, said.err) == (0, "")
    assert all(name in said.out for name in PROFILES)


def test_names_that_nothing_is_known_of(clickwright: Callable[..., Said]):
    said = clickwright("models", "some/model")
    assert (said.code, "no profile is known" in said.complaint) == (2, True)
    with pytest.raises(UsageError, match="tells of all"):
        list(told("nothing", {}, width=80))


@pytest.mark.parametrize("option", [["--memory"], ["--model", "x"]])
def test_a_name_and_the_table_of_memory_are_two_questions(clickwright: Callable[..., Said], option: list[str]):
    said = clickwright("models", "instruct", *option)
    assert (said.code, "--memory" in said.complaint) == (2, True)


def test_what_only_a_server_runs_is_told_to_be_run_by_one():
    text = "\n".join(told("opencua", width=1000))
    assert "transformers" not in text
    assert "--base-url" in text
    (line,) = [line for line in known(width=1000) if line.startswith("opencua ")]
    assert "  server  " in line


def test_what_is_told_of_a_family_is_what_its_profile_does():
    seeclick, genesis, qwen = ("\n".join(told(name, width=1000)) for name in ("seeclick", "os-genesis-ac", "qwen3-vl"))
    assert "--base-url" in seeclick
    assert "transformers" not in seeclick
    assert "pixels of the screenshot, whatever size is read" in genesis
    assert "can be told of them" in qwen
