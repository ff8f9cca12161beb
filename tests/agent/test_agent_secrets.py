"""A secret reaches the screen, and nothing that is stored or told."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from clickwright.agent import Agent, Permissions
from clickwright.agent.secrets import Secrets
from clickwright.agent.view import write_report
from clickwright.environments.browser.words import quoted
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Generation
from clickwright.policies.policy import Decision
from clickwright.reliability.secrets import ENCODINGS
from clickwright.screen import Box, Element, Observation, Point, Screenshot, Window, read_image
from clickwright.tools import Action, CallTool, Click, Finish, Task, TypeText
from hypothesis import given, settings
from hypothesis import strategies as st

VALUE = 'pä "ss/word+7'
FIELD = Click(point=Point(110, 115))
ODD = (
    VALUE,
    "12345678",
    "a b c",
    "pass\U0001f511word",
    "e\u0301l\u00e8ve-2",
    "\\n<&>'\"%25",
    "\u79d8\u5bc6\u306e\u9375",
)
FORMS = (
    VALUE,
    quote(VALUE),
    quote(VALUE, safe=""),
    json.dumps(VALUE)[1:-1],
    base64.b64encode(VALUE.encode()).decode(),
)


def test_a_secret_is_typed_and_never_stored(
    make: Callable[..., Agent], shop: MemoryEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leak() -> str:
        """Says too much."""
        return VALUE

    async def echo(action: Action) -> Observation:
        shop.happen(f"went to https://shop.test/?q={quote(VALUE)} with {VALUE}")
        return await real(action)

    real = shop.step
    monkeypatch.setattr(shop, "step", echo)
    wrote = Generation(text=f"I read {VALUE} there", token_ids=(1,))
    script = [
        FIELD,
        TypeText(secret="door"),
        BadModelOutput(f"odd: {VALUE}", raw=f"{VALUE}!"),
        Decision(actions=(FIELD, TypeText(text=VALUE)), frame="", thought=f"now {VALUE}", generation=wrote),
        CallTool(name="leak"),
        Finish(answer=f"it was {VALUE}"),
    ]
    result = make(script, secrets={"door": VALUE}, tools=[leak]).run()
    assert result.status == "success"
    assert shop.values["Password"] == VALUE * 2
    assert result.answer == "it was <secret door>"
    write_report(result.run_dir)
    for path in Path(result.run_dir).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [form for form in FORMS if form.encode() in content], path.name


def test_sensitive_places_are_masked_in_stored_pictures_alone(
    make: Callable[..., Agent], shop: MemoryEnvironment
) -> None:
    result = make([[FIELD, TypeText(secret="door"), Finish()]], secrets={"door": "12345678"}).run()
    assert [did.effect for did in result.steps[0].did] == ["changed", "changed"]
    left = result.steps[0].left
    assert left is not None
    stored = read_image(result.run_dir / "frames" / f"{left.frame}.png")
    box = shop.box("Password")
    inside = stored.pixels[int(box.y1) : int(box.y2), int(box.x1) : int(box.x2)]
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) == 1
    assert stored.frame == left.frame
    # Both actions changed only what is masked, and what is stored says nothing of it.
    assert left.screen != result.steps[0].saw.screen
    assert left.frame == result.steps[0].saw.frame


def test_a_secret_is_not_typed_where_it_would_be_seen(make: Callable[..., Agent], shop: MemoryEnvironment) -> None:
    result = make([[Click(point=Point(110, 75)), TypeText(secret="door")]], secrets={"door": "12345678"}).run()
    assert result.stop == "denied"
    assert "would be typed into a field that shows it" in result.reason
    assert shop.values == {}


def test_a_task_must_not_hold_a_secret(make: Callable[..., Agent]) -> None:
    with pytest.raises(UsageError, match="holds the value of the secret door"):
        make([], Task(goal="log in with 12345678"), secrets={"door": "12345678"})


def test_elements_are_shown_without_secrets() -> None:
    seen = Observation(
        screenshot=Screenshot(pixels=np.zeros((9, 9, 3), np.uint8)),
        elements=(Element(box=Box(0, 0, 9, 9), role="textbox", name=f"Is it {VALUE}?", value=VALUE),),
    )
    window = Window(title=f"Note: {VALUE}", app="notes", box=Box(0, 0, 9, 9), active=True)
    shown = replace(seen, focus=(seen.elements or ())[0], windows=(window,))
    hidden = Secrets({"door": VALUE}).hide_observation(shown)
    assert hidden.focus == (hidden.elements or ())[0]
    assert VALUE not in hidden.windows[0].title
    assert hidden.elements == (
        Element(box=Box(0, 0, 9, 9), role="textbox", name="Is it <secret door>?", value="<secret door>"),
    )


@pytest.mark.parametrize(
    "value", [VALUE, "12345678", "a b c", "pass\U0001f511word", "e\u0301l\u00e8ve-2", "\\n<&>'\"%25"]
)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_a_secret_is_hidden_however_it_is_written(value: str, encoding: str, before: str) -> None:
    written = ENCODINGS[encoding](f"{before} {value} after")
    alone = ENCODINGS[encoding](value)
    for text in (written, alone, f"before {alone}, after"):
        hidden = Secrets({"door": value}).hide(text)
        assert "<secret door>" in hidden
        assert alone not in hidden
        assert value not in hidden


@pytest.mark.parametrize("value", [VALUE, "two  spaces\tand\nlines", "it's a\\path"])
def test_a_secret_is_hidden_on_one_line(value: str) -> None:
    assert Secrets({"door": value}).hide(quoted(f"say {value} now")).strip("'\"") == "say <secret door> now"


def test_what_is_left_of_a_secret_that_was_cut_is_hidden() -> None:
    known = Secrets({"door": VALUE})
    for kept in range(len(VALUE) // 2, len(VALUE)):
        assert "<secret door>" in known.hide(quoted(f"say {VALUE}", 4 + kept))
    assert known.hide("a long text, cut off\u2026") == "a long text, cut off\u2026"


def test_ordinary_text_is_not_taken_for_a_secret() -> None:
    known = Secrets({"door": "12345678", "pin": "4711", "word": "sesame"})
    for text in ("47 11", "4 7 1 1", "page 47, 11 of 12", "1234567 9901", "se same", "0x47 0x11", "c2VzYQ", "3437"):
        assert known.hide(text) == text


def test_looking_for_secrets_takes_no_time_to_speak_of() -> None:
    known = Secrets({"door": VALUE, "pin": "471147"})
    began = time.process_time()
    for piece in ("%25", "\\", "p", "p ", "p\u200b", "&#112;", "%2", "cM", "70"):
        known.hide(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 2


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 4 characters"):
        Secrets({"pin": "123"})


def test_secrets_do_not_show_themselves() -> None:
    assert "12345678" not in repr(Secrets({"door": "12345678"}))


@settings(deadline=None)  # each secret compiles its patterns
@given(st.text(min_size=4, max_size=20), st.text(max_size=10), st.text(max_size=10))
def test_no_form_of_a_secret_is_left_in_a_text(value: str, before: str, after: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    hidden = Secrets({"n": value}).hide(f"{before}{value}{after}")
    assert value not in hidden or value in "<secret n>"


@given(st.text(max_size=30))
def test_a_text_without_a_secret_stays_as_it_is(text: str) -> None:
    assert Secrets({"n": "\x00never\x00"}).hide(text) == text


def test_another_permission_lets_a_secret_into_an_ordinary_field(
    make: Callable[..., Agent], shop: MemoryEnvironment
) -> None:
    permissions = Permissions(origins=("memory:",), ask=frozenset())
    script = [[Click(point=Point(110, 75)), TypeText(secret="door"), Finish()]]
    assert make(script, secrets={"door": "12345678"}, permissions=permissions).run().status == "success"
    assert shop.values == {"Words": "12345678"}
