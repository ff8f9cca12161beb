"""Chromium's DevTools protocol, with types that Playwright leaves open."""

from typing import Any, cast

from playwright.async_api import CDPSession


async def ask(session: CDPSession, method: str, **params: Any) -> dict[str, Any]:
    """One command and its answer."""
    answer = await session.send(method, params)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast(dict[str, Any], answer)
