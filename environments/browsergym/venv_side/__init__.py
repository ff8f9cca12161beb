"""What runs inside the virtual environment of BrowserGym: the standard library and its own packages only."""
