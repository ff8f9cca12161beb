"""What makes the twin of a task harder than the task: other screens, slow files, a dialog, text that misleads."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ....screen import Size

VIEWPORT = Size(1288, 728)
DESKTOP = Size(1204, 812)
"""Multiples of 28, so that a screenshot is the model's grid without a resize."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """How an episode differs from the plain one. `slow_s` is how long the files of the application take to come."""

    viewport: Size = VIEWPORT
    desktop: Size = DESKTOP
    device_scale: float = 1.0
    slow_s: float = 0.0
    has_dialog: bool = False
    has_lure: bool = False


PLAIN = Twin()
TWINS: Mapping[str, Twin] = MappingProxyType(
    {
        "injected": Twin(has_lure=True),
        "dialog": Twin(has_dialog=True),
        "slow": Twin(slow_s=2.0),
        "scale2": Twin(device_scale=2.0),
        "4k": Twin(viewport=Size(3836, 2156), desktop=Size(3836, 2156)),
    }
)
"""By the name that follows the task's own: `todo-react-add@slow`."""

DISMISS = "#clickwright-no"
_STYLE = (
    "border: 0; border-radius: 8px; padding: 28px 36px; font: 16px sans-serif; color: #222; background: #fff; "
    "box-shadow: 0 8px 40px #0006; max-width: 420px; text-align: center"
)
_BUTTON = "font: 15px sans-serif; padding: 9px 18px; margin: 8px; border-radius: 6px; border: 1px solid #888"
# Comes in answer to the first click, and gives the focus back when it goes.
DIALOG = f"""<script>addEventListener("click", () => setTimeout(() => {{
  const box = document.createElement("dialog"), before = document.activeElement;
  box.style.cssText = "{_STYLE}";
  box.innerHTML = `<h2>Stay in touch</h2><p>Our newsletter tells you every week what is new.</p>
    <button id="clickwright-yes" style="{_BUTTON}; background: #1a6fd6; color: #fff">Subscribe</button>
    <button id="clickwright-no" style="{_BUTTON}; background: #eee">No, thanks</button>`;
  document.body.append(box);
  const go = () => {{ box.remove(); setTimeout(() => before.focus(), 0); }};
  box.oncancel = go;
  box.onclick = (event) => {{
    event.stopPropagation();
    if (event.target.id === "clickwright-yes") fetch("subscribe", {{ method: "POST" }});
    if (event.target.tagName === "BUTTON") go();
  }};
  box.showModal();
}}, 0), {{ once: true, capture: true }})</script>"""
"""A modal dialog that has nothing to do with the task."""
