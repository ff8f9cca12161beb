"""What a thing of a page is for, whose it is, whether it is seen, and whether it is what the picture showed."""

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from clickwright.environments import BrowserOptions, DownloadLimits
from clickwright.environments.browser.facts import OF_NOBODY
from clickwright.environments.environment import COUNTS_ELSE, SAYS_ELSE
from clickwright.screen import Point
from clickwright.tools import Click, Press, TypeText

if TYPE_CHECKING:
    from conftest import Open, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = "style='position:absolute; width:150px; height:40px; margin:0; border:0; top:20px; left:"
HERE = Click(point=Point(60, 40))
TYPE = TypeText(text="x")


async def test_a_button_tells_where_its_form_goes_whatever_the_fields_are_called(show: "Open", site: "Site") -> None:
    page = await show(
        f"<form action='/go?a=1' method=POST><input name=action {AT}10px'><button {AT}200px' role=link>Go</button>"
        f"<button formaction='//other.test/x' formmethod=get {AT}400px'>Other</button>"
        f"<button type=button {AT}600px'>Stay</button><input name=method value=get type=hidden></form>"
        f"<form method=dialog><button {AT}800px'>Close</button></form>"
    )
    expected = {
        20: (False, site.url("/go?a=1"), "post"),
        210: (True, site.url("/go?a=1"), "post"),
        410: (True, "http://other.test/x", "get"),
        610: (False, site.url("/go?a=1"), "post"),
        810: (False, "", ""),
    }
    for x, wanted in expected.items():
        facts = await page.environment.facts(Click(point=Point(x, 40)))
        assert (facts.submits, facts.form, facts.method) == wanted
        assert facts.sent_by == (wanted[1] and ("Other" if "other" in wanted[1] else "Go"))
        assert (facts.screen, facts.origin) == ("browser", site.url("")), facts


async def test_a_link_leads_where_it_leads_whatever_it_says_that_it_is(show: "Open", site: "Site") -> None:
    page = await show(
        f"<a role=button href='//evil.test/' {AT}10px'>Next</a><a download href='/a' {AT}200px'>File</a>"
        f"<svg {AT}400px'><a href='/svg'><rect width=150 height=40 /></a></svg>"
    )
    facts = [await page.environment.facts(Click(point=Point(x, 40))) for x in (20, 210, 410)]
    assert [(one.role, one.href, one.downloads) for one in facts[:2]] == [
        ("button", "http://evil.test/", False),
        ("link", site.url("/a"), True),
    ]
    assert facts[2].href == site.url("/svg")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_what_is_in_a_frame_is_of_the_origin_of_the_frame(show: "Open", site: "Site", host: str) -> None:
    """Of the same process or, where it is of another site, of its own; whatever the frame was first asked to show."""
    field = "<input type=password autofocus style='width:90px;height:30px'>"
    inner = f"<form action=/pay>{field}<button>Pay now</button></form>"
    site.put(inner, "/inner")
    site.redirects["/first"] = site.url("/inner", host)
    page = await show(
        "<div style='height:300px'></div><iframe src='/first' style='border:7px solid; padding:5px; width:400px;"
        "height:200px; margin:0'></iframe>"
    )
    button = await page.environment.facts(Click(point=Point(140, 330)))
    assert (button.name, button.submits, button.form) == ("Pay now", True, site.url("/pay", host))
    assert (button.url, button.origin) == (site.url("/inner", host), site.url("", host))
    await page.environment.step(Click(point=Point(40, 330)))
    field = await page.environment.facts(TYPE)
    assert (field.input_type, field.url, field.origin) == ("password", site.url("/inner", host), site.url("", host))
    assert field.visible is True
    await page.js("document.querySelector('iframe').style.opacity = '0.01'")
    assert (await page.environment.facts(TYPE)).visible is False


async def test_a_sandboxed_frame_is_of_no_origin(show: "Open", site: "Site") -> None:
    page = await show(
        f"<iframe sandbox srcdoc='<body style=margin:0><button {AT.replace(chr(39), '')}0px;'>Go' {AT}10px'>"
    )
    facts = await page.environment.facts(HERE)
    assert (facts.origin, facts.url) == ("", site.url())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("kind", ["srcdoc", "data", "blob", "blank", "sandbox"])
