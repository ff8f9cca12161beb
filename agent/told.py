"""What a policy tells of itself: its tools, and the name of its model."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from ..policies.policy import Policy
from ..tools import Tool


@runtime_checkable
class _HasTools(Protocol):
    @property
    def tools(self) -> Mapping[str, Tool]: ...


@runtime_checkable
class _Named(Protocol):
    @property
    def name(self) -> str: ...


@runtime_checkable
class _HasModel(Protocol):
    @property
    def model(self) -> object: ...


def tools_of(policy: Policy) -> dict[str, Tool]:
    return dict(policy.tools) if isinstance(policy, _HasTools) else {}


def model_of(policy: Policy) -> str:
    model = policy.model if isinstance(policy, _HasModel) else None
    return model.name if isinstance(model, _Named) else ""
