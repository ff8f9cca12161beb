"""A screen that exists only in memory: the public fake for tests."""
