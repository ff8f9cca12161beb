"""What goes wrong with browsers: each is made to happen, and what was told of it is read."""

import os
import signal
from collections.abc import Awaitable, Callable

import psutil

from ...screen import Point
from ...tools import Action, Click, CloseTab, Drag, Navigate, NewTab, Scroll, TypeText
from .scene import GO, Scene

HANG = "for (;;);"


async def page_crashes(scene: Scene) -> str:
    crashed = await scene.survive(Navigate(url="chrome://crash"), "^the page crashed")
    for process in scene.processes("--type=renderer"):
        process.kill()
    return f"{crashed}; killed: {await scene.stay()}"


async def browser_is_killed(scene: Scene) -> str:
    await scene.js("document.cookie = 'token=abc'; localStorage.token = 'def'")
    await scene.survive(NewTab(url=scene.site.put("two", "/two")))
    os.kill(scene.browser, signal.SIGKILL)
    told = await scene.stay(GO)
    kept = await scene.js("[document.cookie, localStorage.token].join()")
    if "token=abc" not in str(kept) or "def" not in str(kept) or len(scene.seen.tabs) != 2:
        raise AssertionError(f"of cookies and local storage came back {kept!r}")
    return told


async def click_never_ends(scene: Scene) -> str:
    await scene.visit(f"<script>b.onclick = () => {{ {HANG} }}</script>")
    return await scene.survive(GO, "did not answer")


async def page_never_loads(scene: Scene) -> str:
    bad = scene.site.put(f"<script>{HANG}</script>")
    return await scene.survive(Navigate(url=bad), "did not answer")


async def frame_never_ends(scene: Scene) -> str:
    scene.site.put("a frame", "/frame")
    told: list[str] = []
    for host, what in (("127.0.0.1", "did not answer"), ("localhost", "")):  # only the first is in the page's process
        frame = f"<div style='margin-top:80px'><iframe src='{scene.site.url('/frame', host=host)}'></iframe></div>"
        await scene.survive(Navigate(url=scene.site.put(frame)))
        inner = scene.environment.window.active.page.frames[1]
        await inner.evaluate(f"() => {{ setTimeout(() => {{ {HANG} }}) }}")
        told.append(await scene.survive(GO, what))
    return " / ".join(told)


async def server_never_answers(scene: Scene) -> str:
    return await scene.survive(Navigate(url=scene.site.url("/never")), "did not answer within")


async def nobody_is_there(scene: Scene) -> str:
    refused = await scene.survive(Navigate(url=scene.site.nowhere), "the connection was refused")
    return f"{refused}; {await scene.survive(Navigate(url='http://nowhere.invalid/'), 'its name is not known')}"


async def connection_is_reset(scene: Scene) -> str:
    return await scene.survive(Navigate(url=scene.site.url("/reset")), "came only in part: the connection broke off")


async def body_drips(scene: Scene) -> str:
    return await scene.survive(Navigate(url=scene.site.url("/drip")))


async def certificate_is_unknown(scene: Scene) -> str:
    return await scene.survive(Navigate(url=scene.site.secure), "cannot be reached: .*cert")


async def redirects_never_end(scene: Scene) -> str:
    return await scene.survive(Navigate(url=scene.site.url("/loop")), "redirects in a circle")


async def download_never_ends(scene: Scene) -> str:
    await scene.visit("<script>b.onclick = () => location.href = '/endless'</script>")
    return await scene.survive(GO)


async def dialogs_never_end(scene: Scene) -> str:
    await scene.visit("<script>b.onclick = () => setInterval(() => alert('again'), 1)</script>")
    await scene.survive(GO, "a dialog .alert. said 'again'")
    await scene.survive(
        Navigate(url=scene.site.put("<script>b.onclick = () => { for (;;) confirm('more'); }</script>"))
    )
    return await scene.survive(GO, "did not answer")


async def page_does_not_let_go(scene: Scene) -> str:
    await scene.visit("<script>onbeforeunload = (e) => { e.preventDefault(); return e.returnValue = 'no'; }</script>")
    await scene.survive(GO)
    return await scene.survive(Navigate(url=scene.site.url()), "beforeunload")


async def windows_never_end(scene: Scene) -> str:
    scene.environment.deadline_s = 10.0
    await scene.visit("<script>b.onclick = () => { for (let n = 0; n < 60; n++) open('/'); }</script>")
    await scene.survive(GO, "tab")
    return f"{len(scene.seen.tabs)} tabs are open"


async def page_closes_itself(scene: Scene) -> str:
    scene.site.put("<script>b.onclick = () => close()</script>", "/opened")
    await scene.visit("<script>b.onclick = () => open('/opened')</script>")  # only what a page opened, a page may close
    await scene.survive(GO, "new tab")
    await scene.survive(CloseTab(index=0))
    return await scene.survive(GO, "the last tab is gone")


