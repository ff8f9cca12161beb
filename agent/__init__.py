"""The loop: plan, decide, guard, act, review."""
