"""What is switched off in Chromium beside what Playwright switches off."""

from importlib.metadata import version

PLAYWRIGHT = "1.65"
"""The version whose list this is."""
BY_PLAYWRIGHT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("TcpPortRandomizationWin", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn"),
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
OF_THE_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""The lists below the address bar are pages. Every context begins two: 0.6 s of a processor, for nobody to see."""


def switched_off() -> tuple[str, ...]:
    """The argument. Of two Chromium obeys the last, so that ours names what Playwright's does.

    None for a Playwright with another list: it would undo what that list adds.
    """
    if not version("playwright").startswith(f"{PLAYWRIGHT}."):
        return ()
    return (f"--disable-features={','.join((*BY_PLAYWRIGHT, *OF_THE_ADDRESS_BAR))}",)
