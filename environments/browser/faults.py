"""What Playwright says, in one sentence for a person or a model."""

import re

from playwright.async_api import Error as PlaywrightError

_NETWORK = re.compile(r"net::ERR_([A-Z0-9_]+)")
_CALL = re.compile(r"^(?:[A-Z][A-Za-z]+\.[a-z_A-Z]+: )+")
_MAX_CHARS = 300

_WORDS = {
    "NAME_NOT_RESOLVED": "its name is not known",
    "INTERNET_DISCONNECTED": "there is no network",
    "CONNECTION_REFUSED": "the connection was refused",
    "EMPTY_RESPONSE": "the server sent nothing",
    "UNSAFE_PORT": "browsers do not open that port",
    "FILE_NOT_FOUND": "there is no such file",
    "TUNNEL_CONNECTION_FAILED": "the proxy does not let it through",
    "TOO_MANY_REDIRECTS": "it redirects in a circle",
}


def reason_of(error: PlaywrightError) -> str:
    """The first line of the error, without Playwright's call names; network errors in plain words."""
    message = str(error)
    network = _NETWORK.search(message)
    if network is not None:
        code = network.group(1)
        return _WORDS.get(code, code.replace("_", " ").lower())
    lines = message.strip().splitlines() or ["no reason was given"]
    return _CALL.sub("", lines[0])[:_MAX_CHARS]


def is_download(error: PlaywrightError) -> bool:
    """Whether a page was not opened because its address sent a file: that is no failure."""
    return "Download is starting" in str(error)
