"""Pages and pictures of runs: one HTML file that asks nothing of the network, PNG plots for papers."""

from .comparison_page import write_comparison
from .report import write_bench_report

__all__ = ["write_bench_report", "write_comparison"]
