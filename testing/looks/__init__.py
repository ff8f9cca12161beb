"""How a screen looks, beside how it looked when somebody said that it was right."""

from .baselines import Baselines
from .compare import Comparison, compare
from .picture import side_by_side

__all__ = ["Baselines", "Comparison", "compare", "side_by_side"]
