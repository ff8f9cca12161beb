"""What a run leaves on disk: its folder, its steps, its journal."""
