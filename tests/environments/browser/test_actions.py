"""Each action of the union has its effect on a real page, read back from the page itself."""

import typing
from pathlib import Path

import pytest
from clickwright.screen import Point
from clickwright.tools import (
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)

if typing.TYPE_CHECKING:
    from conftest import Open, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUTTON = "<button id=b style='position:absolute; left:40px; top:30px; width:120px; height:40px'>Go</button>"
FIELD = "<input id=f style='position:absolute; left:40px; top:30px; width:300px; height:30px'>"


async def test_clicks_carry_button_count_and_modifiers(show: "Open") -> None:
    page = await show(
        BUTTON + "<script>for (const kind of ['click', 'auxclick', 'dblclick', 'contextmenu']) b.addEventListener(kind,"
        "(e) => note(kind, e.button, e.detail, e.ctrlKey, e.shiftKey))</script>"
    )
    at = await page.center("#b")
    await page.step(Click(point=at))
    await page.step(Click(point=at, modifiers=("Control", "Shift")))
    assert await page.log() == ["click 0 1 false false", "click 0 1 true true"]
    await page.js("log.length = 0")
    await page.step(Click(point=at, count=2))
    await page.step(Click(point=at, count=3))
    clicks = [line for line in await page.log() if line.startswith("click")]
    assert [line.split()[2] for line in clicks] == ["1", "2", "1", "2", "3"]
    assert any(line.startswith("dblclick") for line in await page.log())
    await page.js("log.length = 0")
    await page.step(Click(point=at, button="right"))
    await page.step(Click(point=at, button="middle"))
    log = await page.log()
    assert "contextmenu 2 0 false false" in log
    assert "auxclick 1 1 false false" in log


async def test_long_press_and_hover(show: "Open") -> None:
    page = await show(
        BUTTON + "<script>let down; b.onmousedown = () => down = performance.now();"
        "b.onmouseup = () => note('held', performance.now() - down >= 390);"
        "b.onmouseenter = () => note('over')</script>"
    )
    at = await page.center("#b")
    await page.step(Hover(point=at))
    assert await page.log() == ["over"]
    await page.step(LongPress(point=at, duration_s=0.4))
    assert await page.log() == ["over", "held true"]


async def test_drag_follows_its_path_and_takes_its_time(show: "Open") -> None:
    page = await show(
        "<div id=d style='position:absolute; left:10px; top:10px; width:30px; height:30px; background:red'></div>"
        "<script>let held = null, seen = []; d.onmousedown = (e) => held = performance.now();"
        "onmousemove = (e) => { if (held !== null) { seen.push([e.clientX, e.clientY]);"
        "d.style.left = e.clientX - 15 + 'px'; d.style.top = e.clientY - 15 + 'px' } };"
        "onmouseup = (e) => { note(e.clientX, e.clientY, performance.now() - held >= 380, e.shiftKey);"
        "held = null }</script>"
    )
    path = (Point(25, 25), Point(400, 25), Point(400, 300))
    await page.step(Drag(path=path, duration_s=0.4, modifiers=("Shift",)))
    assert await page.log() == ["400 300 true true"]
    seen = await page.js("seen")
    assert [400, 25] in seen
    assert len(seen) >= 15
    assert (await page.box("#d")).center == Point(400, 300)


async def test_native_drag_and_drop(show: "Open") -> None:
    page = await show(
        "<div id=a draggable=true style='width:60px; height:60px; background:blue'>A</div>"
        "<div id=z style='position:absolute; left:300px; top:200px; width:100px; height:100px; background:#eee'></div>"
        "<script>a.ondragstart = (e) => e.dataTransfer.setData('text', 'A'); z.ondragover = (e) => e.preventDefault();"
        "z.ondrop = (e) => { e.preventDefault(); note('dropped', e.dataTransfer.getData('text')) }</script>"
    )
    await page.step(Drag(path=(Point(30, 30), Point(350, 250))))
    assert await page.log() == ["dropped A"]


async def test_the_wheel_turns_both_ways_where_the_pointer_is(show: "Open") -> None:
    page = await show(
        "<div style='width:5000px; height:5000px'></div>"
        "<div id=s style='position:fixed; left:50px; top:50px; width:200px; height:200px;"
        "overflow:scroll; background:#eee'><div style='width:900px; height:900px'></div></div>"
    )
    await page.step(Scroll(point=Point(700, 500), dx=150, dy=300))
    assert await page.js("[scrollX, scrollY]") == [150, 300]
    await page.step(Scroll(point=Point(700, 500), dy=-100))
    await page.step(Scroll(point=Point(100, 100), dx=40, dy=60))
    assert await page.js("[scrollX, scrollY, s.scrollLeft, s.scrollTop]") == [150, 200, 40, 60]


