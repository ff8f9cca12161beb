"""Observation in, decision out. One file per checkpoint family, plus scripted."""

from .policy import Decision, Policy, Turn

__all__ = ["Decision", "Policy", "Turn"]
