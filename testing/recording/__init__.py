"""Recordings of tests: their form, and their files."""

from .files import pictures_of, read_picture, read_recording, recording_text, write_recording
from .paths import looks_of, patches_of, recording_of
from .recorded import Recording

__all__ = [
    "Recording",
    "looks_of",
    "patches_of",
    "pictures_of",
    "read_picture",
    "read_recording",
    "recording_of",
    "recording_text",
    "write_recording",
]
