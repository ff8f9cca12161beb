"""The demo shop, in the words of people who look at it. Recorded once; played without a model."""

from decimal import Decimal

from clickwright.testing import Ui
from playwright.sync_api import Page


def test_a_guest_orders_a_lamp(page: Page, ui: Ui, shop: str) -> None:
    page.goto(shop)
    ui.tap("star")
    ui.tap("Add to basket")
    ui.check("'In your basket' is visible")
    ui.tap("cart")
    assert ui.get("Goods", type=Decimal) == 77
    assert ui.get("Total", type=Decimal) == 81
    ui.tap("Order now")
    ui.check("'Order now' is not visible")


def test_something_to_do_is_noted(page: Page, ui: Ui, shop: str) -> None:
    page.goto(shop)
    ui.tap("To-do")
    ui.fill("What needs doing?", "water the plants")
    ui.tap("form button:has-text('Add')", description="Add")
    ui.check("'water the plants' is visible")


def test_settings_are_kept(page: Page, ui: Ui, shop: str) -> None:
    page.goto(f"{shop}settings")
    ui.choose("Language", "German")
    ui.tap("Sounds")
    ui.check("Language shows German")
    ui.check("Sounds is not checked")
    ui.fill("Display name", "Ada")
    ui.tap("Save")
    ui.wait_for("'All changes are saved.' is visible")
