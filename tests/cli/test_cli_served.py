"""Commands with a model behind a server."""

import base64
import io
import json
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from clickwright.screen import Screenshot
from PIL import Image
from pytest_httpserver import HTTPServer

from .conftest import Said

NAME = "Qwen/Qwen2-VL-7B-Instruct"
BOX = "<|object_ref_start|>the button<|object_ref_end|><|box_start|>(100,200),(300,400)<|box_end|>"


@pytest.fixture(autouse=True)
def screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("screen.png").write_bytes(Screenshot(pixels=np.zeros((200, 100, 3), np.uint8)).to_png())


def test_ground_asks_the_server(clickwright: Callable[..., Said], httpserver: HTTPServer):
    choice = {"index": 0, "message": {"role": "assistant", "content": BOX}, "finish_reason": "stop"}
    httpserver.expect_request("/v1/chat/completions").respond_with_json({"choices": [choice]})
    url = httpserver.url_for("/v1")
    said = clickwright("ground", "screen.png", "the button", "--model", NAME, "--base-url", url)
    assert (said.code, said.err) == (0, "")
    assert "(10, 40) to (30, 80)" in said.out
    assert "not known" in said.out  # the server gave no probabilities
    assert json.loads(httpserver.log[0][0].get_data())["model"] == NAME


def test_what_is_told_of_its_loading_reaches_the_model(clickwright: Callable[..., Said], httpserver: HTTPServer):
    choice = {"index": 0, "message": {"role": "assistant", "content": BOX}, "finish_reason": "stop"}
    httpserver.expect_request("/v1/chat/completions").respond_with_json({"choices": [choice]})
    served = ("--model", NAME, "--base-url", httpserver.url_for("/v1"))
    loaded = [word for told in ("max_pixels=6272", "factor=14", "read_s=9") for word in ("--load", told)]
    assert clickwright("ground", "screen.png", "the button", *served, *loaded).code == 0
    content = json.loads(httpserver.log[0][0].get_data())["messages"][-1]["content"]
    url = next(part["image_url"]["url"] for part in content if part["type"] == "image_url")
    width, height = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).size
    assert (width % 14, height % 14) == (0, 0)
    assert width * height <= 6272


def test_a_server_that_is_not_there_is_the_models_fault(clickwright: Callable[..., Said]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    said = clickwright("ground", "screen.png", "the button", "--model", NAME, "--base-url", url)
    assert said.code == 3
    assert f"{url} cannot be reached" in said.complaint


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--model", NAME, "--backend", "openai"], "needs the base URL"),
        (["--model", NAME, "--base-url", "localhost:8000"], "written like http://"),
        (["--model", "mine", "--base-url", "http://127.0.0.1:9/v1"], "no profile is known"),
        (["--backend", "own", "--base-url", "http://127.0.0.1:9/v1"], "leave out the base URL"),
        (["--load", "read_s=9"], "the backend own waits for no server"),
        (["--load", "max_pixels=many"], "--load max_pixels wants a number, not 'many'"),
        (["--load", "pixels=9"], "one of min_pixels, max_pixels, dtype, select, factor, read_s, not 'pixels=9'"),
        (["--load", "dtype=int3"], "'int3' is not a precision"),
    ],
)
def test_options_that_cannot_be_meant(clickwright: Callable[..., Said], options: list[str], says: str):
    said = clickwright("ground", "screen.png", "the button", *options)
    assert said.code == 2
    assert says in said.complaint
