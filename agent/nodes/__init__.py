"""The six nodes of the loop: plain functions of the state and the run, which know nothing of a graph."""
