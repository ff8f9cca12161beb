"""Scores of answers, as the benchmarks' own scripts have them: text in, a number from 0 to 1 out, nothing else."""
