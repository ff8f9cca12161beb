"""Clickwright behind a pipe: as tools for other agents, and as a policy for programs that have their own loop."""
