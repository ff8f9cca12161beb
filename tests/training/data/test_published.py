"""Files as they are published: read as they come, and what is wrong with a row in one sentence."""

import json
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.screen import Box, Point, Size
from clickwright.tools import Click, TypeText
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.formats import FORMATS, Source
from clickwright.training.data.record import Film, Named, Record, Said, Shown, Text

from .made import screen

RING = {"role": "user", "content": [{"type": "text", "text": "Ring."}, {"type": "image", "image": "a.png"}]}


def clicked(x: int, y: int, **more: object) -> dict[str, object]:
    function = {"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [x, y]}}
    return {"role": "assistant", "content": "So.", "tool_calls": [{"function": function}], **more}


def pointed(asked: str) -> list[dict[str, str]]:
    return [{"from": "human", "value": asked}, {"from": "gpt", "value": "(200, 100)"}]


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("screenspot", {"img_filename": "a.png", "instruction": "x", "bbox": [1, 2, 3]}, "bbox"),
        ("screenspot", {"img_filename": "c.png", "instruction": "x", "bbox": [1, 2, 3, 4]}, "no file 'c.png'"),
        ("screenspot", {"img_filename": "../a.png", "instruction": "x", "bbox": [1, 2, 3, 4]}, "leads out"),
        ("screenspot", {"img_filename": "a.png", "instruction": "x", "bbox": [2000, 2, 3, 4]}, "holds no pixel"),
        ("os-atlas", {"img_filename": "a.png", "instruction": "x", "bbox": [1, 2, 3, 4]}, "not in shares"),
        ("showui", {"img_url": "a.png", "element": [{"instruction": "x"}]}, "neither a bbox nor a point"),
        ("llava", {"image": "a.png", "conversations": [{"from": "nobody", "value": ""}]}, "a turn is of human"),
        ("llava", {"conversations": [{"from": "human", "value": "<image>"}]}, "more <image> than pictures"),
        ("vqa", {"image": "a.png", "question": "x"}, "neither an answer nor answers"),
        ("video-qa", {"video": [], "question": "x", "answer": "y"}, "at least one frame"),
        ("video-qa", {"video": "b.mp4", "question": "x", "answer": "y"}, "no file 'b.mp4'"),
        ("calls", {"messages": [{"role": "assistant", "content": "x"}]}, "acts on no picture"),
        ("calls", {"messages": [RING, clicked(5000, 2)]}, ": the row: step 0 has the place (5000, 2) outside"),
        ("screenspot", {"img_filename": "a.png", "instruction": "x", "bbox": [9e307, 1, 1.7e308, 3]}, "finite"),
        ("uground", {"image": "a.png", "conversations": pointed("<image>")}, "row 1: text: string should have at lea"),
        ("uground", {"id": "x" * 1001, "image": "a.png", "conversations": pointed("x")}, ": id: string should have at"),
        ("video-qa", {"video": ["a.png", "b.png"], "question": "x", "answer": "y"}, "a video have one size"),
        ("video-qa", {"video": ["a.png"] * 2, "question": "x", "answer": "y", "fps": 1e-320}, "at_s: input should be"),
    ],
)
def test_a_bad_row_is_one_sentence_with_its_number(tmp_path: Path, name: str, row: object, reason: str) -> None:
    (tmp_path / "a.png").write_bytes(screen(1).to_png())
    (tmp_path / "b.png").write_bytes(screen(1, Size(40, 20)).to_png())
    path = tmp_path / "in.json"
    path.write_text(json.dumps([row]))
    with pytest.raises(UsageError) as caught:
        list(FORMATS[name].reads(Source.of(path, RecordFolder(tmp_path / "out"))))
    message = str(caught.value)
    assert reason in message
    assert message.startswith("in.json row 1")
    assert message.count("in.json") == 1
    assert "\n" not in message


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ("[]", "no tab"),
        ("a.png\t[{]", "the labels: invalid JSON"),
        ('a.png\t[{"transcription": "x", "points": [[1, 2]]}]', "0.points.1: field required"),
        ('c.png\t[{"transcription": "x", "points": [[1, 2], [3, 2], [3, 4], [1, 4]]}]', "no file 'c.png'"),
    ],
)
def test_bad_labels_are_one_sentence_with_their_number(tmp_path: Path, labels: str, reason: str) -> None:
    (tmp_path / "a.png").write_bytes(screen(1).to_png())
    (tmp_path / "in.txt").write_text(f"\n{labels}\n")
    with pytest.raises(UsageError, match=r"^in\.txt row 2\b") as caught:
        list(FORMATS["ocr"].reads(Source.of(tmp_path / "in.txt", RecordFolder(tmp_path / "out"))))
    assert reason in str(caught.value)


