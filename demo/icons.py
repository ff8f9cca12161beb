"""Line icons on a grid of 24 x 24, drawn for this site: the inside of each SVG element."""

from math import cos, pi, sin


def _cog(teeth: int = 8, tip: float = 10.4, root: float = 7.8) -> str:
    """The outline of a gear about (12, 12)."""
    step = 2 * pi / teeth
    corners = ((-0.32, root), (-0.2, tip), (0.2, tip), (0.32, root))
    points = [
        f"{12 + radius * cos(step * (tooth + share)):.2f},{12 + radius * sin(step * (tooth + share)):.2f}"
        for tooth in range(teeth)
        for share, radius in corners
    ]
    return f'<polygon points="{" ".join(points)}"/>'


def _starburst(points: int = 5, tip: float = 10.2, root: float = 4.4) -> str:
    """The outline of a star about (12, 12.6), one tip up."""
    step = 2 * pi / points
    corners = [
        f"{12 + radius * sin(step * (n + share)):.2f},{12.6 - radius * cos(step * (n + share)):.2f}"
        for n in range(points)
        for share, radius in ((0, tip), (0.5, root))
    ]
    return f'<polygon points="{" ".join(corners)}"/>'


ICONS: dict[str, str] = {
    "bag": '<path d="M5 8h14l1.2 13H3.8zM8.5 11V7a3.5 3.5 0 0 1 7 0v4"/>',
    "bell": '<path d="M6 17v-6a6 6 0 0 1 12 0v6l2 2H4zM10 21.8h4M12 5V2.6"/>',
    "bookmark": '<path d="M6 3h12v18l-6-5-6 5z"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="16" rx="2"/><path d="M3.5 10.2h17M8 2.6v4.2M16 2.6v4.2"/>',
    "camera": '<path d="M3 7.5h4.2l1.8-3h6l1.8 3H21v12H3z"/><circle cx="12" cy="13.2" r="3.6"/>',
    "cart": '<path d="M2.2 3.5h2.9l2.7 11.8h10.4L20.6 7H6"/>'
    '<circle cx="9.2" cy="19.6" r="1.5"/><circle cx="17" cy="19.6" r="1.5"/>',
    "chat": '<path d="M3.5 4.5h17v12H11l-5 4.2v-4.2H3.5z"/>',
    "check": '<path d="M4.5 12.8l5 5L19.5 7"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 6.8V12.4l3.6 2.2"/>',
    "close": '<path d="M5.5 5.5l13 13M18.5 5.5l-13 13"/>',
    "download": '<path d="M12 3.5v12M6.8 10.6l5.2 5.2 5.2-5.2M4 20.5h16"/>',
    "eye": '<path d="M2.2 12C4.8 7.9 8 5.9 12 5.9s7.2 2 9.8 6.1c-2.6 4.1-5.8 6.1-9.8 6.1S4.8 16.1 2.2 12z"/>'
    '<circle cx="12" cy="12" r="2.9"/>',
    "flag": '<path d="M5.5 21.8V3.4h13.2l-3.2 4.8 3.2 4.8H5.5"/>',
    "folder": '<path d="M3 19.5V5h6.4l2.2 2.8H21v11.7z"/>',
    "gift": '<rect x="3.2" y="8" width="17.6" height="4.4"/><path d="M5 12.4V21h14v-8.6M12 8v13"/>'
    '<path d="M12 8C8 8 6.6 6.6 6.8 5 7.2 2.4 10.8 2.6 12 8zM12 8c4 0 5.4-1.4 5.2-3-.4-2.6-4-2.4-5.2 3z"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><ellipse cx="12" cy="12" rx="4" ry="9"/><path d="M3 12h18"/>',
    "heart": '<path d="M12 20.8C5.4 16 2.4 12.4 2.4 8.8 2.4 5.8 4.6 3.8 7.2 3.8c2 0 3.8 1.2 4.8 3.2'
    " 1-2 2.8-3.2 4.8-3.2 2.6 0 4.8 2 4.8 5 0 3.6-3 7.2-9.6 12z"
    '"/>',
    "help": '<circle cx="12" cy="12" r="9"/><path d="M9.4 9.4a2.7 2.7 0 1 1 3.9 2.5c-.9.5-1.3 1-1.3 2M12 17v.2"/>',
    "home": '<path d="M2.8 11.6 12 3.4l9.2 8.2M5.4 9.6v11h13.2v-11M10 20.6v-6.2h4v6.2"/>',
    "image": '<rect x="3" y="4.5" width="18" height="15" rx="1.5"/><circle cx="8.2" cy="9.6" r="1.6"/>'
    '<path d="M3.5 17.5l5-4.5 3.5 3 4-4.5 4.8 5"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11.2v5.6M12 7.4v.2"/>',
    "lock": '<rect x="4.8" y="10.5" width="14.4" height="10.5" rx="2"/><path d="M8 10.5V7.6a4 4 0 0 1 8 0v2.9"/>',
    "mail": '<rect x="2.8" y="5" width="18.4" height="14" rx="2"/><path d="M3.4 6.8l8.6 6.8 8.6-6.8"/>',
    "minus": '<path d="M4.5 12h15"/>',
    "pencil": '<path d="M4 20l1-4.6L16.4 4 20 7.6 8.6 19zM13.8 6.6l3.6 3.6"/>',
    "plus": '<path d="M12 4.5v15M4.5 12h15"/>',
    "refresh": '<path d="M19.6 15A8 8 0 1 1 19.4 8.6M20.4 3.6v5.4h-5.4"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.8"/><path d="M15.6 15.6 21.2 21.2"/>',
    "settings": f'{_cog()}<circle cx="12" cy="12" r="3.2"/>',
    "share": '<circle cx="6" cy="12" r="2.8"/><circle cx="17.6" cy="5.4" r="2.8"/>'
    '<circle cx="17.6" cy="18.6" r="2.8"/><path d="M8.5 10.7l6.7-3.9M8.5 13.3l6.7 3.9"/>',
    "star": _starburst(),
    "tag": '<path d="M3.4 3.4h9.4l8.2 8.2-9.4 9.4-8.2-8.2z"/><circle cx="8" cy="8" r="1.5"/>',
    "trash": '<path d="M3.8 6.5h16.4M9 6.5V3.6h6v2.9M6 6.5l1 14.5h10l1-14.5M10.2 10.5v6.5M13.8 10.5v6.5"/>',
    "user": '<circle cx="12" cy="7.8" r="4.3"/><path d="M3.8 21.2c0-4.8 3.4-7 8.2-7s8.2 2.2 8.2 7z"/>',
}
