"""Recordings of tests: their form, and their files."""
