"""Pages that people look at in a browser, whatever they are about: one look for all, and nothing from elsewhere."""

from .page import EMBEDDED, SCRIPT, STYLE, page, write_page

__all__ = ["EMBEDDED", "SCRIPT", "STYLE", "page", "write_page"]
