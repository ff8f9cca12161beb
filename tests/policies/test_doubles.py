"""Checkpoints with random weights that only their tokens tell apart: found, loaded, and asked to act or to point."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from clickwright.environments import BrowserEnvironment
from clickwright.errors import BadModelOutput
from clickwright.model import Decoding, Grammar
from clickwright.policies import ModelPolicy, load_policy
from clickwright.policies.grammars import Answer, Canvas, Language, Occasion
from clickwright.policies.profiles import PROFILES, Profile, find_profile
from clickwright.policies.profiles.aguvis import AGUVIS, GUI_ACTOR
from clickwright.policies.profiles.qwen2_vl import MINI
from clickwright.screen import Observation, Screenshot, Size
from clickwright.tools import Action, Click, Drag, Hover, LongPress, Scroll, Task

Double = Callable[[Profile], Path]


def screenshot() -> Screenshot:
    pixels = np.random.default_rng(3).integers(0, 255, (240, 320, 3), np.uint8)
    return Screenshot(pixels=pixels, taken_s=0.0)


@pytest.mark.parametrize("profile", [AGUVIS, GUI_ACTOR], ids=lambda profile: profile.name)
def test_a_folder_is_known_by_its_tokens(profile: Profile, double: Double) -> None:
    assert find_profile(double(profile)) is profile


@pytest.mark.slow
def test_a_random_aguvis_acts_and_points_in_its_own_language(double: Double) -> None:
    policy = load_policy(double(AGUVIS), device="cpu", dtype="float32", min_pixels=3136, max_pixels=100_352)
    assert policy.profile is AGUVIS
    policy.decoding = Decoding(max_new_tokens=160, temperature=1.0, seed=1, stop=AGUVIS.stop)
    policy.reset(Task(goal="Type pears into the field."))
    seen = screenshot()
    decision = policy.act(Observation(screenshot=seen), [])
    assert decision.actions
    assert decision.generation is not None
    assert "<|recipient|>" + decision.generation.text.partition("\n")[0] in ("<|recipient|>os", "<|recipient|>all")
    assert decision.confidence is not None
    grounding = policy.ground(seen, "the field")
    assert seen.size.box.contains(grounding.point)
    assert grounding.generation is not None
    assert grounding.generation.text.startswith("pyautogui.click(x=0.")
    assert grounding.spread is not None


@pytest.mark.slow
def test_a_random_gui_actor_points_with_its_head(double: Double) -> None:
    policy = load_policy(double(GUI_ACTOR), device="cpu", dtype="float32")
    assert policy.profile is GUI_ACTOR
    seen = screenshot()
    grounding = policy.ground(seen, "the field")
    assert grounding.box is not None
    assert grounding.box.contains(grounding.point)
    assert grounding.confidence is not None
    assert 0 < grounding.confidence <= 1
    assert grounding.spread is not None
    assert all(seen.size.box.contains(point) for point, _ in grounding.candidates)
    assert grounding.generation is not None
    assert grounding.generation.visual_tokens == (240 // 28 + 1) * (320 // 28)
    again = policy.ground(seen, "another field")
    assert again.generation is not None
    assert again.generation.reused_tokens > 0


OWN = {
    profile.checkpoints[0].name: profile
    for profile in reversed(PROFILES.values())
    if "qwen2_vl" in profile.architectures and profile.checkpoints and profile is not MINI
}
"""One profile of each family that the own engine runs."""
PAGE = """data:text/html,<title>0</title><body style="margin:0;background:teal;height:100vh">
<input style="width:200px"><script>
let heard = 0;
for (const kind of ["pointerdown", "pointermove", "wheel", "keydown"])
  addEventListener(kind, () => { document.title = ++heard; });
</script>"""


@dataclass(frozen=True)
class Brief:
    """A language whose grammar leaves room for few words only: a random answer comes to its end soon."""

    language: Language

    def parse(self, text: str, canvas: Canvas) -> Answer:
        return self.language.parse(text, canvas)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        return self.language.write(actions, canvas, thought=thought)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        whole = self.language.grammar(canvas, occasion)
        return whole and replace(whole, lark=re.sub(r"\{([0-9]),[0-9]{2,}\}", r"{\1,6}", whole.lark))


def briefly(profile: Profile) -> Profile:
    return (
        profile
        if profile.act is None
        else replace(profile, act=replace(profile.act, language=Brief(profile.act.language)))
    )


def _done_on_a_page(action: Action) -> bool:
    """Whether the page itself hears of it, at once."""
    return isinstance(action, Click | Hover | Drag | Scroll | LongPress)


def _something_to_do(policy: ModelPolicy, seen: Observation) -> tuple[Action, ...]:
    """Actions that a policy decides on, one of which the page hears of: at the first seed that gives such."""
    for seed in range(40):
        policy.decoding = Decoding(max_new_tokens=900, temperature=1.0, seed=seed, stop=policy.profile.stop)
        if policy.profile.act is None:
            return (Click(point=policy.ground(seen.screenshot, "the field").point),)
        policy.reset(Task(goal="Type pears into the field."))
        with suppress(BadModelOutput):  # an answer that the token limit cut off
            decision = policy.act(seen, [])
            if any(_done_on_a_page(action) for action in decision.actions):
                return decision.actions
    raise AssertionError(f"{policy.profile.name} does nothing on the page")


@pytest.mark.slow
async def test_a_double_of_every_family_drives_a_browser(small_double: Double) -> None:
    """Each loads, writes within its grammar, and the page hears of what it does."""
    environment = BrowserEnvironment(viewport=Size(280, 224), elements=True)
    try:
        for profile in OWN.values():
            policy = load_policy(small_double(profile), profile=briefly(profile), device="cpu", dtype="float32")
            seen = await environment.reset(Task(goal="Type.", start_url=PAGE))
            for action in await asyncio.to_thread(_something_to_do, policy, seen):
                if _done_on_a_page(action):
                    seen = await environment.step(action)
            assert int(seen.title) > 0, profile.name
    finally:
        await environment.close()
