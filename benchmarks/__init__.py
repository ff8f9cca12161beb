"""Benchmarks: suites, a runner whose runs are folders that can be resumed, statistics, reports."""
