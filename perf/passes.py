"""Passes of the decoder that an answer takes: alone, in its grammar, with drafts, and when one like it came before.

    python -m clickwright.perf.passes --tokenizer FOLDER

Counted, not timed, with the engine's own writer and a network that wants to write exactly this answer. FOLDER holds
the tokenizer.json of the checkpoint.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from ..model import Decoding, Grammar
from ..model.answer import Answer
from ..model.drafts import Drafts
from ..model.grammar import GrammarTokenizer, Guide
from ..model.sampling import Sampler
from ..model.tokenizer import ChatTokenizer, read_tokenizer
from ..model.writer import Writer
from ..policies.grammars import Canvas
from ..policies.grammars.call_grammar import thought_and_calls
from ..policies.grammars.tool_calls import encode_calls
from ..screen import Point, Size
from ..tools import Action, Click, Scroll, TypeText

ANSWERS: dict[str, tuple[Action, ...]] = {
    "click": (Click(point=Point(512, 384)),),
    "click and type": (Click(point=Point(640, 77)), TypeText(text="wireless mouse")),
    "scroll": (Scroll(point=Point(500, 500), dy=600),),
}


class Counted:
    """Counts for one tokenizer; a grammar's look at the vocabulary is made once."""

    def __init__(self, tokenizer: ChatTokenizer) -> None:
        self.tokenizer = tokenizer
        self.end = tokenizer.id("<|im_end|>")
        self._grammars = GrammarTokenizer(tokenizer.description(), len(tokenizer), (self.end,))

    def passes(self, text: str, decoding: Decoding, before: Sequence[str] = ()) -> int:
        """How many passes this answer takes, that over the prompt included, with earlier answers to guess from."""
        wanted = [*self.tokenizer.encode(text), self.end]
        grammar = decoding.grammar
        guide = Guide(grammar, self._grammars) if grammar else None
        answer = Answer(self.tokenizer, decoding, (self.end,), None)
        writer = Writer(answer, Sampler(decoding, len(self.tokenizer), torch.device("cpu")), guide)
        known = ([*self.tokenizer.encode(one), self.end] for one in (*(grammar.examples if grammar else ()), *before))
        drafts = Drafts([], known, decoding.drafts)
        read = len(writer.ahead())
        guess: list[int] = []
        while True:
            confirmed, unread = writer.write(self._logits(wanted, read, 1 + len(guess)), guess)
            read += confirmed + len(unread)
            if writer.is_over:
                break
            guess = drafts.after(answer.ids)
            answer.passes += 1
        assert answer.ids == wanted[:-1], "the grammar does not allow this answer"
        return answer.passes

    def _logits(self, wanted: Sequence[int], read: int, rows: int) -> torch.Tensor:
        """Of a network that has read so many of the wanted tokens. Behind a wrong guess they say nothing."""
        logits = torch.zeros(rows, len(self.tokenizer))
        for row, token in enumerate(wanted[read : read + rows]):
            logits[row, token] = 1
        return logits


def table(counted: Counted) -> Table:
    shown = Table("answer", "tokens", "alone", "grammar", "grammar and drafts", "the second time")
    grammar: Grammar = thought_and_calls()
    drafted, kept, free = Decoding(grammar=grammar), Decoding(grammar=grammar, drafts=0), Decoding(drafts=0)
    for name, actions in ANSWERS.items():
        text = encode_calls(actions, Canvas(size=Size(1000, 1000)))
        other = text.replace("512", "77").replace("640", "9").replace("500", "731")
        counts = (
            counted.passes(text, free),
            counted.passes(text, kept),
            counted.passes(text, drafted),
            counted.passes(text, drafted, [other]),
        )
        shown.add_row(name, str(len(counted.tokenizer.encode(text))), *map(str, counts))
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description="Count the passes of the decoder that answers take.")
    parser.add_argument("--tokenizer", type=Path, required=True, help="a folder with tokenizer.json")
    given = parser.parse_args()
    Console().print(table(Counted(read_tokenizer(given.tokenizer))))


if __name__ == "__main__":
    main()
