"""Speed measurements beside peers, and their dated results."""
