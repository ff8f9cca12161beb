"""Data, training stages and the recipe of clickwright/mini."""
