"""What goes wrong, made to go wrong: with browsers, and with all else that a run stands on."""
