"""Whether a model's aim is true: drawn targets, what it answers of them, and how it means its numbers."""

from .ask import Answer, Asked, ask, writes_places
from .conventions import Convention, Padding, Turn, Unit
from .diagnosis import Diagnosis, Finding, clicks, diagnose
from .drawn import draw_answers
from .fake import Manner, PointingModel
from .pages import ALL_VIEWS, VIEWS, Page, Target, View, draw_page
from .words import picture_line, verdict

__all__ = [
    "ALL_VIEWS",
    "VIEWS",
    "Answer",
    "Asked",
    "Convention",
    "Diagnosis",
    "Finding",
    "Manner",
    "Padding",
    "Page",
    "PointingModel",
    "Target",
    "Turn",
    "Unit",
    "View",
    "ask",
    "clicks",
    "diagnose",
    "draw_answers",
    "draw_page",
    "picture_line",
    "verdict",
    "writes_places",
]
