"""Changes of the demo site's pages, each with what a replay is to say of it, and what it says."""

from .cases import Case, cases_of
from .counted import figures
from .kinds import Expected, Kind
from .runs import Gone, go_through

__all__ = ["Case", "Expected", "Gone", "Kind", "cases_of", "figures", "go_through"]
