"""A small shop in a file, and the written tests run as their users run them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright.environments import find_browser

SHOP = """<!doctype html><title>Shop</title>
<style>body {margin: 0; font: 16px sans-serif; height: 1900px} button, input, select, label {height: 30px; margin: 0}
table {border-spacing: 0} td {height: 40px; width: 200px; padding: 0}
.at {position: absolute; left: 20px} .at input, .at select {position: absolute; left: 100px; width: 180px}</style>
<table><tr><td>Mug<td>4 €<td><button data-add=Mug>Add to cart</button>
<tr><td>Cap<td>9 €<td><button data-add=Cap>Add to cart</button></table>
<p class=at style="top: 90px">In the cart: <b id=cart>nothing</b></p>
<form id=f><label class=at style="top: 140px">Name <input id=n></label>
<label class=at style="top: 180px">Password <input id=p type=password></label>
<label class=at style="top: 220px">Size <select id=s><option>small<option>large</select></label>
<label class=at style="top: 260px">Gift <input id=g type=checkbox></label>
<button class=at style="top: 300px">Order</button></form>
<button id=end class=at style="top: 1800px">Imprint</button>
<script>
for (const one of document.querySelectorAll("[data-add]")) one.onclick = () => { cart.textContent = one.dataset.add; };
f.onsubmit = (event) => { event.preventDefault();
  cart.textContent = [n.value, p.value.length, s.value, g.checked, "ordered"].join(" "); };
end.onclick = () => { location.hash = "imprint"; };
</script>"""
DRIVER = """
from pathlib import Path
import pytest
from clickwright.testing import Ui
from playwright.sync_api import sync_playwright

@pytest.fixture
def page():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path={browser!r})
        yield browser.new_page()
        browser.close()

@pytest.fixture
def ui(page, request):
    path = Path(request.path).with_suffix(".ui") / f"{{request.node.name}}.yaml"
    with Ui(page, mode="replay", recording=path, deadline_s=3) as ui:
        yield ui
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.html"
    path.write_text(SHOP, "utf-8")
    return path


@pytest.fixture
def replayed(tmp_path: Path) -> Callable[[Path], str]:
    """What pytest prints of a written test that is replayed without a model, in a process of its own."""

    def run(test: Path) -> str:
        (tmp_path / "conftest.py").write_text(DRIVER.format(browser=str(find_browser())))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:playwright"]
        done = subprocess.run(
            [*command, "-c", "/dev/null", "--rootdir", str(tmp_path), str(test)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done.stdout + done.stderr

    return run
