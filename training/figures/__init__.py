"""The published figures of clickwright/mini, each through the real chain of model, policy and parser."""
