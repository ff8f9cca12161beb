"""Our environments as those of Gymnasium: importing this registers them, as `clickwright/browser-v0` and the others."""

from .register import register_all

register_all()
