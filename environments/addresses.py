"""When two addresses are those of the same page."""

ROUTES = ("/", "!")
"""How a fragment begins that names a page, in sites that are one document."""


def same_page(one: str, other: str) -> bool:
    """Whether only the place on the page differs, or what the page was asked for, such as the words of a search.

    A document that was loaded anew is another page all the same, which its address does not tell.
    """
    return _page(one) == _page(other)


def _page(url: str) -> tuple[str, str]:
    address, _, place = url.partition("#")
    return _path(address), _path(place) if place.startswith(ROUTES) else ""


def _path(text: str) -> str:
    return text.partition("?")[0]
