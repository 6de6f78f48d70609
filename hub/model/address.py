"""Addresses that a deployment names: which ones the hub can use. Nothing here repeats an address: it may hold a password."""

import re
from typing import Final
from urllib.parse import urlsplit

DATABASE_FORMS: Final = (
    "geef sqlite:///BESTAND of postgresql+psycopg://NAAM@HOST/DATABASE, "
    "een wachtwoord met @ / of : erin geschreven met %40 %2F %3A"
)
HTTP_FORM: Final = "geef een http- of https-adres, zonder naam of wachtwoord erin"
URI_FORM: Final = "geef een http- of https-adres, of een urn (urn:NAAM:PLAATS), zonder spaties, ? of #"

_PORT = r"(?P<port>[0-9]{1,5})"
# An @ that is not written as %40 would cut a password in two, and the rest of it would pass for a host or a port.
_POSTGRESQL = re.compile(
    r"postgresql\+psycopg://"
    r"([^\s@:/?#]+(:[^\s@]*)?@)?"
    rf"(\[[0-9A-Fa-f:.]+\]|[\w.,-]*)(:{_PORT})?"
    r"/[^\s@/?#]+"
    r"(\?[^\s@=&]+=[^\s@=&]*(&[^\s@=&]+=[^\s@=&]*)*)?"
)
_URN = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]:[A-Za-z0-9()+,\-.:=@;$_!*'/%]+")
_SQLITE = re.compile(r"sqlite:///(?!:memory:)[^?]+")


def is_database(text: str) -> bool:
    """Whether the store can open what stands at this address: a file of SQLite, or PostgreSQL by psycopg."""
    found = _POSTGRESQL.fullmatch(text)
    return bool(_SQLITE.fullmatch(text)) if found is None else found["port"] is None or _is_port(int(found["port"]))


def is_http(text: str) -> bool:
    """Whether this is an http or https address with a host, and a port that can be where it names one."""
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and (parts.port is None or _is_port(parts.port))
        )
    except ValueError:
        return False


def is_uri(text: str) -> bool:
    """Whether this is an address or a urn (RFC 8141) behind which a name can be written."""
    return bool(_URN.fullmatch(text)) or (is_http(text) and not ("?" in text or "#" in text))


def is_bare(url: str) -> bool:
    """Whether nothing comes after host and port of an address that `is_http`: some clients have no place for more."""
    parts = urlsplit(url)
    return not (parts.path or parts.query or parts.fragment)


def port_of(text: str) -> int | None:
    """The port whose number this is, or None."""
    return int(text) if text.isascii() and text.isdigit() and _is_port(int(text)) else None


def _is_port(number: int) -> bool:
    return 0 < number < 65536
