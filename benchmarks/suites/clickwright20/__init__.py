"""clickwright-20: twenty tasks on applications that others wrote, each with an oracle, and harder twins of some."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from ...suite import Choice, OnlineSuite
from .install import apps_folder, install_apps
from .suite import AppSuite
from .tasks import TASKS_OF_TWINS

SUITES: Mapping[str, Callable[[Choice], OnlineSuite]] = MappingProxyType(
    {"clickwright-20": AppSuite, "clickwright-20-twins": partial(AppSuite, tasks=TASKS_OF_TWINS)}
)

__all__ = ["SUITES", "AppSuite", "apps_folder", "install_apps"]
