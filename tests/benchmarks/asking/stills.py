"""Tiny data sets about pictures that are answered in words or by an option, in their published forms."""

from pathlib import Path

from .drawn import dump, encoded, options, picture, png, shard, table

PEOPLE = ["blue", "Blue", "blue.", "the blue", "navy", "blue", "blue", "blue", "azure", "blue"]


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
    shard(folder / "InfographicVQA/validation-00000-of-00001.parquet", [{**rows[0], "answers": None}])
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
