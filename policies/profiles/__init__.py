"""The families of checkpoints: what each was trained to be told, one file a family."""

from .find import PROFILES, find_profile
from .profile import (
    Acting,
    Alone,
    Checkpoint,
    Dialogue,
    Doubt,
    History,
    Interleaved,
    Listed,
    Pointing,
    Profile,
    Score,
    Stepped,
)

__all__ = [
    "PROFILES",
    "Acting",
    "Alone",
    "Checkpoint",
    "Dialogue",
    "Doubt",
    "History",
    "Interleaved",
    "Listed",
    "Pointing",
    "Profile",
    "Score",
    "Stepped",
    "find_profile",
]
