"""Which of the options an answer names. Each benchmark has its own way to read one; none of them ever raises.

Options are texts by their letters, in order: {"A": "a cat", "B": "a dog"}. None stands for an answer that names no
option or more than one; it is wrong, where some of the scripts would ask a language model or throw dice.
"""

import re
from collections.abc import Callable, Mapping, Sequence

Options = Mapping[str, str]
ReadChoice = Callable[[str, Options], str | None]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_OPTION = "Z"
"""What VLMEvalKit's prompt of a judge calls an answer that fits none."""

_REFUSALS = (
    "Sorry, I can't help with images of people yet.",
    "I can't process this file.",
    "I'm sorry, but without the image provided",
    "Cannot determine the answer",
)
_KIT_MARKS = str.maketrans(dict.fromkeys(".()[],:;!*#{}", " "))
_KIT_SENTENCE = re.compile(r"(?:correct\s+)?answer\s+is\s+\**([ABCD])\**", re.IGNORECASE)
_KIT_LAST_WORDS = 4
_MMMU_EDGES = ",.!?;:'"
_MMMU_SHORT_WORDS = 5
"""An answer of more words is searched for the text of an option."""
_VIDEO_MME_STARTS = (
    "The best answer is",
    "The correct answer is",
    "The answer is",
    "The answer",
    "The best option is",
    "The correct option is",
    "Best answer:",
    "Best option:",
    "Answer:",
    "Option:",
)
_VIDEO_MME_LONG_WORDS = 10
_STRICT = re.compile(r"\(?([A-Z])\)?(?:[.:)]\s*(.*))?", re.DOTALL)
_ALONE = re.compile(r"\b([A-Z])\b")


def lettered(texts: Sequence[str]) -> dict[str, str]:
    """The options by their letters, as many as there are letters."""
    return dict(zip(LETTERS, texts, strict=False))


def strict_choice(answer: str, options: Options) -> str | None:
    """The option of an answer that is its letter and no more: `B`, `(B)`, `B.`, or `B. a dog` with its own text."""
    found = _STRICT.fullmatch(answer.strip())
    if found is None or found[1] not in options:
        return None
    text = (found[2] or "").strip()
    return found[1] if text in ("", options[found[1]].strip()) else None


def kit_choice(answer: str, options: Options) -> str | None:
    """The option as VLMEvalKit finds it without a judge, its `exact_matching`.

    The one letter that stands alone among the last words; else the one behind "answer is"; else the one whose text the
    answer contains, where it is not much longer than the options. Source: VLMEvalKit, vlmeval/utils/matching_util.py
    (can_infer).
    """
    if any(refusal in answer for refusal in _REFUSALS):
        return None
    words = answer.translate(_KIT_MARKS).split()
    standing = [letter for letter in options if letter in words]
    if len(standing) == 1 and words.index(standing[0]) >= len(words) - _KIT_LAST_WORDS:
        return standing[0]
    if not standing and NO_OPTION in words:
        return None
    said = _KIT_SENTENCE.search(answer)
    if said is not None and said[1].upper() in options:
        return said[1].upper()
    return _kit_text(answer.lower(), options)


def _kit_text(answer: str, options: Options) -> str | None:
    if len(answer) > 2 * sum(map(len, options.values())):
        return None
    found = [letter for letter, text in options.items() if text.lower() in answer]
    return found[0] if len(found) == 1 else None


def mmmu_choice(answer: str, options: Options) -> str | None:
    """The option as MMMU's own script finds it, but None where that would choose one at random.

    A letter in brackets, else one before a space, else one before a full stop; in a longer answer, the text of an
    option. The last of several counts. Source: MMMU-Benchmark/MMMU, eval/eval_utils.py (parse_multi_choice_response);
    lmms-eval reads EgoSchema and NExT-QA with it too.
    """
    for mark in _MMMU_EDGES:
        answer = answer.strip(mark)
    answer = f" {answer} "
    if found := [letter for letter in options if f"({letter})" in answer]:
        return max(found, key=lambda letter: answer.rfind(f"({letter})"))
    for mark in (" ", "."):
        if found := [letter for letter in options if f"{letter}{mark}" in answer]:
            return max(found, key=lambda letter: answer.rfind(f" {letter} "))
    lower = answer.lower()
    found = [letter for letter, text in options.items() if text.lower() in lower]
    if len(answer.split()) <= _MMMU_SHORT_WORDS or not found:
        return None
    return max(found, key=lambda letter: lower.rfind(options[letter].lower()))


def video_mme_choice(answer: str, options: Options) -> str | None:
    """The option as Video-MME's own script finds it: the first capital that is one of the letters, wherever it stands.

    Phrases such as "The best answer is" are taken away first; of the script's list two lack their comma and so are left
    there, after which "Best option: C" is B. Here they are taken away too. Source: MME-Benchmarks/Video-MME,
    eval_your_results.py; VLMEvalKit, vlmeval/dataset/utils/videomme.py (extract_characters_regex).
    """
    answer = answer.strip()
    for start in _VIDEO_MME_STARTS:
        answer = answer.replace(start, "")
    return next((letter for letter in answer if letter in options), None)


def first_word(answer: str, options: Options) -> str | None:
    """The option whose letter is the first word, in any case, brackets and stop or not.

    MVBench's own script counts an answer as right where this is the right option; VLMEvalKit also where `kit_choice`
    is. The script takes an empty answer, or a bracket alone, for any option; here they are none. Source: VLMEvalKit,
    vlmeval/dataset/utils/mvbench.py (check_ans, check_ans_with_model).
    """
    word = next(iter(answer.split()), "").replace(".", "").strip("()").upper()
    return word if word in options else None


def first_alone(answer: str, options: Options) -> str | None:
    """The first of the letters that stands alone, as lmms-eval reads PerceptionTest.

    Source: lmms_eval/tasks/perceptiontest/val/utils.py.
    """
    return next((found[1] for found in _ALONE.finditer(answer) if found[1] in options), None)
