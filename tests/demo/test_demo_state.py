"""What the site keeps: its events, its file, its tasks."""

from pathlib import Path

import pytest
from clickwright.demo.content import content_of
from clickwright.demo.icons import ICONS
from clickwright.demo.look import look_of
from clickwright.demo.pages import render
from clickwright.demo.state import PAGES, State, apply, read_state, write_state
from clickwright.demo.tasks import tasks_of
from clickwright.errors import UsageError
from hypothesis import given
from hypothesis import strategies as st

seeds = st.integers(0, 10_000)
acts = st.sampled_from(
    (
        "page",
        "draft",
        "save",
        "buy",
        "order",
        "add",
        "tick",
        "mark",
        "drop",
        "switch",
        "language",
        "weekly",
        "keep",
        "x",
    )
)


@given(seeds)
def test_a_seed_always_gives_the_same_site_and_tasks(seed: int):
    assert content_of(seed) == content_of(seed)
    assert look_of(seed) == look_of(seed)
    assert tasks_of(seed) == tasks_of(seed)


def test_seeds_differ_in_content_and_look():
    assert len({repr(content_of(seed)) for seed in range(50)}) == 50
    assert len({repr(look_of(seed)) for seed in range(50)}) == 50


@given(seeds)
def test_tasks_have_two_to_five_steps_and_are_not_done_at_the_start(seed: int):
    for task in tasks_of(seed):
        assert 2 <= len(task.steps) <= 5
        assert not task.is_done(task.before)
        assert task.is_done(task.after)
        assert task.is_done(task.after.model_copy(update={"port": 4711}))
        assert not task.after.strays


@given(seeds, st.sampled_from(("save", "weekly", "keep", "no such control")))
def test_one_control_too_many_or_too_few_fails_the_task(seed: int, act: str):
    for task in tasks_of(seed):
        spoilt = apply(task.after, act)
        assert task.is_done(spoilt) == (spoilt == task.after)


@given(seeds, st.lists(st.tuples(acts, st.text(max_size=300) | st.sampled_from(("0", "1", "cart"))), max_size=20))
def test_any_sequence_of_uses_leaves_a_state_that_can_be_stored_and_shown(seed: int, uses: list[tuple[str, str]]):
    state = State(seed=seed)
    for act, value in uses:
        state = apply(state, act, value)
    assert State.model_validate_json(state.model_dump_json()) == state
    assert state.page in PAGES
    assert "</html>" in render(state)


def test_what_a_visitor_typed_is_escaped_on_every_page():
    nasty = '"><script>alert(1)</script>'
    state = apply(apply(State(seed=1, page="todo"), "add", nasty), "draft", nasty)
    for page in PAGES:
        assert nasty not in render(apply(state, "page", page))


def test_the_state_survives_its_file(tmp_path: Path):
    state = apply(State(seed=3), "add", "paint 中文 🎨")
    write_state(tmp_path / "site.json", state)
    assert read_state(tmp_path / "site.json") == state


@pytest.mark.parametrize("content", ["", "{", '{"seed": 1, "unknown": 2}', "[]"])
def test_a_file_that_is_no_state_is_refused_in_one_sentence(tmp_path: Path, content: str):
    path = tmp_path / "site.json"
    path.write_text(content)
    with pytest.raises(UsageError, match="is not the state of a demo site") as refused:
        read_state(path)
    assert "\n" not in str(refused.value)


def test_every_icon_that_a_page_can_ask_for_is_drawn():
    for seed in range(40):
        content = content_of(seed)
        used = {content.shop.save_icon, content.shop.basket_icon, content.todo.mark_icon}
        assert used <= ICONS.keys()
