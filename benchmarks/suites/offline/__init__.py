"""Suites that ask for the next action of a recorded episode. Each is imported when it is opened."""

from collections.abc import Mapping

from ...suite import Choice, DataSuite
from ..known import Known

_ORACLE = "what was done at that step"
_NEEDS = "its data: --data FOLDER or hub:NAME"


def _mind2web(choice: Choice) -> DataSuite:
    from .mind2web import open_mind2web

    return open_mind2web(choice)


def _aitw(choice: Choice) -> DataSuite:
    from .aitw import open_aitw

    return open_aitw(choice)


def _aitz(choice: Choice) -> DataSuite:
    from .aitz import open_aitz

    return open_aitz(choice)


def _android_control(choice: Choice) -> DataSuite:
    from .android_control import open_android_control

    return open_android_control(choice)


def _odyssey(choice: Choice) -> DataSuite:
    from .odyssey import open_odyssey

    return open_odyssey(choice)


def _omniact(choice: Choice) -> DataSuite:
    from .omniact import open_omniact

    return open_omniact(choice)


def _agentnet(choice: Choice) -> DataSuite:
    from .agentnet import open_agentnet

    return open_agentnet(choice)


SUITES: Mapping[str, Known] = {
    "mind2web": Known(
        title="Multimodal-Mind2Web",
        metric="step success rate, macro by task",
        average="episodes",
        open=_mind2web,
        oracle=_ORACLE,
        needs=_NEEDS,
    ),
    "aitw": Known(
        title="Android in the Wild", metric="action matching score", open=_aitw, oracle=_ORACLE, needs=_NEEDS
    ),
    "aitz": Known(title="Android in the Zoo", metric="action matching score", open=_aitz, oracle=_ORACLE, needs=_NEEDS),
    "android-control": Known(
        title="AndroidControl", metric="step success rate", open=_android_control, oracle=_ORACLE, needs=_NEEDS
    ),
    "gui-odyssey": Known(
        title="GUI-Odyssey", metric="action matching score", open=_odyssey, oracle=_ORACLE, needs=_NEEDS
    ),
    "omniact": Known(
        title="OmniACT",
        metric="action score, weighted by length",
        average="weight",
        open=_omniact,
        oracle="its script",
        needs=_NEEDS,
    ),
    "agentnetbench": Known(
        title="AgentNetBench", metric="average score of a step", open=_agentnet, oracle=_ORACLE, needs=_NEEDS
    ),
}
