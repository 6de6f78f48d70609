"""Patient: identification and contact (nl-core-Patient, NameInformation, AddressInformation, ContactInformation)."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.fhir.codes import BSN, NEVER_EXTENSIONS, ROLE
from connectors.fhir.item import Item
from connectors.fhir.network import contact_value
from connectors.fhir.reading import (
    address,
    coded,
    compact,
    contacts,
    extension_value,
    first,
    human_name,
    pairs,
)
from connectors.fhir.rule import Rule, always
from connectors.reasons import Reason
from hub.model.delivery import NotTaken, PersonClaim
from hub.model.partner import PartnerKind

_DROPPED = {
    "maritalStatus": Reason.NOT_IN_HUB,
    "photo": Reason.ATTACHMENT,
    "deceasedBoolean": Reason.NO_FIELD,
    "deceasedDateTime": Reason.NO_FIELD,
    "multipleBirthBoolean": Reason.NO_FIELD,
    "multipleBirthInteger": Reason.NO_FIELD,
    "generalPractitioner": Reason.NO_FIELD,
    "managingOrganization": Reason.NO_FIELD,
}


def bsn_of(identifiers: Any) -> str | None:
    """The BSN among identifiers."""
    listed = (each.get("value") for each in identifiers or () if each.get("system") in BSN)
    return next((str(value) for value in listed if value), None)


def claim(patient: Mapping[str, Any]) -> PersonClaim:
    """Whom a Patient says it is."""
    name = _official(patient)
    return PersonClaim(
        bsn=bsn_of(patient.get("identifier")),
        family_name=_family(name),
        given_names=_given(name),
        birth_date=patient.get("birthDate"),
    )


def dropped(item: Item) -> Iterator[NotTaken]:
    """What a Patient holds and the hub does not take, element by element."""
    for element, reason in _DROPPED.items():
        if item.resource.get(element):
            yield NotTaken(f"{item.place}.{element}", reason)
    for index, each in enumerate(item.resource.get("extension", ())):
        known = str(each.get("url", "")).rsplit("/", 1)[-1] in NEVER_EXTENSIONS
        yield NotTaken(f"{item.place}.extension[{index}]", Reason.NOT_IN_HUB if known else Reason.NO_FIELD)


def _official(patient: Mapping[str, Any]) -> Mapping[str, Any]:
    names = [name for name in patient.get("name", ()) if name.get("family")]
    return next((name for name in names if name.get("use") == "official"), first(names)) or {}


def _family(name: Mapping[str, Any]) -> str | None:
    """The family name of birth with its prefix, where nl-core tells it apart from a partner's name (BRP:
    geslachtsnaam)."""
    parts = name.get("_family")
    own = extension_value(parts, "humanname-own-name")
    if own is None:
        return name.get("family")
    return " ".join(part for part in (extension_value(parts, "humanname-own-prefix"), own) if part)


def _given(name: Mapping[str, Any]) -> str | None:
    """First names in full; initials and call names are not first names."""
    marks = [*name.get("_given", ()), *[None] * len(name.get("given", ()))]
    kept = [
        given
        for given, mark in zip(name.get("given", ()), marks, strict=False)
        if given and extension_value(mark, "iso21090-EN-qualifier") not in {"IN", "CL"}
    ]
    return " ".join(kept) or None


def _name(item: Item) -> Any:
    told = claim(item.resource)
    return compact(
        geslachtsnaam=told.family_name,
        voornamen=told.given_names,
        volledig=human_name(item.resource.get("name")),
    )


def _address(item: Item) -> Any:
    listed = item.resource.get("address", ())
    return address(next((each for each in listed if each.get("use") == "home"), first(listed)))


def _languages(item: Item) -> Any:
    read = (
        compact(
            taal=coded(each.get("language")),
            voorkeur=each.get("preferred"),
            toelichting=extension_value(each, "ext-Comment"),
        )
        for each in item.resource.get("communication", ())
    )
    return [each for each in read if each]


def _contact(item: Item) -> Any:
    """The first contact person, else the first that is named."""
    listed = item.resource.get("contact", ())
    chosen = next((each for each in listed if (ROLE, "01") in pairs(*each.get("relationship", ()))), first(listed))
    return chosen and contact_value({**chosen, "name": [chosen["name"]] if chosen.get("name") else []})


def _from_college(item: Item) -> bool:
    return item.context.source_kind is PartnerKind.COLLEGE


RULES = (
    Rule(
        "Patient",
        "identifier (BSN)",
        "bsn",
        lambda i: bsn_of(i.resource.get("identifier")),
        always,
        "always",
        many=False,
    ),
    Rule("Patient", "name", "naam", _name, always, "always", many=False),
    Rule("Patient", "birthDate", "geboortedatum", lambda i: i.resource.get("birthDate"), always, "always", many=False),
    Rule("Patient", "gender", "geslacht", lambda i: i.resource.get("gender"), always, "always", many=False),
    Rule("Patient", "address", "brp_adres", _address, _from_college, "the source is a college", many=False),
    Rule(
        "Patient",
        "address",
        "feitelijk_verblijf",
        _address,
        lambda i: not _from_college(i),
        "the source is no college",
        many=False,
    ),
    Rule(
        "Patient",
        "telecom",
        "telefoon_email",
        lambda i: contacts(i.resource.get("telecom")),
        always,
        "always",
        many=False,
    ),
    Rule("Patient", "communication", "voorkeur_contact", _languages, always, "always", many=False),
    Rule(
        "Patient",
        "contact",
        "contactpersoon_1",
        _contact,
        always,
        "always: the contact with role 01, else the first",
        person=lambda _: "sociaal_contact",
    ),
)
