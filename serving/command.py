"""The command `clickwright mcp`: the tools of one screen for a client that speaks the protocol."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from ..options import MINI, AskBelow, BaseUrl, Chosen, Device, Model, Profile, Quantize, RunBy, Zoom, permissions_for


def mcp(
    url: Annotated[str, typer.Option(help="Where the browser starts.")] = "",
    allow: Annotated[list[str] | None, typer.Option(help="A further origin that may be used.")] = None,
    permissions: Annotated[Path | None, typer.Option(help="A TOML file with what may be done.")] = None,
    headed: Annotated[bool, typer.Option("--headed", help="Show the browser's window.")] = False,
    model: Model = MINI,
    profile: Profile = None,
    device: Device = None,
    quantize: Quantize = None,
    backend: RunBy = None,
    base_url: BaseUrl = None,
    zoom: Zoom = False,
    ask_below: AskBelow = 0.0,
) -> None:
    """Serve a browser and a model as tools of the Model Context Protocol, over standard input and output."""
    from ..environments import BrowserEnvironment

    try:
        from .server import Served, serve
    except ModuleNotFoundError as error:
        raise UsageError(f"clickwright mcp needs {error.name}: pip install 'clickwright[mcp]'") from None
    chosen = Chosen(
        model=model,
        profile=profile,
        device=device,
        quantize=quantize,
        backend=backend,
        base_url=base_url,
        zoom=zoom,
        ask_below=ask_below,
    )
    rules = permissions_for(url, allow or [], permissions)
    environment = BrowserEnvironment(headless=not headed)
    served = Served(environment=environment, policy=chosen.policy, permissions=rules, url=url)
    asyncio.run(serve(served))
