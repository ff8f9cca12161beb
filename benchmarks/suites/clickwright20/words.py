"""What episodes are made of: names, things, places, and how something is asked for. Chance draws from them."""

from collections.abc import Sequence
from random import Random

ERRANDS = (
    *("water the ferns", "renew the passport", "call the dentist", "book the ferry", "fix the kitchen tap"),
    *("return the library books", "order new glasses", "sweep the balcony", "charge the camera", "buy oat milk"),
    *("send the invoice", "print the tickets", "collect the parcel", "feed the neighbours' cat", "bake rye bread"),
    *("repair the bicycle", "write to Aunt Ines", "clean the filter", "paint the fence", "back up the laptop"),
)
PEOPLE = (
    *("Amina Diallo", "Björn Lindqvist", "Chiara Rossi", "Daniel Okafor", "Elif Yılmaz", "Farid Haddad"),
    *("Grace Mbeki", "Hiro Tanaka", "Ines Duarte", "Jonas Weber", "Karolina Nowak", "Liam Murphy"),
)
FRUIT = (
    *("apricots", "blackberries", "cherries", "damsons", "elderberries", "figs", "gooseberries", "hazelnuts"),
    *("limes", "mulberries", "nectarines", "oranges", "pears", "quinces", "raspberries", "strawberries"),
)
PEARS = ("Williams", "Conference", "Abate", "Comice", "Packham", "Anjou", "Forelle", "Concorde")
TOWNS = ("Aarhus", "Bergen", "Cork", "Delft", "Evora", "Gdansk", "Ghent", "Leipzig", "Porto", "Split", "Turku", "Zadar")
TAGS = ("garden", "kitchen", "travel", "workshop", "music", "health")
SUBJECTS = ("compost", "sourdough", "night trains", "sharpening", "scales", "stretching", "seedlings", "broth")


def some(chance: Random, of: Sequence[str], count: int) -> list[str]:
    """So many different ones."""
    return chance.sample(list(of), count)


def listed(names: Sequence[str]) -> str:
    """As a sentence names them: "a", "b" and "c"."""
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
