"""The command `clickwright mcp`: the tools of one screen for a client that speaks the protocol."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from ..options.browser import Browsing, Headed
from ..options.model import MINI, AskBelow, BaseUrl, Chosen, Device, Load, Model, Profile, Quantize, RunBy, Zoom
from ..options.rules import Secret, limits_in, permissions_for, secrets_from


def mcp(
    url: Annotated[str, typer.Option(help="Where the browser starts.")] = "",
    allow: Annotated[list[str] | None, typer.Option(help="A further origin that may be used.")] = None,
    permissions: Annotated[Path | None, typer.Option(help="A TOML file with what may be done.")] = None,
    secret: Secret = None,
    headed: Headed = False,
    model: Model = MINI,
    profile: Profile = None,
    device: Device = None,
    quantize: Quantize = None,
    backend: RunBy = None,
    base_url: BaseUrl = None,
    load: Load = None,
    zoom: Zoom = False,
    ask_below: AskBelow = 0.0,
) -> None:
    """Serve a browser and a model as tools of the Model Context Protocol, over standard input and output."""
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
        load=tuple(load or ()),
        zoom=zoom,
        ask_below=ask_below,
    )
    rules = permissions_for(url, allow or [], permissions)
    environment = Browsing(headed=headed).environment(elements=False)
    served = Served(
        environment=environment,
        policy=chosen.policy,
        permissions=rules,
        url=url,
        limits=limits_in(permissions),
        secrets=secrets_from(secret or []),
    )
    asyncio.run(serve(served))
