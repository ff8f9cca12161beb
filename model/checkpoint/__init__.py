"""Checkpoints on disk and on the hub: where they are, what is in them, and the network that holds it."""
