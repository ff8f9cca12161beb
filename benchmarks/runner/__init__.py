"""Runs the attempts of a suite, by several workers at once, into a folder that any end leaves good."""
