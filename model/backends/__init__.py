"""Models that other software runs, each of them a `Model`."""
