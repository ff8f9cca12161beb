"""What an answer is worth: pure functions, each as one benchmark scores it, with its source."""