def test_a_text_that_is_no_unicode_is_told(tmp_path: Path) -> None:
    """JSON can hold half of a pair of surrogates."""
    path = tmp_path / "in.json"
    turns = [{"from": "human", "value": "What?"}, {"from": "gpt", "value": "A \ud800"}]
    path.write_text(json.dumps([{"id": "a", "conversations": turns}]))
    folder = RecordFolder(tmp_path / "out")
    with pytest.raises(UsageError, match="no Unicode"):
        folder.put(FORMATS["llava"].reads(Source.of(path, folder)))


def test_published_forms_are_read(tmp_path: Path) -> None:
    """Rows as the data sets have them, with fields that mean nothing here."""
    (tmp_path / "imgs").mkdir()
    (tmp_path / "imgs" / "a.png").write_bytes(screen(1).to_png())
    rows = {
        "showui": [
            {
                "img_url": "a.png",
                "img_size": [1000, 500],
                "element": [
                    {"instruction": "Bell", "bbox": [0.1, 0.1, 0.3, 0.3], "data_type": "text", "point": [0.2, 0.2]},
                    {"instruction": "Search", "point": [0.5, 0.5]},
                ],
                "element_size": 2,
            }
        ],
        "uground": [{"image": "a.png", "conversations": '[{"from": "human", "value": "<image>\\nBell"},'
                     '{"from": "gpt", "value": "(200, 100)"}]'}],
        "os-atlas": [{"img_filename": "a.png", "elements": [{"instruction": "Bell", "bbox": [0.1, 0.1, 0.3, 0.3]}]}],
        "bbox-2d": [{"image": "a.png", "conversations": [
            {"from": "human", "value": "<image>\nLocate all people."},
            {"from": "gpt", "value": '[{"point_2d": [346, 328], "label": "person"}, '
                                     '{"point_2d": [238, 158], "label": "person"}]'}]}],
        "llava": [{"image": "a.png", "conversations": [
            {"from": "human", "value": "<image>\nLocate them (with bbox).\n<ref>Home</ref>"},
            {"from": "gpt", "value": "<ref>Home</ref><box>[[20,100,40,200]]</box>\n"
                                     "<ref>Map</ref><box>(0,0),(10,20)</box>"}]}],
        "vqa": [{"question_id": 3, "image": "a.png", "question": "What?",
                 "answers": [{"answer": "a bell"}, {"answer": "bell"}, {"answer": "bell"}]}],
        "video-qa": [{"video": ["a.png", "a.png"], "question": "What?",
                      "candidates": ["cat", "bell"], "answer": "bell"}],
        "sharegpt": [{"images": ["a.png"], "messages": [{"role": "user", "content": "What is it?"},
                                                        {"role": "assistant", "content": "A bell."}]}],
    }  # fmt: skip
    folder = RecordFolder(tmp_path / "out")
    found: dict[str, list[Record]] = {}
    for name, held in rows.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(held))
        found[name] = list(FORMATS[name].reads(Source.of(path, folder)))
    bell, search = (record.messages[1].parts[0] for record in found["showui"])
    assert isinstance(bell, Named)
    assert isinstance(search, Named)
    assert bell.places == ((100, 50, 300, 150),)
    assert search.places == ((500, 250),)
    assert found["os-atlas"][0].messages[1].parts == (bell,)
    assert found["bbox-2d"][0].messages[1].parts == (
        Named(text="person", places=((346, 328),)),
        Named(text="person", places=((238, 158),)),
    )
    assert found["llava"][0].messages[1].parts == (
        Named(text="Home", places=((20, 50, 40, 100),)),
        Text(text="\n"),
        Named(text="Map", places=((0, 0, 10, 10),)),
    )
    assert found["uground"][0].messages[1].parts[0] == Named(text="Bell", places=((200, 50),))
    assert found["vqa"][0].messages[1] == Said(role="assistant", parts=(Text(text="bell"),), others=("a bell",))
    film = found["video-qa"][0].messages
    assert film[0].parts[1] == Text(text="What?\nOptions:\n(A) cat\n(B) bell")
    assert film[1].parts == (Text(text="(B) bell"),)
    assert found["sharegpt"][0].messages[0].parts == (Shown(picture=0), Text(text="What is it?"))
    assert len(list((tmp_path / "out" / "pictures").iterdir())) == 1


