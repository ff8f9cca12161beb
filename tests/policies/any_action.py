"""Any action, for the tests of every language."""

from clickwright.policies.grammars import Canvas
from clickwright.screen import Point, Size
from clickwright.tools import (
    BUILT_IN_NAMES,
    MODIFIERS,
    Action,
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)
from clickwright.tools.keys import NAMED_KEYS
from hypothesis import strategies as st

SIZE = Size(1288, 728)
CANVAS = Canvas(size=SIZE)

# Words that could be taken for marks, beside any text that a file can hold.
text = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(
        [
            "</tool_call>",
            "<tool_call>{}",
            "<|im_end|>",
            "<|box_start|>(1,2)",
            'say "hi"\\',
            "汉字 🙂",
            "a\nb\t",
            "12",
            "C:\\new\\u00e9",
        ]
    ),
)
words = text.filter(bool)
numbers = st.one_of(st.integers(-10_000, 10_000).map(float), st.floats(-10_000, 10_000))
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(-1e9, 1e9), text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=6,
)
modifiers = st.lists(st.sampled_from(MODIFIERS), max_size=2).map(tuple)
keys = st.lists(st.sampled_from([*sorted(NAMED_KEYS), *"aZ5+-é/"]), min_size=1, max_size=8).map(tuple)
tool_names = st.from_regex(r"\A[a-z_][a-z0-9_]{0,12}\Z").filter(lambda name: name not in BUILT_IN_NAMES)


def points(size: Size = SIZE) -> st.SearchStrategy[Point]:
    """Points that are written without rounding: whole thousandths of the size."""
    thousandths = st.integers(0, 999)
    return st.builds(lambda x, y: Point(x / 1000 * size.width, y / 1000 * size.height), thousandths, thousandths)


def actions(place: st.SearchStrategy[Point]) -> st.SearchStrategy[Action]:
    several = st.lists(place, min_size=2, max_size=5).map(tuple)
    return st.one_of(
        st.builds(
            Click,
            point=place,
            button=st.sampled_from(["left", "right", "middle"]),
            count=st.integers(1, 3),
            modifiers=modifiers,
        ),
        st.builds(LongPress, point=place, duration_s=st.floats(0.1, 10)),
        st.builds(Hover, point=place),
        st.builds(Drag, path=several, duration_s=st.one_of(st.just(0.3), st.floats(0, 30)), modifiers=modifiers),
        st.builds(Scroll, point=place, dx=numbers, dy=numbers, modifiers=modifiers),
        st.builds(Scroll, point=place, dy=numbers),
        st.builds(Scroll, point=place, dx=numbers),
        st.builds(Pinch, point=place, factor=st.floats(0.1, 10)),
        st.builds(TypeText, text=text),
        st.builds(TypeText, secret=words),
        st.builds(Press, keys=keys),
        st.builds(Navigate, url=words),
        st.sampled_from([Back(), Forward(), Reload()]),
        st.builds(NewTab, url=text),
        st.builds(SwitchTab, index=st.integers(0, 1000)),
        st.builds(CloseTab, index=st.none() | st.integers(0, 1000)),
        st.builds(SelectOption, point=place, label=text),
        st.builds(Upload, point=place, paths=st.lists(text, min_size=1, max_size=3).map(tuple)),
        st.builds(Wait, seconds=st.floats(0.01, 60)),
        st.builds(CallTool, name=tool_names, arguments=st.dictionaries(text, json_values, max_size=3)),
        st.builds(Ask, question=words),
        st.builds(Finish, status=st.sampled_from(["success", "failure"]), answer=text),
    )


def custom_of(*done: Action) -> set[str]:
    return {action.name for action in done if isinstance(action, CallTool)}