async def test_keys_are_held_while_the_wheel_turns(show: "Open") -> None:
    page = await show("<script>onwheel = (e) => note(e.deltaY, e.ctrlKey); onkeyup = (e) => note(e.key)</script>")
    await page.step(Scroll(point=Point(100, 100), dy=-120, modifiers=("Control",)))
    assert await page.log() == ["-120 true", "Control"]


@pytest.mark.parametrize(
    "text",
    ["plain <b>&\"'\\ ~^`", "中文，日本語。한국어", "é e\u0301 ñ ß", "😀👨‍👩‍👧‍👦🇳🇱", "x" * 5000 + "終"],
    ids=["ascii", "cjk", "accents", "emoji", "long"],
)
async def test_text_arrives_exactly(show: "Open", text: str) -> None:
    page = await show(FIELD)
    await page.step(Click(point=await page.center("#f")))
    after = await page.step(TypeText(text=text))
    assert after.error is None
    assert await page.js("f.value") == text


async def test_line_breaks_and_tabs_are_keys(show: "Open") -> None:
    page = await show(
        "<textarea id=t style='width:400px; height:200px'></textarea><form onsubmit='note(q.value); return false'>"
        "<input id=q><input id=r><button>Find</button></form>"
    )
    await page.step(Click(point=await page.center("#t")))
    await page.step(TypeText(text="one\r\ntwo\n" + "three " * 100))
    assert await page.js("t.value") == "one\ntwo\n" + "three " * 100
    await page.step(Click(point=await page.center("#q")))
    await page.step(TypeText(text="tea\n"))
    assert await page.log() == ["tea"]
    await page.step(TypeText(text="\tnext"))
    assert await page.js("r.value") == "next"


async def test_keys_have_their_w3c_names_and_chords_hold(show: "Open") -> None:
    page = await show(
        "<script>onkeydown = (e) => { e.preventDefault(); note(e.key, e.ctrlKey, e.shiftKey, e.altKey) }</script>"
    )
    await page.step(Press(keys=("Control", "Shift", "k")))
    await page.step(Press(keys=("Return",)))
    for key in ("esc", "PageDown", "up", "F5", "Space", "Backspace", "+", "<", "a", "A"):
        assert (await page.step(Press(keys=(key,)))).error is None
    log = await page.log()
    assert log[2] == "K true true false"
    plain = [line.rsplit(" ", 3)[0] for line in log[3:]]
    assert plain == ["Enter", "Escape", "PageDown", "ArrowUp", "F5", " ", "Backspace", "+", "<", "a", "A"]


async def test_select_all_and_delete_edit_text(show: "Open") -> None:
    page = await show(FIELD)
    await page.step(Click(point=await page.center("#f")))
    await page.step(TypeText(text="old"))
    await page.step(Press(keys=("ControlOrMeta", "a")))
    await page.step(TypeText(text="new"))
    await page.step(Press(keys=("é",)))
    assert await page.js("f.value") == "newé"
    await page.step(Press(keys=("Control", "a")))
    await page.step(Press(keys=("Delete",)))
    assert await page.js("f.value") == ""


async def test_keys_that_a_browser_lacks_are_refused(show: "Open") -> None:
    page = await show()
    assert (await page.step(Press(keys=("GoHome",)))).error == "a browser has no key GoHome"
    assert (await page.step(Press(keys=("AudioVolumeUp",)))).error == "a browser has no key AudioVolumeUp"
    assert (await page.step(Press(keys=("Control", "é")))).error == 'the keyboard of this browser has no "é"'
    await page.step(Click(point=Point(5, 5)))
    assert (await page.observe()).error is None


async def test_navigation_back_forward_and_reload(show: "Open", site: "Site") -> None:
    page = await show("first")
    second = site.put("second <script>sessionStorage.n = +(sessionStorage.n || 0) + 1</script>", "/second")
    seen = await page.step(Navigate(url=second))
    assert (seen.url, seen.title) == (second, "Page /second")
    await page.step(Reload())
    assert await page.js("sessionStorage.n") == "2"
    assert (await page.step(Back())).title == "Page /"
    assert (await page.step(Back())).error == "there is no page to go back to"
    assert (await page.step(Press(keys=("GoBack",)))).error == "there is no page to go back to"
    assert (await page.step(Forward())).title == "Page /second"
    assert (await page.step(Forward())).error == "there is no page to go forward to"


