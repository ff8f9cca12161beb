"""What an agent did, one action after another, each with the thing that it was done to as it looked then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...agent.record.folder import RunFolder
from ...agent.record.trace import Did, Step
from ...screen import Box, Element, Observation, Point, Screenshot
from ...tools import Action, Ask, CallTool, Finish, Scroll, Upload, Wait, points_of
from ..finding import target_at
from ..finding.look import ALONE_PX
from ..sight import Sight
from ..target import Target

ROLES = {  # as Chromium's tree tells them, and as the elements of a page have them
    "ComboBoxSelect": "combobox",
    "PopUpButton": "combobox",
    "TextField": "textbox",
    "textarea": "textbox",
    "Date": "date",
    "DateTime": "date",
    "InputTime": "time",
    "ColorWell": "color",
    "DisclosureTriangle": "button",
}
TYPED_INTO = frozenset({"textbox", "searchbox", "combobox", "spinbutton", "date", "time"})
NOT_THINGS = frozenset({"", "none", "generic", "StaticText", "InlineTextBox", "presentation", "RootWebArea"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """One action that was done. `target` is None for one without a thing, `frame` its screenshot's name.

    `words` are what the page calls the thing, empty where it tells nothing; `asked` what the model calls it.
    """

    action: Action
    target: Target | None
    frame: str
    url: str
    words: str = ""
    asked: str = ""
    is_field: bool = False


def acted_in(step: Step, folder: RunFolder) -> Iterator[Acted]:
    """What one step did to the screen. What was denied or failed is left out. Raises UsageError without its picture."""
    done = [did for did in step.did if did.verdict != "denied" and did.effect not in ("failed", "not_done")]
    done = [did for did in done if not isinstance(did.action, Wait | CallTool | Ask | Finish)]
    if not done:
        return
    screenshot: Screenshot | None = None
    for did in done:
        target = None
        if points_of(did.action) and not isinstance(did.action, Scroll):
            if screenshot is None:
                screenshot = folder.load_frame(step.saw.frame, scale=step.saw.scale or 1.0)
            target = _target(did, step, screenshot)
        yield Acted(
            action=did.action,
            target=target,
            frame=screenshot.frame if screenshot is not None else step.saw.frame,
            url=step.saw.url,
            words="" if did.role in NOT_THINGS and not _is_short(did.name) else " ".join(did.name.split()),
            asked="" if step.decided is None else " ".join(step.decided.target.split()),
            is_field=ROLES.get(did.role, did.role) in TYPED_INTO,
        )


def _is_short(name: str) -> bool:
    """Whether a text that is no control may stand for it."""
    return 0 < len(name) <= 40


def _target(did: Did, step: Step, screenshot: Screenshot) -> Target:
    point = points_of(did.action)[0]
    box = _pointed(step, point)
    role = "file" if isinstance(did.action, Upload) else ROLES.get(did.role, did.role)  # Chromium calls it a button
    element = None
    if did.name and role not in NOT_THINGS:
        half = ALONE_PX * screenshot.scale / 2
        around = box or Box(point.x - half, point.y - half, point.x + half, point.y + half)
        element = Element(box=around.clip(screenshot.size), role=role, name=did.name)
    sight = Sight(observation=Observation(screenshot=screenshot, elements=() if element is None else (element,)))
    return replace(target_at(sight, point, box), is_whole=False)  # a run does not tell where its things end


def _pointed(step: Step, point: Point) -> Box | None:
    """The box that the model wrote around the point, where it wrote one."""
    boxes = () if step.decided is None else step.decided.boxes
    return min((box for box in boxes if box.contains(point) and box.area > 0), key=lambda box: box.area, default=None)