def test_parquet_files_of_the_hub_are_read(tmp_path: Path) -> None:
    """With pictures inside: ShowUI's rows, and UGround's conversations as a string."""
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    png = screen(1).to_png()
    turns = '[{"from": "human", "value": "<image>\\nBell"}, {"from": "gpt", "value": "(200, 100)"}]'
    rows = {
        "showui": {"image": {"bytes": png, "path": "x"}, "instruction": "Bell", "bbox": [0.1, 0.1, 0.3, 0.3]},
        "uground": {"image": png, "conversations": turns, "width": 1000, "height": 500},
    }
    for name, row in rows.items():
        path = tmp_path / f"{name}.parquet"
        parquet.write_table(arrow.Table.from_pylist([row]), path)
        (record,) = FORMATS[name].reads(Source.of(path, RecordFolder(tmp_path / "out")))
        named = record.messages[1].parts[0]
        assert isinstance(named, Named)
        assert named.shapes[0] == (Point(200, 50) if name == "uground" else Box(100, 50, 300, 150))


def test_calls_are_read_in_the_forms_of_the_chat_apis(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(screen(1).to_png())
    click = {"name": "computer_use", "arguments": '{"action": "left_click", "coordinate": [10, 20]}'}
    typed = {"name": "computer_use", "arguments": {"action": "type", "text": "x"}}
    messages = [
        {"role": "system", "content": "You act."},
        {"role": "user", "content": [{"type": "text", "text": "Ring."}, {"type": "image", "image": "a.png"}]},
        {"role": "assistant", "content": "So.", "tool_calls": [{"function": click}, {"function": typed}]},
        {"role": "tool", "content": "done"},
        {"role": "assistant", "content": "I do not know.", "weight": 0},
    ]
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"messages": messages}))
    (record,) = FORMATS["calls"].reads(Source.of(path, RecordFolder(tmp_path / "out")))
    assert record.trajectory is not None
    first, second = record.trajectory.steps
    assert first.actions == (Click(point=Point(10, 20)), TypeText(text="x"))
    assert (first.thought, first.worked) == ("So.", True)
    assert (second.raw, second.worked) == ("I do not know.", False)
    assert (first.learned, second.learned) == (True, False)
    assert record.trajectory.goal == "Ring."


def shown(role: str, *parts: str) -> dict[str, object]:
    """A message of texts and, by their names, pictures."""
    kinds = ("image" if part.endswith(".png") else "text" for part in parts)
    return {"role": role, "content": [{"type": kind, kind: part} for kind, part in zip(kinds, parts, strict=True)]}


