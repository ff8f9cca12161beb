"""How far two texts are apart."""


def edit_distance(one: str, other: str) -> int:
    """How many characters have to be put in, left out or exchanged to make one text of the other (Levenshtein)."""
    short, long = sorted((one, other), key=len)
    row = list(range(len(short) + 1))
    for above, letter in enumerate(long, 1):
        diagonal, row[0] = row[0], above
        for n, mine in enumerate(short, 1):
            kept = diagonal + (mine != letter)
            diagonal = row[n]
            row[n] = min(kept, row[n] + 1, row[n - 1] + 1)
    return row[-1]
