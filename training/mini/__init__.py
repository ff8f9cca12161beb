"""How clickwright/mini is trained, from packs: with torch, numpy, Pillow, safetensors and tokenizers alone."""
