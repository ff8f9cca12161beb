"""Every format that is read, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import desktops, grounding, pages, phones


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A suite, what draws a sample of its data into a folder, and the settings that these want."""

    suite: str
    draw: Callable[[Path], None]
    settings: Mapping[str, str] = field(default_factory=dict[str, str])


FORMATS: Mapping[str, Format] = {
    "screenspot": Format(suite="screenspot", draw=grounding.screenspot),
    "screenspot of the hub": Format(suite="screenspot", draw=grounding.screenspot_hub),
    "screenspot-v2": Format(suite="screenspot-v2", draw=grounding.screenspot_v2),
    "screenspot-v2 of GUI-Actor": Format(suite="screenspot-v2", draw=grounding.screenspot_v2_corners),
    "screenspot-v2 of the hub": Format(suite="screenspot-v2", draw=grounding.screenspot_v2_hub),
    "screenspot-pro": Format(suite="screenspot-pro", draw=grounding.screenspot_pro),
    "screenspot-pro in Chinese": Format(
        suite="screenspot-pro", draw=grounding.screenspot_pro, settings={"language": "cn"}
    ),
    "refcoco": Format(suite="refcoco", draw=grounding.refcoco),
    "refcoco of the hub": Format(suite="refcoco", draw=grounding.refcoco_hub),
    "osworld-g": Format(suite="osworld-g", draw=grounding.osworld_g),
    "osworld-g refined": Format(suite="osworld-g", draw=grounding.osworld_g, settings={"instructions": "refined"}),
    "mind2web of the hub": Format(suite="mind2web", draw=pages.mind2web_hub),
    "mind2web as JSON": Format(suite="mind2web", draw=pages.mind2web_json),
    "mind2web of UGround": Format(suite="mind2web", draw=pages.mind2web_blocks, settings={"f1": "uground"}),
    "mind2web of SeeClick": Format(suite="mind2web", draw=pages.mind2web_seeclick, settings={"split": "domain"}),
    "aitw": Format(suite="aitw", draw=phones.aitw),
    "aitz": Format(suite="aitz", draw=phones.aitz),
    "android-control": Format(suite="android-control", draw=phones.android_control),
    "android-control low": Format(suite="android-control", draw=phones.android_control, settings={"level": "low"}),
    "android-control of OS-Atlas": Format(suite="android-control", draw=phones.android_control_atlas),
    "gui-odyssey": Format(suite="gui-odyssey", draw=phones.odyssey),
    "gui-odyssey by OS-Atlas": Format(suite="gui-odyssey", draw=phones.odyssey, settings={"matching": "os-atlas"}),
    "gui-odyssey of OS-Atlas": Format(suite="gui-odyssey", draw=phones.odyssey_atlas),
    "gui-odyssey in words": Format(suite="gui-odyssey", draw=phones.odyssey_atlas, settings={"scrolls": "words"}),
    "omniact": Format(suite="omniact", draw=desktops.omniact),
    "agentnetbench": Format(suite="agentnetbench", draw=desktops.agentnet),
}
