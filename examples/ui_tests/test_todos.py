"""TodoMVC, an application that others wrote."""

import pytest
from clickwright.testing import Ui
from playwright.sync_api import Page


@pytest.fixture(autouse=True)
def _opened(page: Page, todos: str) -> None:
    page.goto(todos)


def test_todos_are_written_down_and_ticked_off(ui: Ui) -> None:
    for thing in ("buy milk", "call Ada"):
        ui.fill("What needs to be done?", thing)
        ui.press("Enter")
    ui.check("'2 items left' is visible")
    ui.tap("#todo-list li:has-text('buy milk') .toggle", description="the circle beside 'buy milk'")
    ui.check("'1 item left' is visible")
    ui.tap("Completed")
    ui.check("'call Ada' is not visible")
    ui.check("'buy milk' is visible")


def test_all_is_ticked_off_at_once(ui: Ui) -> None:
    ui.fill("What needs to be done?", "buy milk")
    ui.press("Enter")
    ui.tap("#toggle-all", description="the arrow that ticks everything")
    ui.check("'0 items left' is visible")
    ui.tap("Clear completed")
    ui.check("'buy milk' is not visible")
