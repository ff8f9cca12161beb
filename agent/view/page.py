"""A page as HTML: its style and its script inside, allowed by their hashes, and everything else escaped."""

import base64
import hashlib
from functools import cache
from pathlib import Path

import jinja2

from ..words import in_words, seconds, visible
from .steps import percent

_TEMPLATES = Path(__file__).parent / "templates"
STYLE, SCRIPT = "view.css", "view.js"


def page(template: str, *, policy: str, **values: object) -> str:
    """A page. Everything that a page on the web or a model wrote stays text.

    `policy` is what the content security policy allows beside the page's own style and script.
    """
    return _environment().get_template(template).render(policy=_policy(policy), **values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters.update(in_words=in_words, seconds=seconds, percent=percent)
    return environment


def _policy(also: str) -> str:
    style, script = (_hash((_TEMPLATES / name).read_text("utf-8")) for name in (STYLE, SCRIPT))
    return (
        f"default-src 'none'; {also}; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    # Jinja drops the last line end of a template.
    return f"sha256-{base64.b64encode(hashlib.sha256(text.removesuffix(chr(10)).encode()).digest()).decode()}"


def _shown(value: object) -> object:
    """Text made harmless; what the template itself has put together is left alone."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
