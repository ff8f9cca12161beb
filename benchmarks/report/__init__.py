"""Pages and pictures of runs: one HTML file that asks nothing of the network, PNG plots for papers."""

from .comparison_page import write_comparison_report
from .run_page import write_run_report

__all__ = ["write_comparison_report", "write_run_report"]
