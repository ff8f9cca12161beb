"""What run.json says, as lines for a reader."""

from collections.abc import Iterator

from pydantic import JsonValue

from ..record import Manifest


def facts(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """A name and a value for everything that is known; what is empty is left out."""
    player, choice = manifest.player, manifest.choice
    named: dict[str, JsonValue] = {
        "suite": manifest.suite,
        "score": manifest.metric,
        "player": player.name,
        "checkpoint": player.checkpoint,
        "hash": player.checkpoint_hash,
        "profile": player.profile,
        "backend": player.backend,
        "device": ", ".join(part for part in (player.device, player.dtype, player.quantize) if part),
        "pixels": _budget(player.min_pixels, player.max_pixels),
        **{name.replace("_", " "): value for name, value in player.decoding.items()},
        **{name.replace("_", " "): value for name, value in player.options.items()},
        "tasks": ", ".join(choice.tasks) or "all",
        "seeds": _seeds(choice.seed, choice.episodes),
        "repeats of each": choice.repeats,
        "samples at most": choice.limit,
        "data": choice.data,
        "hash of the data": choice.data_hash,
        **choice.settings,
        **{f"at most, {name}": value for name, value in manifest.limits.items()},
        "workers": manifest.workers,
        "commit": manifest.commit + (", with changes" if manifest.dirty else ""),
        "began": f"{manifest.began_at:%Y-%m-%d %H:%M:%S} UTC",
        "ended": "" if manifest.ended_at is None else f"{manifest.ended_at:%Y-%m-%d %H:%M:%S} UTC",
        **manifest.hardware,
        "command": manifest.command,
        "versions": ", ".join(f"{name} {version}" for name, version in manifest.versions.items()),
    }
    yield from ((name, _said(value)) for name, value in named.items() if value not in (None, ""))


def _budget(least: int | None, most: int | None) -> str:
    if most is None:
        return ""
    return f"up to {most:,}" if least is None else f"{least:,} to {most:,}"


def _seeds(first: int, episodes: int) -> str:
    return str(first) if episodes == 1 else f"{first} to {first + episodes - 1}"


def _said(value: JsonValue) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
