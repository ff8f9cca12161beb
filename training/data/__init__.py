"""What a user trains a GUI checkpoint on: records in native pixels, read from any format, and their lessons."""

from .folder import RecordFolder
from .held_out import HeldOut, Removal
from .lessons import Lessons, Made, lessons_of, seen_by
from .record import (
    Acted,
    Course,
    CourseStep,
    Film,
    FrameAt,
    Locate,
    Named,
    PictureFile,
    Record,
    Said,
    Seen,
    Shown,
    Target,
    Text,
)
from .store import Samples, Store, write_store

__all__ = [
    "Acted",
    "Course",
    "CourseStep",
    "Film",
    "FrameAt",
    "HeldOut",
    "Lessons",
    "Locate",
    "Made",
    "Named",
    "PictureFile",
    "Record",
    "RecordFolder",
    "Removal",
    "Said",
    "Samples",
    "Seen",
    "Shown",
    "Store",
    "Target",
    "Text",
    "lessons_of",
    "seen_by",
    "write_store",
]
