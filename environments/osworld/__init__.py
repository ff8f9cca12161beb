"""OSWorld's desktops as environments, over the interface of its desktop_env."""
