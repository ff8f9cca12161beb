"""Chromium's DevTools protocol, with types that Playwright leaves open."""

from typing import Any, cast

from playwright.async_api import CDPSession

WORLD = "clickwright"
"""The name of the world in which scripts of ours run, beside that of the page's."""


async def ask(session: CDPSession, method: str, **params: Any) -> dict[str, Any]:
    """One command and its answer."""
    answer = await session.send(method, params)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast(dict[str, Any], answer)
