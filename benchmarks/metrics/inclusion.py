"""Answers that only have to contain the truth: OCRBench and MTVQA."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

FORMULAS = "Handwritten Mathematical Expression Recognition"
RECOGNITION = "Text Recognition"
OCRBENCH_QUESTIONS: Mapping[str, int] = MappingProxyType(
    {
        "Regular Text Recognition": 50,
        "Irregular Text Recognition": 50,
        "Artistic Text Recognition": 50,
        "Handwriting Recognition": 50,
        "Digit String Recognition": 50,
        "Non-Semantic Text Recognition": 50,
        "Scene Text-centric VQA": 200,
        "Doc-oriented VQA": 200,
        "Key Information Extraction": 200,
        FORMULAS: 100,
    }
)
"""The ten kinds, with how many questions of each make the thousand."""


def ocrbench(answer: str, truths: Sequence[str], *, kind: str = "") -> float:
    """1.0 where an answer contains one of the truths, else 0.0. Over all thousand, the sum is the score of OCRBench.

    In any case, with line breaks as spaces; of formulas, which `kind` tells, in their own case and with no spaces.
    Source: Yuliang-Liu/MultimodalOCR, OCRBench/example.py.
    """
    plain = _formula if kind == FORMULAS else _line
    return float(any(plain(truth) in plain(answer) for truth in truths))


def ocrbench_group(kind: str) -> str:
    """The one of five groups in which OCRBench tells its score: the first six kinds are one."""
    return RECOGNITION if kind.endswith("Recognition") and kind != FORMULAS else kind


def mtvqa(answer: str, truths: Sequence[str], *, is_official: bool = False) -> float:
    """1.0 where an answer contains one of the truths, in any case and without its full stops; else 0.0.

    Source: VLMEvalKit, vlmeval/dataset/image_vqa.py (MTVQADataset), and lmms_eval/tasks/mtvqa/utils.py. The script of
    the benchmark, bytedance/MTVQA, scripts/acc.py, leaves the stops in the truth alone, so that a truth with a stop can
    never be found: `is_official`. It then averages over the nine languages, not over the questions.
    """
    told = answer.strip().lower().replace(".", "")
    plain = [truth.strip().lower() for truth in truths]
    return float(any((truth if is_official else truth.replace(".", "")) in told for truth in plain))


def _line(text: str) -> str:
    return text.lower().strip().replace("\n", " ")


def _formula(text: str) -> str:
    return text.strip().replace("\n", " ").replace(" ", "")
