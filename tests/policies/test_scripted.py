"""The policy without a model plays its list and keeps what it was shown."""

import numpy as np
import pytest
from clickwright.errors import ActionFailed, BadModelOutput
from clickwright.policies import Decision, ScriptedPolicy
from clickwright.screen import Observation, Screenshot
from clickwright.tools import Back, Finish, Reload, Task


def test_a_script_is_played_in_order_and_then_over() -> None:
    seen = Observation(screenshot=Screenshot(pixels=np.zeros((2, 2, 3), np.uint8)))
    decision = Decision(actions=(Reload(),), frame="another", thought="again", confidence=0.5)
    policy = ScriptedPolicy([Back(), [Back(), Finish()], decision, ActionFailed("no")])
    task = Task(goal="Go back.")
    policy.reset(task)
    frame = seen.screenshot.frame
    assert policy.act(seen, []) == Decision(actions=(Back(),), frame=frame)
    policy.reset(task)
    assert policy.act(seen, []) == Decision(actions=(Back(), Finish()), frame=frame)
    assert policy.act(seen, []) == Decision(actions=(Reload(),), frame=frame, thought="again", confidence=0.5)
    with pytest.raises(ActionFailed, match="no"):
        policy.act(seen, [])
    with pytest.raises(BadModelOutput, match="over after 4 turns"):
        policy.act(seen, [])
    assert policy.tasks == [task, task]
    assert policy.seen == [seen] * 5
