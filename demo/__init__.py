"""A small shop, to-do list and settings page to try Clickwright on, with three tasks that can be checked."""
