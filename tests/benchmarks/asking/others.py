"""Tiny data sets of sciences, of videos and of calls, in their published forms."""

from pathlib import Path

from .drawn import dump, encoded, film, lines, options, picture, png, shard, table

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