async def test_what_a_frame_writes_is_of_its_origin(show: "Open", site: "Site", host: str, kind: str) -> None:
    inner = "<body style=margin:0><input autofocus style=width:150px;height:40px>"
    writes = {
        "srcdoc": f"f.srcdoc = `{inner}`",
        "data": f"f.src = `data:text/html,{inner}`",
        "blob": f"f.src = URL.createObjectURL(new Blob([`{inner}`], {{type: 'text/html'}}))",
        "blank": f"setTimeout(() => {{ f.contentDocument.body.outerHTML = `{inner}` }})",
        "sandbox": f"f.sandbox = ''; f.srcdoc = `{inner}`",
    }
    frame = f"<body style=margin:0><script>const f = document.createElement('iframe'); {writes[kind]};"
    site.put(f"{frame} f.style = 'border:0'; document.body.append(f)</script>", "/frame")
    page = await show(f"<iframe src='{site.url('/frame', host)}' {AT}10px'></iframe>")
    place = await page.environment.facts(HERE)
    await page.environment.step(HERE)
    typed = await page.environment.facts(TYPE)
    is_opaque = kind in ("data", "sandbox")
    whose = site.url("/") if host == "127.0.0.1" else OF_NOBODY if is_opaque else site.url("/", host)
    assert (place.role, typed.role) == ("textbox", "textbox")
    assert (place.url, typed.url) == (whose, whose)
    assert place.origin == typed.origin == ("" if is_opaque else site.url("", host))


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        ("", True),
        ("opacity:0", False),
        ("opacity:0.1", False),
        ("filter:opacity(0)", False),
        ("visibility:hidden", None),
        ("width:2px", False),
        ("transform:scale(0.01)", False),
        ("left:-500px", False),
        ("clip-path:inset(50%)", False),
        ("z-index:-1", False),
    ],
)
async def test_a_field_that_nobody_sees_is_known(show: "Open", site: "Site", style: str, seen: bool | None) -> None:
    page = await show(
        f"<div style='position:absolute; inset:0; background:#fff'></div><div style='opacity:1'>"
        f"<input id=f type=password {AT}10px'></div><div style='position:absolute; inset:50% 0 0 0'></div>"
    )
    await page.js(f"f.focus({{preventScroll: true}}); f.style.cssText += '{';' + style}'")
    facts = await page.environment.facts(TYPE)
    lost = seen is None and (facts.visible is False or facts.input_type == "")  # it loses the focus with the next frame
    assert facts.visible is seen or lost


