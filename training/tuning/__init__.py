"""Training of any checkpoint of the Qwen2-VL family on lessons, in plain torch and on the network that answers."""
