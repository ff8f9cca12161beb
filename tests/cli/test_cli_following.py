"""A run as it is followed on a terminal."""

import io

from clickwright.agent.events import NodeBegan, NodeEnded, RunEnded
from clickwright.agent.record.trace import Decided, Did, Outcome, Sight, Step
from clickwright.screen import Point
from clickwright.terminal import Following
from clickwright.tools import Click
from rich.console import Console

CLICK = Click(point=Point(3, 4))
SEEN = Sight(frame="a", screen="a", width=10, height=10)
STEP = Step(
    number=1,
    position=0,
    goal="buy it\x1b[2J",
    saw=SEEN,
    decided=Decided(actions=(CLICK,)),
    did=(Did(action=CLICK, verdict="allowed", effect="changed"),),
    next_position=0,
)


def followed(*, watched: bool) -> str:
    file = io.StringIO()
    with Following(Console(file=file, force_terminal=watched, width=80)) as following:
        following(NodeBegan(turn=1, node="decide"))
        following(NodeEnded(turn=1, node="decide", seconds=1.0, decided=STEP.decided))
        following(NodeBegan(turn=1, node="guard"))
        following(NodeEnded(turn=1, node="review", seconds=0.1, step=STEP))
        following(RunEnded(outcome=Outcome(status="success", reason="done")))
    return file.getvalue()


def test_what_is_being_done_stands_below_the_steps_where_somebody_watches() -> None:
    shown = followed(watched=True)
    assert "step 1: deciding" in shown
    assert shown.index("deciding") < shown.index("click (3, 4)")


def test_a_log_holds_the_steps_alone_and_nothing_that_a_terminal_obeys() -> None:
    shown = followed(watched=False)
    assert "deciding" not in shown
    assert "buy it\\u001b[2J" in shown
    assert "\x1b" not in shown
