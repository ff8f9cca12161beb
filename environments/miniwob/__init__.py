"""MiniWoB++: 130 small web tasks with a reward, natively in our own browser, and oracles that solve most of them."""
