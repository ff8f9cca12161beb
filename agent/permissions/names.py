"""What the name of a button says that it does, in the languages that sites are written in most."""

import re
import unicodedata
from collections.abc import Iterator

MAX_CHARS = 200
"""Of a name: what comes behind is not read."""

_PAYING = (  # whole words
    r"pay|paying now|buy|order now|purchase|donate|subscribe now|start (paid )?(membership|subscription)",
    r"(place|complete|submit|confirm) (your |the |my |an )?(order|purchase|payment)|(send|transfer) money",
    r"(jetzt |sofort |zahlungspflichtig |kostenpflichtig |verbindlich )((be)?zahlen|kaufen|(be)?stellen|buchen)",
    r"bezahlen|kaufen|bestellung (aufgeben|abschicken|abschließen)|spenden|überweisen",
    r"payer|acheter|commander|régler|passer (la |ma |votre )?commande|faire un don",
    r"(valider|confirmer) (la |ma |le |mon |votre )?(commande|paiement|achat)",
    r"pagar|comprar|hacer (el )?pedido|donar|doar|transferir",
    r"(realizar|finalizar|confirmar) (la |el |a |o )?(compra|pedido|pago|pagamento)",
    r"paga|acquista|compra|ordina|dona|(effettua|conferma|completa) (l'|il |la )?(ordine|pagamento|acquisto)",
    r"betalen|kopen|afrekenen|bestelling plaatsen",
    r"betala|köp|slutför köp|betal|køb|gennemfør køb|kjøp|maksa|osta",
    r"zapłać|kup teraz|kupuję|kupuję i płacę|zamawiam|złóż zamówienie|zaplatit|koupit|objednat",
    r"fizetés|vásárlás|megrendelem|plătește|cumpără|comandă|πληρωμή|αγορά",
    r"оплатить|купить|заказать|(оформить|подтвердить) заказ|сплатити|купити|замовити|плати|поръчай",
    r"öde|ödeme yap|satın al|siparişi (tamamla|onayla|ver)|bayar|beli sekarang|thanh toán|mua ngay|đặt hàng",
)
_PAYING_ANYWHERE = (  # where words have no gaps between them, or endings of their own
    r"支付|付款|购买|購買|结算|結帳|下单|下單|提交订单|送出訂單",
    r"購入する|購入を確定|今すぐ買う|注文を確定|注文する|支払う|お支払い(?!方法)|決済する",
    r"결제(?!\s*수단)|구매하기|주문하기",
    r"ادفع|الدفع الآن|اشتر|شراء|إتمام الطلب|תשלום|קנה|לרכישה|भुगतान करें|खरीदें|ชำระเงิน|ซื้อเลย|สั่งซื้อ",
)
_DELETING = (
    r"delete|erase|destroy|wipe|discard (all|draft|changes)|empty (the )?(trash|bin|recycle bin)",
    r"deactivate|factory reset|drop (table|database)|unsubscribe|terminate|revoke",
    r"(cancel|end|close|stop) (my |your |the |this )?(\w+ )?"
    r"(subscription|membership|account|plan|order|booking|reservation)",
    r"remove\b(?!.{0,30}\b(filters?|cart|basket|bag|wish ?list|selection|formatting)\b)",
    r"löschen|entfernen|vernichten|papierkorb leeren|konto (schließen|auflösen)|kündigen|stornieren",
    r"(abo|abonnement|vertrag|mitgliedschaft) beenden",
    r"supprimer|effacer|détruire|vider la corbeille|résilier|désabonner|(fermer|clôturer) (le |mon )?compte",
    r"annuler (la |ma |l'|mon )?(commande|abonnement|réservation)",
    r"eliminar|borrar|suprimir|vaciar la papelera|darse de baja|excluir|apagar|esvaziar a lixeira",
    r"cancelar (la |mi |el |a |minha |o )?(suscripción|cuenta|pedido|reserva|assinatura|conta)",
    r"elimina|cancella|rimuovi|svuota il cestino|disdici|verwijderen|wissen|prullenbak legen|opzeggen",
    r"radera|ta bort|slet|slett|fjern|poista|usuń|skasuj|smazat|odstranit|vymazat|törlés|șterge|διαγραφή",
    r"удалить|стереть|очистить корзину|отменить (подписку|заказ)|видалити|стерти|изтрий",
    r"sil|kaldır|hapus|xóa",
)
_DELETING_ANYWHERE = (
    r"删除|刪除|移除|清空|注销账户|取消订阅|取消訂閱|削除|消去|退会|解約|삭제|제거|탈퇴|구독 취소",
    r"حذف|إزالة|مسح|מחק|הסר|हटाएं|मिटाएं|ลบ",
)
_MONEY = re.compile(r"[€$£¥₹₽₩]|\b(eur|euros?|usd|dollars?|gbp|pounds?|chf|jpy|yen|cny|inr)\b", re.IGNORECASE)


def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these as whole words, in small letters: without regard to case it takes twice as long.

    By their first letters: else every one of them is tried at every word, which takes four times as long.
    """
    by_letter: dict[str, list[str]] = {}
    for one in _alternatives("|".join(words)):
        by_letter.setdefault(one[0], []).append(one[1:])
    grouped = (f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())
    return re.compile(rf"\b(?:{'|'.join(grouped)})\b")


def _alternatives(pattern: str) -> Iterator[str]:
    """All of a pattern, each of which begins with a letter: `(buy|get) now` is `buy now` and `get now`.

    No bracket in it is escaped.
    """
    one, depth = "", 0
    for letter in f"{pattern}|":
        if letter == "|" and depth == 0:
            yield from _opened(one)
            one = ""
            continue
        depth += (letter == "(") - (letter == ")")
        one += letter


def _opened(one: str) -> Iterator[str]:
    if not one.startswith("("):
        yield one
        return
    depth = 0
    for end, letter in enumerate(one):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            optional = one[end + 1 : end + 2] == "?"
            yield from (inner + one[end + 1 + optional :] for inner in _alternatives(one[1:end]))
            if optional:
                yield from _alternatives(one[end + 2 :])
            return


_PAYMENT, _PAYMENT_ANYWHERE = _whole(_PAYING), re.compile("|".join(_PAYING_ANYWHERE))
_DELETION, _DELETION_ANYWHERE = _whole(_DELETING), re.compile("|".join(_DELETING_ANYWHERE))


def is_payment(name: str) -> bool:
    """Whether a click on what has this name may cost money."""
    return _says(name, _PAYMENT, _PAYMENT_ANYWHERE)


def is_deletion(name: str) -> bool:
    """Whether a click on what has this name may take something away for good."""
    return _says(name, _DELETION, _DELETION_ANYWHERE)


def _says(name: str, words: re.Pattern[str], anywhere: re.Pattern[str]) -> bool:
    """Of one line of small, plain letters, without what is not seen: a soft hyphen, or letters of full width."""
    name = name[:MAX_CHARS]
    if name.isascii():
        return words.search(" ".join(name.lower().split())) is not None
    seen = "".join(one for one in unicodedata.normalize("NFKC", name) if unicodedata.category(one) != "Cf")
    plain = " ".join(seen.lower().split())
    return words.search(plain) is not None or anywhere.search(plain) is not None


def names_money(name: str) -> bool:
    """Whether a thing says a sum of money."""
    return _MONEY.search(name) is not None
