"""What is kept of a run of UI tests, and the pages that people look at after it."""
