"""UGround-V1 on Qwen2-VL: one point. The first UGround, on LLaVA, is another model.

Prompt: https://github.com/OSU-NLP-Group/UGround, grounding/uground_qwen2vl_serve.py, with which its scores were
measured; the README shows the same words, each line two spaces further in.
"""

from ..grammars.plain import PlainPlaces
from .profile import Checkpoint, Pointing, Profile, Score

_PROMPT = """{image}
Your task is to help the user identify the precise coordinates (x, y) of a specific area/element/object on the screen \
based on a description.

- Your response should aim to point to the center or a representative point within the described area/element/object \
as accurately as possible.
- If the description is unclear or ambiguous, infer the most relevant area or element based on its likely context or \
purpose.
- Your answer should be a single string (x, y) corresponding to the point of the interest.

Description: {description}

Answer:"""


def _checkpoint(name: str, parameters_b: float, screenspot: float, pro: float) -> Checkpoint:
    scores = (
        Score(benchmark="ScreenSpot", value=screenspot, source="UGround README", note="standard setting"),
        Score(benchmark="ScreenSpot-Pro", value=pro, source="GUI-Actor README"),
    )
    return Checkpoint(name=name, parameters_b=parameters_b, scores=scores)


UGROUND = Profile(
    name="uground",
    title="UGround-V1",
    names=("uground-v1",),
    ground=Pointing(places=PlainPlaces(point="({x}, {y})"), prompt=_PROMPT),
    max_new_tokens=32,
    checkpoints=(
        _checkpoint("osunlp/UGround-V1-2B", 2.2, 77.7, 26.6),
        _checkpoint("osunlp/UGround-V1-7B", 8.3, 86.3, 31.1),
        _checkpoint("osunlp/UGround-V1-72B", 73.4, 89.4, 34.5),
    ),
)
