"""Where actions happen: browsers, desktops, in-memory screens; one contract for all."""
