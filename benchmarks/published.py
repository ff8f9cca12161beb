"""How each published figure of the families is made again: checkpoint, prompt, pixel budget, command.

`clickwright bench published` prints it as the table that stands in docs/benchmarks/published.md.
"""

from collections.abc import Iterator, Mapping

from ..policies.profiles import PROFILES, Profile
from ..policies.profiles.profile import Score

HEAD = (
    "| checkpoint | prompt | pixels | benchmark | published, % | as told by | command after `clickwright bench run` |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)
SUITES: Mapping[str, str] = {
    "ScreenSpot": "screenspot --data FOLDER",
    "ScreenSpot-v2": "screenspot-v2 --data FOLDER",
    "ScreenSpot-Pro": "screenspot-pro --data FOLDER",
    "OSWorld-G": "osworld-g --data FOLDER",
    "AndroidControl low": "android-control --data FOLDER --set level=low",
    "AndroidControl high": "android-control --data FOLDER --set level=high",
    "OSWorld": "osworld --data evaluation_examples",
    "OSWorld-Verified": "osworld --data evaluation_examples",
}
"""Of each benchmark that has a suite here."""
NONE_YET: Mapping[str, str] = {"AndroidWorld": "its emulator is not a suite here"}
"""Of the others, why not."""


def table() -> Iterator[str]:
    """The lines of the table, in Markdown."""
    yield from HEAD
    for profile in PROFILES.values():
        for checkpoint in profile.checkpoints:
            for score in checkpoint.scores:
                yield _line(profile, checkpoint.name, score)


def _line(profile: Profile, name: str, score: Score) -> str:
    note = f"{score.source}; {score.note}" if score.note else score.source
    cells = (
        name,
        profile.name,
        _budget(profile),
        score.benchmark,
        f"{score.value:g}",
        note,
        _command(profile, name, score),
    )
    return f"| {' | '.join(cells)} |"


def _budget(profile: Profile) -> str:
    if profile.min_pixels is None and profile.max_pixels is None:
        return "the checkpoint's own"
    told = (f"{bound:,}" if bound is not None else "own" for bound in (profile.min_pixels, profile.max_pixels))
    return " to ".join(told)


def _command(profile: Profile, name: str, score: Score) -> str:
    suite = SUITES.get(score.benchmark)
    if suite is None:
        return NONE_YET[score.benchmark]
    steps = score.note.partition(" steps")[0]
    limit = f" --max-steps {steps}" if suite.startswith("osworld ") and steps.isdigit() else ""
    served = "" if profile.architectures == ("qwen2_vl",) else " --base-url URL"
    return f"`{suite}{limit} --model {name} --profile {profile.name}{served}`"
