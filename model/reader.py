"""Running the decoder over the next tokens of a trajectory."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .memory import Memory
from .passes import Passes, find_passes
from .prompt import Prompt
from .qwen2_vl import Qwen2VL


class Reader:
    """Reads tokens into memories."""

    def __init__(self, network: Qwen2VL) -> None:
        self.network = network
        self.device = network.decoder.embed_tokens.weight.device
        self._passes = find_passes(network)

    @property
    def most_at_once(self) -> int:
        """Up to how many tokens are read more quickly than one more; 0 where it makes no such difference."""
        return self._passes.most_tokens if self._passes else 0

    def read(
        self,
        memory: Memory,
        prompt: Prompt,
        more: Sequence[int] = (),
        *,
        features: Tensor | None = None,
        last: int = 1,
    ) -> Tensor:
        """Logits behind each of the `last` tokens, once the memory knows the prompt and what follows it so far.

        What it knows already is not read again; `more` goes on behind that and the prompt. `features` are those of the
        pictures that are read. Dimensions: (last, vocab).
        """
        count = len(prompt.ids) - len(memory.known) + len(more)
        if features is None and memory.known and self._passes is not None and count <= self._passes.most_tokens:
            return self._pass(self._passes, memory, prompt, more)[-last:]
        return self.network.logits(self.hidden(memory, prompt, more, features=features)[-last:])

    def hidden(
        self, memory: Memory, prompt: Prompt, more: Sequence[int] = (), *, features: Tensor | None = None
    ) -> Tensor:
        """The normalised hidden state of every token that is read. Dimensions: (tokens, hidden)."""
        known = len(memory.known)
        ids = torch.tensor([[*prompt.ids[known:], *more]], device=self.device)
        positions = prompt.places(known, ids.shape[1]).to(self.device)
        decoder = self.network.decoder
        x = decoder.embed_tokens(ids) if features is None else self.network.embed(ids, features)
        read = decoder(x, positions[:, None], None, memory.cache)
        memory.known += [*prompt.keys[known:], *more]
        return read[0]

    def _pass(self, passes: Passes, memory: Memory, prompt: Prompt, more: Sequence[int]) -> Tensor:
        """Logits behind each of the few tokens that are read, none of which shows a picture."""
        known = len(memory.known)
        place = int(prompt.places(known, 1)[0, 0])
        logits = passes.logits([*prompt.ids[known:], *more], place, memory.cache)
        memory.known += [*prompt.keys[known:], *more]
        return logits
