"""Which characters and links may stand in what is published? What cannot be seen, or leads elsewhere, may not."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

# Controls, format characters, line and paragraph separators, fillers that show nothing, variation selectors,
# surrogates, private use and noncharacters; tab and line feed are judged by the length of the field.
_UNSEEN = (
    "\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160"
    "\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe-\uffff"
)
HIDDEN = re.compile(f"[{_UNSEEN}]")
_HIDDEN_OR_BREAK = re.compile(f"[\t\n{_UNSEEN}]")
# The same beyond the first 65,536 characters, which a JSON Schema has no portable way to write.
_HIDDEN_FAR = re.compile(
    "[\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000dfffe-\U0010ffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 14) for last in (0xFFFE, 0xFFFF))
    + "]"
)
LONGEST_LINE = 600  # a longer field may hold several lines
MOST_MARKS = 4  # combining marks on one letter
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NOT_IN_LINKS = re.compile(r'[\s\x00-\x1f\x7f\\"<>^`{|}]')
_HOST = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_INSIDE = frozenset({"localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "arpa"})
_LONGEST_LINK = 2000


def hidden_in(longest: int) -> re.Pattern[str]:
    """What may not stand in a text of at most so many characters; titles and names are one line."""
    return HIDDEN if longest > LONGEST_LINE else _HIDDEN_OR_BREAK


def hides(text: str, longest: int) -> bool:
    """True where a text holds a character that nobody sees, or a line break where one line is expected."""
    return bool(hidden_in(longest).search(text) or _HIDDEN_FAR.search(text))


def is_piled(text: str) -> bool:
    """True where more than four combining marks stand on one letter."""
    marks = 0
    for letter in text if not text.isascii() else "":
        marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if marks > MOST_MARKS:
            return True
    return False


def xml_text(text: str) -> str:
    """A text with nothing but the characters XML 1.0 can hold (production 2, Char); to be escaped by the caller."""
    return _NOT_IN_XML.sub("", text)


def is_safe_url(value: str) -> bool:
    """True for an absolute link to a public host, without user name, blanks, controls or hidden characters.

    ``http`` stays allowed besides ``https``: many sources are old pages of newspapers and offices that were never
    served otherwise, and a record must be able to name where it was read. A request never fetches a link; whether
    some of them open is asked apart (`portal.visits`).
    """
    if len(value) > _LONGEST_LINK or _NOT_IN_LINKS.search(value) or hides(value, LONGEST_LINE):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and parts.username is None and parts.port != 0 and _is_public(parts)
    except ValueError:
        return False


def host_of(address: str) -> str:
    """The host an address names, in small letters; empty where it cannot be read."""
    try:
        return (urlsplit(address).hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _is_public(parts: SplitResult) -> bool:
    """True for a name with a dot outside of reserved inner names, or an address of the open internet."""
    host = (parts.hostname or "").removesuffix(".")
    if parts.netloc.startswith("["):
        return ipaddress.IPv6Address(host).is_global
    if re.fullmatch(r"[0-9.]+", host):
        return ipaddress.IPv4Address(host).is_global
    return len(host) <= 253 and bool(_HOST.fullmatch(host)) and host.rpartition(".")[2] not in _INSIDE
