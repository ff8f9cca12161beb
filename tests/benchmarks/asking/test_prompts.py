"""What is asked, in which words, with what before it; and what is told apart."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from clickwright.benchmarks.row import Key
from clickwright.benchmarks.subjects import ScriptedSubject
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites.asking import SUITES
from clickwright.benchmarks.suites.asking.questions import said
from clickwright.benchmarks.suites.samples import SampleSuite
from clickwright.errors import UsageError
from clickwright.model import Video
from clickwright.policies.asking import Reply, Seen
from clickwright.screen import Screenshot

from . import drawn, others, stills

SHORT = "\nPlease try to answer the question with short words or phrases if possible."
LETTER = "\nAnswer with the option's letter from the given choices directly."


class Listening:
    """A subject that gives one answer to all, and keeps what it was shown."""

    def __init__(self, answer: str = "") -> None:
        self.seen: list[Seen] = []
        self._answer = answer
        self.subject = ScriptedSubject(ask=self._say)

    def _say(self, question: str, seen: Seen) -> Reply:
        self.seen.append(seen)
        return said(self._answer)


def opened(name: str, folder: Path, **settings: str) -> SampleSuite:
    suite = SUITES[name].open(Choice(data=folder, settings=settings))
    assert isinstance(suite, SampleSuite)
    return suite


def keys_of(suite: SampleSuite) -> Sequence[Key]:
    return suite.keys()


def asked(suite: SampleSuite, task: int = 0, answer: str = "") -> tuple[list[str], list[Seen]]:
    """What is asked about one sample, and what is shown."""
    listening = Listening(answer)
    suite.attempt(suite.keys()[task], listening.subject)
    return listening.subject.questions, listening.seen


def kinds(seen: Seen) -> list[str]:
    return [type(part).__name__ for part in seen] if isinstance(seen, Sequence) else [type(seen).__name__]


def test_free_words_are_asked_for_shortly(tmp_path: Path) -> None:
    stills.docvqa_table(tmp_path)
    suite = opened("docvqa", tmp_path)
    assert [key.task for key in keys_of(suite)] == ["11", "12"]
    questions, seen = asked(suite, 1)
    assert questions == ['When, in "words"?\nSay it.' + SHORT]
    first = asked(suite, 0)[1][0]
    assert kinds(seen[0]) == ["Screenshot"]
    assert shots(seen[0])[0].frame == shots(first)[0].frame, "the row names another for its picture"


def shots(seen: Seen) -> list[Screenshot]:
    assert isinstance(seen, Sequence)
    return [part for part in seen if isinstance(part, Screenshot)]


def test_options_are_listed_with_the_hint_and_in_chinese_where_the_question_is(tmp_path: Path) -> None:
    stills.mmbench_table(tmp_path)
    suite = opened("mmbench", tmp_path, circular="no")
    english = "Hint: It barks.\nQuestion: What is it?\nOptions:\nA. a cat\nB. a dog\nC. a cow\n"
    assert asked(suite)[0] == [english + "Please select the correct answer from the options above."]
    chinese = "Question: 图中是什么?\nOptions:\nA. a cat\nB. a dog\nC. a cow\n请直接回答选项字母。"
    assert asked(suite, 1)[0] == [chinese]


def test_circular_asks_each_way_until_one_is_wrong(tmp_path: Path) -> None:
    stills.mmbench_table(tmp_path)
    suite = opened("mmbench", tmp_path)
    assert [key.task for key in keys_of(suite)] == ["241", "242"], "the ways of one question are one sample"
    dog = ScriptedSubject(ask=lambda question, seen: said("a dog"))
    row = suite.attempt(suite.keys()[0], dog)
    assert (row.score, len(dog.questions)) == (1, 2)
    assert row.groups == {"category": "animals", "finer": "coarse_perception", "split": "dev"}
    always_b = ScriptedSubject(ask=lambda question, seen: said("B"))
    row = suite.attempt(suite.keys()[1], always_b)
    assert (row.score, row.metrics["first way"], len(always_b.questions)) == (0, 1, 2), "made by turning the options"
    assert row.expected == ["B", "A", "C"]
    assert row.prediction == ["B", "B"]


def test_pictures_come_first_or_where_the_question_names_them(tmp_path: Path) -> None:
    others.mmmu_table(tmp_path)
    first, second = opened("mmmu", tmp_path), opened("mmmu", tmp_path, layout="interleaved")
    assert [key.task for key in keys_of(first)] == ["1", "3"], "those of the other split are left out"
    whole = "Question: Compare <image 1> and <image 2>.\nOptions:\nA. a cat\nB. a dog\nC. a cow\n"
    whole += "Please select the correct answer from the options above."
    questions, seen = asked(first)
    assert (questions, kinds(seen[0])) == ([whole], ["Screenshot", "Screenshot"])
    questions, between = asked(second)
    before, behind = whole.split("<image 1> and <image 2>")
    assert questions == [behind]
    assert kinds(between[0]) == ["str", "Screenshot", "str", "Screenshot"]
    assert [part for part in between[0] if isinstance(part, str)] == [before, " and "]
    assert [shot.frame for shot in shots(between[0])] == [shot.frame for shot in shots(seen[0])]
    assert asked(first, 1)[0] == ["Question: The voltage in <image 1>?"]
    assert [key.task for key in keys_of(opened("mmmu", tmp_path, split="dev"))] == ["2"]


def test_on_the_hub_the_pictures_are_those_that_the_texts_name(tmp_path: Path) -> None:
    others.mmmu_shards(tmp_path)
    suite = opened("mmmu", tmp_path)
    assert len(shots(asked(suite)[1][0])) == 2
    assert "B. a $\\frac{1}{2}$" in asked(suite)[0][0]
    rows = [suite.attempt(key, Listening("so the answer is Twelve.").subject) for key in keys_of(suite)]
    assert [(row.groups["subject"], row.groups["kind"], row.score) for row in rows] == [
        ("Art Theory", "options", 0),
        ("Art", "open", 1),
    ]


def test_videos_are_asked_about_as_each_benchmark_does(tmp_path: Path) -> None:
    others.egoschema_own(tmp_path)
    listed = "\n".join(f"{letter}. C does thing {n}" for n, letter in enumerate("ABCDE"))
    questions, seen = asked(opened("egoschema", tmp_path))
    assert (questions, kinds(seen[0])) == ([f"Why?\n{listed}{LETTER}"], ["Video"])
    assert frames(seen[0]) == 4


def frames(seen: Seen) -> int:
    videos = [seen] if isinstance(seen, Video) else [part for part in seen if isinstance(part, Video)]
    return sum(len(video.frames) for video in videos)


def test_mvbench_has_words_before_the_video_parts_of_videos_and_folders_of_frames(tmp_path: Path) -> None:
    others.mvbench_own(tmp_path)
    suite = opened("mvbench", tmp_path)
    assert [key.task for key in keys_of(suite)] == ["action_sequence:1", "episodic_reasoning:1", "moving_count:1"]
    (question,), (seen,) = asked(suite, 2)
    assert question == "Question: How often?\nOptions:\n(A) 0\n(B) 1\n(C) 2\nOnly give the best option.Best option:("
    assert kinds(seen) == ["str", "Video"]
    assert isinstance(seen, Sequence)
    assert str(seen[0]).startswith("Carefully watch the video")
    whole, part = brightness(seen), brightness(asked(suite, 0)[1][0])
    assert part[0] > whole[0] + 20, "it begins half a second later"
    assert part[-1] < whole[-1] - 20
    assert frames(asked(suite, 1)[1][0]) == 2


def brightness(seen: Seen) -> list[float]:
    assert isinstance(seen, Sequence)
    video = next(part for part in seen if isinstance(part, Video))
    return np.asarray(video.frames, np.float64).mean((1, 2, 3)).tolist()


def test_subtitles_are_told_where_they_are_said_at_a_frame(tmp_path: Path) -> None:
    others.videomme_shards(tmp_path)
    tail = "Select the best answer to the following multiple-choice question based on the video. Respond with only the "
    tail += (
        "letter (A, B, C, or D) of the correct option.\nQuestion: Which?\nA. Apples.\nB. Pears.\nC. Plums.\nD. Figs."
    )
    plain = f"\nThese are the frames of a video. {tail}\nAnswer: "
    assert asked(opened("videomme", tmp_path))[0] == [plain]
    told = f"\nThese are the frames of a video. This video's subtitles are listed below:\nBuy plums\n{tail}\nAnswer: "
    assert asked(opened("videomme", tmp_path, subtitles="yes"))[0] == [told]
    row = opened("videomme", tmp_path).attempt(
        opened("videomme", tmp_path).keys()[0], Listening("Best answer: C. Plums").subject
    )
    assert (row.score, row.groups["length"]) == (1, "short")


@pytest.mark.parametrize(
    ("name", "write", "groups"),
    [
        ("chartqa", stills.chartqa_own, [{"half": "augmented"}, {"half": "human"}]),
        ("chartqa", stills.chartqa_shards, [{"half": "human"}, {"half": "augmented"}]),
        ("mtvqa", stills.mtvqa_shards, [{"language": "DE"}] * 2),
        ("nextqa", others.nextqa_own, [{"kind": "temporal", "type": "TN"}, {"kind": "descriptive", "type": "DC"}]),
        ("star", others.star_own, [{"kind": "Interaction"}]),
        ("bfcl", others.bfcl_own, [{"kind": "irrelevance"}, {"kind": "simple_python"}]),
        ("docvqa", stills.docvqa_own, [{"kind": "form"}]),
        (
            "mathvista",
            others.mathvista_shards,
            [{"task": "figure question answering", "kind": k} for k in ("options", "float")],
        ),
        (
            "ocrbench",
            stills.ocrbench_own,
            [
                {"kind": "Regular Text Recognition", "group": "Text Recognition"},
                {
                    "kind": "Handwritten Mathematical Expression Recognition",
                    "group": "Handwritten Mathematical Expression Recognition",
                },
            ],
        ),
    ],
)
def test_results_are_told_apart(name: str, write, groups: list[dict[str, str]], tmp_path: Path) -> None:
    write(tmp_path)
    suite = opened(name, tmp_path)
    assert [suite.sample(key.task).groups for key in keys_of(suite)] == groups


def test_the_halves_of_chartqa_do_not_get_each_others_questions(tmp_path: Path) -> None:
    stills.chartqa_own(tmp_path)
    suite = opened("chartqa", tmp_path)
    answered = [suite.attempt(key, Listening("14.5").subject).score for key in keys_of(suite)]
    assert answered == [0, 1], "within 5 % of 14"


def test_functions_are_told_in_qwens_own_words(tmp_path: Path) -> None:
    others.fncall_own(tmp_path)
    (question,), (seen,) = asked(opened("fncall", tmp_path))
    assert question.startswith("# Tools\n")
    assert '<tools>\n{"type": "function", "function": {"name": "weather",' in question
    assert question.endswith("\n\nWeather where this is?")
    assert kinds(seen) == ["Screenshot"]
    wrong_town = '<tool_call>\n{"name": "weather", "arguments": {"town": "Köln"}}\n</tool_call>'
    row = opened("fncall", tmp_path).attempt(opened("fncall", tmp_path).keys()[0], Listening(wrong_town).subject)
    assert (row.score, row.metrics) == (0, {"type match": 1})


def test_where_no_function_will_do_none_is_to_be_called(tmp_path: Path) -> None:
    others.bfcl_own(tmp_path)
    suite = opened("bfcl", tmp_path)
    call = '<tool_call>\n{"name": "geo.area", "arguments": {"base": 10}}\n</tool_call>'
    scores = {key.task: suite.attempt(key, Listening(call).subject).score for key in keys_of(suite)}
    assert scores == {"irrelevance_0": 0, "simple_python_0": 1}


def test_an_answer_may_be_no_longer_than_is_set(tmp_path: Path) -> None:
    stills.docvqa_table(tmp_path)
    lengths: list[int | None] = []

    class Counting(ScriptedSubject):
        def ask(self, question: str, seen: Seen, *, max_new_tokens: int | None = None) -> Reply:
            lengths.append(max_new_tokens)
            return said("")

    for suite in (opened("docvqa", tmp_path), opened("docvqa", tmp_path, max_new_tokens="7")):
        suite.attempt(suite.keys()[0], Counting())
    assert lengths == [128, 7]


@pytest.mark.parametrize(
    ("name", "write", "settings", "message"),
    [
        ("docvqa", stills.docvqa_table, {"circular": "yes"}, "no setting 'circular'; it has file, max_new_tokens"),
        (
            "docvqa",
            stills.docvqa_shards,
            {"file": "DocVQA/test-*.parquet"},
            "row 1 has no answer: those of a test split",
        ),
        ("docvqa", stills.docvqa_shards, {"file": "*.tsv"}, r"has no questions: sought were \*\.tsv"),
        ("docvqa", stills.docvqa_table, {"max_new_tokens": "0.5"}, "max_new_tokens is a whole number from 1 on"),
        ("mmmu", others.mmmu_table, {"layout": "last"}, "layout is one of first, interleaved"),
        ("mmmu", others.mmmu_table, {"split": "test"}, "no question of the split test"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    name: str, write, settings: dict[str, str], message: str, tmp_path: Path
) -> None:
    write(tmp_path)
    with pytest.raises(UsageError, match=message) as fault:
        opened(name, tmp_path, **settings).keys()
    assert "\n" not in str(fault.value)


def test_a_video_is_sought_inside_the_data_alone(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    others.star_own(outside)
    others.star_own(inside)
    told = (inside / "STAR_val.json").read_text()
    (inside / "STAR_val.json").write_text(told.replace("6H78U", "../../outside/Charades_v1_480/6H78U"))
    suite = opened("star", inside)
    with pytest.raises(UsageError, match="leads out of the folder"):
        suite.attempt(suite.keys()[0], Listening().subject)
    (inside / "STAR_val.json").write_text(told.replace("6H78U", "ABCDE"))
    suite = opened("star", inside)
    with pytest.raises(UsageError, match="has no video ABCDE"):
        suite.attempt(suite.keys()[0], Listening().subject)


def test_an_answer_of_mvbench_is_right_in_one_of_two_ways(tmp_path: Path) -> None:
    """As VLMEvalKit's check_ans_with_model: "a clap" begins with a letter, and names another option."""
    row = {"video": "1.mp4", "question": "What?", "candidates": ["a jump", "a clap"], "answer": "a clap"}
    drawn.dump(tmp_path / "json/moving_count.json", [row])
    drawn.film(tmp_path / "video/clevrer/video_validation/1.mp4", seconds=1)
    suite = opened("mvbench", tmp_path)
    (key,) = suite.keys()
    scores = {answer: suite.attempt(key, Listening(answer).subject).score for answer in ("a clap", "(b)", "A", "(", "")}
    assert scores == {"a clap": 1, "(b)": 1, "A": 0, "(": 0, "": 0}
