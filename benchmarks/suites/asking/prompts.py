"""How each benchmark asks. The Qwen2-VL report tells no prompts; these are of the evaluation that its authors gave to
VLMEvalKit (vlmeval/vlm/qwen2_vl/prompt.py), and where that has none, of lmms-eval or of the benchmark itself.
"""

import re
from collections.abc import Mapping, Sequence

_CHINESE = re.compile("[\u4e00-\u9fff]")
_PICTURE = re.compile(r"<image (\d+)>")

SHORT = "\nPlease try to answer the question with short words or phrases if possible."
"""VLMEvalKit, vlmeval/vlm/qwen2_vl/prompt.py (_build_vqa_prompt): of every benchmark with answers in free words."""
SELECT = "Please select the correct answer from the options above."
SELECT_CHINESE = "请直接回答选项字母。"
"""The same file (_build_mcq_prompt): of a question with Chinese in it."""
LETTER = "\nAnswer with the option's letter from the given choices directly."
"""lmms_eval/tasks/egoschema/egoschema.yaml and perceptiontest/val/utils.py. NExT-QA is asked there without such words,
and STAR not at all; both are asked with these.
"""
WATCH = """Carefully watch the video and pay attention to the cause and sequence of events, \
the detail and movement of objects, and the action and pose of persons. \
Based on your observations, select the best option that accurately addresses the question.
"""
"""MVBench's own words before the video: VLMEvalKit, vlmeval/dataset/mvbench.py."""
FRAMES = "\nThese are the frames of a video. "
SUBTITLES = "This video's subtitles are listed below:\n{subtitles}\n"
BEST_ANSWER = (
    "Select the best answer to the following multiple-choice question based on the video. "
    "Respond with only the letter (A, B, C, or D) of the correct option.\n"
)
"""Video-MME's own words, as in VLMEvalKit, vlmeval/dataset/videomme.py."""


def short_answer(question: str) -> str:
    return question + SHORT


def multiple_choice(question: str, options: Mapping[str, str], hint: str = "") -> str:
    """The hint where there is one, the question, the options and what to do with them; VLMEvalKit as `SELECT`."""
    lines = [f"Hint: {hint}"] if hint else []
    lines.append(f"Question: {question}")
    if options:
        lines += ["Options:", *_listed(options)]
        lines.append(SELECT_CHINESE if _CHINESE.search("\n".join(lines)) else SELECT)
    return "\n".join(lines).rstrip()


def mmmu(question: str, options: Mapping[str, str], hint: str = "") -> str:
    """The same, never in Chinese; an open question is asked without further words (_build_mmmu_prompt)."""
    lines = [f"Hint: {hint}"] if hint else []
    lines.append(f"Question: {question}")
    if options:
        lines += ["Options:", *_listed(options), SELECT]
    return "\n".join(lines).rstrip()


def letter_only(question: str, options: Mapping[str, str]) -> str:
    """As lmms-eval asks about videos: question, options, and for the letter alone."""
    return "\n".join([question, *_listed(options)]) + LETTER


def mvbench(question: str, options: Mapping[str, str]) -> str:
    """MVBench's own, with the beginning of the answer at its end."""
    listed = [f"({letter}) {text}" for letter, text in options.items()]
    return "\n".join([f"Question: {question}", "Options:", *listed, "Only give the best option."]) + "Best option:("


def video_mme(question: str, options: Mapping[str, str], subtitles: str = "") -> str:
    told = SUBTITLES.format(subtitles=subtitles) if subtitles else ""
    return f"{FRAMES}{told}{BEST_ANSWER}Question: " + "\n".join([question, *_listed(options)]) + "\nAnswer: "


def parted(prompt: str) -> list[str | int]:
    """A prompt in pieces: its words, and the number of the picture where `<image 2>` stands."""
    pieces = _PICTURE.split(prompt)
    return [int(piece) if n % 2 else piece for n, piece in enumerate(pieces) if piece]


def pictures_of(texts: Sequence[str]) -> list[int]:
    """The numbers of the pictures that are named in texts, each once, in order of number."""
    return sorted({int(number) for text in texts for number in _PICTURE.findall(text)})


def _listed(options: Mapping[str, str]) -> list[str]:
    return [f"{letter}. {text}" for letter, text in options.items()]
