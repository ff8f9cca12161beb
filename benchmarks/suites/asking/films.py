"""Benchmarks about videos in which one of a few options is right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ....errors import UsageError
from ....files import DataFolder
from ....files.folder import is_inside
from ....policies.asking import Seen
from ...metrics.choices import ReadChoice, first_alone, first_word, kit_choice, mmmu_choice, video_mme_choice
from .film_rows import (
    FilmRow,
    egoschema_rows,
    mvbench_rows,
    nextqa_rows,
    perceptiontest_rows,
    star_rows,
    video_mme_rows,
)
from .prompts import WATCH, letter_only, mvbench, video_mme
from .questions import Asking, Question, among
from .subtitles import said_at

MAX_NEW_TOKENS = 64
SUFFIXES = ("mp4", "mkv", "webm", "avi", "mov", "MP4", "gif")
FRAMES_PER_SECOND = 3.0
"""Of MVBench's videos that lie there as pictures: tvqa/frames_fps3_hq."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Films:
    """How the videos of one benchmark are found, asked about, and the answers read."""

    rows: Callable[..., Sequence[FilmRow]]
    places: tuple[str, ...]
    prompt: Callable[[str, Mapping[str, str]], str] = letter_only
    ways: tuple[ReadChoice, ...] = (kit_choice,)
    """To read an answer; one of them has to find the right option."""
    before: str = ""
    """Words that come before the video."""


FILMS: Mapping[str, Films] = {
    "mvbench": Films(
        rows=mvbench_rows, places=("video", "."), prompt=mvbench, ways=(first_word, kit_choice), before=WATCH
    ),
    "perceptiontest": Films(rows=perceptiontest_rows, places=("videos", "video", "."), ways=(first_alone,)),
    "egoschema": Films(rows=egoschema_rows, places=("videos", "good_clips_git", "."), ways=(mmmu_choice,)),
    "videomme": Films(
        rows=video_mme_rows, places=("data", "video", "videos", "."), prompt=video_mme, ways=(video_mme_choice,)
    ),
    "nextqa": Films(rows=nextqa_rows, places=("NExTVideo", "videos", "video", "."), ways=(mmmu_choice,)),
    "star": Films(rows=star_rows, places=("Charades_v1_480", "videos", "video", ".")),
}


def read_films(
    name: str, folder: DataFolder, *files: str, fps: float = 2.0, has_subtitles: bool = False
) -> list[Question]:
    """The questions of a benchmark. Raises UsageError where they cannot be read; videos are read when they are asked.

    With subtitles, what is said at the time of each frame is told too: Video-MME only.
    """
    films = FILMS[name]
    return [_question(folder, films, row, fps, has_subtitles) for row in films.rows(folder, *files)]


def _question(folder: DataFolder, films: Films, row: FilmRow, fps: float, has_subtitles: bool) -> Question:
    prompt = films.prompt(row.question, row.options)
    if has_subtitles:
        prompt = video_mme(row.question, row.options, _subtitles(folder, films, row, fps))
    return Question(
        name=row.name,
        asked=(Asking(prompt=prompt, right=row.letter, judge=among(row.options, row.letter, *films.ways)),),
        see=partial(_seen, folder, films, row, fps),
        max_new_tokens=MAX_NEW_TOKENS,
        groups=row.groups,
        expected=row.letter,
    )


def _seen(folder: DataFolder, films: Films, row: FilmRow, fps: float) -> Seen:
    """The video, or the part of it that is asked about."""
    from ....model import read_video
    from ....model.video import read_frames

    path = found(folder, row.video, *films.places)
    if path.is_dir():
        video = read_frames(_part(folder, path, row), rate=FRAMES_PER_SECOND, fps=fps)
    else:
        video = read_video(path, fps=fps, start_s=row.start_s, end_s=row.end_s)
    return [films.before, video] if films.before else video


def found(folder: DataFolder, name: str, *places: str) -> Path:
    """A video by its name in one of the places, its suffix told or not; or the folder of its frames.

    Raises UsageError for a name that leads out of the data, and where no place has it.
    """
    if not is_inside(name):
        raise UsageError(f"the name {name[:200]!r} leads out of the folder of the data set")
    plain = glob_free(name)
    names = (plain, *(f"{plain}.{suffix}" for suffix in SUFFIXES))
    if files := folder.files(*(f"{place}/{one}" for one in names for place in places)):
        return files[0]
    if frames := folder.files(*(f"{place}/{plain}/*.jpg" for place in places)):
        return frames[0].parent
    raise UsageError(f"{folder.root} has no video {name[:200]} (sought in {', '.join(places)})")


def glob_free(name: str) -> str:
    """A name in which no letter means others to `Path.glob`."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _part(folder: DataFolder, path: Path, row: FilmRow) -> Sequence[Path]:
    """The frames from the start of a part to its end, by their numbers, which count from 1."""
    frames = folder.files(f"{glob_free(str(path.relative_to(folder.root)))}/*.jpg")
    end = len(frames) if row.end_s is None else round(row.end_s * FRAMES_PER_SECOND)
    return frames[max(0, round(row.start_s * FRAMES_PER_SECOND) - 1) : max(end, 1)]


def _subtitles(folder: DataFolder, films: Films, row: FilmRow, fps: float) -> str:
    """What is said while the frames that are seen are shown; nothing, where a video has no subtitles."""
    from ....model.video import frame_count, video_seconds

    files = folder.files(*(f"{place}/{glob_free(row.video)}.srt" for place in ("subtitle", "subtitles", *films.places)))
    if not files:
        return ""
    seconds = video_seconds(found(folder, row.video, *films.places))
    count = frame_count(max(1, round(seconds * fps)), fps, fps)
    return said_at(files[0], [seconds * n / max(1, count - 1) for n in range(count)])
