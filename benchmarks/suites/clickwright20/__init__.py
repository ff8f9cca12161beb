"""clickwright-20: twenty tasks on applications that others wrote, each with an oracle, and harder twins of some."""

from collections.abc import Mapping

from ...suite import Choice, OnlineSuite
from ..known import Known

NEEDS = (
    "python -m clickwright.benchmarks.suites.clickwright20.install; "
    "apt install xvfb openbox xclip galculator mousepad pcmanfm"
)


def _plain(choice: Choice) -> OnlineSuite:
    from .suite import AppSuite
    from .tasks import TASKS

    return AppSuite(choice, TASKS)


def _twins(choice: Choice) -> OnlineSuite:
    from .suite import AppSuite
    from .tasks import TASKS_OF_TWINS

    return AppSuite(choice, TASKS_OF_TWINS)


SUITES: Mapping[str, Known] = {
    "clickwright-20": Known(
        title="clickwright-20",
        metric="success rate",
        open=_plain,
        oracle="a way through each task",
        needs=NEEDS,
        is_online=True,
    ),
    "clickwright-20-twins": Known(
        title="clickwright-20, made harder",
        metric="success rate",
        open=_twins,
        oracle="a way through each task",
        needs=NEEDS,
        is_online=True,
    ),
}
