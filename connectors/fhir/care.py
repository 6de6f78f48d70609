"""EpisodeOfCare, Encounter, CareTeam, Procedure, and who gives care (nl-core, zib 2020)."""

from typing import Any

from connectors.fhir.item import Item, professional, professional_resource
from connectors.fhir.reading import (
    address,
    all_coded,
    coded,
    compact,
    contacts,
    extension_value,
    first,
    moment,
    notes,
    one_coding,
    span,
    words,
)
from connectors.fhir.rule import Rule, always, any_of, by_status, profiled, snomed
from connectors.reasons import Reason
from hub.model.partner import PartnerKind

_ADMITTED = frozenset({"IMP", "ACUTE", "NONAC"})
"""v3-ActCode: inpatient encounters."""
_PROVIDERS = ("HealthcareProvider", "HealthcareProvider-Organization")


def _organisation(item: Item) -> Any:
    episode = item.resource
    return compact(
        organisatie=professional(item, episode.get("managingOrganization")),
        status=episode.get("status"),
        periode=span(episode.get("period")),
    )


def _episode_form(item: Item) -> Any:
    """Only where the episode says of what kind it is."""
    kind = compact(soort=all_coded(item.resource.get("type")))
    return kind and {**kind, **(compact(periode=span(item.resource.get("period"))) or {})}


def _addiction_care(item: Item) -> Any:
    episode = item.resource
    return compact(
        soort=all_coded(episode.get("type")),
        naam=extension_value(episode, "ext-EpisodeOfCare.EpisodeOfCareName"),
        status=episode.get("status"),
        periode=span(episode.get("period")),
    )


def _admitted(item: Item) -> bool:
    return (item.resource.get("class") or {}).get("code") in _ADMITTED


def _contact(item: Item) -> Any:
    meeting = item.resource
    return compact(
        status=meeting.get("status"), soort=one_coding(meeting.get("class")), periode=span(meeting.get("period"))
    )


def _admission(item: Item) -> Any:
    stay = item.resource.get("hospitalization") or {}
    return compact(
        periode=span(item.resource.get("period")),
        soort=one_coding(item.resource.get("class")),
        vanuit=coded(stay.get("admitSource")),
        naar=coded(stay.get("dischargeDisposition")),
    )


def _form(item: Item) -> Any:
    meeting = item.resource
    places = [professional(item, each.get("location")) for each in meeting.get("location", ())]
    return compact(
        soort=one_coding(meeting.get("class")),
        aard=all_coded(meeting.get("type")),
        aanbieder=professional(item, meeting.get("serviceProvider")),
        waar=[place for place in places if place],
        periode=span(meeting.get("period")),
    )


def _members(item: Item) -> Any:
    """Professionals and organisations; the person himself and his contacts have fields of their own."""
    read = []
    for each in item.resource.get("participant", ()):
        reference = each.get("member") or {}
        kind = reference.get("type") or str(reference.get("reference", "")).split("/", maxsplit=1)[0]
        if kind in {"Patient", "RelatedPerson"}:
            continue
        member = professional(item, reference) or {}
        read.append(compact(**member, rol=[name for name in map(words, each.get("role", ())) if name]))
    return compact(naam=item.resource.get("name"), leden=[member for member in read if member])


def _crisis(item: Item) -> Any:
    numbers = contacts(item.resource.get("telecom"))
    return compact(naam=item.resource.get("name"), contact=numbers) if numbers else None


def _restriction(item: Item) -> Any:
    told = item.resource
    return compact(
        vorm=coded(told.get("code")),
        soort=coded(told.get("category")),
        status=told.get("status"),
        periode=moment(told, "performed"),
        reden=all_coded(told.get("reasonCode")),
        instemming=extension_value(told, "ext-FreedomRestrictingIntervention.Assent"),
        toelichting=notes(told),
    )


def _provider(item: Item) -> Any:
    """Organization lists its addresses, Location has one."""
    who = professional_resource(item, item.resource) or {}
    place = item.resource.get("address")
    return compact(organisatie=compact(**who, adres=address(first(place) if isinstance(place, list) else place)))


def _practitioner(item: Item) -> Any:
    return professional_resource(item, item.resource)


RULES = (
    Rule("EpisodeOfCare", "managingOrganization, status, period", "in_zorg_bij", _organisation, always, "always"),
    Rule("EpisodeOfCare", "type, period", "zorgvorm_intensiteit", _episode_form, always, "always"),
    Rule(
        "EpisodeOfCare",
        "type, name (extension), status, period",
        "verslavingsbehandeling",
        _addiction_care,
        lambda i: i.context.source_kind is PartnerKind.VERSLAVINGSZORG,
        "the source is verslavingszorg",
    ),
    Rule("Encounter", "status, class, period", "zorgcontact_status", _contact, always, "always"),
    Rule(
        "Encounter",
        "class, period, hospitalization",
        "opname_historie",
        _admission,
        _admitted,
        "class IMP, ACUTE, NONAC",
    ),
    Rule(
        "Encounter", "class, type, serviceProvider, location, period", "zorgvorm_intensiteit", _form, always, "always"
    ),
    Rule("CareTeam", "name, participant", "behandelteam", _members, always, "always"),
    Rule("CareTeam", "name, telecom", "crisiscontact_24_7", _crisis),
    Rule(
        "Procedure",
        "code, category, status, performed, reasonCode, note",
        "verplichte_zorg_vormen",
        _restriction,
        any_of(snomed("225317005"), profiled("FreedomRestrictingIntervention")),
        "SNOMED CT 225317005 or profile FreedomRestrictingIntervention",
    ),
    Rule(
        "Organization",
        "name, telecom, address",
        "in_zorg_bij",
        _provider,
        profiled(*_PROVIDERS),
        "profile HealthcareProvider-Organization, and no other resource refers to it",
    ),
    Rule(
        "Location",
        "name, managingOrganization, telecom, address",
        "in_zorg_bij",
        _provider,
        profiled(*_PROVIDERS),
        "profile HealthcareProvider, and no other resource refers to it",
    ),
    Rule(
        "PractitionerRole",
        "practitioner, organization, specialty, telecom",
        "regiebehandelaar",
        _practitioner,
        always,
        "no other resource refers to it",
    ),
    Rule("Practitioner", "name, telecom", "regiebehandelaar", _practitioner, always, "no other resource refers to it"),
)
_MISTAKEN = {"entered-in-error": Reason.MISTAKEN}
GATES = {
    "EpisodeOfCare": (by_status({**_MISTAKEN, "cancelled": Reason.MISTAKEN, "planned": Reason.NOT_SETTLED}),),
    "Encounter": (by_status({**_MISTAKEN, "cancelled": Reason.MISTAKEN}),),
    "CareTeam": (by_status({**_MISTAKEN, "inactive": Reason.NOT_CURRENT, "proposed": Reason.NOT_SETTLED}),),
    "Procedure": (by_status({**_MISTAKEN, "not-done": Reason.REFUTED, "preparation": Reason.NOT_SETTLED}),),
}
