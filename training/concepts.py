"""What clickwright/mini is taught to tell apart: kinds of control, colours, icons, sizes and interface words."""

from collections.abc import Mapping

KINDS = (
    *("button", "icon", "switch", "check box", "radio button", "text box", "drop-down list", "link"),
    *("circle", "square", "triangle", "star"),
)
SHAPES = ("circle", "square", "triangle", "star")
WORD = "word"
SHOWN_KINDS = (*KINDS, WORD, "tab")
"""With what episodes show besides; those before keep their places."""

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


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LATIN = _words("""
a ac accumsan adipiscing aenean aliquam aliquet amet ante arcu at auctor augue bibendum blandit commodo condimentum
congue consectetur consequat convallis cras cum curabitur cursus dapibus diam dictum dictumst dignissim dis dolor
donec dui duis egestas eget eleifend elementum elit enim erat eros est et etiam eu euismod facilisi facilisis fames
faucibus felis fermentum feugiat fringilla fusce gravida habitant habitasse hac hendrerit iaculis id imperdiet in
integer interdum ipsum justo lacinia lacus laoreet lectus leo libero ligula lobortis lorem luctus maecenas magna
magnis malesuada massa mattis mauris metus mi molestie mollis montes morbi mus nam nascetur natoque nec neque netus
nibh nisi nisl non nulla nullam nunc odio orci ornare parturient pellentesque penatibus pharetra phasellus placerat
platea porta porttitor posuere potenti praesent pretium proin pulvinar purus quam quis quisque rhoncus ridiculus
risus rutrum sagittis sapien scelerisque sed sem semper senectus sit sociis sodales sollicitudin suscipit
suspendisse tellus tempor tempus tincidunt tortor tristique turpis ullamcorper ultrices ultricies urna ut varius
vehicula vel velit venenatis vestibulum vitae vivamus viverra volutpat vulputate
""")
"""What the texts of MiniWoB++ are made of."""

FIRST_NAMES = _words("""
Agustina Alan Annis Ashlea Augus Beaulah Bernardine Briana Chas Cheree Cierra Cristin Dannie Deneen Dolores Donovan
Emile Enola Ignacio Jerald Jess Joye Juan Kanesha Karrie Kasie Keli Kenda Keneth Leonie Livia Lyda Macie Marcella
Michel Myron Nathalie Nieves Olin Renda Rex Riley Sergio Teodoro Thaddeus Tora Truman Tula Vanda Vina
""")
"""Whom its trees are full of."""

_ON_CONTROLS = _words("""
ONE TWO submit okay ok yes no cancel next previous Previous Okay Ok Section Tab Date Prev Playback Zoom Out In
Rectangle Circle Triangle Letter Number black white aqua gray grey lime maroon navy olive silver magenta gold cyan
January February March April May June July August September October November December
""")
"""What its controls show."""

DAYS = tuple(str(number) for number in range(1, 32))
EPISODE_WORDS = tuple(
    dict.fromkeys((*LATIN, *(word.capitalize() for word in LATIN), *FIRST_NAMES, *_ON_CONTROLS, *DAYS))
)
"""What the pages of MiniWoB++ show again and again."""

GOAL_WORDS = _words("""
are as below best Buy card cheapest click clicking colored coordinate correctly cost date denotes describes dialog
duration email Enter Expand expensive field figure file Find find Focus folder greatest grid has hit how How
important input it item labeled longest many mark most named Navigate nd or pick press section sections shape
shortest sides Switch tab tabs textbox that then there through ticket tree widget word
""")
"""What the goals of its tasks are written with."""
