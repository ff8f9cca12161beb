"""The screen that a page is told of, in the words of DevTools, as Playwright itself tells it."""

from typing import Any

from ...screen import Size


def screen_shape(viewport: Size, device_scale: float, *, is_mobile: bool) -> dict[str, Any]:
    """Parameters of Emulation.setDeviceMetricsOverride. Two sessions that say the same do not disturb each other."""
    is_wide = viewport.width > viewport.height
    turned = {"type": "landscapePrimary", "angle": 90 if is_mobile else 0}
    return {
        "width": viewport.width,
        "height": viewport.height,
        "screenWidth": viewport.width,
        "screenHeight": viewport.height,
        "deviceScaleFactor": device_scale,
        "mobile": is_mobile,
        "screenOrientation": turned if is_wide else {"type": "portraitPrimary", "angle": 0},
    }
