"""The options by which the commands are told which model and which screen to use, each choice as one value."""
