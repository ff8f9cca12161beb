"""Which packages of npm the applications are, at which version, with the hash that each must have."""

import base64
import hashlib
from dataclasses import dataclass

from ....errors import EnvironmentLost


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package. `sha512` is that of its archive, in base64, as npm's lock files write it.

    `licence` is what the package says of itself. `keeps` are the files and folders of it that are unpacked.
    """

    name: str
    version: str
    licence: str
    sha512: str
    keeps: tuple[str, ...]

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def folder(self) -> str:
        """Of its files, below that of the applications."""
        return self.archive.removesuffix(".tgz")

    @property
    def archive(self) -> str:
        """What npm calls its file."""
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"

    def keeps_member(self, path: str) -> bool:
        inside = path.partition("/")[2]
        return any(inside == kept or inside.startswith(f"{kept}/") for kept in self.keeps)

    def require_right(self, archive: bytes) -> None:
        """Raises EnvironmentLost for another archive than the one that the tasks were proved with."""
        found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
        if found != self.sha512:
            raise EnvironmentLost(f"npm sent another {self.spec} than expected: its hash is {found[:12]}...")


TODOMVC = Package(
    name="todomvc",
    version="0.1.1",
    licence="MIT",
    sha512="gd6+DoObD0yzXEpbvHvkSoOd9/krxd/wvUTbzvKe7uTjAM2v9wG6zy4Icl6aUcMpDof53Cz2l5O/9mdN3Jk+ag==",
    keeps=("license.md", *(f"examples/{name}" for name in ("react", "vue", "vanillajs", "backbone", "angularjs"))),
)
SWAGGER = Package(
    name="swagger-ui-dist",
    version="5.35.0",
    licence="Apache-2.0",
    sha512="U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==",
    keeps=("LICENSE", "NOTICE", "swagger-ui-bundle.js", "swagger-ui.css"),
)
WIKI = Package(
    name="tiddlywiki",
    version="5.4.1",
    licence="BSD-3-Clause",
    sha512="5Pnk7j8cUMoQHD0CarOWd4ixITURsN4DJxLfg8AGYSMiQoOHH6bp8JDCAgSdvZHRCQmvXtbm5FRxBFBT6WG24A==",
    keeps=("license", "package.json", "tiddlywiki.js", "boot", "core", "core-server", "themes", "editions/empty"),
)
TABULATOR = Package(
    name="tabulator-tables",
    version="6.5.3",
    licence="MIT",
    sha512="nJ2QaqZzQvd9B4rf4LBnRxfb6sSqA/BX2OsXnSJ2d8k21oXDSTtFtOUrDap04a/6BDGivC/MByCxy43ugadJIg==",
    keeps=("LICENSE", "dist/js/tabulator.min.js", "dist/css/tabulator.min.css"),
)
SHEET = Package(
    name="jspreadsheet-ce",
    version="5.0.4",
    licence="MIT",
    sha512="ra1JI1n+tEGgRMzTzNkPZjG0HZz8W6bFGAiTiHl+eYarXdRmS5qDc/ua3l2ev7oZ6Og9kjfrXYHVLUWiVc308w==",
    keeps=("LICENSE", "dist/index.js", "dist/jspreadsheet.css"),
)
JSUITES = Package(
    name="jsuites",
    version="5.13.5",
    licence="MIT",
    sha512="cvkcpy/v5I3+IAcNPE4UP38PFCEfUQw9JI5NN61dlcXLwkD+2UTIOsRPvgMLeqI1eDWHL4AHfrbcE/+TFciUsw==",
    keeps=("LICENSE", "dist/jsuites.js", "dist/jsuites.css"),
)
FORMULA = Package(
    name="@jspreadsheet/formula",
    version="2.0.2",
    licence="MIT",
    sha512="PDQYf9REQA53I7tVYkvkeyQxrd5jcjUeHgItYnRpjN2QiIQwawSqBDtGGEVQTSboTG+JwgGCuhvOpj7FxeKwew==",
    keeps=("package.json", "dist/index.js"),
)
CALENDAR = Package(
    name="fullcalendar",
    version="6.1.19",
    licence="MIT",
    sha512="/DsMLYyU1kdOVojaV+ITNH2cHlHtyt6X3m4P6hhH0kwfHZpQbXajJnDbnFIufu/BdE9YcknMRPJj3R7FbPkg1A==",
    keeps=("LICENSE.md", "index.global.min.js"),
)

PACKAGES = (TODOMVC, SWAGGER, WIKI, TABULATOR, SHEET, JSUITES, FORMULA, CALENDAR)