async def test_addresses_that_do_not_open_are_errors_of_the_action(show: "Open", site: "Site") -> None:
    page = await show("still here")
    wrong = {
        "http://127.0.0.1:9/": "cannot be reached: ",
        "http://nowhere.invalid/": "cannot be reached: ",
        "example": "is not a whole address, such as https://example.org",
        "javascript:document.title='x'": "a javascript: address is not a page",
    }
    for url, reason in wrong.items():
        assert reason in ((await page.step(Navigate(url=url))).error or "")
    assert (await page.step(Navigate(url=site.url()))).error is None
    assert await page.js("document.body.innerText") == "still here"


async def test_tabs_open_switch_and_close(show: "Open", site: "Site") -> None:
    page = await show("one")
    two = site.put("two", "/two")
    seen = await page.step(NewTab(url=two))
    assert [(tab.url, tab.active) for tab in seen.tabs] == [(site.url(), False), (two, True)]
    assert seen.tabs[0].title == "Page /"
    assert seen.events == ()
    assert (await page.step(SwitchTab(index=0))).url == site.url()
    assert (await page.step(SwitchTab(index=7))).error == "there is no tab 7; the last one is 1"
    seen = await page.step(CloseTab(index=1))
    assert (seen.url, len(seen.tabs)) == (site.url(), 1)
    assert (await page.step(CloseTab())).error == "the only tab cannot be closed"
    await page.step(NewTab())
    seen = await page.step(CloseTab())
    assert (seen.url, len(seen.tabs)) == (site.url(), 1)


LIST = (
    "<select id=s><option>Small</option><option label='Very large'>x</option>"
    "<option disabled>Sold out</option></select>"
)


async def test_native_lists_are_chosen_by_label(show: "Open") -> None:
    page = await show(f"<label id=l>Size </label>{LIST}<script>s.onchange = () => note(s.selectedIndex)</script>")
    at = await page.center("#s")
    assert (await page.step(SelectOption(point=at, label="Very large"))).error is None
    assert (await page.step(SelectOption(point=at, label=" SMALL "))).error is None
    assert await page.log() == ["1", "0"]
    error = (await page.step(SelectOption(point=at, label="Huge"))).error
    assert error == "the list has no option 'Huge'; it has 'Small', 'Very large', 'Sold out'"
    assert (await page.step(SelectOption(point=at, label="Sold out"))).error == "the option 'Sold out' is disabled"
    missed = await page.step(SelectOption(point=Point(900, 600), label="Small"))
    assert missed.error == "there is no native list at (900, 600); open it with a click instead"
    await page.js("s.disabled = true")
    assert "is disabled" in ((await page.step(SelectOption(point=at, label="Small"))).error or "")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same-origin", "cross-origin"])
async def test_native_lists_are_found_through_frames_and_shadow_roots(show: "Open", site: "Site", host: str) -> None:
    site.put(
        "<div id=h style='position:absolute; left:20px; top:30px'></div><script>"
        f"h.attachShadow({{mode: 'open'}}).innerHTML = `{LIST.replace('id=s', 'id=s style=width:200px')}`</script>",
        "/inner",
    )
    page = await show(
        f"<iframe src='{site.url('/inner', host)}' style='position:absolute; left:100px; top:60px; width:600px;"
        "height:300px; border:7px solid; padding:11px'></iframe>"
    )
    at = Point(100 + 7 + 11 + 20 + 50, 60 + 7 + 11 + 30 + 10)
    assert (await page.step(SelectOption(point=at, label="Very large"))).error is None
    inner = page.environment.window.active.page.frames[1]
    assert await inner.evaluate("h.shadowRoot.querySelector('select').selectedIndex") == 1


@pytest.mark.slow
async def test_files_are_given_to_inputs_labels_and_buttons(show: "Open", tmp_path: Path) -> None:
    file = tmp_path / "photo.txt"
    file.write_text("hello")
    page = await show(
        "<input id=i type=file><br><label id=l for=j>Photo</label><input id=j type=file hidden><br>"
        "<button id=b onclick='k.click()'>Attach</button><input id=k type=file hidden multiple><script>"
        "for (const one of [i, j, k]) one.onchange = () => one.files[0].text().then((t) => note(one.id, t))</script>"
    )
    for selector in ("#i", "#l", "#b"):
        seen = await page.step(Upload(point=await page.center(selector), paths=(str(file),)))
        assert (seen.error, seen.events) == (None, ())
    assert await page.log() == ["i hello", "j hello", "k hello"]
    at = await page.center("#i")
    assert (await page.step(Upload(point=at, paths=("/nothing/here",)))).error == "there is no file /nothing/here"
    assert "takes a file" in ((await page.step(Upload(point=Point(900, 600), paths=(str(file),)))).error or "")


