"""Which episodes are trained on, and at what scale they are seen."""

FIRST_SEED = 100_000
"""Episodes from this seed on are trained on; those below are for measuring."""
SCALE = 2.0
"""The letters of these pages are 10 pixels high: at this scale they are as large as on other pages."""
