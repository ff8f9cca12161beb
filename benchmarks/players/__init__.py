"""Who is examined: a model, one who knows the solution, one who does nothing, one who acts at random."""

from .player import PLAYERS, Player, PolicyOf, make_player

__all__ = ["PLAYERS", "Player", "PolicyOf", "make_player"]
