"""MiniWoB++ as a school: its episodes solved by oracles, what every page shows, and how well a checkpoint does."""
