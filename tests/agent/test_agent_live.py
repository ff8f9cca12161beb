"""The page of a run that goes on: new steps appear, and only who knows the address sees anything."""

import http.client
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from clickwright.agent import Agent
from clickwright.agent.view import Live
from clickwright.environments import find_browser
from clickwright.errors import UsageError
from clickwright.policies import Decision, Turn
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Observation, Point
from clickwright.tools import Click, Finish
from playwright.sync_api import expect, sync_playwright

Make = Callable[..., Agent]
NEXT = Click(point=Point(60, 35))


class Waiting(ScriptedPolicy):
    """Decides when it is told to."""

    def __init__(self, script: list[object]) -> None:
        super().__init__(script)  # pyright: ignore[reportArgumentType]
        self.go = threading.Semaphore(0)

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        assert self.go.acquire(timeout=60)
        return super().act(observation, history)


def asked(url: str, place: str = "", *, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """What is answered at a place below the address; `Host` as given."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.putrequest(method, parts.path + place, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_a_browser_that_goes_away_is_no_word_in_the_terminal(
    make: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make([Finish()]).run()
    with Live(tmp_path / "run").beside() as url:
        visit = socket.create_connection((urlsplit(url).hostname or "", urlsplit(url).port or 0))
        visit.sendall(b"GET / HTTP/1.1\r\n")
        assert asked(url).status == 200  # by now it is read
        visit.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # so that it is reset
        visit.close()
        assert asked(url).status == 200
        time.sleep(0.1)
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_new_steps_appear_while_the_run_goes_on(make: Make, tmp_path: Path) -> None:
    policy = Waiting([NEXT, NEXT, [NEXT, Finish(answer="there")]])
    agent = make([], policy=policy)
    said: list[str] = []
    hosts: set[str] = set()
    with Live(tmp_path / "run").beside() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(url)
        expect(page.locator("h1")).to_have_text("A run that has not begun")
        running = threading.Thread(target=agent.run)
        running.start()
        for number in (1, 2, 3):
            policy.go.release()
            expect(page.locator(f"#step-{number}")).to_be_attached()
            expect(page.locator(".stop")).to_have_count(number)
        expect(page.locator(".verdict")).to_contain_text("Done")
        expect(page.locator(".answer")).to_contain_text("there")
        expect(page.locator("#nothing")).to_have_count(0)
        ids = page.locator(".step").evaluate_all("steps => steps.map(step => step.id)")
        assert ids == ["step-1", "step-2", "step-3", "step-last"]
        drawn = page.locator("#step-2 image, #step-2 .shot use").evaluate("image => image.getBBox().width")
        assert drawn == 320
        running.join(60)
        browser.close()
    assert said == []
    assert hosts == {urlsplit(url).netloc}


def test_only_who_knows_the_address_sees_anything(make: Make) -> None:
    result = make([[NEXT, Finish()]]).run()
    frame = f"frames/{result.steps[0].saw.frame}.png"
    with Live(result.run_dir).beside() as url:
        netloc, token = urlsplit(url).netloc, urlsplit(url).path.strip("/")
        assert len(token) >= 40
        assert [asked(url, place).status for place in ("", "state", frame)] == [200, 200, 200]
        root = f"http://{netloc}"
        for path in ("/", "", "/state", f"/{token[:-1]}/", f"/{token}x/", f"/{token}", "/favicon.ico"):
            assert asked(root, path).status == 404, path
        for place in ("run.json", "../run.json", "frames/../run.json", "frames/" + "0" * 64 + ".png", "frames/%2e%2e"):
            assert asked(url, place).status == 404, place
        port = urlsplit(url).port
        for host in (
            "evil.test",
            f"evil.test:{port}",
            "127.0.0.1",
            "127.0.0.1:1",
            f"[::1]:{port}",
            "",
        ):
            assert asked(url, Host=host).status == 403, host
        assert asked(url, Host=f"localhost:{port}").status == 200
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
            assert asked(url, method=method).status == 501, method
        for response in (asked(url), asked(url, "state", Origin="https://evil.test"), asked(root, "/")):
            assert response.getheader("Access-Control-Allow-Origin") is None
            assert response.getheader("Cross-Origin-Resource-Policy") == "same-origin"
            assert response.getheader("Referrer-Policy") == "no-referrer"
            assert response.getheader("Cache-Control") == "no-store"


def test_the_addresses_of_two_pages_have_nothing_in_common(tmp_path: Path) -> None:
    with Live(tmp_path).beside() as one, Live(tmp_path).beside() as other:
        assert urlsplit(one).path != urlsplit(other).path
        assert urlsplit(one).hostname == urlsplit(other).hostname == "127.0.0.1"
        assert asked(f"http://{urlsplit(one).netloc}", urlsplit(other).path).status == 404
        port = urlsplit(one).port
        assert port
        with pytest.raises(UsageError, match=f"port {port} of 127"):
            Live(tmp_path, port=port)


def test_the_state_changes_when_the_run_does(make: Make) -> None:
    agent = make([NEXT, NEXT, Finish()])
    live = Live(agent.run_dir)
    host, path = urlsplit(live.url).netloc, urlsplit(live.url).path
    seen = [json.loads(live.answer(host, f"{path}state").body)["version"]]
    agent.run(on_step=lambda step: seen.append(json.loads(live.answer(host, f"{path}state").body)["version"]))
    assert len(set(seen)) == len(seen) == 4
    assert b"Done" in live.answer(host, path).body
    with live.beside():
        pass
