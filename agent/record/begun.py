"""How a run was begun on the command line: what it takes to open the same screen and the same model again.

Second names of fields are those that older runs have.
"""

from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class BegunBrowser(_Told):
    """The options of a browser."""

    kind: Literal["browser"] = "browser"
    browser: Literal["chromium", "firefox", "webkit"] = "chromium"
    headed: bool = False
    viewport: str
    scale: float = 1.0
    connect: str | None = None
    profile_dir: str | None = None
    storage_state: str | None = None
    mobile: bool = False
    locale: str | None = None
    proxy: str | None = None


class BegunDesktop(_Told):
    """The options of a desktop."""

    kind: Literal["desktop"] = "desktop"
    virtual_display: str = Field(default="", validation_alias=AliasChoices("virtual_display", "virtual"))
    app: str = ""
    region: str = ""
    window: str = ""


class BegunModel(_Told):
    """The options of the model."""

    model: str
    profile: str | None = None
    device: str | None = None
    quantize: str | None = None
    backend: str | None = None
    base_url: str | None = None
    planner: str | None = None
    grounder: str | None = None
    elements: bool = False
    zoom: bool = False
    ask_below: float = 0.0
    plan: bool = Field(default=False, validation_alias=AliasChoices("plan", "plans"))
    plan_with: str | None = None
    check: bool | None = Field(default=False, validation_alias=AliasChoices("check", "checks"))
    checker: str | None = None
    load: tuple[str, ...] = ()
    min_pixels: int | None = None
    """This and the next are of runs from before `load`."""
    max_pixels: int | None = None


class BegunDemo(_Told):
    """Who played in the demo, which has a site of its own."""

    player: Literal["model", "oracle", "idle"]
    grey: bool = False


class Begun(_Told):
    """A command `clickwright run`, or a task of `clickwright demo`."""

    screen: Annotated[BegunBrowser | BegunDesktop, Field(discriminator="kind")]
    model: BegunModel
    demo: BegunDemo | None = None
    asks_again: tuple[str, ...] = ()
    """Options with a password or a token in them, which is kept nowhere: they must be told again."""
