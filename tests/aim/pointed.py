"""Pages that are drawn once, and what a fake model answers to them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from clickwright.aim import VIEWS, Asked, Diagnosis, Manner, Page, PointingModel, View, ask, diagnose, draw_page
from clickwright.model.processor import Budget
from clickwright.policies import ModelPolicy
from clickwright.policies.grammars import FRACTIONS, SEEN_PIXELS
from clickwright.policies.profiles import Profile
from clickwright.policies.profiles.qwen2_vl import INSTRUCT

IN_THOUSANDTHS = INSTRUCT
IN_FRACTIONS = replace(INSTRUCT, name="fractions", space=FRACTIONS)
IN_SEEN_PIXELS = replace(INSTRUCT, name="seen", space=SEEN_PIXELS)


@cache
def page(view: View) -> Page:
    return draw_page(view)


def answers(
    manner: Manner, profile: Profile = INSTRUCT, views: Sequence[View] = VIEWS, budget: Budget | None = None
) -> list[Asked]:
    model = PointingModel(map(page, views), manner, budget=budget)
    policy = ModelPolicy(model, profile=profile)
    return [ask(policy, page(view)) for view in views]


def diagnosed(
    manner: Manner, profile: Profile = INSTRUCT, views: Sequence[View] = VIEWS, budget: Budget | None = None
) -> Diagnosis:
    return diagnose(answers(manner, profile, views, budget), profile)
