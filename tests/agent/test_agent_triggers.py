"""What needs a person, what is bounded, and where secrets, files and keys may go: tables, and properties."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import clickwright
import pytest
from clickwright.agent.permissions import (
    Allow,
    AskUser,
    Budget,
    Deny,
    Files,
    Permissions,
    SecretRule,
    Used,
    Verdict,
    as_judged,
    digest,
    is_consequential,
    leads_on,
    needs_look,
    read_rules,
)
from clickwright.agent.permissions.names import is_deletion, is_payment
from clickwright.environments.environment import COUNTS_ELSE, SAYS_ELSE, Facts, Screen
from clickwright.screen import Box, Point
from clickwright.tools import Action, Click, Drag, Navigate, Press, TypeText, Upload, Wait

SHOP = Permissions.for_url("https://shop.test/")
ALL = SHOP.model_copy(update={"ask": SHOP.ask | {"submit", "download", "password"}})
HERE = Facts(url="https://shop.test/cart", screen="browser", origin="https://shop.test")
CLICK = Click(point=Point(1, 1))
ENTER = Press(keys=("Enter",))
PIN = TypeText(secret="pin")


@pytest.mark.parametrize(
    ("said", "asked"), [("Delete account", "delete"), ("Pay 9 EUR", "payment"), ("Go on", "allow")]
)
@pytest.mark.parametrize("action", [ENTER, TypeText(text="yes\n")])
def test_enter_in_a_field_is_what_the_button_of_its_form_is(action: Action, said: str, asked: str) -> None:
    field = replace(HERE, role="textbox", input_type="text", form="https://shop.test/do", sent_by=said)
    assert kind(SHOP.decide(action, field)) == asked


def kind(verdict: Verdict) -> str:
    match verdict:
        case Allow():
            return "allow"
        case Deny():
            return verdict.code
        case AskUser():
            return verdict.trigger


PAYS = """Pay now|Buy|Buy it now|Place your order|Complete purchase|Donate|Jetzt kaufen|Zahlungspflichtig bestellen
Bezahlen|Payer|Acheter|Valider la commande|Comprar|Realizar el pago|Finalizar compra|Acquista|Conferma l'ordine|Betalen
Köp|Kup teraz|Zapłać|Оплатить|Оформить заказ|Satın al|Ödeme yap|立即购买|提交订单|購入する|注文を確定|결제하기|구매하기
ادفع الآن|ซื้อเลย|\uff30\uff41\uff59 now|P\u00aday now|Pay\u200b now"""
PAYS_NOT = """Payment methods|Next|Display|Buyer's guide|Prepay info|Verkaufen|お支払い方法|결제 수단|Company|Pago
Zahlen und Fakten"""
DELETES = """Delete|Delete account|Remove user|Erase all data|Empty trash|Cancel subscription|Cancel my plan
Close account|Unsubscribe|Löschen|Konto löschen|Abo kündigen|Supprimer
Résilier|Eliminar|Borrar|Darse de baja|Cancella|Elimina
Verwijderen|Ta bort|Usuń|Удалить|Sil|删除|取消订阅|削除|退会|삭제|حذف|D\u200belete"""
DELETES_NOT = "Cancel|Remove filter|Remove from cart|Undelete|Edit|Silver|Close|Cancel search|Deleted items"


def names(listed: str) -> list[str]:
    return listed.replace("\n", "|").split("|")


def test_names_of_payments_and_deletions_in_many_languages() -> None:
    assert [name for name in names(PAYS) if not is_payment(name)] == []
    assert [name for name in names(PAYS_NOT) if is_payment(name)] == []
    assert [name for name in names(DELETES) if not is_deletion(name)] == []
    assert [name for name in names(DELETES_NOT) if is_deletion(name)] == []


def field(**more: Any) -> Facts:
    line = replace(HERE, role="textbox", input_type="text", form="https://shop.test/go", method="post")
    return replace(line, **more)


@pytest.mark.parametrize(
    ("action", "facts", "verdict"),
    [
        (CLICK, replace(HERE, submits=True, form="https://shop.test/go", name="Go"), "submit"),
        (CLICK, replace(HERE, submits=True, form="https://shop.test/go", name="Pay now"), "payment"),
        (CLICK, replace(HERE, submits=True, form="https://evil.test/go"), "elsewhere"),
        (CLICK, field(form="https://evil.test/go"), "allow"),
        (ENTER, field(), "submit"),
        (ENTER, field(input_type="textarea"), "allow"),
        (ENTER, replace(field(), form=""), "allow"),
        (ENTER, replace(field(), form="https://evil.test/go"), "elsewhere"),
        (TypeText(text="x\n"), field(), "submit"),
        (TypeText(text="x"), field(), "allow"),
        (TypeText(text="a b"), field(name="Delete what?"), "allow"),
        (TypeText(text=" "), replace(HERE, role="button", name="Pay now"), "payment"),
        (TypeText(text="\n"), replace(HERE, role="link", href="https://evil.test/"), "elsewhere"),
        (TypeText(text="x"), replace(HERE, role="link", href="https://evil.test/"), "allow"),
        (Drag(path=(Point(1, 1), Point(1, 1))), replace(HERE, name="Pay now"), "payment"),
        (Drag(path=(Point(1, 1), Point(1, 1))), replace(HERE, href="https://evil.test/"), "elsewhere"),
        (CLICK, replace(HERE, role="button", name="Delete account"), "delete"),
        (CLICK, replace(HERE, url="http://127.0.0.1/", name="Delete"), "elsewhere"),
        (CLICK, replace(HERE, href="https://shop.test/a", downloads=True), "download"),
        (Press(keys=("a",)), replace(HERE, name="Pay now"), "allow"),
        (TypeText(text="x"), replace(HERE, input_type="password"), "password"),
    ],
)
def test_what_needs_a_person(action: Action, facts: Facts, verdict: str) -> None:
    assert kind(ALL.decide(action, facts)) == verdict


def test_all_reasons_are_in_one_question_and_its_place_is_where_it_leads() -> None:
    facts = replace(HERE, name="Pay now", submits=True, form="https://pay.test/go")
    verdict = ALL.decide(CLICK, facts)
    assert isinstance(verdict, AskUser)
    assert verdict.place is not None
    assert verdict.place.origin == "https://pay.test"
    assert [part in verdict.reason for part in ("not among", "payment", "form would be sent")] == [True] * 3


def test_what_is_asked_for_by_default_lets_a_form_be_sent_but_nothing_be_taken_away() -> None:
    sends = replace(HERE, submits=True, form="https://shop.test/go", name="Log in")
    assert kind(SHOP.decide(CLICK, sends)) == "allow"
    assert kind(SHOP.decide(CLICK, replace(sends, name="Delete account"))) == "delete"


@pytest.mark.parametrize(
    ("keys", "asked_on"),
    [
        ("Alt F4", "browser desktop"),
        ("Control w", "browser desktop"),
        ("Control W", "browser desktop"),
        ("ControlOrMeta t", "browser desktop"),
        ("Meta q", "browser desktop"),
        ("Control n", "browser"),
        ("Control Shift i", "browser"),
        ("F12", "browser"),
        ("Meta", "desktop"),
        ("Meta r", "desktop"),
        ("Meta c", ""),
        ("Alt Tab", "desktop"),
        ("Control Alt Delete", "desktop"),
        ("Control Alt F3", "desktop"),
        ("Control Escape", "desktop"),
        ("Alt Delete", ""),
        ("Power", "desktop phone"),
        ("F5", ""),
        ("Control c", ""),
        ("Control s", ""),
        ("Enter", ""),
        ("GoHome", ""),
    ],
)
def test_keys_that_go_to_the_system(keys: str, asked_on: str) -> None:
    action = Press(keys=tuple(keys.split()))
    screens: tuple[Screen, ...] = ("browser", "desktop", "phone")
    asked = [one for one in screens if kind(Permissions().decide(action, Facts(screen=one))) == "system_keys"]
    assert asked == asked_on.split()
    assert (kind(Permissions().decide(action, Facts())) == "system_keys") is bool(asked_on)


@pytest.mark.parametrize(
    ("text", "facts", "is_clear"),
    [
        ("a\tb", field(), False),
        ("a\t\n", field(), False),
        ("a\t", field(), True),
        ("a\nb", field(), False),
        ("a\n", field(), True),
        ("a\nb", field(input_type="textarea"), True),
        ("a\nb", replace(field(), input_type=""), True),
        ("a\tb\nc", Facts(screen="desktop"), True),
    ],
)
def test_a_text_that_goes_on_in_another_field_is_not_judged_as_a_whole(text: str, facts: Facts, is_clear: bool) -> None:
    assert (leads_on(TypeText(text=text), facts) == "") is is_clear


WINDOWS = Permissions(windows=("Mousepad", "Untitled - Paint"), region=Box(0, 0, 100, 100))


@pytest.mark.parametrize(
    ("action", "facts", "verdict"),
    [
        (CLICK, Facts(window="x", program="Mousepad"), "allow"),
        (CLICK, Facts(window="Untitled - Paint", program="paint"), "allow"),
        (CLICK, Facts(window="Mousepad 2", program="evil"), "window"),
        (CLICK, Facts(), "window"),
        (ENTER, Facts(program="xterm"), "window"),
        (Wait(), Facts(), "allow"),
        (Click(point=Point(100, 5)), Facts(program="Mousepad"), "region"),
        (Drag(path=(Point(1, 1), Point(1, 200))), Facts(program="Mousepad"), "region"),
        (ENTER, Facts(program="Mousepad"), "allow"),
    ],
)
def test_a_desktop_is_used_in_some_windows_and_a_region(action: Action, facts: Facts, verdict: str) -> None:
    assert kind(WINDOWS.decide(action, facts)) == verdict


FIELD = replace(HERE, role="textbox", input_type="password", visible=True)
KEEPASS = SecretRule(name="pin", windows=("KeePass",), field="any_visible")
ON_SHOP = SecretRule(name="pin", origins=("https://*.shop.test", "https://shop.test"), uses=2)


@pytest.mark.parametrize(
    ("rule", "facts", "times", "verdict"),
    [
        (ON_SHOP, FIELD, 0, "allow"),
        (ON_SHOP, FIELD, 1, "allow"),
        (ON_SHOP, FIELD, 2, "secret"),
        (ON_SHOP, replace(FIELD, origin="https://login.shop.test"), 0, "allow"),
        (ON_SHOP, replace(FIELD, origin="https://shop.test.evil.test"), 0, "secret"),
        (ON_SHOP, replace(FIELD, origin="http://shop.test"), 0, "secret"),
        (ON_SHOP, replace(FIELD, origin=""), 0, "secret"),
        (ON_SHOP, replace(FIELD, visible=False), 0, "secret"),
        (ON_SHOP, replace(FIELD, visible=None), 0, "secret"),
        (ON_SHOP, replace(FIELD, input_type="text"), 0, "secret"),
        (ON_SHOP, replace(FIELD, screen="phone", origin="", visible=None), 0, "allow"),
        (ON_SHOP, Facts(screen="desktop", window="shop", visible=None), 0, "secret"),
        (ON_SHOP.model_copy(update={"field": "any_visible"}), replace(FIELD, input_type="text"), 0, "allow"),
        (ON_SHOP.model_copy(update={"field": "any_visible"}), replace(HERE, role="button", visible=True), 0, "secret"),
        (ON_SHOP.model_copy(update={"name": "other"}), FIELD, 0, "secret"),
        (
            KEEPASS,
            Facts(screen="desktop", program="KeePass"),
            0,
            "allow",
        ),
        (
            KEEPASS,
            Facts(screen="desktop", program="x"),
            0,
            "secret",
        ),
        (KEEPASS.model_copy(update={"windows": ("",)}), Facts(screen="desktop"), 0, "secret"),
    ],
)
def test_a_bound_secret_goes_nowhere_else(rule: SecretRule, facts: Facts, times: int, verdict: str) -> None:
    rules = Permissions(secrets=(rule,))
    found = rules.decide(PIN, facts, Used(secrets={"pin": times}))
    assert kind(found) == verdict
    assert isinstance(found, Allow | Deny)


@pytest.mark.parametrize(
    ("rules", "facts", "verdict"),
    [
        (SHOP, FIELD, "allow"),
        (SHOP, replace(FIELD, visible=False), "secret"),
        (SHOP, replace(FIELD, origin=""), "secret"),
        (Permissions(), FIELD, "ask"),
        (SHOP, replace(FIELD, input_type="text"), "ask"),
        (SHOP, replace(FIELD, url="https://evil.test/", origin="https://evil.test"), "ask"),
    ],
)
def test_a_secret_without_a_rule(rules: Permissions, facts: Facts, verdict: str) -> None:
    found = rules.decide(PIN, facts)
    assert ("ask" if isinstance(found, AskUser) else kind(found)) == verdict


def test_files_are_sent_from_their_folders_alone_whatever_a_link_says(tmp_path: Path) -> None:
    root, outside = tmp_path / "out", tmp_path / "private"
    for folder in (root, outside):
        folder.mkdir()
        (folder / "a.txt").write_text("x")
    (root / "link.txt").symlink_to(outside / "a.txt")
    (tmp_path / "roots").symlink_to(root)
    rules = Permissions(files=Files(upload_roots=(tmp_path / "roots", tmp_path / "none")), ask=frozenset())

    def verdict(*paths: str) -> str:
        action, facts = as_judged(Upload(point=Point(1, 1), paths=paths), HERE)
        return kind(rules.decide(action, facts))

    assert verdict(str(root / "a.txt")) == "allow"
    assert verdict(str(tmp_path / "roots" / "a.txt")) == "allow"
    for path in (outside / "a.txt", root / "link.txt", root / ".." / "private" / "a.txt", f"{root}x/a.txt"):
        assert verdict(str(path)) == "file", path
        assert verdict(str(root / "a.txt"), str(path)) == "file"
    for odd in (f"{root}/a\0b", f"{root}/../private/a.txt", "a.txt"):
        assert kind(rules.decide(Upload(point=Point(1, 1), paths=(odd,)), HERE)) == "file"
    assert kind(SHOP.decide(Upload(point=Point(1, 1), paths=("/a",)), HERE)) == "upload"


def test_a_budget_is_for_the_whole_run() -> None:
    rules = SHOP.model_copy(update={"budget": Budget(kinds={"click": 2, "upload": 0}, new_origins=1)})
    assert [kind(rules.decide(CLICK, HERE, Used(kinds={"click": n}))) for n in (0, 1, 2, 3)] == [
        "allow",
        "allow",
        "budget",
        "budget",
    ]
    assert kind(rules.decide(ENTER, HERE, Used(kinds={"click": 9}))) == "allow"
    assert kind(rules.decide(Upload(point=Point(1, 1), paths=("/a",)), HERE)) == "budget"
    go = Navigate(url="https://a.test/")
    assert kind(rules.decide(go, HERE)) == "elsewhere"
    assert kind(rules.decide(go, HERE, Used(places=frozenset({"https://a.test"})))) == "elsewhere"
    assert kind(rules.decide(go, HERE, Used(places=frozenset({"https://b.test"})))) == "budget"


def test_what_was_done_is_counted_where_a_rule_asks_for_it() -> None:
    assert not SHOP.counts
    assert Permissions(secrets=(ON_SHOP,)).counts
    assert Permissions(budget=Budget(kinds={"click": 1})).counts
    assert Permissions(budget=Budget(new_origins=0)).counts


def test_what_matters_is_that_which_lasts_or_leads() -> None:
    assert is_consequential(Allow(), CLICK, replace(HERE, href="/x"))
    assert is_consequential(Allow(), CLICK, replace(HERE, submits=True, form="/x"))
    assert is_consequential(Allow(), CLICK, replace(HERE, name="Delete"))
    assert is_consequential(Allow(), TypeText(text="x"), HERE)
    assert not is_consequential(Allow(), CLICK, HERE)


@pytest.mark.parametrize("change", ["origin", "form", "method", "submits", "downloads", "window", "program"])
def test_an_agreement_is_bound_to_each_fact(change: str) -> None:
    other = replace(HERE, **cast(Any, {change: True if change in ("submits", "downloads") else "x"}))
    assert digest(CLICK, HERE, "submit") != digest(CLICK, other, "submit")


def test_the_new_rules_come_from_a_file_and_go_through_the_record(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(
        'windows = ["Mousepad"]\nregion = [0, 0, 800, 600]\napproval_s = 30\n'
        '[files]\nupload_roots = ["out"]\ndownloads = 2\n[budget]\nnew_origins = 1\nkinds = {upload = 1}\n'
        '[[secrets]]\nname = "pin"\norigins = ["https://shop.test"]\nuses = 1\n'
    )
    rules = Permissions.read(path)
    assert rules.secrets == (SecretRule(name="pin", origins=("https://shop.test",), uses=1),)
    assert rules.region == Box(0, 0, 800, 600)
    assert rules.files.upload_roots == (Path("out").resolve(),)
    assert Permissions.model_validate_json(rules.model_dump_json()) == rules


def test_the_rules_in_the_document_can_be_read(tmp_path: Path) -> None:
    document = (Path(clickwright.__file__).parent / "docs/permissions.md").read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", document, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        path = tmp_path / "rules.toml"
        path.write_text(block)
        permissions, limits = read_rules(path)
        assert permissions.secrets
        assert limits.steps == (40 if "limits" in block else 30)


def test_other_words_are_looked_at_again_and_other_numbers_where_they_may_be_a_price() -> None:
    words, counts = (replace(HERE, name="Open 3 files", changed=changed) for changed in (SAYS_ELSE, COUNTS_ELSE))
    assert needs_look(Allow(), CLICK, words)
    assert not needs_look(Allow(), CLICK, counts)
    assert not needs_look(Allow(), CLICK, replace(counts, href="/x"))
    assert needs_look(Allow(), CLICK, replace(counts, name="Transfer 10 EUR"))
    assert needs_look(Allow(), CLICK, replace(counts, name="Delete 3 files"))
    assert not needs_look(Allow(), CLICK, HERE)
    moved = replace(HERE, changed="it has moved there since the picture")
    assert not needs_look(Allow(), CLICK, moved)
    assert needs_look(Allow(), CLICK, replace(moved, href="/x"))
