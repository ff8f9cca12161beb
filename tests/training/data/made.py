"""Small records for the tests of the data that is trained on."""

from pathlib import Path

import numpy as np
from clickwright.screen import Screenshot, Size
from clickwright.tools import Action, Function
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.record import (
    Course,
    CourseStep,
    Locate,
    Named,
    Record,
    Said,
    Seen,
    Shown,
    Text,
)

SIZE = Size(1000, 500)


def screen(shade: int, size: Size = SIZE) -> Screenshot:
    """A plain picture, another one for each shade."""
    return Screenshot(pixels=np.full((size.height, size.width, 3), shade, np.uint8))


def folder_of(path: Path, *shades: int, size: Size = SIZE) -> tuple[RecordFolder, list[object]]:
    folder = RecordFolder(path)
    return folder, [folder.keep(screen(shade, size)) for shade in shades]


def pointing(folder: RecordFolder, words: str = "the bell", *numbers: float, shade: int = 1, name: str = "p") -> Record:
    place = numbers or (100.0, 50.0, 300.0, 150.0)
    return Record(
        id=name,
        pictures=(folder.keep(screen(shade)),),
        messages=(
            Said(role="user", parts=(Shown(picture=0), Locate(text=words))),
            Said(role="assistant", parts=(Named(text=words, places=(place,)),)),
        ),
    )


def question(folder: RecordFolder, asked: str = "What?", answer: str = "A bell.", name: str = "q") -> Record:
    return Record(
        id=name,
        pictures=(folder.keep(screen(3)),),
        messages=(
            Said(role="user", parts=(Shown(picture=0), Text(text=asked))),
            Said(role="assistant", parts=(Text(text=answer),)),
        ),
    )


def course(
    folder: RecordFolder,
    *steps: CourseStep | Action,
    goal: str = "Ring the bell.",
    name: str = "c",
    tools: tuple[Function, ...] = (),
) -> Record:
    """A trajectory with another picture at each step."""
    pictures = tuple(folder.keep(screen(10 + n)) for n in range(len(steps)))
    told = tuple(
        step if isinstance(step, CourseStep) else CourseStep(saw=Seen(picture=n), actions=(step,), thought=f"Thus {n}.")
        for n, step in enumerate(steps)
    )
    return Record(id=name, source="made", pictures=pictures, trajectory=Course(goal=goal, steps=told, tools=tools))
