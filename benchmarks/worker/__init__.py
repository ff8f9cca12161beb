"""The process in which the episodes of a suite happen, and the driver's end of the line to it."""