def read_calls(path: Path, *chats: list[dict[str, object]]) -> tuple[list[Record], list[str]]:
    """The records of some chats, and why others are none."""
    for number, name in enumerate("abc"):
        (path / f"{name}.png").write_bytes(screen(number).to_png())
    (path / "in.jsonl").write_text("".join(json.dumps({"messages": chat}) + "\n" for chat in chats))
    source = Source.of(path / "in.jsonl", RecordFolder(path / "out"))
    return list(FORMATS["calls"].reads(source)), source.left_out


def test_a_picture_in_the_answer_of_a_tool_is_the_screen_of_what_follows(tmp_path: Path) -> None:
    """And of the answers to two calls the last one. Where the goal is said again, nothing is new."""
    chat = [
        shown("user", "Ring."),
        shown("user", "Be quick.", "a.png"),
        clicked(1, 2),
        shown("tool", "error: no", "b.png"),
        clicked(3, 4),
        shown("tool", "a.png"),
        shown("tool", "c.png"),
        shown("user", "Ring.\nBe quick."),
        clicked(5, 6),
        shown("tool", "a.png"),
    ]
    (record,), left_out = read_calls(tmp_path, chat)
    course = record.trajectory
    assert course is not None
    assert left_out == []
    assert course.goal == "Ring.\nBe quick."
    assert [record.pictures[step.saw.picture].frame for step in course.steps] == [screen(n).frame for n in range(3)]
    assert [(step.worked, step.error) for step in course.steps] == [(False, "no"), (True, None), (True, None)]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ([shown("user", "Now stop.", "b.png"), clicked(1, 2)], "message 2 has words of the user's behind the goal"),
        ([shown("user", "b.png", "c.png"), clicked(1, 2)], "message 2 shows a second picture for one act"),
        ([shown("tool", "b.png"), shown("user", "c.png")], "message 3 shows a second picture for one act"),
        ([shown("assistant", "b.png")], "message 2 is of the role assistant and shows a picture"),
    ],
)
def test_a_chat_that_a_trajectory_cannot_hold_is_left_out_and_told(
    tmp_path: Path, more: list[dict[str, object]], reason: str
) -> None:
    found, left_out = read_calls(tmp_path, [RING, clicked(1, 2), *more], [RING, clicked(1, 2)])
    assert len(found) == 1
    (told,) = left_out
    assert told.startswith(f"in.jsonl row 1: {reason}")


def test_pictures_are_kept_as_they_are(tmp_path: Path) -> None:
    """A JPEG stays the file that it was; the same pixels are one file."""
    from PIL import Image

    Image.fromarray(screen(9).pixels).save(tmp_path / "a.jpg")
    folder = RecordFolder(tmp_path / "out")
    first, again = folder.adopt(tmp_path / "a.jpg"), folder.adopt((tmp_path / "a.jpg").read_bytes())
    assert first == again
    assert first.file == f"pictures/{first.frame}.jpg"
    assert (tmp_path / "out" / first.file).read_bytes() == (tmp_path / "a.jpg").read_bytes()
    assert folder.load(first).frame == first.frame


def test_a_video_file_is_sampled_as_a_model_reads_it(tmp_path: Path) -> None:
    """Two frames a second, each a picture of the record with its time."""
    av = pytest.importorskip("av")
    with av.open(str(tmp_path / "bell.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=8)
        stream.width, stream.height = 224, 112
        for shade in range(0, 240, 10):  # three seconds
            picture = screen(shade, Size(224, 112)).pixels
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    path = tmp_path / "in.json"
    path.write_text(json.dumps([{"video": "bell.mp4", "question": "What?", "answer": "A bell."}]))
    folder = RecordFolder(tmp_path / "out")
    (record,) = FORMATS["video-qa"].reads(Source.of(path, folder))
    film = record.messages[0].parts[0]
    assert isinstance(film, Film)
    assert [frame.at_s for frame in film.frames] == [0, 0.5, 1, 1.5, 2, 2.5]
    shades = [folder.load(picture).pixels.mean() for picture in record.pictures]
    assert shades == sorted(shades)
    assert record.kind == "video"
