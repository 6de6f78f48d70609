"""Whom a casus is about: kept sealed, found by keyed tokens, and held against every document that comes in."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.casework.moment import Names
from hub.crypto.pseudonym import BSN, NAME_AND_BIRTH_DATE, folded, name_and_birth_date, reference_kind
from hub.errors import OtherPerson, ShapeError
from hub.model.bsn import canonical_bsn
from hub.model.delivery import PersonClaim
from hub.model.instant import day
from hub.model.partner import CARE_KINDS, PartnerKind
from hub.model.reference import Reference

_K = PartnerKind
MAY_HOLD_BSN = CARE_KINDS | {
    _K.POLITIE, _K.OM, _K.DJI, _K.COLLEGE, _K.BURGEMEESTER, _K.GGD, _K.RECLASSERING, _K.WMO_AANBIEDER,
    _K.ZVH_PROCESREGISSEUR, _K.CASUSREGISSEUR,
}  # fmt: skip
"""Who has a right to the BSN (R14: Wgs 2.29(1), Wabvpz 4-9, Wmo 5.2.9, UAVG 46)."""


@dataclass(frozen=True)
class Person:
    """The person of a casus as the aanmelder gave it. `birth_date` is `YYYY-MM-DD`, or less where less is known."""

    family_name: str
    birth_date: str
    given_names: str | None = None
    bsn: str | None = None

    def document(self) -> dict[str, Any]:
        """What is kept, sealed under the casus key."""
        return {
            "family_name": self.family_name,
            "birth_date": self.birth_date,
            "given_names": self.given_names,
            "bsn": self.bsn,
        }

    def tokens(self, names: Names, partner: str) -> list[bytes]:
        """The keyed tokens by which `partner` finds the casus.

        Nobody finds a casus in which he has no part, so a casus of others changes nothing in what a search answers.
        """
        called = [self.family_name, *([f"{self.given_names} {self.family_name}"] if self.given_names else [])]
        found = [names.index_token(*by_name(name, self.birth_date), partner) for name in called]
        if self.bsn:
            found.append(names.index_token(BSN, self.bsn, partner))
        return found


def by_name(name: str, birth_date: str) -> tuple[str, str]:
    """(kind, text) of the token of an exact name and date of birth."""
    return NAME_AND_BIRTH_DATE, name_and_birth_date(name, birth_date)


def person_of(body: Mapping[str, Any], kind: PartnerKind) -> Person:
    """The person in an aanmelding. A partner without a right to the BSN does not bring one (UAVG 46)."""
    bsn = body.get("bsn")
    if bsn is not None and kind not in MAY_HOLD_BSN:
        raise ShapeError("U mag geen burgerservicenummer gebruiken.", place="persoon.bsn")
    digits = canonical_bsn(bsn) if bsn is not None else None
    if bsn is not None and digits is None:
        raise ShapeError("Dit is geen geldig burgerservicenummer.", place="persoon.bsn")
    return Person(body["family_name"].strip(), _date(body["birth_date"]), body.get("given_names"), digits)


def _date(text: str) -> str:
    """`YYYY-MM-DD` that exists, or the beginning of one. Raises ShapeError."""
    try:
        day(text + "0000-01-01"[len(text) :])
    except ValueError:
        raise ShapeError("Deze datum bestaat niet.", place="persoon.geboortedatum") from None
    return text


def reference_token(names: Names, partner: str, reference: Reference) -> bytes:
    """The token of the reference that a partner itself uses for this person."""
    return names.index_token(reference_kind(partner), reference)


def must_hold_bsn(kind: PartnerKind, claims: Iterable[PersonClaim]) -> None:
    """Raise ShapeError where a partner without a right to the BSN brings one: it would hear whether it is right."""
    if kind not in MAY_HOLD_BSN and any(claim.bsn is not None for claim in claims):
        raise ShapeError("U mag geen burgerservicenummer gebruiken.", place="bsn")


def must_be_about(person: Mapping[str, Any] | None, claims: Iterable[PersonClaim]) -> None:
    """Raise OtherPerson when a document names somebody who is not shown to be the person of the casus.

    The BSN shows it; where it is not known on both sides, name and date of birth together do. A relative has the same
    name: a claim with less than both shows nothing, unless another claim of the same BSN does.
    """
    told = tuple(claims)
    if told and person is None:
        raise OtherPerson
    if person is not None:
        shown = {claim.bsn for claim in told if claim.bsn and _same_name_and_date(person, claim)}
        if not all(_same(person, claim, shown) for claim in told):
            raise OtherPerson


def _same(person: Mapping[str, Any], claim: PersonClaim, shown: Container[str | None]) -> bool:
    if claim.bsn is not None and person["bsn"] is not None:
        return bool(canonical_bsn(claim.bsn) == person["bsn"])
    return claim.bsn in shown or _same_name_and_date(person, claim)


def _same_name_and_date(person: Mapping[str, Any], claim: PersonClaim) -> bool:
    if not claim.family_name or not claim.birth_date:
        return False
    same_name = folded(claim.family_name) == folded(person["family_name"])
    return same_name and _same_date(person["birth_date"], claim.birth_date)


def _same_date(known: str, claimed: str) -> bool:
    """A partly known date fits the whole one that it begins."""
    shorter, longer = sorted((known, claimed[:10]), key=len)
    return longer.startswith(shorter)
