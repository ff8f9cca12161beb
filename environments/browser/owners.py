"""Whose a document is that has no address of its own: about:srcdoc, about:blank, data: and blob: ones."""

import ada_url

OF_OTHERS = ("about:", "data:", "blob:")
"""Documents that another one wrote, which may be that of a hostile frame."""
_OF_NOBODY = ("about:", "data:", "chrome-error:")


def origin_in(url: str) -> str:
    """The origin that an address of Chromium's names; empty where it names none."""
    url = url.removeprefix("blob:")
    return "" if not url or url.startswith(_OF_NOBODY) else "/".join(url.split("/", 3)[:3])


def origin_of(url: str) -> str:
    """The origin as browsers write it, "null" for an address without one; empty for a text that is no address."""
    try:
        return ada_url.URL(url).origin
    except ValueError:
        return ""


def owner_of(url: str, *, page_url: str, origin: str = "", others: bool) -> str:
    """The address that a document is judged by; empty where nobody can tell whose it is.

    `origin` is the true one, where it has one and that is known. `others`: whether the page has, or had, a frame of
    another origin, which may have written the document.
    """
    if not url.startswith(OF_OTHERS):
        return url
    if origin := origin or (origin_in(url) if url.startswith("blob:") else ""):
        return page_url if origin == origin_in(page_url) else f"{origin}/"
    return "" if others and url != page_url else page_url
