"""How a run was begun on the command line: what it takes to open the same screen and the same model again."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


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
    virtual: str = ""
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
    plans: bool = False
    plan_with: str | None = None
    checks: bool | None = False
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
