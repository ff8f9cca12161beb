"""How many letters have to be inserted, deleted or replaced to make one text of another."""


def edits(one: str, other: str) -> int:
    """Levenshtein's distance. Takes time in proportion to the product of the lengths."""
    if len(one) > len(other):
        one, other = other, one
    row = list(range(len(one) + 1))
    for at, letter in enumerate(other, 1):
        left, row[0], above = row[0], at, row[0]
        for place, mine in enumerate(one, 1):
            above = row[place]
            row[place] = left if mine == letter else 1 + min(left, above, row[place - 1])
            left = above
    return row[-1]


def likeness(one: str, other: str) -> float:
    """1 less the share of the longer text that has to be edited; 1 where both are empty."""
    longest = max(len(one), len(other))
    return 1 - edits(one, other) / longest if longest else 1.0
