"""The doctor's check of where a model points: clickwright/mini, and models behind a server that point amiss."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from clickwright import doctor
from clickwright.aim import VIEWS, Convention, Manner, Page, PointingModel, Target, Unit, draw_page
from clickwright.model import Conversation, Message, Picture
from clickwright.model.processor import Budget, resize_still
from clickwright.screen import Point, Screenshot, read_image
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from .conftest import Said
from .test_cli_runs import needs_mini

NAME = "Qwen/Qwen2-VL-7B-Instruct"
IN_FRACTIONS = Manner(convention=Convention(unit=Unit.FRACTIONS), decimals=4)


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With a browser that ends at once, so that the clicks, whose check takes long, are bad: exit code 4, but later."""
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\nexit 1\n")
    browser.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLICKWRIGHT_BROWSER", str(browser))


def sent(page: Page) -> Page:
    """A page as a server gets it: at the size at which it is read."""
    pixels = resize_still(page.screenshot.pixels, Budget())
    x, y = pixels.shape[1] / page.view.size.width, pixels.shape[0] / page.view.size.height
    targets = tuple(Target(description=each.description, box=each.box.scale(x, y)) for each in page.targets)
    return Page(view=page.view, screenshot=Screenshot(pixels=pixels), targets=targets)


@pytest.fixture
def serve(httpserver: HTTPServer) -> Callable[[Manner], str]:
    """A server whose model points in this manner; its URL."""

    def start(manner: Manner) -> str:
        model = PointingModel([sent(draw_page(view)) for view in VIEWS], manner)

        def answer(request: Request) -> Response:
            parts = json.loads(request.get_data())["messages"][-1]["content"]
            text = model.generate(Conversation(messages=(Message("user", tuple(map(part, parts))),))).text
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            return Response(json.dumps({"choices": [choice]}), content_type="application/json")

        httpserver.expect_request("/v1/chat/completions").respond_with_handler(answer)
        return httpserver.url_for("/v1")

    return start


def part(told: dict[str, object]) -> str | Picture:
    match told:
        case {"type": "text", "text": str(text)}:
            return text
        case {"image_url": {"url": str(url)}}:
            return Picture(read_image(base64.b64decode(url.partition(",")[2])).pixels)
        case _:
            raise AssertionError(told)


def findings(said: Said, *what: str) -> list[str]:
    """The lines about some things, without what they say."""
    rows = [line.split() for line in said.out.splitlines()]
    return [f"{row[0]} {row[1]}" for row in rows if row[1] in what]


@pytest.mark.slow
@needs_mini
def test_clickwright_mini_points_as_its_profile_reads(clickwright: Callable[..., Said], tmp_path: Path):
    said = clickwright("doctor", "--out", tmp_path / "aim")
    assert findings(said, "pointing", "coordinates") == ["ok pointing", "ok pointing", "ok coordinates"]
    assert "thousandths of a page of 1288 x 728, as the profile mini reads them" in said.out
    pictures = sorted((tmp_path / "aim").glob("*.png"))
    assert [path.name for path in pictures] == ["pointing-1288x728.png", "pointing-1610x910.png"]
    drawn, plain = read_image(pictures[0]), draw_page(VIEWS[0]).screenshot
    assert drawn.size == plain.size
    assert not np.array_equal(drawn.pixels, plain.pixels)


@pytest.mark.slow
def test_a_model_that_answers_otherwise_is_refused(clickwright: Callable[..., Said], serve: Callable[[Manner], str]):
    said = clickwright("doctor", "--model", NAME, "--base-url", serve(IN_FRACTIONS))
    assert said.code == 3
    assert findings(said, "pointing", "coordinates") == ["bad pointing", "bad pointing", "bad coordinates"]
    assert "the model answers in fractions; the profile instruct reads thousandths" in said.out


@pytest.mark.slow
def test_with_force_it_is_noted_only(clickwright: Callable[..., Said], serve: Callable[[Manner], str]):
    said = clickwright("doctor", "--model", NAME, "--base-url", serve(IN_FRACTIONS), "--force")
    assert said.code == 4  # the browser's
    assert findings(said, "pointing", "coordinates") == ["note pointing", "note pointing", "note coordinates"]
    assert "the model answers in fractions" in said.out


@pytest.mark.slow
def test_a_served_model_that_points_rightly_agrees(clickwright: Callable[..., Said], serve: Callable[[Manner], str]):
    said = clickwright("doctor", "--model", NAME, "--base-url", serve(Manner()))
    assert findings(said, "pointing", "coordinates") == ["ok pointing", "ok pointing", "ok coordinates"]
    assert said.out.count("9 of 9 targets hit") == 2


def test_an_offset_is_told(clickwright: Callable[..., Said], serve: Callable[[Manner], str]):
    said = clickwright("doctor", "--model", NAME, "--base-url", serve(Manner(offset=Point(20, 0))))
    assert said.code == 3
    assert "but the answers lie 20 px too far right" in said.out


def test_what_cannot_be_told_is_no_refusal(clickwright: Callable[..., Said], serve: Callable[[Manner], str]):
    said = clickwright("doctor", "--model", NAME, "--base-url", serve(Manner(says="I cannot help with that.")))
    assert findings(said, "pointing", "coordinates") == ["note pointing", "note pointing", "note coordinates"]
    assert said.code == 4  # the browser's


def test_a_folder_that_cannot_be_written(clickwright: Callable[..., Said], serve: Callable[[Manner], str]):
    Path("taken").write_text("a file")
    said = clickwright("doctor", "--model", NAME, "--base-url", serve(Manner()), "--out", "taken")
    assert said.code == 2
    assert "taken cannot be written" in said.out


def test_a_model_that_writes_no_places_is_not_measured(
    clickwright: Callable[..., Said], serve: Callable[[Manner], str]
):
    said = clickwright("doctor", "--model", NAME, "--base-url", serve(Manner()), "--profile", "marks")
    assert findings(said, "model", "pointing", "coordinates") == ["ok model", "note pointing"]
    assert "names what it means and writes no coordinates" in said.out


@pytest.mark.parametrize(
    ("is_there", "is_built", "said", "is_good"),
    [
        (False, False, "none that torch can use: models run on the CPU", None),
        (True, True, "NVIDIA H200, 151 GB", True),
        (True, False, "NVIDIA H200, 151 GB: without the engine's kernels", None),
    ],
)
def test_a_gpu_is_told_and_whether_the_kernels_can_be_used(monkeypatch, is_there, is_built, said, is_good):
    told = {"is_available": is_there, "current_device": 0, "mem_get_info": (0, 151e9), "get_device_name": "NVIDIA H200"}
    for name, value in told.items():
        monkeypatch.setattr(torch.cuda, name, lambda *_, value=value: value)
    monkeypatch.setattr("clickwright.model.kernels.are_built", lambda device: is_built)
    found = doctor._gpu()
    assert found.detail.startswith(said)
    assert found.is_good is is_good
