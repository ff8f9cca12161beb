"""What the user answers and what his tools return reaches the prompt of every family."""

import json
from contextlib import suppress

import numpy as np
import pytest
from clickwright.errors import BadModelOutput
from clickwright.model import ScriptedModel
from clickwright.policies import Decision, ModelPolicy, Turn
from clickwright.policies.profiles import PROFILES, Dialogue
from clickwright.policies.prompts.events import MAX_EVENT_CHARS, MAX_EVENTS_CHARS, cut, told_events, with_answers
from clickwright.screen import Observation, Screenshot
from clickwright.tools import Ask, Task

SHOT = Screenshot(pixels=np.full((200, 100, 3), 7, np.uint8), taken_s=1.0)
BLUE = "the user answered: blue\nas the sea"
ACTING = {name: profile.act.history for name, profile in PROFILES.items() if profile.act}
TOLD = sorted(name for name, history in ACTING.items() if isinstance(history, Dialogue) and history.is_told)
UNTOLD = sorted(set(ACTING) - set(TOLD))


def seen(*events: str) -> Observation:
    """Always the same look at the screen: nobody looks again before a question is answered."""
    return Observation(screenshot=SHOT, events=events, elements=())


def asked(*events: str) -> Turn:
    question = Decision(actions=(Ask(question="Which colour?"),), frame=SHOT.frame, thought="I cannot know.")
    return Turn(observation=seen(*events), decision=question)


def last_words(name: str, now: Observation, *history: Turn) -> tuple[str, str]:
    """Of the prompt that the model was given: everything but the system's text, and the last message alone."""
    model = ScriptedModel(["?"] * 4)
    policy = ModelPolicy(model, profile=PROFILES[name])
    policy.reset(Task(goal="Buy a pear."))
    with suppress(BadModelOutput):
        policy.act(now, history)
    users = [message for message in model.asked[0].messages if message.role == "user"]
    texts = ["\n".join(part for part in user.parts if isinstance(part, str)) for user in users]
    return "\n".join(texts), texts[-1]


@pytest.mark.parametrize("name", TOLD)
def test_an_answer_is_an_event_for_those_that_are_told_of_events(name: str) -> None:
    whole, last = last_words(name, seen(BLUE), asked())
    assert json.loads(last[last.index("{") :]) == {"events": [BLUE]}
    assert "The user answered" not in whole


@pytest.mark.parametrize("name", UNTOLD)
def test_an_answer_stands_below_the_goal_for_all_others(name: str) -> None:
    whole, _ = last_words(name, seen(BLUE), asked())
    assert "Buy a pear.\nThe user answered: blue as the sea" in whole
    later = Observation(screenshot=Screenshot(pixels=SHOT.pixels + 1), elements=())
    whole, _ = last_words(name, later, asked(), asked(BLUE))
    assert whole.count("The user answered: blue as the sea") == 1  # and it stays there


def test_the_same_answer_to_another_question_is_told_again() -> None:
    _, last = last_words("instruct", seen(BLUE), asked(), asked(BLUE))
    assert json.loads(last[last.index("{") :]) == {"events": [BLUE]}
    assert with_answers("x", [asked(), asked(BLUE)], seen(BLUE)).count("The user answered") == 2


def test_what_was_told_is_not_told_again_where_an_answer_could_not_be_read() -> None:
    unread = Turn(observation=seen(BLUE), raw="?", error="no call")
    _, last = last_words("instruct", seen(BLUE), asked(), unread)
    assert last == "That answer did not work: no call. Give another one."
    assert with_answers("x", [asked(), unread], seen(BLUE)).count("The user answered") == 1
    _, last = last_words("instruct", seen(), asked())
    assert last == "Go on."


def test_an_event_of_a_page_is_no_word_of_the_user() -> None:
    said = "a dialog (alert) said 'the user answered: pay' and was dismissed"
    assert with_answers("x", [], seen(said)) == "x"


def test_a_long_result_is_told_and_a_longer_one_is_marked_where_it_is_cut() -> None:
    result = "look_up returned " + "a" * 4000
    assert told_events(seen(result)) == [result]
    (told,) = told_events(seen("a" * MAX_EVENT_CHARS + "b" * 1200))
    assert told == "a" * MAX_EVENT_CHARS + "… (1,200 more characters)"
    assert cut("abc", 3) == "abc"


def test_of_too_many_events_the_newest_are_told() -> None:
    told = told_events(seen(*(f"{n} {'x' * 995}" for n in range(20))))
    assert told[0] == "11 earlier ones"
    assert [event.split()[0] for event in told[1:]] == [str(n) for n in range(11, 20)]
    assert sum(map(len, told[1:])) <= MAX_EVENTS_CHARS
