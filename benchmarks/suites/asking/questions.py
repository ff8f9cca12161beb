"""A question of a data set, what it shows and how its answers are judged: a `Sample` for all suites that ask."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from ....errors import BadModelOutput
from ....model import Generation, Timings
from ....policies.asking import Reply, Seen
from ...metrics.choices import Options, ReadChoice, strict_choice
from ...subjects import ScriptedSubject
from ...suite import Subject
from ..samples import Examined, Judged

Judge = Callable[[str], Judged]
Score = Callable[[str, Sequence[str]], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One thing that is asked. `right` is what one who knows would write."""

    prompt: str
    right: str
    judge: Judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Implements `Sample`. It may be asked in several ways, and is right where each answer is: the worst one counts.

    `see` reads the pictures, when they are wanted.
    """

    name: str
    asked: tuple[Asking, ...]
    see: Callable[[], Seen]
    max_new_tokens: int
    groups: Mapping[str, str] = field(default_factory=dict[str, str])
    expected: JsonValue = None

    def examine(self, subject: Subject) -> Examined:
        """Ask in each way until an answer is wrong. Raises as the subject does, UsageError for what cannot be seen."""
        seen, began = self.see(), time.perf_counter()
        replies: list[Reply] = []
        judged: list[Judged] = []
        for asking in self.asked:
            replies.append(subject.ask(asking.prompt, seen, max_new_tokens=self.max_new_tokens))
            judged.append(asking.judge(replies[-1].text))
            if judged[-1].score < 1:
                break
        return Examined(
            judged=self._whole(judged),
            generation=_together([reply.generation for reply in replies]),
            asked_s=time.perf_counter() - began,
        )

    def unread(self, error: BadModelOutput) -> Judged:
        """Nothing right was said. Of `error`, the raw text is kept with the row."""
        return Judged(score=0.0, success=False)

    def knower(self) -> Subject:
        """One who knows what to write to each prompt."""
        rights = {asking.prompt: asking.right for asking in self.asked}
        return ScriptedSubject(ask=lambda question, seen: said(rights[question]))

    def _whole(self, judged: Sequence[Judged]) -> Judged:
        last = judged[-1]
        if len(self.asked) == 1:
            return last
        metrics = {"first way": judged[0].score, "ways asked": float(len(judged))}
        return replace(last, metrics={**last.metrics, **metrics}, prediction=[one.prediction for one in judged])


def said(text: str) -> Reply:
    """A reply of that text that no model gave."""
    return Reply(text=text, generation=Generation(text=text))


def in_words(score: Score, truths: Sequence[str], *, is_graded: bool = False, **others: Score) -> Judge:
    """A judge of answers in free words; `others` are further metrics. Graded: between 0 and 1, so never "solved"."""

    def judge(answer: str) -> Judged:
        worth = score(answer, truths)
        metrics = {name: other(answer, truths) for name, other in others.items()}
        return Judged(
            score=worth, success=None if is_graded else worth == 1, metrics=metrics, prediction=answer.strip()
        )

    return judge


def among(options: Options, letter: str, *ways: ReadChoice) -> Judge:
    """A judge of answers that choose. Right is what is the right option in one of the ways to read it.

    The metric `strict`: the right one, written as its letter and no more.
    """

    def judge(answer: str) -> Judged:
        read = [found for way in ways if (found := way(answer, options))]
        chosen = letter if letter in read else next(iter(read), None)
        strict = float(strict_choice(answer, options) == letter)
        reason = "" if chosen else "the answer names no option, or several"
        right = chosen == letter
        return Judged(
            score=float(right), success=right, metrics={"strict": strict}, prediction=chosen or answer, reason=reason
        )

    return judge


def _together(generations: Sequence[Generation]) -> Generation:
    """One generation that took as much as several did."""
    if len(generations) == 1:
        return generations[0]
    timings = [generation.timings for generation in generations]
    return Generation(
        text=generations[-1].text,
        prompt_tokens=sum(generation.prompt_tokens for generation in generations),
        visual_tokens=sum(generation.visual_tokens for generation in generations),
        passes=sum(generation.new_tokens for generation in generations),
        timings=Timings(
            process_s=sum(one.process_s for one in timings),
            vision_s=sum(one.vision_s for one in timings),
            prefill_s=sum(one.prefill_s for one in timings),
            decode_s=sum(one.decode_s for one in timings),
        ),
    )
