"""What the pages say for one seed: goods and prices, to-do entries, settings, and the paint of each control."""

from dataclasses import dataclass
from random import Random
from typing import get_args

from .colours import Paint, pick_paints
from .pictures import TONES, Good, Tone

SHOP_NAMES = ("Harbour & Pine", "Northfold", "Juniper Lane", "Field Supply", "Marlow Goods", "Oak & Ember")
LISTS = ("Home", "Work", "Garden", "Travel", "Reading", "Family", "Errands", "Ideas", "Health")
VERBS = ("buy", "call", "paint", "clean", "order", "return", "fix", "visit", "pack", "find", "book", "wash")
NOUNS = (
    *("milk", "bread", "lamp", "dentist", "bicycle", "tickets", "garden", "library", "curtains", "camera", "coffee"),
    *("piano", "kitchen", "parcel", "train", "museum", "window", "jacket", "lemons", "ladder", "market", "blanket"),
)
PEOPLE = ("Anna", "Bruno", "Clara", "David", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Karin", "Lucas")
LANGUAGES = ("English", "German", "French", "Spanish", "Italian", "Polish", "Dutch", "Swedish", "Danish", "Turkish")
SWITCHES = ("E-mail updates", "Sounds", "Location", "Weekly report", "Night mode", "Auto-play", "Sync", "Reminders")
SAVE_ICONS = ("heart", "star", "bookmark")
BASKET_ICONS = ("cart", "bag")
MARK_ICONS = ("star", "flag", "bell", "bookmark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One thing on sale. Price in euros."""

    name: Good
    price: int
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The shop and cart pages. `paints`: main button, two others."""

    name: str
    featured: Product
    products: tuple[Product, ...]
    save_icon: str
    basket_icon: str
    paints: tuple[Paint, ...]
    cart_paints: tuple[Paint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """The to-do page. `entry` is what the task adds. `paints`: add button, two others."""

    title: str
    lists: tuple[str, ...]
    entry: str
    ideas: tuple[str, ...]
    mark_icon: str
    paints: tuple[Paint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings page. `paints`: one for each of the three switches, then the save button."""

    owner: str
    new_name: str
    languages: tuple[str, ...]
    language: str
    new_language: str
    switches: tuple[str, ...]
    paints: tuple[Paint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All words and paints of the site."""

    shop: Shop
    todo: ToDo
    settings: Settings


def content_of(seed: int) -> Content:
    """The content that belongs to a seed."""
    rng = Random(f"{seed}:content")
    return Content(shop=_shop(rng), todo=_todo(rng), settings=_settings(rng))


def _shop(rng: Random) -> Shop:
    goods: list[Good] = rng.sample(get_args(Good), 5)
    featured, *products = (Product(name=good, price=rng.randint(9, 95), tone=rng.choice(TONES)) for good in goods)
    return Shop(
        name=rng.choice(SHOP_NAMES),
        featured=featured,
        products=tuple(products),
        save_icon=rng.choice(SAVE_ICONS),
        basket_icon=rng.choice(BASKET_ICONS),
        paints=pick_paints(rng, 3),
        cart_paints=pick_paints(rng, 2),
    )


def _todo(rng: Random) -> ToDo:
    title, *lists = rng.sample(LISTS, 6)
    entry, *ideas = (f"{verb} {noun}" for verb, noun in zip(rng.sample(VERBS, 5), rng.sample(NOUNS, 5), strict=True))
    return ToDo(
        title=title,
        lists=tuple(lists),
        entry=entry,
        ideas=tuple(ideas),
        mark_icon=rng.choice(MARK_ICONS),
        paints=pick_paints(rng, 3),
    )


def _settings(rng: Random) -> Settings:
    owner, new_name = rng.sample(PEOPLE, 2)
    languages = rng.sample(LANGUAGES, 6)
    language, new_language = rng.sample(languages, 2)
    return Settings(
        owner=owner,
        new_name=new_name,
        languages=tuple(languages),
        language=language,
        new_language=new_language,
        switches=tuple(rng.sample(SWITCHES, 3)),
        paints=pick_paints(rng, 4),
    )
