"""Groups of tasks by name, for whoever plays many."""

from collections.abc import Mapping, Sequence

SEARCHABLE = (
    *("buy-ticket", "choose-date", "choose-date-easy", "choose-date-medium", "choose-list", "click-button"),
    *("click-button-sequence", "click-collapsible", "click-collapsible-2", "click-collapsible-2-nodelay"),
    *("click-collapsible-nodelay", "click-color", "click-dialog", "click-dialog-2", "click-link", "click-menu-2"),
    *("click-option", "click-shape", "click-tab", "click-tab-2", "click-tab-2-easy", "click-tab-2-hard"),
    *("click-tab-2-medium", "click-test", "click-test-2", "click-test-transfer", "click-widget", "count-shape"),
    *("count-sides", "email-inbox-delete", "email-inbox-important", "enter-text", "enter-text-dynamic"),
    *("find-greatest", "focus-text", "focus-text-2", "grid-coordinate", "identify-shape", "navigate-tree"),
    *("sign-agreement", "unicode-test"),
)
"""The 41 tasks that a search which knows no task solved on every seed tried, sorted."""
KEPT_BACK = SEARCHABLE[4::5]
"""Every fifth: eight tasks that clickwright/mini is never trained on, chosen before anything was."""
TAUGHT = tuple(task for task in SEARCHABLE if task not in KEPT_BACK)
"""Those that it is trained on, with other seeds."""

GROUPS: Mapping[str, Sequence[str]] = {"searchable": SEARCHABLE, "taught": TAUGHT, "kept-back": KEPT_BACK}


def tasks_of(names: Sequence[str]) -> tuple[str, ...]:
    """The names with those of groups written out, each once."""
    return tuple(dict.fromkeys(task for name in names for task in GROUPS.get(name, (name,))))