async def test_a_click_on_a_file_input_says_what_to_do_instead(show: "Open") -> None:
    page = await show("<input id=i type=file>")
    seen = await page.step(Click(point=await page.center("#i")))
    assert seen.events == ("the page asks for a file: give it with an upload at that place",)


async def test_wait_ends_when_the_screen_changes(show: "Open") -> None:
    page = await show("<div id=d style='width:200px; height:200px'></div>")
    await page.js("setTimeout(() => { d.style.background = 'red'; window.at = performance.now() }, 300)")
    seen = await page.step(Wait(seconds=8))
    assert tuple(seen.screenshot.pixels[50, 50]) == (255, 0, 0)
    assert await page.js("performance.now() - at < 6000")
    before = await page.js("performance.now()")
    await page.step(Wait(seconds=0.4))
    assert await page.js("performance.now()") - before >= 390


async def test_what_is_not_for_the_screen_changes_nothing(show: "Open") -> None:
    page = await show(FIELD + "<script>onkeydown = onmousemove = onmousedown = (e) => note(e.type)</script>")
    already = await page.log()  # some browsers begin with the pointer in the corner, and say so
    for action in (CallTool(name="lookup"), Ask(question="Which?"), Finish(answer="42")):
        seen = await page.step(action)
        assert (seen.error, seen.screenshot.frame) == (None, page.first.screenshot.frame)
    assert await page.log() == already
    assert (await page.step(TypeText(secret="login"))).error == "there is no secret login"


async def test_pinch_enlarges_about_its_point_and_clicks_still_land(show: "Open") -> None:
    page = await show(
        "<div id=d style='position:absolute; left:300px; top:200px; width:40px; height:40px; background:#f00'></div>"
        "<script>onmousedown = (e) => note(e.clientX, e.clientY)</script>"
    )
    seen = await page.step(Pinch(point=Point(320, 220), factor=2))
    assert abs(await page.js("visualViewport.scale") - 2) < 0.1
    red = (seen.screenshot.pixels == (255, 0, 0)).all(axis=2).nonzero()
    middle = Point((red[1].min() + red[1].max() + 1) / 2, (red[0].min() + red[0].max() + 1) / 2)
    assert red[1].max() - red[1].min() > 70
    await page.step(Click(point=middle))
    x, y = map(float, (await page.log())[0].split())
    assert max(abs(x - 320), abs(y - 220)) <= 1


async def test_typing_fires_what_a_page_listens_to(show: "Open") -> None:
    page = await show(
        FIELD + "<script>for (const kind of ['keydown', 'keypress', 'beforeinput', 'input', 'keyup'])"
        "f.addEventListener(kind, (e) => note(kind, e.key || e.data))</script>"
    )
    await page.step(Click(point=await page.center("#f")))
    await page.step(TypeText(text="aB"))
    kinds = ("keydown", "keypress", "beforeinput", "input", "keyup")
    assert await page.log() == [f"{kind} {key}" for key in "aB" for kind in kinds]
    await page.js("log.length = 0")
    await page.step(TypeText(text="x" * 500 + "!"))
    assert (await page.log())[-1] == "keyup !"
    assert await page.js("f.value") == "aB" + "x" * 500 + "!"


async def test_text_is_selected_by_clicks_drags_and_shift(show: "Open") -> None:
    page = await show(
        "<p style='position:absolute; left:0; top:100px; margin:0; font:20px monospace'>red green blue</p>"
    )
    selected = "getSelection().toString().trim()"
    await page.step(Click(point=Point(70, 110), count=2))
    assert await page.js(selected) == "green"
    await page.step(Click(point=Point(70, 110), count=3))
    assert await page.js(selected) == "red green blue"
    await page.step(Click(point=Point(500, 400)))
    await page.step(Drag(path=(Point(2, 110), Point(60, 112), Point(117, 110))))
    assert await page.js(selected) == "red green"
    await page.step(Click(point=Point(500, 400)))
    await page.step(Click(point=Point(2, 110)))
    await page.step(Click(point=Point(117, 110), modifiers=("Shift",)))
    assert await page.js(selected) == "red green"


async def test_several_files_are_given_at_once(show: "Open", tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.txt", "two.txt")]
    for file in files:
        file.write_text(file.name)
    page = await show("<input id=i type=file multiple><br><input id=j type=file>")
    paths = tuple(map(str, files))
    assert (await page.step(Upload(point=await page.center("#i"), paths=paths))).error is None
    assert await page.js("[...i.files].map((one) => one.name)") == ["one.txt", "two.txt"]
    refused = await page.step(Upload(point=await page.center("#j"), paths=paths))
    assert "the file was not taken" in (refused.error or "")
