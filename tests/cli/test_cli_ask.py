"""Questions about pictures and videos on the command line: a real network of random weights, and a server."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from clickwright.agent.words import visible
from clickwright.model import read_video
from clickwright.policies import ask, load_policy
from clickwright.screen import Screenshot, read_image
from clickwright.screen.overlay import COLOURS
from pytest_httpserver import HTTPServer
from transformers import Qwen2VLConfig

from ..model.conftest import small_checkpoint, small_tokenizer_file  # noqa: F401  a fixture is found by its name
from ..model.served import Served, chunk, completion, streamed
from .conftest import Said

NAME = "Qwen/Qwen2-VL-7B-Instruct"
MARKED = (
    "<|object_ref_start|>A button<|object_ref_end|><|box_start|>(100,200),(500,400)<|box_end|> above"
    "<|object_ref_start|> a slanted \x1b[31msign<|object_ref_end|>"
    "<|quad_start|>(600,500),(900,550),(880,700),(580,650)<|quad_end|>"
)


def picture(level: int, width: int = 140, height: int = 112) -> bytes:
    return Screenshot(pixels=np.full((height, width, 3), level, np.uint8)).to_png()


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two pictures and a video of a second, in a folder where commands may write."""
    monkeypatch.chdir(tmp_path)
    Path("a.png").write_bytes(picture(40))
    Path("b.png").write_bytes(picture(200))
    with av.open("film.mp4", "w") as container:
        stream = container.add_stream("mpeg4", rate=8)
        stream.width, stream.height, stream.pix_fmt = 140, 112, "yuv420p"
        for n in range(8):
            frame = np.full((112, 140, 3), 20 + 20 * n, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


@pytest.fixture(scope="module")
def checkpoint(small_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """Random weights that know bytes and marks only."""
    tower = {"depth": 1, "embed_dim": 64, "num_heads": 4, "hidden_size": 64, "mlp_ratio": 2}
    return small_checkpoint(Qwen2VLConfig, tower, tmp_path_factory.mktemp("small"), small_tokenizer_file)


@pytest.fixture
def served(httpserver: HTTPServer) -> Served:
    return Served(httpserver)


def asked(served: Served) -> list[object]:
    """What the user's message held: the place of each picture as None, and the texts."""
    (message,) = served.bodies[0]["messages"]
    return [part.get("text") for part in message["content"]]


@pytest.mark.parametrize("files", [["a.png"], ["a.png", "b.png"], ["film.mp4"]])
def test_a_network_answers_about_what_it_is_shown(clickwright: Callable[..., Said], checkpoint: Path, files: list[str]):
    policy = load_policy(checkpoint, profile="instruct", device="cpu")
    shown = read_video(files[0]) if "film.mp4" in files else [read_image(file) for file in files]
    reply = ask(policy.model, policy.profile, "What is this?", shown, max_new_tokens=40)
    options = ["--model", checkpoint, "--profile", "instruct", "--device", "cpu", "--max-new-tokens", "40"]
    said = clickwright("ask", *files, "What is this?", *options)
    assert (said.code, said.out) == (0, f"{visible(reply.text)}\n")
    assert said.err == "cut off after 40 tokens; --max-new-tokens allows more\n"
    assert reply.text.strip()


def test_random_weights_name_no_places_and_what_they_wrote_is_printed(
    clickwright: Callable[..., Said],
    checkpoint: Path,
):
    options = ["--model", checkpoint, "--profile", "instruct", "--device", "cpu", "--max-new-tokens", "3"]
    said = clickwright("ask", "a.png", "--ground", *options)
    assert (said.code, "names no place" in said.complaint) == (3, True)
    assert said.out.strip()
    assert not Path("a-ask.png").exists()


def test_the_answer_of_a_server_is_harmless_in_a_terminal(clickwright: Callable[..., Said], served: Served):
    pieces = [chunk("Red \x1b[31m"), chunk("and\r\u202e blue."), chunk(None, finish="stop"), "[DONE]"]
    served.answers(streamed(pieces))
    said = clickwright("ask", "a.png", "b.png", "Which colours?", "--model", NAME, "--base-url", served.url)
    assert (said.code, said.err) == (0, "")
    assert said.out == "Red \\u001b[31mand\\u000d\\u202e blue.\n"
    assert asked(served) == [None, None, "Which colours?"]


def test_the_boxes_of_a_caption_are_printed_and_drawn(clickwright: Callable[..., Said], served: Served):
    Path("page.png").write_bytes(picture(90, 400, 300))
    served.answers(completion(MARKED))
    said = clickwright("ask", "page.png", "--ground", "--model", NAME, "--base-url", served.url)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "A button [1] above a slanted \\u001b[31msign [2]",
        "",
        "[1] A button  (40, 60) to (200, 120)",
        "[2] a slanted \\u001b[31msign  (240, 150), (360, 165), (352, 210), (232, 195)",
        "picture: page-ask.png",
    ]
    assert asked(served) == [None, "Generate the caption in English with grounding:"]
    drawn, before = read_image("page-ask.png"), read_image("page.png")
    assert drawn.size == before.size
    assert all((drawn.pixels == colour).all(axis=2).sum() > 100 for colour in COLOURS[:2])
    assert (drawn.pixels[70:110, 60:190] == 90).all()


def test_a_question_of_ones_own_and_a_place_for_the_picture(clickwright: Callable[..., Said], served: Served):
    served.answers(completion(MARKED))
    options = ["--ground", "--out", "drawn.png", "--model", NAME, "--base-url", served.url]
    said = clickwright("ask", "a.png", "Where are the signs?", *options)
    assert (said.code, said.err) == (0, "")
    assert asked(served)[-1] == "Where are the signs with grounding."
    assert said.out.splitlines()[-1] == "picture: drawn.png"
    assert Path("drawn.png").exists()


def test_places_that_cannot_be_read_are_told_behind_the_answer(clickwright: Callable[..., Said], served: Served):
    served.answers(completion("<|box_start|>(1,2,3)<|box_end|>", finish_reason="length"))
    said = clickwright("ask", "a.png", "--ground", "--model", NAME, "--base-url", served.url)
    assert said.code == 3
    assert said.out == "<|box_start|>(1,2,3)<|box_end|>\n"
    assert "cut off" in said.complaint


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name a picture or a video"),
        (["What is this?"], "no file stands before 'What is this?'"),
        (["What is this?" * 500], "no file stands before"),
        (["a.png"], "what you want to know of a.png"),
        (["a.png", "b.png"], "what you want to know of b.png"),
        (["a.png", " "], "what you want to know of a.png"),
        (["none.png", "What is this?"], "none.png does not exist"),
        (["notes.txt", "What is this?"], "notes.txt is not a picture"),
        (["film.mp4", "film.mp4", "What happens?"], "one video alone"),
        (["a.png", "film.mp4", "What happens?"], "film.mp4 is a video"),
        (["none.mp4", "What happens?"], "none.mp4 cannot be read as a video"),
        (["notes.mp4", "What happens?"], "notes.mp4 cannot be read as a video"),
        (["a.png", "b.png", "--ground"], "draws on one picture"),
        (["film.mp4", "--ground"], "draws on one picture"),
        (["none.png", "--ground"], "no file stands before 'none.png'"),
        (["a.png", "What is this?", "--out", "b.png"], "--out is for the picture that --ground draws"),
        (["film.mp4", "What happens?", "--base-url", "http://127.0.0.1:9/v1"], "shown pictures, not videos"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_sentence(
    clickwright: Callable[..., Said], arguments: list[str], says: str
):
    for name in ("notes.txt", "notes.mp4"):
        Path(name).write_text("Only words. " * 50)
    said = clickwright("ask", *arguments, "--model", NAME)
    assert (said.code, said.out) == (2, "")
    assert says in said.complaint


@pytest.mark.parametrize("options", [[], ["--ground"]])
def test_a_checkpoint_that_cannot_answer_names_one_that_can(clickwright: Callable[..., Said], options: list[str]):
    said = clickwright("ask", "a.png", "What is this?", *options)
    assert said.code == 2
    assert "clickwright/mini was not trained to" in said.complaint
    assert "instruct (Qwen/Qwen2-VL-2B-Instruct)" in said.complaint
