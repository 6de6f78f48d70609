"""Natural persons as the municipal standards write them: ZGW and StUF share one information model (RSGB), and the
BRP and VERA write names and addresses as it does.

Nationality, place and land of birth, and numbers of aliens are not read.
"""

import re
from dataclasses import dataclass
from typing import Any

from connectors.person import is_bsn
from hub.errors import ShapeError
from hub.model import instant
from hub.model.delivery import PersonClaim

GENDERS = {"m": "man", "v": "vrouw", "o": "onbekend"}
_NO_DAY = "Dit is geen geldige datum."
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})?-?([0-9]{2})?")


@dataclass(frozen=True)
class Person:
    """Who a document says it is about. `birth_date` is `YYYY-MM-DD` or the beginning of it; `place` where he stands."""

    place: str
    bsn: str | None = None
    family_name: str | None = None
    given_names: str | None = None
    birth_date: str | None = None
    gender: str | None = None
    address: dict[str, Any] | None = None
    contacts: tuple[dict[str, Any], ...] = ()

    def claims(self) -> tuple[PersonClaim, ...]:
        """What is held against the casus's person; nothing where the document says nothing of him.

        A sex or address without who he is makes an empty claim, which fits nobody.
        """
        if self == Person(self.place):
            return ()
        return (PersonClaim(self.bsn, self.family_name, self.given_names, self.birth_date),)


def compact(**members: Any) -> dict[str, Any] | None:
    """The members that hold something; null where none does."""
    kept = {key: value for key, value in members.items() if value not in (None, "", [], {})}
    return kept or None


def bsn(text: str | None, place: str) -> str | None:
    """The BSN, or null where none is given. Raises `ShapeError` for what cannot be one."""
    if text and not is_bsn(text):
        raise ShapeError("Dit is geen geldig burgerservicenummer.", place=place)
    return text or None


def day(text: str | None, place: str) -> str | None:
    """`YYYY-MM-DD`, or the beginning of it that is known (`19900500` is 1990-05), or null.

    Raises `ShapeError` for a day that does not exist.
    """
    found = _DATE.fullmatch(text) if text else None
    if text and found is None:
        raise ShapeError(_NO_DAY, place=place)
    known: list[str] = []
    for part in found.groups() if found else ():
        if part is None or not int(part):
            break
        known.append(part)
    written = "-".join(known)
    try:
        instant.day(written + "0001-01-01"[len(written) :])
    except ValueError:
        raise ShapeError(_NO_DAY, place=place) from None
    return written or None


def family_name(prefix: str | None, name: str | None) -> str | None:
    """The family name with its prefix, as the registers write it out."""
    return " ".join(part for part in (prefix, name) if part) if name else None


def street(name: str | None, number: Any, letter: str | None, addition: str | None) -> str | None:
    """A line such as `Dorpsstraat 12 A-2`."""
    house = f"{number or ''}{f' {letter}' if letter else ''}{f'-{addition}' if addition else ''}"
    return " ".join(part for part in (name, house) if part) or None


def address(lines: list[str | None], postcode: str | None = None, town: str | None = None) -> dict[str, Any] | None:
    """An address, in the words of the other formats."""
    return compact(regels=[line for line in lines if line], postcode=postcode, plaats=town)
