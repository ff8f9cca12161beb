"""What Playwright says, in one sentence for a person or a model."""

import re

from playwright.async_api import Error as PlaywrightError

_NETWORK = re.compile(r"(?:net::ERR|NS_ERROR)_([A-Z0-9_]+)|(deniedPortAccess)")
_CALL = re.compile(r"^(?:[A-Z][A-Za-z]+\.[a-z_A-Z]+: )+")
_MAX_CHARS = 300

_WORDS = {
    "NAME_NOT_RESOLVED": "its name is not known",
    "INTERNET_DISCONNECTED": "there is no network",
    "CONNECTION_RESET": "the connection broke off",
    "CONTENT_LENGTH_MISMATCH": "the connection broke off",
    "CONNECTION_REFUSED": "the connection was refused",
    "EMPTY_RESPONSE": "the server sent nothing",
    "UNSAFE_PORT": "browsers do not open that port",
    "FILE_NOT_FOUND": "there is no such file",
    "TUNNEL_CONNECTION_FAILED": "the proxy does not let it through",
    "TOO_MANY_REDIRECTS": "it redirects in a circle",
    "UNKNOWN_HOST": "its name is not known",
    "NET_RESET": "the connection broke off",
    "NET_INTERRUPT": "the connection broke off",
    "NET_PARTIAL_TRANSFER": "the connection broke off",
    "NET_EMPTY_RESPONSE": "the server sent nothing",
    "OFFLINE": "there is no network",
    "deniedPortAccess": "browsers do not open that port",
    "PROXY_CONNECTION_REFUSED": "the proxy does not answer",
    "PROXY_FORBIDDEN": "the proxy does not let it through",
    "REDIRECT_LOOP": "it redirects in a circle",
}


def reason_of(error: PlaywrightError) -> str:
    """The first line of the error, without Playwright's call names; network errors in plain words."""
    return words_of(str(error))


def words_of(message: str) -> str:
    """Like `reason_of`, of the text alone."""
    network = _NETWORK.search(message)
    if network is not None:
        code = network.group(1) or network.group(2)
        return _WORDS.get(code, code.replace("_", " ").lower())
    lines = message.strip().splitlines() or ["no reason was given"]
    return _CALL.sub("", lines[0])[:_MAX_CHARS]


def is_download(error: PlaywrightError) -> bool:
    """Whether a page was not opened because its address sent a file: that is no failure."""
    return "Download is starting" in str(error)
