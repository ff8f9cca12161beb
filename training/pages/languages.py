"""Words of interfaces in a dozen languages, for pages whose texts are not English."""

from collections.abc import Mapping
from dataclasses import dataclass

EVERY = 5
"""Every so many words of a list are seen on no page that is trained on."""


def _words(text: str) -> tuple[str, ...]:
    """Parts of a line between its bars."""
    return tuple(part.strip() for part in text.split("|"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What the pages of one language say. `code` is BCP 47, `sample` a letter that only its fonts have."""

    code: str
    menus: tuple[str, ...]
    verbs: tuple[str, ...]
    things: tuple[str, ...]
    people: tuple[str, ...]
    sample: str = "a"
    is_rtl: bool = False


def kept_back(words: tuple[str, ...]) -> tuple[str, ...]:
    """Those that only pages apart from training show."""
    return words[EVERY - 1 :: EVERY]


def taught(words: tuple[str, ...]) -> tuple[str, ...]:
    """The others."""
    return tuple(word for n, word in enumerate(words) if n % EVERY != EVERY - 1)


# They stand before a language's own: what is kept back goes by the place in a list, and is then the same in all.
_LATIN_PEOPLE = _words("Anna Weber | João Silva | Marta Nowak | Luis Ortega | Zoë Martin | Erik Lund | Inês Costa")

_ALL = (
    Language(
        code="en",
        menus=_words("File | Edit | View | Insert | Tools | Help"),
        verbs=_words("Save | Cancel | Delete | Edit | Rename | Print | Export | Share | Close | Discard | Copy | Send"),
        things=_words(
            "Invoice | Customer | Amount | Status | Supplier | Date | Meeting | Budget | Address | Shipment | Priority"
            " | Department | Language | Security | Warranty | Notifications | Holiday plan | Draft | Contract | Refund"
        ),
        people=_words("Olivia Brown | Noah Clark | Emma Hall | Liam Young | Grace Turner | Ava King | Jack Moore"),
    ),
    Language(
        code="de",
        menus=_words("Datei | Bearbeiten | Ansicht | Einfügen | Extras | Hilfe"),
        verbs=_words(
            "Speichern | Abbrechen | Löschen | Ändern | Umbenennen | Drucken | Teilen | Schließen | Kopieren"
            " | Verwerfen | Senden | Öffnen"
        ),
        things=_words(
            "Rechnung | Kunde | Betrag | Zustand | Lieferant | Fällig am | Besprechung | Übersicht | Anschrift"
            " | Sendung | Größe | Abteilung | Sprache | Sicherheit | Gewährleistung | Mitteilungen | Entwurf | Vertrag"
        ),
        people=(*_LATIN_PEOPLE, *_words("Jürgen Groß | Käthe Müller | Sören Bäcker | Heike Vogt")),
    ),
    Language(
        code="fr",
        menus=_words("Fichier | Édition | Affichage | Insertion | Outils | Aide"),
        verbs=_words(
            "Enregistrer | Annuler | Supprimer | Modifier | Renommer | Imprimer | Partager | Fermer | Copier"
            " | Abandonner | Envoyer | Ouvrir"
        ),
        things=_words(
            "Facture | Client | Montant | État | Fournisseur | Échéance | Réunion | Aperçu | Adresse | Expédition"
            " | Priorité | Service | Langue | Sécurité | Garantie | Préférences | Brouillon | Contrat"
        ),
        people=(*_LATIN_PEOPLE, *_words("Hélène Garçon | François Lefèvre | Noël Dupré | Anaïs Roy")),
    ),
    Language(
        code="es",
        menus=_words("Archivo | Edición | Ver | Insertar | Herramientas | Ayuda"),
        verbs=_words(
            "Guardar | Cancelar | Eliminar | Modificar | Renombrar | Imprimir | Compartir | Cerrar | Copiar"
            " | Descartar | Enviar | Abrir"
        ),
        things=_words(
            "Factura | Cliente | Importe | Estado | Proveedor | Vencimiento | Reunión | Resumen | Dirección | Envío"
            " | Tamaño | Sección | Idioma | Seguridad | Garantía | Avisos | Borrador | Año"
        ),
        people=(*_LATIN_PEOPLE, *_words("Begoña Peña | José Muñoz | Lucía Gómez | Íñigo Sáez")),
    ),
    Language(
        code="pt",
        menus=_words("Ficheiro | Editar | Ver | Inserir | Ferramentas | Ajuda"),
        verbs=_words(
            "Guardar | Cancelar | Apagar | Alterar | Mudar o nome | Imprimir | Partilhar | Fechar | Copiar"
            " | Descartar | Enviar | Abrir"
        ),
        things=_words(
            "Fatura | Cliente | Montante | Situação | Fornecedor | Prazo | Reunião | Visão geral | Morada | Remessa"
            " | Dimensão | Secção | Língua | Segurança | Garantia | Notificações | Rascunho | Relatório"
        ),
        people=(*_LATIN_PEOPLE, *_words("Conceição Araújo | Simão Falcão | Júlia Brandão")),
    ),
    Language(
        code="pl",
        menus=_words("Plik | Edycja | Widok | Wstaw | Narzędzia | Pomoc"),
        verbs=_words(
            "Zapisz | Anuluj | Usuń | Zmień | Zmień nazwę | Drukuj | Udostępnij | Zamknij | Kopiuj | Odrzuć | Wyślij"
            " | Otwórz"
        ),
        things=_words(
            "Faktura | Klient | Kwota | Stan | Dostawca | Termin płatności | Spotkanie | Podsumowanie | Adres"
            " | Przesyłka | Ważność | Dział | Język | Bezpieczeństwo | Gwarancja | Powiadomienia | Szkic | Źródło"
        ),
        people=(*_LATIN_PEOPLE, *_words("Łukasz Wójcik | Małgorzata Żak | Świętosława Dąb")),
    ),
    Language(
        code="ru",
        sample="Ж",
        menus=_words("Файл | Правка | Вид | Вставка | Сервис | Справка"),
        verbs=_words(
            "Сохранить | Отмена | Удалить | Изменить | Переименовать | Печать | Поделиться | Закрыть | Копировать"
            " | Отклонить | Отправить | Открыть"
        ),
        things=_words(
            "Счёт | Клиент | Сумма | Состояние | Поставщик | Срок оплаты | Встреча | Обзор | Адрес | Отправление"
            " | Размер | Отдел | Язык | Безопасность | Гарантия | Уведомления | Черновик | Договор"
        ),
        people=_words("Анна Жукова | Пётр Ильин | Юлия Щукина | Олег Быков | Мария Цой | Эмма Фёдорова"),
    ),
    Language(
        code="el",
        sample="Ω",
        menus=_words("Αρχείο | Επεξεργασία | Προβολή | Εισαγωγή | Εργαλεία | Βοήθεια"),
        verbs=_words(
            "Αποθήκευση | Άκυρο | Διαγραφή | Αλλαγή | Μετονομασία | Εκτύπωση | Κοινή χρήση | Κλείσιμο | Αντιγραφή"
            " | Απόρριψη | Αποστολή | Άνοιγμα"
        ),
        things=_words(
            "Τιμολόγιο | Πελάτης | Ποσό | Κατάσταση | Προμηθευτής | Προθεσμία | Συνάντηση | Σύνοψη | Διεύθυνση"
            " | Αποστολές | Μέγεθος | Τμήμα | Γλώσσα | Ασφάλεια | Εγγύηση | Ειδοποιήσεις | Πρόχειρο | Συμβόλαιο"
        ),
        people=_words("Άννα Ψαρρού | Γιώργος Ζώης | Ελένη Ξένου | Νίκος Θεοδώρου | Μαρία Καρρά | Πέτρος Φωκάς"),
    ),
    Language(
        code="ja",
        sample="あ",
        menus=_words("ファイル | 編集 | 表示 | 挿入 | ツール | ヘルプ"),
        verbs=_words("保存 | 取消 | 削除 | 変更 | 名前を変更 | 印刷 | 共有 | 閉じる | コピー | 破棄 | 送信 | 開く"),
        things=_words(
            "請求書 | 顧客 | 金額 | 状態 | 仕入先 | 期日 | 会議 | 概要 | 住所 | 配送 | 優先度 | 部署 | 言語"
            " | セキュリティ | 保証 | 通知 | 下書き | 契約"
        ),
        people=_words("佐藤 花子 | 鈴木 一郎 | 高橋 葵 | 田中 翔太 | 伊藤 さくら | 渡辺 健"),
    ),
    Language(
        code="zh",
        sample="字",
        menus=_words("文件 | 编辑 | 视图 | 插入 | 工具 | 帮助"),
        verbs=_words("保存 | 取消 | 删除 | 修改 | 重命名 | 打印 | 共享 | 关闭 | 复制 | 放弃 | 发送 | 打开"),
        things=_words(
            "发票 | 客户 | 金额 | 状态 | 供应商 | 到期日 | 会议 | 概览 | 地址 | 货运 | 优先级 | 部门 | 语言"
            " | 安全 | 保修 | 通知 | 草稿 | 合同"
        ),
        people=_words("王芳 | 李伟 | 张敏 | 刘洋 | 陈静 | 杨磊 | 赵娜"),
    ),
    Language(
        code="ar",
        sample="ع",
        is_rtl=True,
        menus=_words("ملف | تحرير | عرض | إدراج | أدوات | مساعدة"),
        verbs=_words("حفظ | إلغاء | حذف | تعديل | إعادة تسمية | طباعة | مشاركة | إغلاق | نسخ | تجاهل | إرسال | فتح"),
        things=_words(
            "فاتورة | عميل | المبلغ | الحالة | المورد | تاريخ الاستحقاق | اجتماع | ملخص | العنوان | الشحنة | الأولوية"
            " | القسم | اللغة | الأمان | الضمان | الإشعارات | مسودة | عقد"
        ),
        people=_words("ليلى حداد | عمر خليل | سارة منصور | يوسف ناصر | هدى صالح | كريم عيسى"),
    ),
    Language(
        code="he",
        sample="ש",
        is_rtl=True,
        menus=_words("קובץ | עריכה | תצוגה | הוספה | כלים | עזרה"),
        verbs=_words(
            "שמירה | ביטול | מחיקה | שינוי | שינוי שם | הדפסה | שיתוף | סגירה | העתקה | התעלמות | שליחה | פתיחה"
        ),
        things=_words(
            "חשבונית | לקוח | סכום | מצב | ספק | מועד תשלום | פגישה | סיכום | כתובת | משלוח | עדיפות | מחלקה | שפה"
            " | אבטחה | אחריות | הודעות | טיוטה | חוזה"
        ),
        people=_words("נועה לוי | דוד כהן | מאיה פרץ | איתן ביטון | שירה מזרחי | יואב דהן"),
    ),
)
LANGUAGES: Mapping[str, Language] = {language.code: language for language in _ALL}
ENGLISH = LANGUAGES["en"]
