"""What is said of steps that stand in a recording, and no longer in its test."""


def unasked_words(count: int) -> str:
    """In one line, for terminals, pages and notes."""
    were, them = ("step was", "it") if count == 1 else ("steps were", "them")
    return f"{count} recorded {were} not asked for; record again to drop {them}"
