"""Firefox and WebKit, which have no DevTools protocol: by sight, through what Playwright's public API does alone."""
