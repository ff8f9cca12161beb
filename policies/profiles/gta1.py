"""GTA1, which points: https://github.com/Yan98/GTA1

The 2507 checkpoints are of Qwen2.5-VL and asked by the prompt of that repository. The newer ones, of the same names
without a date, were made of OpenCUA: they have its tokenizer and answer with a pyautogui click, as their model card
has it. Both point in pixels of the resized picture.
"""

from ..grammars.canvas import SEEN_PIXELS
from ..grammars.named_places import NamedPlaces
from ..grammars.plain import PlainPlaces
from .profile import Checkpoint, Pointing, Profile, Score

_README = "GTA1 README"

GTA1_2507 = Profile(
    name="gta1-2507",
    title="GTA1-2507",
    architectures=("qwen2_5_vl",),
    names=("gta1-(7|32|72)b-2507", "hellokkme/gta1-(7|32|72)b"),
    space=SEEN_PIXELS,
    ground=Pointing(
        places=PlainPlaces(point="({x},{y})"),
        system="You are an expert UI element locator. Given a GUI image and a user's element description, provide the "
        "coordinates of the specified element as a single (x,y) point. The image resolution is height {height} and "
        "width {width}. For elements with area, return the center point.\n\nOutput the coordinate pair exactly:\n(x,y)",
        prompt="{image}{description}",
    ),
    min_pixels=3136,
    max_pixels=4096 * 2160,
    max_new_tokens=32,
    checkpoints=(
        Checkpoint(
            name="Salesforce/GTA1-7B-2507",
            parameters_b=8.3,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=92.4, source=_README),
                Score(benchmark="ScreenSpot-Pro", value=50.1, source=_README),
                Score(benchmark="OSWorld-G", value=55.1, source=_README),
            ),
        ),
    ),
)
"""GTA1 as it was first published, under HelloKKMe and then with the date in its name."""

GTA1 = Profile(
    name="gta1",
    title="GTA1",
    architectures=("opencua", "qwen2_5_vl"),
    names=("gta1-(7|32)b",),
    space=SEEN_PIXELS,
    ground=Pointing(
        places=NamedPlaces(point="pyautogui.click(x={x}, y={y})"),
        system="You are a GUI agent. You are given a task and a screenshot of the screen. "
        "You need to perform a series of pyautogui actions to complete the task.",
        prompt="{image}{description}",
    ),
    min_pixels=3136,
    max_pixels=4096 * 2160,
    checkpoints=(
        Checkpoint(
            name="Salesforce/GTA1-7B",
            parameters_b=8.3,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=93.4, source=_README, note="printed there as ScreenSpot-Pro"),
                Score(benchmark="ScreenSpot-Pro", value=55.5, source=_README, note="printed there as ScreenSpot-v2"),
                Score(benchmark="OSWorld-G", value=60.1, source=_README),
            ),
        ),
        Checkpoint(
            name="Salesforce/GTA1-32B",
            parameters_b=33.5,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=95.2, source=_README, note="printed there as ScreenSpot-Pro"),
                Score(benchmark="ScreenSpot-Pro", value=63.6, source=_README, note="printed there as ScreenSpot-v2"),
                Score(benchmark="OSWorld-G", value=65.2, source=_README),
            ),
        ),
    ),
)
"""GTA1 of October 2025."""
