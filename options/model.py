"""Which model is used, how it is asked and where it runs."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from ..errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..agent import ModelChecker, ModelPlanner
    from ..model import Model as AnyModel
    from ..policies import ModelPolicy
    from ..policies.profiles import Doubt
    from ..policies.profiles import Profile as FoundProfile

MINI = "clickwright/mini"


class Backend(StrEnum):
    """What runs the model."""

    OWN = "own"
    TRANSFORMERS = "transformers"
    OPENAI = "openai"


_LOADING: "Mapping[str, Callable[[str], Any]]" = {
    "min_pixels": int,
    "max_pixels": int,
    "dtype": str,
    "select": float,
    "factor": int,
    "read_s": float,
}


def loading(told: "Iterable[str]") -> "dict[str, Any]":
    """Arguments of `load_policy` and `open_model` from NAME=VALUE. Raises UsageError for what is none."""
    found: dict[str, Any] = {}
    for words in told:
        name, _, value = words.partition("=")
        if name not in _LOADING or not value:
            raise UsageError(f"--load wants NAME=VALUE with one of {', '.join(_LOADING)}, not {words!r}")
        try:
            found[name] = _LOADING[name](value)
        except ValueError:
            kind = "whole number" if _LOADING[name] is int else "number"
            raise UsageError(f"--load {name} wants a {kind}, not {value!r}") from None
    return found


LOADED = ("model", "profile", "device", "quantize", "backend", "base_url", "load")
"""The options of every command that loads a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A model, how it is asked and where it runs; what plans and what points, where these are two."""

    model: Annotated[
        str,
        Option(help="A checkpoint: a name such as Qwen/Qwen2-VL-2B-Instruct, or a folder; a server's name of it."),
    ] = MINI
    profile: Annotated[
        str | None,
        Option(help="How the checkpoint is asked, where its name does not say it: `clickwright models` lists all."),
    ] = None
    device: Annotated[
        str | None,
        Option(help="cpu, cuda, cuda:1 ..., or auto to spread the model over all there is; the fastest unless told."),
    ] = None
    quantize: Annotated[
        str | None,
        Option(help="Keep the weights of the decoder's layers in fewer bits: int8, int4, or fp8 on a GPU."),
    ] = None
    backend: Annotated[Backend | None, Option(help="What runs the model: own unless told, openai with a base URL.")] = (
        None
    )
    base_url: Annotated[
        str | None, Option(help="A server with the OpenAI API that runs the model: http://127.0.0.1:8000/v1 ...")
    ] = None
    load: Annotated[
        tuple[str, ...],
        Option(
            metavar="NAME=VALUE",
            help="How --model is loaded: min_pixels, max_pixels, dtype or select, such as max_pixels=1003520; factor "
            "or read_s, the seconds until an answer, of a server. Give it again for the next.",
        ),
    ] = ()
    planner: Annotated[
        str | None,
        Option(help="A model that plans, in the place of --model: it names what it means, and does not point."),
    ] = None
    grounder: Annotated[
        str | None,
        Option(
            help="A second model, which points at what the first one names: NAME, NAME@URL behind a server; "
            "PROFILE=NAME where the name does not say how it is asked."
        ),
    ] = None
    elements: Annotated[
        bool, Option("--elements", help="Tell the model in words, too, what can be used on the page.")
    ] = False
    zoom: Annotated[
        bool, Option("--zoom", help="Search a screen that is too large for one look window by window: slow.")
    ] = False
    ask_below: Annotated[
        float, Option(min=0, max=1, help="Ask you where the model is less sure of a place than this.")
    ] = 0.0
    plan: Annotated[
        bool, Option("--plan", help="Have the model divide the task first, and plan anew where it gets stuck.")
    ] = False
    plan_with: Annotated[str | None, Option(help="A model of its own for that: NAME, NAME@URL or PROFILE=NAME.")] = None
    check: Annotated[
        bool | None,
        Option(
            "--check/--no-check",
            help="Have the model look again, apart, whether each goal is reached; one that can does so unless told.",
        ),
    ] = None
    checker: Annotated[str | None, Option(help="A model of its own for that: NAME, NAME@URL or PROFILE=NAME.")] = None

    def __post_init__(self) -> None:
        """Raises UsageError for choices that do not go together, or cannot be read."""
        loading(self.load)
        if self.planner is not None and self.model != MINI:
            raise UsageError("give --model or --planner, not both: a planner is the model that plans")
        if self.grounder is not None and self.planner is None and self.model == MINI and self.profile is None:
            raise UsageError(f"{MINI} cannot plan: say with --planner which model names what the grounder points at")
        if self.plan and self.plan_with is not None:
            raise UsageError("give --plan or --plan-with, not both: --plan-with names the model that divides the task")
        if self.check is not None and self.checker is not None:
            raise UsageError("give --check, --no-check or --checker: --checker names the model that checks")

    @property
    def needs_elements(self) -> bool:
        """Whether the page has to tell what can be used on it."""
        return self.elements or self._profile == "marks"

    @property
    def _profile(self) -> str | None:
        is_planner = self.planner is not None or self.grounder is not None
        return self.profile or ("planner" if is_planner else None)

    def found_profile(self) -> "FoundProfile":
        """How it is asked, before anything is loaded. Raises UsageError as `find_profile` does."""
        from ..policies.profiles import find_profile

        return find_profile(self.planner or self.model, name=self._profile)

    def policy(self, *, opened_by: "Callable[..., AnyModel] | None" = None) -> "ModelPolicy":
        """A policy with this model, opened as `load_policy` has it. Raises as that does, and UsageError where it is to
        plan or to check and cannot."""
        from ..policies import load_policy

        self._require_asking()
        is_spread = self.device == "auto"
        return load_policy(
            self.planner or self.model,
            profile=self._profile,
            device=None if is_spread else self.device,
            device_map="auto" if is_spread else None,
            quantize=self.quantize,
            backend=self.backend,
            base_url=self.base_url,
            **loading(self.load),
            grounder=None if self.grounder is None else self._pointing(self.grounder),
            tells_elements=self.elements,
            doubt=self._doubt() if self.zoom or self.ask_below else None,
            opened_by=opened_by,
        )

    def acting(self) -> "ModelPolicy":
        """The policy of a run. Raises as `policy` does, and UsageError for second looks that it would never take."""
        profile = self.found_profile()
        if (self.zoom or self.ask_below) and profile.act and not profile.act.is_looked_at_again:
            raise UsageError(
                f"{profile.title} clicks without a word on what it means, by which that could be looked for again: "
                "leave out --zoom and --ask-below, or have a --planner say it"
            )
        return self.policy()

    def planning(self, policy: "ModelPolicy") -> "ModelPlanner | None":
        """What makes the plan, if one is to be made: a model of its own, or the one that acts."""
        if not self.plan and self.plan_with is None:
            return None
        from ..agent import ModelPlanner

        return ModelPlanner(policy.model if self.plan_with is None else self._model(self.plan_with))

    def checking(self, policy: "ModelPolicy") -> "ModelChecker | None":
        """What checks the goals: a model of its own, or the one that acts where it can, unless it is told not to."""
        if self.check is False:
            return None
        from ..agent import ModelChecker

        return ModelChecker.of(policy) if self.checker is None else ModelChecker(self._model(self.checker))

    def _require_asking(self) -> None:
        """Raises UsageError, before anything is loaded, for a model that answers no questions and is to."""
        from ..policies.asking import require_asks

        if self.plan or self.check:
            require_asks(self.found_profile())
        for other in (self.plan_with, self.checker):
            if other is not None:
                require_asks(self._named(other).found_profile())

    def _doubt(self) -> "Doubt":
        """The profile's own doubt, or one that looks twice, with what was asked for."""
        from ..policies.profiles import Doubt

        own = self.found_profile().doubt or Doubt(below=0.8, looks=2)
        return replace(own, scans=self.zoom, asks_below=self.ask_below)

    def _pointing(self, grounder: str) -> "ModelPolicy":
        """The second model, which looks again as often as is asked for."""
        return replace(self._named(grounder), zoom=self.zoom, ask_below=self.ask_below).policy()

    def _model(self, words: str) -> "AnyModel":
        return self._named(words).policy().model

    def _named(self, words: str) -> "Chosen":
        """Another model, by NAME, NAME@URL or PROFILE=NAME. It runs on the device of the first, or behind a server of
        its own, which has devices of its own."""
        named, _, url = words.partition("@")
        profile, is_told, name = named.rpartition("=")
        device = None if url else self.device
        return Chosen(model=name, profile=profile if is_told else None, device=device, base_url=url or None)
