"""A page as HTML: its style and its script inside, allowed by their hashes, and everything else escaped."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import jinja2

from ..errors import UsageError
from ..shown import percent, seconds, visible

_TEMPLATES = Path(__file__).parent / "templates"
STYLE, SCRIPT = "view.css", "view.js"
EMBEDDED = "img-src data:"
"""The policy of a page whose pictures are inside it."""


def page(
    template: str,
    *,
    folder: Path,
    policy: str = "",
    styles: Sequence[str] = (STYLE,),
    scripts: Sequence[str] = (SCRIPT,),
    **values: object,
) -> str:
    """A page. Everything that a page on the web or a model wrote stays text.

    `policy` is what the content security policy allows beside the page's own styles and scripts. Templates come from
    `folder`, and what is not there from those of this package.
    """
    allowed = _policy(policy, folder, tuple(styles), tuple(scripts))
    return _environment(folder).get_template(template).render(policy=allowed, styles=styles, scripts=scripts, **values)


def write_page(html: str, path: Path) -> Path:
    """Raises UsageError where the file cannot be written."""
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    return path


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
    environment.filters.update(seconds=seconds, percent=percent)
    return environment


@cache
def _policy(also: str, folder: Path, styles: tuple[str, ...], scripts: tuple[str, ...]) -> str:
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
