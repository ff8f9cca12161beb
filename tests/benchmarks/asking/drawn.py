"""Tiny data sets in the forms in which the benchmarks are published: drawn pictures, films of a few frames."""

import base64
import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

Write = Callable[[Path], None]
PEOPLE = ["blue", "Blue", "blue.", "the blue", "navy", "blue", "blue", "blue", "azure", "blue"]


def png(words: str) -> bytes:
    image = Image.new("RGB", (84, 56), "white")
    ImageDraw.Draw(image).text((4, 20), words, fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def encoded(words: str) -> str:
    return base64.b64encode(png(words)).decode()


def table(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """As pandas writes it, which is how VLMEvalKit's tables came about."""
    head = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, delimiter="\t" if path.suffix == ".tsv" else ",", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def shard(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """As the hub has it: bytes become the structure of a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = [{key: _stored(value) for key, value in row.items()} for row in rows]
    pq.write_table(pa.Table.from_pylist(told), path)


def _stored(value: object) -> object:
    return {"bytes": value, "path": "picture.png"} if isinstance(value, bytes) else value


def dump(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")


def lines(path: Path, rows: Sequence[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def picture(path: Path, words: str = "text") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(words))


def film(path: Path, seconds: int = 2) -> None:
    """Four frames a second, each brighter than the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=4)
        stream.width, stream.height, stream.pix_fmt = 56, 56, "yuv420p"
        for n in range(4 * seconds):
            level = np.full((56, 56, 3), 20 + n * 200 // (4 * seconds), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(level, format="rgb24")))
        container.mux(stream.encode())


def options(**more: Any) -> dict[str, Any]:
    return {"question": "What is it?", "A": "a cat", "B": "a dog", "C": "a cow", "answer": "B", **more}


# Answers in free words


def docvqa_table(folder: Path) -> None:
    rows = [
        {"index": 11, "question": "Who signs?", "answer": "['Ann Lee', 'A. Lee']", "image": encoded("Ann Lee")},
        {"index": 12, "question": 'When, in "words"?\nSay it.', "answer": "['May 5']", "image": "11"},
    ]
    table(folder / "DocVQA_VAL.tsv", rows)


def docvqa_own(folder: Path) -> None:
    rows = [
        {
            "questionId": 7,
            "question": "Who?",
            "image": "documents/a.png",
            "answers": ["Ann"],
            "question_types": ["form"],
        }
    ]
    dump(folder / "val_v1.0_withQT.json", {"dataset_name": "docvqa", "data": rows})
    picture(folder / "documents/a.png")


def docvqa_shards(folder: Path) -> None:
    rows = [
        {"questionId": "7", "question": "Who?", "image": png("Ann"), "answers": ["Ann"], "question_types": ["form"]}
    ]
    shard(folder / "DocVQA/validation-00000-of-00001.parquet", rows)
    shard(folder / "DocVQA/test-00000-of-00001.parquet", [{**rows[0], "answers": None}])


def infovqa_own(folder: Path) -> None:
    rows = [
        {
            "questionId": 9,
            "question": "How many?",
            "image_local_name": "1.png",
            "answers": ["40%"],
            "answer_type": ["non span"],
        }
    ]
    dump(folder / "infographicsVQA_val_v1.0_withQT.json", {"data": rows})
    picture(folder / "images/1.png")


def chartqa_own(folder: Path) -> None:
    dump(folder / "test/test_human.json", [{"imgname": "1.png", "query": "How high?", "label": "14"}])
    dump(folder / "test/test_augmented.json", [{"imgname": "1.png", "query": "Which?", "label": "Yes"}])
    picture(folder / "png/1.png")


def chartqa_shards(folder: Path) -> None:
    row = {"type": "human_test", "question": "How high?", "answer": "14", "image": png("14")}
    shard(folder / "data/test-00000-of-00001.parquet", [row, {**row, "type": "augmented_test", "answer": "0.5"}])


def textvqa_own(folder: Path) -> None:
    rows = [{"question_id": 3, "image_id": "0a1b", "question": "what color?", "answers": PEOPLE}]
    dump(folder / "TextVQA_0.5.1_val.json", {"data": rows})
    picture(folder / "train_images/0a1b.jpg")


def ocrbench_own(folder: Path) -> None:
    rows = [
        {
            "id": 1,
            "dataset_name": "IIIT5K",
            "image_path": "a/1.png",
            "question": "what is written?",
            "answers": "CENTRE",
            "type": "Regular Text Recognition",
        },
        {
            "id": 2,
            "dataset_name": "HME100k",
            "image_path": "a/1.png",
            "question": "write it in LaTeX",
            "answers": ["x ^ 2"],
            "type": "Handwritten Mathematical Expression Recognition",
        },
    ]
    dump(folder / "OCRBench.json", rows)
    picture(folder / "OCRBench_Images/a/1.png")


def mtvqa_table(folder: Path) -> None:
    rows = [
        {
            "index": 0,
            "image": encoded("3.5"),
            "question": "Wie viel?",
            "answer": "3.5",
            "category": "DE",
            "split": "test",
        }
    ]
    table(folder / "MTVQA_TEST.tsv", rows)


def mtvqa_shards(folder: Path) -> None:
    pairs = str([{"question": "Wie viel?", "answer": "3,5 kg"}, {"question": "Wo?", "answer": "dans l'eau"}])
    shard(folder / "data/test-00000.parquet", [{"id": "x1", "image": png("3,5"), "qa_pairs": pairs, "lang": "DE"}])


# One of a few options


def ai2d_shards(folder: Path) -> None:
    rows = [{"question": "How many?", "options": ["3", "2", "1", "0"], "answer": "1", "image": png("two")}]
    shard(folder / "data/test-00000-of-00002.parquet", rows)
    shard(folder / "data/test-00001-of-00002.parquet", rows)


def mmbench_table(folder: Path) -> None:
    first = options(index=241, hint="It barks.", image=encoded("dog"), category="animals", split="dev")
    first["l2-category"] = "coarse_perception"
    turned = {**first, "index": 1_000_241, "A": "a dog", "B": "a cow", "C": "a cat", "answer": "A", "image": "241"}
    alone = options(index=242, question="图中是什么?", image="241", category="animals", split="dev")
    table(folder / "MMBench_DEV_EN.tsv", [first, turned, alone])


def mmstar_table(folder: Path) -> None:
    table(folder / "MMStar.tsv", [options(index=0, image=encoded("dog"), category="coarse perception")])


def mmstar_shards(folder: Path) -> None:
    row = {
        "index": 0,
        "question": "What is it?\nOptions: A: cat, B: dog, C: cow, D: hen",
        "answer": "B",
        "image": png("dog"),
        "category": "coarse perception",
        "l2_category": "recognition",
    }
    shard(folder / "val.parquet", [row])


def realworldqa_shards(folder: Path) -> None:
    told = "Please answer directly with only the letter of the correct option and nothing else."
    rows = [
        {"question": f"Where is it?\nA. left\nB. right\n{told}", "answer": "B", "image": png("right")},
        {
            "question": "How many cars?\nPlease answer directly with a single word or number.",
            "answer": "2",
            "image": png("2"),
        },
    ]
    shard(folder / "data/test-00000-of-00001.parquet", rows)


# Sciences


def mmmu_table(folder: Path) -> None:
    both = f"['{encoded('one')}', '{encoded('two')}']"
    rows = [
        options(index=1, question="Compare <image 1> and <image 2>.", image=both, category="Art", split="validation"),
        options(index=2, question="Left out", image=encoded("one"), category="Art", split="dev"),
        {
            "index": 3,
            "question": "The voltage in <image 1>?",
            "answer": "3.5",
            "image": encoded("one"),
            "category": "Electronics",
            "split": "validation",
        },
    ]
    table(folder / "MMMU_DEV_VAL.tsv", rows)


def mmmu_shards(folder: Path) -> None:
    row = {
        "id": "validation_Art_Theory_1",
        "question": "Which is <image 1>?",
        "options": "['<image 2>', 'a $\\\\frac{1}{2}$']",
        "answer": "A",
        "question_type": "multiple-choice",
        "image_1": png("one"),
        "image_2": png("two"),
        "image_3": None,
    }
    free = {**row, "id": "validation_Art_2", "options": "[]", "answer": "['12', 'twelve']", "question_type": "open"}
    shard(folder / "Art/validation-00000-of-00001.parquet", [row, free])


def mathvista_shards(folder: Path) -> None:
    about = {"task": "figure question answering", "skills": ["statistical reasoning"]}
    row = {
        "pid": "1",
        "query": "Hint: ... Question: Which?",
        "choices": ["Yes", "No"],
        "answer": "No",
        "answer_type": "text",
        "precision": None,
        "image": "images/1.jpg",
        "decoded_image": png("no"),
        "metadata": about,
    }
    number = {**row, "pid": "2", "choices": None, "answer": "1.2", "answer_type": "float", "precision": 1.0}
    shard(folder / "data/testmini-00000-of-00001-725687bf7a18d64b.parquet", [row, number])


def mathvista_table(folder: Path) -> None:
    row = {
        "index": 5,
        "question": "Which?",
        "choices": "['Yes', 'No']",
        "answer": "No",
        "answer_option": "B",
        "answer_type": "text",
        "task": "figure question answering",
        "image": encoded("no"),
    }
    table(
        folder / "MathVista_MINI.tsv",
        [row, {**row, "index": 6, "choices": "", "answer": "[2, 3]", "answer_type": "list"}],
    )


# Videos


def mvbench_own(folder: Path) -> None:
    row = {"video": "1.mp4", "question": "How often?", "candidates": ["0", "1", "2"], "answer": "1"}
    dump(folder / "json/moving_count.json", [row])
    dump(folder / "json/action_sequence.json", [{**row, "video": "2.mp4", "start": 0.5, "end": 1.5}])
    dump(folder / "json/episodic_reasoning.json", [{**row, "video": "clip_1", "start": 0, "end": 1.0}])
    film(folder / "video/clevrer/video_validation/1.mp4")
    film(folder / "video/star/Charades_v1_480/2.mp4")
    for n in range(1, 7):
        picture(folder / f"video/tvqa/frames_fps3_hq/clip_1/{n:05}.jpg", str(n))


def perceptiontest_own(folder: Path) -> None:
    asked = {
        "id": 0,
        "question": "How many?",
        "options": ["3", "2", "1"],
        "answer_id": 1,
        "area": "memory",
        "reasoning": "descriptive",
        "tag": [],
    }
    dump(folder / "mc_question_valid.json", {"video_9": {"metadata": {"split": "valid"}, "mc_question": [asked]}})
    film(folder / "videos/video_9.mp4")


def perceptiontest_shards(folder: Path) -> None:
    row = {
        "video_name": "video_9",
        "question_id": "0",
        "question": "How many?",
        "options": ["3", "2", "1"],
        "answer_id": "1",
        "area": "memory",
        "reasoning": "descriptive",
    }
    shard(folder / "mc_question_val/validation-00000-of-00001.parquet", [row])
    film(folder / "videos/video_9.mp4")


def egoschema_own(folder: Path) -> None:
    asked = {f"option {n}": f"C does thing {n}" for n in range(5)}
    rows = [{"q_uid": uid, "question": "Why?", **asked} for uid in ("u-1", "u-2")]
    dump(folder / "questions.json", rows)
    dump(folder / "subset_answers.json", {"u-1": 3})
    film(folder / "videos/u-1.mp4")


def egoschema_shards(folder: Path) -> None:
    told = [f"{letter}. C does {n}" for n, letter in enumerate("ABCDE")]
    rows = [{"question_idx": "0", "question": "Why?", "video_idx": "u-1", "option": told, "answer": "3"}]
    shard(folder / "Subset/test-00000-of-00001.parquet", rows)
    film(folder / "videos/u-1.mp4")


def videomme_shards(folder: Path) -> None:
    row = {
        "video_id": "001",
        "videoID": "fFj-0_V1",
        "duration": "short",
        "domain": "Knowledge",
        "sub_category": "Law",
        "task_type": "OCR Problems",
        "question": "Which?",
        "options": ["A. Apples.", "B. Pears.", "C. Plums.", "D. Figs."],
        "answer": "C",
        "question_id": "001-1",
    }
    shard(folder / "videomme/test-00000-of-00001.parquet", [row])
    film(folder / "data/fFj-0_V1.mp4")
    said = "1\n00:00:00,200 --> 00:00:00,900\n<b>Buy\nplums</b>\n\n2\n00:00:05,000 --> 00:00:06,000\nNever shown\n"
    (folder / "subtitle").mkdir()
    (folder / "subtitle/fFj-0_V1.srt").write_text(said)


def nextqa_own(folder: Path) -> None:
    row = {
        "video": 401,
        "frame_count": 8,
        "width": 56,
        "height": 56,
        "question": "how many dogs",
        "answer": 2,
        "qid": 6,
        "type": "TP",
        "a0": "two",
        "a1": "one",
        "a2": "3",
        "a3": "four",
        "a4": "2",
    }
    table(folder / "val.csv", [row, {**row, "qid": 7, "type": "DC"}])
    dump(folder / "map_vid_vidorID.json", {"401": "0001/401"})
    film(folder / "NExTVideo/0001/401.mp4")


def star_own(folder: Path) -> None:
    choices = [
        {"choice_id": n, "choice": f"The {word}.", "choice_program": []}
        for n, word in enumerate(("bag", "box", "cup", "bed"))
    ]
    row = {
        "question_id": "Interaction_T1_13",
        "question": "Which object?",
        "video_id": "6H78U",
        "start": 0.5,
        "end": 1.5,
        "answer": "The cup.",
        "question_program": [],
        "choices": choices,
        "situations": {},
    }
    dump(folder / "STAR_val.json", [row])
    film(folder / "Charades_v1_480/6H78U.mp4")


# Calls


def fncall_own(folder: Path) -> None:
    tool = {
        "name": "weather",
        "description": "of a town",
        "parameters": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
    }
    calls = [{"name": "weather", "arguments": {"town": "Bonn"}}]
    lines(
        folder / "questions.jsonl",
        [{"id": "w1", "question": "Weather where this is?", "tools": [tool], "calls": calls, "images": ["1.png"]}],
    )
    picture(folder / "images/1.png", "Bonn")


def bfcl_own(folder: Path) -> None:
    parameters = {
        "type": "dict",
        "properties": {"base": {"type": "integer"}, "unit": {"type": "string"}},
        "required": ["base"],
    }
    asked = {
        "id": "simple_python_0",
        "question": [[{"role": "user", "content": "Area?"}]],
        "function": [{"name": "geo.area", "description": "", "parameters": parameters}],
    }
    lines(folder / "BFCL_v4_simple_python.json", [asked])
    lines(
        folder / "possible_answer/BFCL_v4_simple_python.json",
        [{"id": "simple_python_0", "ground_truth": [{"geo.area": {"base": [10], "unit": ["units", ""]}}]}],
    )
    lines(folder / "BFCL_v4_irrelevance.json", [{**asked, "id": "irrelevance_0"}])
    lines(folder / "BFCL_v4_simple_java.json", [{**asked, "id": "simple_java_0"}])


FORMS: tuple[tuple[str, Write], ...] = (
    ("docvqa", docvqa_table),
    ("docvqa", docvqa_own),
    ("docvqa", docvqa_shards),
    ("infovqa", infovqa_own),
    ("chartqa", chartqa_own),
    ("chartqa", chartqa_shards),
    ("textvqa", textvqa_own),
    ("ocrbench", ocrbench_own),
    ("mtvqa", mtvqa_table),
    ("mtvqa", mtvqa_shards),
    ("ai2d", ai2d_shards),
    ("mmbench", mmbench_table),
    ("mmstar", mmstar_table),
    ("mmstar", mmstar_shards),
    ("realworldqa", realworldqa_shards),
    ("mmmu", mmmu_table),
    ("mmmu", mmmu_shards),
    ("mathvista", mathvista_shards),
    ("mathvista", mathvista_table),
    ("mvbench", mvbench_own),
    ("perceptiontest", perceptiontest_own),
    ("perceptiontest", perceptiontest_shards),
    ("egoschema", egoschema_own),
    ("egoschema", egoschema_shards),
    ("videomme", videomme_shards),
    ("nextqa", nextqa_own),
    ("star", star_own),
    ("fncall", fncall_own),
    ("bfcl", bfcl_own),
)