async def address_never_rests(scene: Scene) -> str:
    pushes = "setInterval(() => { for (let n = 0; n < 50; n++) history.pushState({}, '', '?' + Math.random()); }, 1)"
    return await scene.survive(Navigate(url=scene.site.put(f"<script>{pushes}</script>")))


async def page_is_huge_and_moves(scene: Scene) -> str:
    scene.environment.deadline_s = 10.0  # it is slow, but not hung
    await scene.visit("""<style>@keyframes turn { to { transform: rotate(1turn) } }
      i:nth-child(500n) { display: inline-block; animation: turn 1s infinite }</style><script>
      for (let n = 0; n < 100000; n++) document.body.append(document.createElement("i"));
      for (const one of document.querySelectorAll("i")) one.textContent = "x";
      (function move() { b.style.width = 200 + Math.random() + "px"; requestAnimationFrame(move); })()</script>""")
    return "shown"


async def page_asks_outside_of_itself(scene: Scene) -> str:
    await scene.visit("""<input type=file id=f hidden><script>b.onclick = () => { f.click(); print();
      navigator.geolocation.getCurrentPosition(() => {}); Notification.requestPermission();
      navigator.mediaDevices?.getUserMedia({video: true}).catch(() => {}); }</script>""")
    return await scene.survive(GO, "the page asks for a file")


async def disk_is_full(scene: Scene) -> str:
    await scene.visit("<script>b.onclick = () => location.href = '/large'</script>")
    return await scene.survive(GO, "was not downloaded")


async def browser_is_stopped(scene: Scene) -> str:
    os.kill(scene.browser, signal.SIGSTOP)
    return await scene.stay(GO)


async def helpers_are_killed(scene: Scene) -> str:
    told: list[str] = []
    for kind in ("--type=gpu-process", "network.mojom", "storage.mojom"):
        for process in scene.processes(kind):
            process.kill()
        told.append(await scene.survive(Navigate(url=scene.site.url())))
    return " / ".join(told)


async def driver_is_killed(scene: Scene) -> str:
    above = psutil.Process(scene.browser).parents()  # a browser's own script may stand between
    driver = next((process for process in above if process.ppid() == os.getpid()), None)
    if driver is None:
        raise AssertionError("nothing that was started here runs the browser")
    driver.kill()
    return await scene.stay(GO)


async def numbers_are_absurd(scene: Scene) -> str:
    start = Point(100, 30)
    absurd: tuple[Action, ...] = (
        Click(point=Point(1e308, 1)),
        Click(point=Point(-5, 5)),
        Scroll(point=Point(5, 1e9), dy=1),
        Drag(path=(start, Point(1e308, 1e308))),
    )
    for action in absurd:
        await scene.survive(action, "screen")
    for action in (Scroll(point=start, dx=1e5, dy=-1e5), GO, TypeText(text="x" * 100_000)):
        await scene.survive(action)
    return "refused or done"


OF_BROWSERS: tuple[tuple[str, Callable[[Scene], Awaitable[str]]], ...] = (
    ("The page crashes, and its process is killed.", page_crashes),
    ("The browser is killed, with two tabs, a cookie and local storage.", browser_is_killed),
    ("A click starts a script that never ends.", click_never_ends),
    ("The server takes the connection and never answers.", server_never_answers),
    ("Dialogs open one after another without end.", dialogs_never_end),
    ("A page runs an endless script as it loads.", page_never_loads),
    ("A frame of the same and of another site runs an endless script.", frame_never_ends),
    ("Nobody listens at the address, or its name is not known.", nobody_is_there),
    ("The connection is reset in the middle of the page.", connection_is_reset),
    ("The page comes at one byte a second.", body_drips),
    ("The certificate is from nobody that is known.", certificate_is_unknown),
    ("Redirects lead to redirects without end.", redirects_never_end),
    ("A download never ends.", download_never_ends),
    ("The page asks not to be left.", page_does_not_let_go),
    ("A click opens sixty windows.", windows_never_end),
    ("The only tab closes itself.", page_closes_itself),
    ("The address changes 50,000 times a second.", address_never_rests),
    ("A page of 100,000 things never stops moving.", page_is_huge_and_moves),
    ("A click asks for a file, a printer, a place, a camera and notices at once.", page_asks_outside_of_itself),
    ("The folder for downloads has no room.", disk_is_full),
    ("The browser is stopped, so that it lives but does not answer.", browser_is_stopped),
    ("The browser's processes for pictures, network and storage are killed.", helpers_are_killed),
    ("Playwright's driver is killed.", driver_is_killed),
    ("An action has places and amounts that no screen has.", numbers_are_absurd),
)
"""Each in one sentence, and how it is made to happen."""
