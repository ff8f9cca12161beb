"""What clickwright/mini is taught to tell apart: kinds of control, colours, icons, sizes and interface words."""

from collections.abc import Mapping

KINDS = (
    *("button", "icon", "switch", "check box", "radio button", "text box", "drop-down list", "link"),
    *("circle", "square", "triangle", "star"),
)
SHAPES = ("circle", "square", "triangle", "star")

HUES: Mapping[str, tuple[int, int]] = {
    "red": (354, 364),
    "orange": (20, 32),
    "yellow": (45, 53),
    "green": (118, 150),
    "teal": (172, 188),
    "blue": (210, 228),
    "purple": (266, 284),
    "pink": (322, 338),
}
"""Each colour's range of hues in degrees; the gaps between are what people name differently."""

ICON_FILES: Mapping[str, tuple[str, ...]] = {
    "bag": ("shopping-bag", "bag", "shopping-bag-line"),
    "bell": ("bell", "notifications-outline"),
    "bookmark": ("bookmark",),
    "calendar": ("calendar",),
    "camera": ("camera",),
    "cart": ("shopping-cart", "cart"),
    "chat": ("message-square", "chat", "chat-square"),
    "check": ("check", "check-lg"),
    "clock": ("clock",),
    "close": ("x", "close", "x-lg", "x-mark"),
    "download": ("download", "arrow-down-tray"),
    "eye": ("eye",),
    "flag": ("flag",),
    "folder": ("folder",),
    "gift": ("gift",),
    "globe": ("globe", "globe-alt", "world"),
    "heart": ("heart",),
    "help": ("help-circle", "circle-help", "question-circle", "question-mark-circle"),
    "home": ("home", "house"),
    "image": ("image", "photo"),
    "info": ("info", "info-circle", "information-circle"),
    "lock": ("lock", "lock-closed"),
    "mail": ("mail", "envelope", "email-outline"),
    "minus": ("minus", "dash-lg"),
    "pencil": ("pencil", "edit-2"),
    "plus": ("plus", "plus-lg"),
    "refresh": ("refresh-cw", "refresh", "arrow-clockwise", "arrow-path"),
    "search": ("search", "magnifying-glass", "magnify"),
    "settings": ("settings", "gear", "cog-6-tooth", "cog"),
    "share": ("share-2", "share"),
    "star": ("star",),
    "tag": ("tag",),
    "trash": ("trash-2", "trash", "trash-can-outline"),
    "user": ("user", "person", "account-outline"),
}
"""File names of each icon in the icon sets that npm ships; `screens.py` also draws the project's own."""

WORDS = (
    *("Save", "Cancel", "Delete", "Edit", "Search", "Send", "Reply", "Next", "Back", "Help", "Settings", "Profile"),
    *("Login", "Logout", "Submit", "Account", "Cart", "Checkout", "Buy", "Pay", "Order", "Open", "Close", "Start"),
    *("Stop", "Play", "Pause", "Add", "Remove", "Update", "Refresh", "Upload", "Download", "Share", "Copy", "Paste"),
    *("Print", "Export", "Import", "Filter", "Sort", "View", "Show", "Hide", "More", "Less", "Menu", "File", "Tools"),
    *("Yes", "No", "OK", "Apply", "Reset", "Clear", "Done", "Continue", "Accept", "Decline", "Confirm", "Retry"),
    *("New", "Create", "Join", "Leave", "Follow", "Like", "Post", "Chat", "Inbox", "Archive", "Today", "Week"),
    *("Month", "Year", "Home", "News", "Music", "Video", "Photos", "Map", "Contact", "About", "Privacy", "Terms"),
    *(
        "Language",
        "Users",
        "Team",
        "Project",
        "Tasks",
        "Notes",
        "Report",
        "Charts",
        "Data",
        "Sign up",
        "Log in",
        "Undo",
    ),
)
"""The closed list of interface words: rung (b) of the ladder."""

FILLER = (
    *("weather", "garden", "kitchen", "travel", "seven", "river", "market", "window", "paper", "summer", "harbour"),
    *("little", "morning", "station", "coffee", "number", "between", "always", "letter", "bridge", "yellow", "table"),
    *("people", "public", "second", "simple", "village", "winter", "history", "picture", "machine", "quality", "north"),
    *("special", "delivery", "weekend", "friends", "library", "museum", "family", "reading", "bicycle", "forest"),
    *("the", "of", "and", "to", "in", "is", "for", "on", "with", "at", "by", "from", "free", "all", "your", "our"),
)
"""Words that pages show and no question asks for."""
