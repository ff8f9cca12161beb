"""Our policies as BrowserGym's agents: the agent on their side, the policy in a process of ours."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clickwright.environments.browsergym.install import INSIDE, install_browsergym
from clickwright.environments.browsergym.venv_side.clickwright_agent import ClickwrightAgent, ClickwrightAgentArgs
from clickwright.errors import BadModelOutput, UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Point
from clickwright.serving import policy as policy_server
from clickwright.tools import Ask, CallTool, Click, Pinch

SCRIPT = """
from clickwright.policies import ScriptedPolicy
from clickwright.serving.policy import serve
from clickwright.screen import Point
from clickwright.tools import Click, Finish, TypeText
serve(ScriptedPolicy([Click(point=Point(143, 194)), [TypeText(text="it's"), Finish(answer="done")]]))
"""


def seen(error: str = "") -> dict[str, Any]:
    return {
        "screenshot": np.full((321, 498, 3), 255, np.uint8),
        "goal": "Click the button.",
        "url": "http://127.0.0.1/",
        "open_pages_urls": ("http://127.0.0.1/",),
        "open_pages_titles": ("Task",),
        "active_page_index": np.asarray([0]),
        "last_action_error": error,
        "dom_object": {"large": True},
        "axtree_object": {"large": True},
    }


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "scripted.py"
    path.write_text(SCRIPT, "utf-8")
    return path


@pytest.fixture
def agent(script: Path) -> Generator[ClickwrightAgent]:
    made = ClickwrightAgentArgs(python=sys.executable, script=str(script)).make_agent()
    yield made
    made.close()


def test_an_agent_answers_with_calls_and_keeps_no_trees(agent: ClickwrightAgent) -> None:
    kept = agent.obs_preprocessor(seen())
    assert "screenshot" in kept
    assert "dom_object" not in kept
    assert agent.get_action(kept) == ("mouse_click(143, 194, 'left')", {"think": "", "stats": {}})
    assert agent.get_action(kept)[0] == "keyboard_type(\"it's\")\nsend_msg_to_user('done')"
    action, info = agent.get_action(kept)
    assert action is None
    assert "over after 4 turns" in info["err_msg"]
    agent.close()
    agent.close()


def test_a_policy_that_cannot_start_is_an_error() -> None:
    with pytest.raises(ValueError, match="CLICKWRIGHT_PYTHON"):
        ClickwrightAgentArgs().make_agent()
    agent = ClickwrightAgentArgs(python=sys.executable, options={}).make_agent()
    with pytest.raises(RuntimeError, match="has ended"):
        agent.get_action(seen())
    agent.close()


def asked(policy: ScriptedPolicy, *errors: str) -> list[dict[str, Any]]:
    """What a policy answers to as many screens as there are errors."""
    question, answer = io.BytesIO(), io.BytesIO()
    question.write(json.dumps({"do": "begin", "goal": "x"}).encode() + b"\n")
    for error in errors:
        page = {"url": "u", "urls": ["u"], "titles": ["t"], "active": 0, "error": error}
        question.write(json.dumps({"do": "act", "shape": [2, 3, 3], **page}).encode() + b"\n" + bytes(18))
    question.seek(0)
    policy_server.serve(policy, ask=question, answer=answer)
    return [json.loads(line) for line in answer.getvalue().splitlines()[1:]]


def test_what_browsergym_cannot_do_is_told_to_the_model_with_the_next_screen() -> None:
    policy = ScriptedPolicy([Pinch(point=Point(1, 1), factor=2), CallTool(name="lookup"), Ask(question="Which?"), []])
    told = [one["action"] for one in asked(policy, "", "", "", "late")]
    assert told == ["noop(0)", "noop(0)", "send_msg_to_user('Which?')", "noop(0)"]
    errors = [one.error for one in policy.seen]
    assert errors[0] is None
    assert ("pinch" in (errors[1] or ""), "lookup" in (errors[2] or ""), errors[3]) == (True, True, "late")


def test_an_answer_that_cannot_be_read_is_asked_for_again() -> None:
    policy = ScriptedPolicy([BadModelOutput("no call"), Click(point=Point(1, 2)), *[BadModelOutput("no call")] * 3])
    told = asked(policy, "", "")
    assert [one["action"] for one in told] == ["mouse_click(1, 2, 'left')", None]
    assert (told[1]["error"], len(policy.seen)) == ("no call", 5)


def test_an_install_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="miniwob, webarena"):
        install_browsergym(tmp_path / "venv", ["cartpole"])
    assert not (tmp_path / "venv").exists()


REAL = os.environ.get("CLICKWRIGHT_BROWSERGYM", "")
LOOP = """
import sys
from pathlib import Path
import browsergym.miniwob
import gymnasium
from browsergym.experiments import loop
from browsergym.experiments.loop import EnvArgs, ExpArgs, get_exp_result
from clickwright_agent import ClickwrightAgentArgs
loop.count_tokens = len  # it counts with a tokenizer that it would download
agent = ClickwrightAgentArgs(python=sys.argv[1], script=sys.argv[2])
env = EnvArgs(task_name="miniwob.click-test", task_seed=3, max_steps=4)
raw = gymnasium.make("browsergym/miniwob.click-test", use_raw_page_output=True, disable_env_checker=True)
print(agent.make_agent().obs_preprocessor(raw.reset(seed=3)[0])["screenshot"].shape)
raw.close()
experiment = ExpArgs(agent_args=agent, env_args=env)
experiment.prepare(Path(sys.argv[3]))
experiment.run()
told = get_exp_result(experiment.exp_dir).get_exp_record()
print(told["cum_reward"], told["terminated"], told["n_steps"], told["err_msg"])
"""


@pytest.mark.skipif(not REAL, reason="CLICKWRIGHT_BROWSERGYM names no Python of a real BrowserGym")
def test_the_real_loop_of_browsergym_runs_our_agent(script: Path, tmp_path: Path) -> None:
    """Needs browsergym-experiments beside browsergym-miniwob."""
    home = Path(REAL).parent.parent
    pages = next(home.glob("lib/*/site-packages/miniwob/html/miniwob"))
    environment = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(home / "browsers"), "MINIWOB_URL": f"{pages.as_uri()}/"}
    done = subprocess.run(
        [REAL, "-c", LOOP, sys.executable, str(script), str(tmp_path)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=120,
    )
    told = done.stdout.splitlines()
    assert (told[:1], told[-1:]) == (["(321, 498, 3)"], ["1.0 True 1 None"]), done.stderr[-2000:]


def test_the_agent_needs_nothing_but_the_standard_library() -> None:
    code = f"import sys; sys.path.insert(0, {str(INSIDE)!r}); import clickwright_agent"
    done = subprocess.run(["python3", "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_module_says_how_it_is_called() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "clickwright.serving.policy", "{}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert '{"model": "clickwright/mini"}' in done.stderr
