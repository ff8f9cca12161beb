"""Suites that ask where a described thing is. Each is imported when it is opened."""

from collections.abc import Mapping

from ...suite import Choice, DataSuite
from ..known import Known

_ORACLE = "the middle of the right box"
_NEEDS = "its data: --data FOLDER or hub:NAME"


def _screenspot(choice: Choice) -> DataSuite:
    from .screenspot import open_v1

    return open_v1(choice)


def _screenspot_v2(choice: Choice) -> DataSuite:
    from .screenspot import open_v2

    return open_v2(choice)


def _screenspot_pro(choice: Choice) -> DataSuite:
    from .screenspot_pro import open_pro

    return open_pro(choice)


def _refcoco(choice: Choice) -> DataSuite:
    from .refcoco import open_refcoco

    return open_refcoco(choice)


def _osworld_g(choice: Choice) -> DataSuite:
    from .osworld_g import open_osworld_g

    return open_osworld_g(choice)


SUITES: Mapping[str, Known] = {
    "screenspot": Known(title="ScreenSpot", metric="click accuracy", open=_screenspot, oracle=_ORACLE, needs=_NEEDS),
    "screenspot-v2": Known(
        title="ScreenSpot-v2", metric="click accuracy", open=_screenspot_v2, oracle=_ORACLE, needs=_NEEDS
    ),
    "screenspot-pro": Known(
        title="ScreenSpot-Pro", metric="action accuracy", open=_screenspot_pro, oracle=_ORACLE, needs=_NEEDS
    ),
    "refcoco": Known(
        title="RefCOCO, RefCOCO+ and RefCOCOg",
        metric="precision at 1, IoU of 0.5",
        open=_refcoco,
        oracle="the right box",
        needs=_NEEDS,
    ),
    "osworld-g": Known(
        title="OSWorld-G",
        metric="accuracy",
        open=_osworld_g,
        oracle="the middle of the right box or outline, or a refusal",
        needs=_NEEDS,
    ),
}
