"""Lessons from files, and what is told of files that hold none."""

import json
from pathlib import Path

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.model import Picture
from clickwright.policies.profiles import find_profile
from clickwright.screen import Screenshot, write_image
from clickwright.training.tuning.data import lessons_in

MINI = find_profile("clickwright/mini")


def write(folder: Path, *lines: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "lessons.jsonl").write_text("\n".join(written))
    write_image(folder / "page.png", Screenshot(pixels=np.full((28, 56, 3), 9, np.uint8)))
    return folder


def said(*contents: str, images: list[str] | None = None) -> dict[str, object]:
    roles = ("user", "assistant") * len(contents)
    messages = [{"role": role, "content": content} for role, content in zip(roles, contents, strict=False)]
    return {"messages": messages} | ({"images": images} if images else {})


def test_pictures_stand_where_they_are_named_or_first(tmp_path):
    folder = write(
        tmp_path, said("See <image> there", "Yes", images=["page.png"]), "", said("Go", "No", images=["page.png"])
    )
    first, second = lessons_in(folder, MINI)
    assert [type(part) for part in first.messages[0].parts] == [str, Picture, str]
    assert first.messages[0].parts[1].pixels.shape == (28, 56, 3)
    assert [type(part) for part in second.messages[0].parts] == [Picture, str]
    assert (first.name, second.name) == ("lessons.jsonl:1", "lessons.jsonl:3")
    assert second.messages[1].parts == ("No",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "lessons.jsonl:1 is no lesson"),
        ({"messages": [], "more": 1}, "more: Extra inputs"),
        ({"messages": [{"role": "tool", "content": ""}]}, "messages.0.role"),
        (said("<image><image>", "Yes", images=["page.png"]), "1 more <image> than images"),
        (said("Go", "Yes", images=["../secret.png"]), "lies outside its folder"),
        (said("Go", "Yes", images=["nowhere.png"]), "nowhere.png does not exist"),
        ("", "its files are empty"),
    ],
)
def test_what_is_no_lesson_is_told(tmp_path, line, words):
    with pytest.raises(UsageError, match=words):
        list(lessons_in(write(tmp_path, line), MINI))


def test_a_folder_without_lessons_is_told(tmp_path):
    with pytest.raises(UsageError, match=r"there is no file \*\.jsonl"):
        lessons_in(tmp_path, MINI)
