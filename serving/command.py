"""The command `clickwright mcp`: the tools of one screen for a client that speaks the protocol."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from ..options.browser import Browsing
from ..options.grouped import Only, grouped
from ..options.model import LOADED, Chosen
from ..options.rules import Secret, limits_in, permissions_for, secrets_from


@grouped
def mcp(
    url: Annotated[str, typer.Option(help="Where the browser starts.")] = "",
    allow: Annotated[list[str] | None, typer.Option(help="A further origin that may be used.")] = None,
    permissions: Annotated[Path | None, typer.Option(help="A TOML file with what may be done.")] = None,
    secret: Secret = None,
    *,
    browsing: Annotated[Browsing, Only("headed")],
    chosen: Annotated[Chosen, Only(*LOADED, "zoom", "ask_below")],
) -> None:
    """Serve a browser and a model as tools of the Model Context Protocol, over standard input and output."""
    try:
        from .server import Served, serve
    except ModuleNotFoundError as error:
        raise UsageError(f"clickwright mcp needs {error.name}: pip install 'clickwright[mcp]'") from None
    rules = permissions_for(url, allow or [], permissions)
    environment = browsing.environment(elements=False)
    served = Served(
        environment=environment,
        policy=chosen.policy,
        permissions=rules,
        url=url,
        limits=limits_in(permissions),
        secrets=secrets_from(secret or []),
    )
    asyncio.run(serve(served))
