"""Which tests there are: rows, variables, secrets and tags; and what is told before anything runs."""

from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.testing.steps.file import StepFile
from clickwright.testing.steps.plan import ALL, Planned, Wanted, plan, read_given, require_planned
from clickwright.testing.steps.read import parse_file
from clickwright.testing.steps.step import Fill, Say
from hypothesis import assume, given
from hypothesis import strategies as st

PATH = Path("shop.yaml")
TWO = """
start: x
variables: {city: Oslo, greeting: "from ${city}", site: }
tests:
- name: to ${who}
  tags: [smoke]
  for_each: [{who: Ada}, {who: "${city}"}]
  steps: [{check: "hello ${who} ${greeting} $${who}"}]
- {name: last, tags: [slow], steps: [{tap: a}]}
"""


def file_of(text: str) -> StepFile:
    return parse_file(text.encode(), PATH)


def claim_of(planned: Planned) -> str:
    step = planned.test.steps[0]
    assert isinstance(step, Say)
    return planned.filled(step.what).shown


def test_rows_are_tests_with_their_variables() -> None:
    planned = plan(file_of(TWO), {"site": "y", "city": "Bergen"}, ALL, {})
    assert [one.id for one in planned] == ["shop.yaml::to Ada", "shop.yaml::to Bergen", "shop.yaml::last"]
    assert [claim_of(one) for one in planned[:2]] == [f"hello {who} from Bergen ${{who}}" for who in ("Ada", "Bergen")]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(tags=frozenset({"smoke"})), ["to Ada", "to Oslo"]),
        (Wanted(without=frozenset({"smoke"})), ["last"]),
        (Wanted(tags=frozenset({"smoke", "slow"}), without=frozenset({"slow"})), ["to Ada", "to Oslo"]),
        (Wanted(tags=frozenset({"other"})), []),
    ],
)
def test_tags_choose_tests(wanted: Wanted, names: list[str]) -> None:
    assert [one.name for one in plan(file_of(TWO), {"site": "y"}, wanted, {})] == names


ONE = "start: x\ntests:\n- {name: a, steps: [{tap: b}]}\n"
TYPES = "start: x\nvariables: {pw: '${env.PW}'}\ntests: [{name: a, steps: [{fill: {field: f, with: '${pw}'}}]}]"


@pytest.mark.parametrize(
    ("text", "given", "environment", "says"),
    [
        (TWO, {}, {}, "shop.yaml:3: site has no value: give it with --var site=..."),
        (
            ONE + "- {name: a, steps: [{tap: b}]}",
            {},
            {},
            "shop.yaml:4: two tests have the name 'a', the first in line 3",
        ),
        (ONE.replace("a,", "a, for_each: [{n: 1}, {n: 2}],"), {}, {}, "put a ${variable} of its row into it"),
        (TYPES, {}, {}, "shop.yaml:2: the environment variable PW is not set"),
        (TYPES, {}, {"PW": "abc"}, "shop.yaml:2: the secret in PW needs at least 4 characters"),
        (TYPES, {"pw": "abcd"}, {"PW": "abcd"}, "--var pw: shop.yaml:2 takes it from the environment, as a secret"),
        (
            "variables: {n: ''}\n" + ONE.replace("name: a", "name: '${n}'"),
            {},
            {},
            "shop.yaml:4: the name of a test is empty",
        ),
    ],
)
def test_what_cannot_be_run_is_told_with_its_line(
    text: str, given: dict[str, str], environment: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError) as caught:
        plan(file_of(text), given, ALL, environment)
    assert says in str(caught.value)


def test_a_file_is_checked_without_its_secrets() -> None:
    assert require_planned(file_of(TYPES), {}) == 1


def test_variables_of_a_command_line() -> None:
    files = (file_of(TWO),)
    assert read_given(["city=a=b", "site="], files) == {"city": "a=b", "site": ""}
    with pytest.raises(UsageError, match="--var wants NAME=VALUE, not 'city'"):
        read_given(["city"], files)
    with pytest.raises(UsageError, match=r"--var cty: no file has this under `variables`; did you mean city\?"):
        read_given(["cty=x"], files)


SIGNS = st.characters(min_codepoint=0x2600, max_codepoint=0x26FF)


@given(st.text(), st.text(SIGNS, min_size=4))
def test_what_a_variable_holds_is_text_whatever_it_says(value: str, secret: str) -> None:
    """No name in a value is looked up: a page could write the name of a secret."""
    assume(secret not in value)
    text = "start: x\nvariables: {v: }\ntests: [{name: a, steps: [{fill: {field: f, with: '${v}|${env.PW}'}}]}]"
    for said in (value, "${env.PW}", "${v}", "$${v}"):
        (one,) = plan(file_of(text), {"v": said}, ALL, {"PW": secret})
        step = one.test.steps[0]
        assert isinstance(step, Fill)
        filled = one.filled(step.text)
        assert (filled.shown, filled.real) == (f"{said}|${{env.PW}}", f"{said}|{secret}")
    assert secret not in repr(one)
