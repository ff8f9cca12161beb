"""The options by which the commands are told which model to use, and that choice as one value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .policies import ModelPolicy
    from .policies.profiles import Profile as FoundProfile

MINI = "clickwright/mini"


class Backend(StrEnum):
    """What runs the model."""

    OWN = "own"
    TRANSFORMERS = "transformers"
    OPENAI = "openai"


Model = Annotated[
    str,
    typer.Option(help="A checkpoint: a name such as Qwen/Qwen2-VL-2B-Instruct, or a folder; a server's name of it."),
]
Profile = Annotated[
    str | None, typer.Option(help="How the checkpoint is asked, where its name does not say it: mini or instruct.")
]
Device = Annotated[
    str | None,
    typer.Option(help="cpu, cuda, cuda:1 ..., or auto to spread the model over all there is; the fastest unless told."),
]
Quantize = Annotated[
    str | None,
    typer.Option(help="Keep the weights of the decoder's layers in fewer bits: int8, int4, or fp8 on a GPU."),
]
RunBy = Annotated[
    Backend | None, typer.Option("--backend", help="What runs the model: own unless told, openai with a base URL.")
]
BaseUrl = Annotated[
    str | None, typer.Option(help="A server with the OpenAI API that runs the model: http://127.0.0.1:8000/v1 ...")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A model, how it is asked and where it runs."""

    model: str
    profile: str | None = None
    device: str | None = None
    quantize: str | None = None
    backend: Backend | None = None
    base_url: str | None = None

    def found_profile(self) -> "FoundProfile":
        """How it is asked, before anything is loaded. Raises UsageError as `find_profile` does."""
        from .policies.profiles import find_profile

        return find_profile(self.model, name=self.profile)

    def policy(self) -> "ModelPolicy":
        """A policy with this model. Raises as `load_policy` does."""
        from .policies import load_policy

        is_spread = self.device == "auto"
        return load_policy(
            self.model,
            profile=self.profile,
            device=None if is_spread else self.device,
            device_map="auto" if is_spread else None,
            quantize=self.quantize,
            backend=self.backend,
            base_url=self.base_url,
        )
