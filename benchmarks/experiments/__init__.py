"""The experiments of the Qwen2-VL paper, small: what they show at a size that a laptop trains in minutes."""
