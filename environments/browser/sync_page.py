"""A page of Playwright's synchronous interface, driven by our asynchronous code on the loop that Playwright runs.

The user's own handlers, such as routes that stand in for a server, go on while we act. Playwright has no public way for
that: what is used of its inside is all in this file, and is looked at before it is used.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

from playwright.async_api import Page
from playwright.sync_api import Page as SyncPage

from ...errors import UsageError

_Result = TypeVar("_Result")
Run = Callable[[Coroutine[Any, Any, _Result]], _Result]

_OURS = "_clickwright_async"
"""Where an object of Playwright's keeps its asynchronous face: its own place is taken by the synchronous one."""


def driven(page: SyncPage) -> tuple[Page, Callable[[Coroutine[Any, Any, Any]], Any]]:
    """The same page with Playwright's asynchronous interface, and what runs a coroutine that uses it to its end.

    Raises UsageError where this version of Playwright is built in another way.
    """
    inside, run = getattr(page, "_impl_obj", None), getattr(page, "_sync", None)
    if inside is None or run is None or getattr(inside, "_dispatcher_fiber", None) is None:
        raise UsageError(
            "this version of Playwright does not let its synchronous pages be driven: open the page with "
            "playwright.async_api and use AsyncUi"
        )
    _show_both_faces()
    from playwright._impl._async_base import mapping

    return cast(Page, mapping.from_impl(inside)), cast(Callable[[Coroutine[Any, Any, Any]], Any], run)


def _show_both_faces() -> None:
    """Have what belongs to a synchronous connection show its asynchronous face to asynchronous code only."""
    from playwright._impl._async_base import mapping

    usual = cast(Any, mapping).from_maybe_impl
    if getattr(usual, _OURS, False):
        return

    def from_maybe_impl(inside: Any, visited: Any = None) -> Any:
        if getattr(inside, "_dispatcher_fiber", None) is None:
            return usual(inside, visited)
        face: Any = vars(mapping)["_mapping"].get(getattr(inside, "_api_impl_class", cast(object, type(inside))))
        if face is None:
            return usual(inside, visited)
        if not hasattr(inside, _OURS):
            setattr(inside, _OURS, face(inside))
        return getattr(inside, _OURS)

    setattr(from_maybe_impl, _OURS, True)
    vars(mapping)["from_maybe_impl"] = from_maybe_impl
