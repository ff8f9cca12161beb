"""BrowserGym's environments as ours, and our agents as BrowserGym's, across the border of two virtual environments."""