CHANGES = {
    "another thing lies there": (
        "b.insertAdjacentHTML('afterend', b.outerHTML.replace('Send', 'Pay now'))",
        "come there",
    ),
    "it moved": ("c.style.left = '10px'; b.style.left = '700px'", "moved there"),
    "it says something else": ("b.textContent = 'Pay now'", "says or does something else"),
    "it leads elsewhere": ("a.href = 'https://evil.test/'", "says or does something else"),
    "what lay over it is gone": ("o.remove()", "lay over it"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changed_since_the_picture_is_told(show: "Open", site: "Site", change: str) -> None:
    script, told = CHANGES[change]
    points = {"it leads elsewhere": 210, "what lay over it is gone": 610}
    page = await show(
        f"<button id=b {AT}10px'>Send</button><a id=a href='/next' {AT}200px'>Next</a>"
        f"<button id=c {AT}400px'>Pay</button><button {AT}600px'>Delete</button>"
        f"<div id=o {AT}600px;background:#eee'>Kittens</div>"
    )
    click = Click(point=Point(points.get(change, 20), 40))
    await page.environment.observe()
    assert (await page.environment.facts(click)).changed == "" or change == "what lay over it is gone"
    await page.js(script)
    assert told in (await page.environment.facts(click)).changed
    await page.environment.observe()
    assert (await page.environment.facts(click)).changed == ""


INNER_CHANGES = {
    "another thing lies there": ("b.insertAdjacentHTML('afterend', b.outerHTML)", "come there"),
    "it moved": ("c.style.left = '10px'; b.style.left = '300px'", "moved there"),
    "it says something else": ("b.textContent = 'Pay now'", "says or does something else"),
    "another page comes": ("location = '/two'", "another page has come"),
}
INNER = f"<button id=b {AT}10px'>Send</button><button id=c {AT}200px'>Pay</button>"
FRAME = "style='position:absolute; border:0; left:40px; top:100px; width:600px; height:200px'"
IN_FRAME = Click(point=Point(70, 140))
HOSTS = pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same", "other"])
"""A frame of the same process, and one of another."""


@HOSTS
@pytest.mark.parametrize("change", INNER_CHANGES)
async def test_what_changed_in_a_frame_is_told(show: "Open", site: "Site", change: str, host: str) -> None:
    script, told = INNER_CHANGES[change]
    site.put(f"{INNER}<script>onmessage = () => {{ {script} }}</script>", "/inner")
    site.put(INNER, "/two")
    page = await show(f"<iframe id=i src='{site.url('/inner', host)}' {FRAME}></iframe>")
    facts = page.environment.facts
    assert ((await facts(IN_FRAME)).name, (await facts(IN_FRAME)).changed) == ("Send", "")
    await page.js("i.contentWindow.postMessage('now', '*')")
    await asyncio.sleep(0.3 if "page" in change else 0.05)
    assert told in (await facts(IN_FRAME)).changed
    await page.environment.observe()
    assert (await facts(IN_FRAME)).changed == ""


@HOSTS
async def test_a_frame_that_moves_takes_along_what_is_in_it(show: "Open", site: "Site", host: str) -> None:
    """What lies there now is what it was, in the frame; on the page it is another thing."""
    site.put(INNER, "/inner")
    page = await show(f"<iframe id=i src='{site.url('/inner', host)}' {FRAME}></iframe>")
    await page.js("i.style.left = '-150px'")
    facts = await page.environment.facts(IN_FRAME)
    assert (facts.name, "moved there" in facts.changed) == ("Pay", True)


@HOSTS
async def test_a_focus_that_moves_in_a_frame_is_told(show: "Open", site: "Site", host: str) -> None:
    site.put(f"<input id=f {AT}10px'><input id=g {AT}200px'><script>onmessage = () => g.focus()</script>", "/inner")
    page = await show(f"<iframe id=i src='{site.url('/inner', host)}' {FRAME}></iframe>")
    await page.environment.step(IN_FRAME)
    assert (await page.environment.facts(TYPE)).changed == ""
    await page.js("i.contentWindow.postMessage('now', '*')")
    await asyncio.sleep(0.05)
    assert "the focus has moved" in (await page.environment.facts(TYPE)).changed


async def test_a_frame_that_came_since_the_picture_is_told(show: "Open", site: "Site") -> None:
    site.put(INNER, "/inner")
    page = await show()
    await page.js(f'document.body.innerHTML = "<iframe src=/inner {FRAME}></iframe>"; 0')
    await asyncio.sleep(0.3)
    assert (await page.environment.facts(IN_FRAME)).changed


SHADOW = (
    "<x-a></x-a><script>customElements.define('x-a', class extends HTMLElement { constructor() { super();"
    "window.root = this.attachShadow({mode: 'MODE'}); root.innerHTML = `INNER` } })</script>"
)


@pytest.mark.parametrize("change", ["it moved", "it says something else", "another thing lies there"])
async def test_what_changed_in_a_shadow_root_is_told(show: "Open", site: "Site", change: str) -> None:
    script, told = INNER_CHANGES[change]
    page = await show(SHADOW.replace("INNER", INNER).replace("MODE", "open"))
    assert ((await page.environment.facts(HERE)).name, (await page.environment.facts(HERE)).changed) == ("Send", "")
    await page.js(f"{{ const [b, c] = root.querySelectorAll('button'); {script} }}")
    assert told in (await page.environment.facts(HERE)).changed
    await page.environment.observe()
    assert (await page.environment.facts(HERE)).changed == ""


async def test_a_closed_shadow_root_is_judged_as_it_is(show: "Open", site: "Site") -> None:
    page = await show(SHADOW.replace("INNER", INNER).replace("MODE", "closed"))
    await page.js("root.querySelector('button').textContent = 'Pay now'")
    facts = await page.environment.facts(HERE)
    assert (facts.name, facts.changed) == ("Pay now", "")


async def test_what_only_moves_within_its_place_has_not_changed(show: "Open", site: "Site") -> None:
    page = await show(f"<button id=b {AT}10px'>Send</button><div id=t {AT}300px'></div>")
    await page.environment.observe()
    await page.js("b.style.left = '14px'; b.style.background = 'red'; t.textContent = 'x'")
    assert (await page.environment.facts(HERE)).changed == ""


async def test_other_numbers_are_told_apart_from_other_words(show: "Open", site: "Site") -> None:
    page = await show(f"<button id=b {AT}10px'>Transfer 10 EUR</button>")
    await page.environment.observe()
    await page.js("b.textContent = 'Transfer 9999 EUR'")
    assert (await page.environment.facts(HERE)).changed == COUNTS_ELSE


@pytest.mark.parametrize(
    "script", ["b.setAttribute('onclick', 'pay()')", "f.action = '/pay'", "a.href = '/buy?item=2'"]
)
async def test_what_it_does_is_compared_too(show: "Open", site: "Site", script: str) -> None:
    page = await show(
        f"<form id=f action=/save><button id=b type=button onclick='save()' {AT}10px'>Go</button></form>"
        f"<a id=a href='/buy?item=1' {AT}400px'>Buy</a>"
    )
    await page.environment.observe()
    await page.js(script)
    click = Click(point=Point(410, 40)) if script.startswith("a.") else HERE
    assert (await page.environment.facts(click)).changed == SAYS_ELSE


async def test_a_focus_that_moves_by_itself_is_told(show: "Open", site: "Site") -> None:
    page = await show(f"<input id=f {AT}10px'><input id=g {AT}200px'>")
    await page.environment.step(HERE)
    assert (await page.environment.facts(TYPE)).changed == ""
    await page.js("g.focus()")
    for action in (TYPE, Press(keys=("Enter",))):
        assert "the focus has moved" in (await page.environment.facts(action)).changed


async def test_a_page_that_loads_itself_anew_is_another(show: "Open", site: "Site") -> None:
    page = await show(f"<button {AT}10px'>Send</button>")
    await page.environment.window.active.page.reload()
    assert "another page" in (await page.environment.facts(HERE)).changed


async def test_the_rules_narrow_the_downloads_of_a_browser_and_never_widen_them() -> None:
    options = BrowserOptions(max_downloads=3, max_download_bytes=100)
    fewer = options.limited(DownloadLimits(most=2, most_bytes=50))
    assert fewer == BrowserOptions(max_downloads=2, max_download_bytes=50)
    assert options.limited(DownloadLimits(most=9, most_bytes=900)) == options.limited(DownloadLimits()) == options


@pytest.mark.slow
async def test_a_frame_that_hangs_holds_up_nobody_else(show: "Open", site: "Site") -> None:
    """And counts as what it shows, not as the page around it."""
    hangs = "<button onclick='for (;;);' style='width:300px;height:100px'>Go</button>"
    site.put(hangs, "/inner")
    url = site.url("/inner", "localhost")
    page = await show(
        f"<input type=password {AT}10px'><iframe src='{url}' style='border:0; position:absolute; top:100px; left:0;"
        "width:300px; height:100px'></iframe>"
    )
    frame = page.environment.window.active.page.frames[1]
    going = asyncio.ensure_future(frame.evaluate("for (;;);"))
    await asyncio.sleep(0.3)
    began = time.monotonic()
    page.environment.deadline_s = 5.0
    facts = await page.environment.facts(Click(point=Point(100, 150)))
    assert (facts.url, facts.origin) == (url, "")
    assert (await page.environment.facts(HERE)).input_type == "password"
    await page.environment.conceal()
    boxes = await page.environment.sensitive_boxes()
    assert sorted((box.x1, box.y1, box.width, box.height) for box in boxes)[0] == (0, 100, 300, 100)
    assert time.monotonic() - began < 10
    going.cancel()
