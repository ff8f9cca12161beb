"""A model that looks at a screen for a test. What the page itself says plainly needs no model."""

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import BadModelOutput, UsageError
from .claims import judge_plainly, read_claim
from .eyes import Judged, Told
from .finding import element_at
from .plain import named_plainly, value_plainly
from .sight import Sight
from .target import Found
from .verdicts import NotFound

if TYPE_CHECKING:
    from ..model import Generation
    from ..policies import ModelPolicy
    from ..screen import Box

MAX_ANSWER_TOKENS = 128
_READ = (
    "What is {question} on this screen? Answer with the words or the number that stand there and with nothing else; "
    "with NONE where it is not shown."
)
_PLAINER = "Or say what the page itself can tell: \"'some text' is visible\", 'the total shows 12', 'Email is empty'"
_NOT = "It is not true that: {claim}"


class ModelEyes:
    """Loaded when first needed, and kept. Greedy: the same screen and words give the same answer."""

    def __init__(self, model: "str | ModelPolicy" = "clickwright/mini") -> None:
        self._model = model

    @property
    def name(self) -> str:
        return self._model if isinstance(self._model, str) else self._model.profile.title

    def find(self, sight: Sight, words: str) -> Found:
        """Where the page has one thing of this very name, that; else where the model points."""
        plain = named_plainly(sight, words)
        if plain is not None:
            return Found(point=plain.center, box=plain, how="page")
        try:
            pointed = self._policy.ground(sight.screenshot, words)
        except BadModelOutput as said_nothing:
            reason = f"{words!r} is not seen: {said_nothing}"
            raise NotFound(reason, screen=sight.shown, tokens=said_nothing.tokens) from None
        tokens = _tokens(pointed.generation)
        if not sight.size.box.contains(pointed.point):
            reason = f"{words!r} is not seen: the model points beside the screen"
            raise NotFound(reason, screen=sight.shown, tokens=tokens)
        element = element_at(sight, pointed.point)
        return Found(
            point=pointed.point,
            box=element.box if element is not None else pointed.box,
            how="model",
            tokens=tokens,
        )

    def judge(self, sight: Sight, claim: str) -> Judged:
        """By the page where the claim is a plain one; else by the model, which is also asked for the opposite.

        What passes both ways is told as neither. Raises UsageError where the model was not trained to answer.
        """
        plain = read_claim(claim)
        spent = _Spent()
        if plain is not None:
            try:
                judged = judge_plainly(plain, sight, lambda words: self._box(sight, words, spent))
            except NotFound as gone:
                return Judged(met=False, reason=str(gone), tokens=spent.tokens + gone.tokens)
            if judged is not None:
                return replace(judged, tokens=spent.tokens)
        return self._asked(sight, claim)

    def read(self, sight: Sight, question: str) -> Told:
        """What the page says plainly; else what the model reads, or the text where it points."""
        plain = value_plainly(sight, question)
        if plain is not None:
            return Told(text=plain[0], box=plain[1])
        if self._policy.profile.asks:
            return self._read(sight, question)
        found = self.find(sight, question)
        label = next((label for label in sight.labels if label.box.contains(found.point)), None)
        text = sight.text_in(found.box) if found.box is not None else "" if label is None else label.text
        if not text:
            reason = f"no text stands where {question!r} is"
            raise NotFound(reason, screen=sight.shown, box=found.box, tokens=found.tokens)
        return Told(text=text, box=found.box or (label and label.box), tokens=found.tokens)

    def policy(self) -> "ModelPolicy":
        return self._policy

    @cached_property
    def _policy(self) -> "ModelPolicy":
        if not isinstance(self._model, str):
            return self._model
        from ..policies import load_policy

        return load_policy(self._model)

    def _box(self, sight: Sight, words: str, spent: "_Spent") -> "Box":
        found = self.find(sight, words)
        spent.tokens += found.tokens
        if found.box is None:
            label = next((label for label in sight.labels if label.box.contains(found.point)), None)
            if label is None:
                raise NotFound(f"nothing is known where {words!r} was pointed at", screen=sight.shown)
            return label.box
        return found.box

    def _asked(self, sight: Sight, claim: str) -> Judged:
        from ..agent import ModelChecker
        from ..policies.asking import require_asks

        try:
            require_asks(self._policy.profile)
        except UsageError as error:
            raise UsageError(f"{claim!r} needs a model that understands it: {error}. {_PLAINER}") from None
        checker = ModelChecker(self._policy.model)
        seen = sight.observation
        said = checker.check(claim, seen, seen, ())
        if said.verdict == "unclear":
            return Judged(met=None, reason=said.reason, tokens=said.tokens)
        opposite = checker.check(_NOT.format(claim=claim), seen, seen, ())
        tokens = said.tokens + opposite.tokens
        if said.verdict == opposite.verdict:
            both = "both hold" if said.verdict == "met" else "neither holds"
            reason = f"the claim is too vague: it and its opposite, {both} ({said.reason})"
            return Judged(met=None, reason=reason, tokens=tokens)
        box = self._shown_by(sight, claim) if said.verdict == "met" else None
        shows = sight.text_in(box) if box is not None and sight.is_told else None
        return Judged(met=said.verdict == "met", reason=said.reason, box=box, shows=shows or None, tokens=tokens)

    def _shown_by(self, sight: Sight, claim: str) -> "Box | None":
        """The part of the screen that the model points at for a claim."""
        if self._policy.profile.ground is None:
            return None
        try:
            return self._policy.ground(sight.screenshot, claim).box
        except BadModelOutput:
            return None

    def _read(self, sight: Sight, question: str) -> Told:
        from ..policies.asking import ask

        policy = self._policy
        asked = _READ.format(question=question)
        reply = ask(policy.model, policy.profile, asked, [sight.screenshot], max_new_tokens=MAX_ANSWER_TOKENS)
        text = reply.text.strip()
        if not text or text.upper() == "NONE":
            reason = f"{question!r} stands nowhere on the screen"
            raise NotFound(reason, screen=sight.shown, tokens=_tokens(reply.generation))
        box = next((label.box for label in sight.labels if label.text == text), None)
        return Told(text=text, box=box, tokens=_tokens(reply.generation))


class _Spent:
    """What finding took on the way to a judgement."""

    def __init__(self) -> None:
        self.tokens = 0


def _tokens(generation: "Generation | None") -> int:
    return 0 if generation is None else generation.prompt_tokens + generation.new_tokens
