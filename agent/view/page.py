"""A page as HTML: its style and its script inside, allowed by their hashes, and everything else escaped."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import jinja2

from ...shown import percent
from ..words import in_words, seconds, visible

_TEMPLATES = Path(__file__).parent / "templates"
STYLE, SCRIPT = "view.css", "view.js"


def page(
    template: str,
    *,
    policy: str = "",
    folder: Path = _TEMPLATES,
    styles: Sequence[str] = (STYLE,),
    scripts: Sequence[str] = (SCRIPT,),
    **values: object,
) -> str:
    """A page. Everything that a page on the web or a model wrote stays text.

    `policy` is what the content security policy allows beside the page's own styles and scripts. Templates come from
    `folder`, and what is not there from those of this package.
    """
    allowed = _policy(policy, folder, styles, scripts)
    return _environment(folder).get_template(template).render(policy=allowed, **values)


@cache
def _environment(folder: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, _TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters.update(in_words=in_words, seconds=seconds, percent=percent)
    return environment


def _policy(also: str, folder: Path, styles: Sequence[str], scripts: Sequence[str]) -> str:
    parts = ["default-src 'none'", also]
    for kind, names in (("style-src", styles), ("script-src", scripts)):
        hashes = [f"'{_hash(_text(folder, name))}'" for name in names]
        parts.append(" ".join([kind, *hashes]) if hashes else "")
    return "; ".join([part for part in parts if part] + ["base-uri 'none'", "form-action 'none'"])


def _text(folder: Path, name: str) -> str:
    path = folder / name
    return (path if path.exists() else _TEMPLATES / name).read_text("utf-8")


def _hash(text: str) -> str:
    # Jinja drops the last line end of a template.
    return f"sha256-{base64.b64encode(hashlib.sha256(text.removesuffix(chr(10)).encode()).digest()).decode()}"


def _shown(value: object) -> object:
    """Text made harmless; what the template itself has put together is left alone."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
