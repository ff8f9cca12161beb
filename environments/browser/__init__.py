"""A browser as an environment: one file for each thing that it does, all of it through Playwright."""
