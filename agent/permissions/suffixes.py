"""What a file is by the last suffix of its name: one to be kept without asking, or one that is known for a program."""

import unicodedata
from urllib.parse import unquote

_PICTURES = "png jpg jpeg gif webp bmp tif tiff avif heic ico"
_TEXTS = "txt text md log csv tsv json jsonl xml yaml yml ics pdf"
# Not doc, xls, odt and the like: macros may stand in those. Not svg and html either: scripts may.
_OFFICE = "docx xlsx pptx"
_SOUNDS = "mp3 m4a aac flac wav ogg oga opus"
_FILMS = "mp4 m4v webm mkv mov avi ogv"
_HARMLESS = frozenset(" ".join((_PICTURES, _TEXTS, _OFFICE, _SOUNDS, _FILMS)).split())

_PROGRAMS = "exe com scr pif msi msix msixbundle appx appxbundle cpl dll bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta"
_OTHER_PROGRAMS = "lnk url reg msc dmg pkg app command deb rpm apk appimage flatpak snap run bin desktop sh bash py pyw"
_PACKED = "jar war whl xpi crx zip gz tgz bz2 tbz xz txz zst 7z rar tar cab iso img vhd vhdx"
_WITH_MACROS = "doc xls ppt docm dotm xlsm xlsb xltm pptm odt ods odp rtf"
_PROGRAM_LIKE = frozenset(" ".join((_PROGRAMS, _OTHER_PROGRAMS, _PACKED, _WITH_MACROS)).split())


def is_harmless(name: str) -> bool:
    """Whether a file of this name does nothing when it is opened. What is not known for harmless is not."""
    return _suffix(name) in _HARMLESS


def is_program(name: str) -> bool:
    """Whether a file of this name, as a URL has it, is known for a program, or for what may hold one.

    Of a link more cannot be asked: the last part of a page's address may end in anything.
    """
    return _suffix(unquote(name)) in _PROGRAM_LIKE


def _suffix(name: str) -> str:
    """The last suffix in small letters, without what nobody sees in it and what systems cut off behind it."""
    seen = "".join(one for one in name if unicodedata.category(one)[0] != "C")
    stem, _, suffix = seen.rstrip(" ._\u00a0\u3000").rpartition(".")
    return suffix.lower() if stem else ""
