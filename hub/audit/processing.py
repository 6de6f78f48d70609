"""What the controller accounts for beside each entry: a record of Logboek Dataverwerkingen (LDV 1.0.0, Logius) and,
where a release is due to be logged by NEN 7513, the attributes of that norm (LDV extension nen7513). A call of the
AuthZEN doors has a record of the decision log too (`hub.audit.decision_log`).

A record says what was done, when, of whom and under which activity of the controller's register: names of fields, never
a value; the person as a pseudonym that this log alone uses; the user only in the part of NEN 7513, for LDV keeps users
out. It is made in the durable write of its entry, sealed under the same log key, and its digest stands in the entry.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any, NamedTuple, Protocol

import orjson

from hub.audit.decision_log import decision_record
from hub.crypto.aead import open_
from hub.errors import NotFound
from hub.model.release import Entry

PROCESSING = "processing"
"""Key of an entry's internal part under which the digest of its record stands."""

LDV, NEN7513, ADL = "ldv", "nen7513", "adl"
"""The parts of a record: the first always, the others where they are due."""

READING = "logboek-inzage"
"""Kind of the entry that the log was read: that is no processing that is logged (LDV: reading the log itself is not)."""

SUBJECT_TYPE = "urn:hub:pseudoniem:casus"
_READER = "hub/verwerkingen"
"""For whom the pseudonyms of this log are; the slash keeps it apart from the ids of partners."""

NAMES: Mapping[str, str] = {
    "raadpleging": "Gegevens uit een casus raadplegen",
    "zoeking": "De casus van een persoon zoeken",
    "zoekgrens": "Zoeken boven de grens weigeren",
    "verstrekking": "Gegevens uit een casus aan een partner verstrekken",
    "ontvangst": "Verstrekte gegevens ontvangen",
    "toets": "Beoordelen of gegevens uit een casus vrij mogen komen",
    "toetsen": "Meer beoordelingen in één aanroep",
    "beleidstoets": "Het beleid beoordelen op aangeleverde feiten",
    "proefhuurder": "Een proef met een ander beleid",
    "postvak": "Zien welke verstrekkingen wachten",
    "aanmelding": "Een casus aanmelden",
    "levering": "Gegevens in een casus leveren",
    "terugname": "Geleverde gegevens terugnemen",
    "voorwaarde": "Een voorwaarde aan geleverde gegevens stellen",
    "vastlegging": "Iets over een casus vastleggen",
    "beeindiging": "Een vastlegging over een casus beëindigen",
    "overzicht": "De eigen vastleggingen in een casus zien",
    "verplichtingen": "De eigen verplichtingen zien",
    "afhandeling": "Een verplichting afhandelen",
    "noodverzoek": "Om een noodsituatie vragen",
    "geweigerd": "Een aanroep weigeren",
    "onbekend": "Een aanroep over een onbekende casus beantwoorden",
    "vernietiging-opdracht": "Opdracht geven om een casus te vernietigen",
    "vernietiging-akkoord": "De vernietiging van een casus goedkeuren",
    "vernietiging": "Een casus vernietigen",
    "beleid-effect": "Beslissingen van eerder toetsen aan ander beleid",
    "beheer": "Partners, gebruikers en sleutels beheren",
}
"""What a person reads of an action, by the kind of its entry."""

_PURPOSE = re.compile(r"D[0-9]{2}")
_CASUS = re.compile(r"[0-9a-f]{32}")


class Names(Protocol):
    """Pseudonyms of casussen."""

    def casus_pseudonym(self, partner: str, casus: str) -> str: ...


class Keys(Protocol):
    """The keyring."""

    def get(self, name: str) -> bytes: ...


class _Left(NamedTuple):
    """What left by an entry: fields, legal bases, secrecy exceptions; and by source `field:level`, in the order told.
    `through`: fields of which the hub told that there is one and no more, for the source gives the value."""

    fields: set[str]
    through: set[str]
    bases: set[str]
    exceptions: set[str]
    by_source: dict[str, list[str]]


@dataclass(frozen=True)
class Processing:
    """Makes records. `register`: the address of the controller's register of processing activities, before the activity;
    `site`: the name of this log; `version`: of the hub; `clock`: when an action ended."""

    names: Names
    register: str
    site: str
    version: str
    clock: Callable[[], datetime]

    def record(self, entry: Entry, idx: int) -> bytes | None:
        """The record of the entry that gets the index `idx`, or None for what is no processing that is logged."""
        if entry.kind == READING:
            return None
        told, internal = entry.told, entry.internal
        subject, left = self._subject(internal.get("casus")), _left(told)
        parts: dict[str, Any] = {LDV: self._ldv(entry, idx, subject, left)}
        if any(duty["type"] == "log_nen7513" for duty in told.get("verplichtingen", ())):
            parts[NEN7513] = _nen7513(entry.kind, told, internal, subject, left)
        decision = decision_record(entry, idx, self.version, self.site)
        if decision is not None:
            parts[ADL] = decision
        return orjson.dumps(parts)

    def _subject(self, casus: Any) -> str | None:
        """The pseudonym of whom it is about. Of a casus that there is not it is one of nobody: the same work (R15)."""
        if not isinstance(casus, str) or not _CASUS.fullmatch(casus):
            return None
        return self.names.casus_pseudonym(_READER, casus)

    def _ldv(self, entry: Entry, idx: int, subject: str | None, left: _Left) -> dict[str, Any]:
        start, trace = _milliseconds(entry.at), entry.trace
        record: dict[str, Any] = {
            "trace_id": trace.id,
            "span_id": token_hex(8),
            "status": _status(entry.told),
            "name": NAMES.get(entry.kind, entry.kind),
            "start_time": start,
            "end_time": max(start, _milliseconds(self.clock())),
            "resource": {"attributes": {"service.name": "hub", "service.version": self.version}},
            "attributes": self._attributes(entry, idx, subject, left),
        }
        if trace.parent is not None:
            record["parent_span_id"] = trace.parent
        return record

    def _attributes(self, entry: Entry, idx: int, subject: str | None, left: _Left) -> dict[str, Any]:
        told, internal = entry.told, entry.internal
        attributes: dict[str, Any] = {"dpl.core.processing_activity_id": self._activity(entry.kind, told.get("doel"))}
        if subject is not None:
            attributes |= {"dpl.core.data_subject_id": subject, "dpl.core.data_subject_id_type": SUBJECT_TYPE}
        if (client := told.get("systeem")) is not None:
            attributes["dpl.core.foreign_operation.processor"] = f"urn:hub:systeem:{client}"
        code = told.get("fout")
        if code is not None and code != NotFound.code:
            attributes["exception.type"] = code
        own = {
            "hub.entry": idx,
            "hub.partner": told.get("partner"),
            "hub.receiver": told.get("ontvanger"),
            "hub.regime": None if code == NotFound.code else internal.get("regime"),
            "hub.fields": sorted(left.fields) or _fields(told.get("velden")),
            "hub.fields_via_source": sorted(left.through) or None,
            "hub.legal_basis": sorted(left.bases) or None,
            "hub.policy_revision": told.get("beleid"),
            "hub.fsc_transaction_id": entry.trace.transaction,
        }
        attributes.update((name, value) for name, value in own.items() if value is not None)
        return attributes

    def _activity(self, kind: str, purpose: Any) -> str:
        step = "/" if "://" in self.register else ":"
        asked = [purpose] if isinstance(purpose, str) and _PURPOSE.fullmatch(purpose) else []
        return step.join([self.register, kind, *asked])

    def site_attributes(self) -> dict[str, str]:
        """Where a record of NEN 7513 comes from: added when it is told, for it is the same for each."""
        return {
            "nen7513.AuditEnterpriseSiteID": self.site,
            "nen7513.AuditSourceId": "hub",
            "nen7513.AuditSourceTypeCode": "4",
        }


def _left(told: Mapping[str, Any]) -> _Left:
    """What an entry says that left, gone through once: a release has many lines."""
    left, lines = _Left(set(), set(), set(), set(), {}), told.get("gegevens")
    for line in lines if isinstance(lines, list) else ():
        field = line["veld"]
        if basis := line.get("grondslag"):
            left.bases.add(basis)
        if exception := line.get("geheimUitzondering"):
            left.exceptions.add(exception)
        # Of what goes through its source no more was told than that there is something.
        fields, level = (left.through, "hit") if "viaBron" in line else (left.fields, line["niveau"])
        fields.add(field)
        left.by_source.setdefault(line["bron"], []).append(f"{field}:{level}")
    return left


def _fields(given: Any) -> list[str] | None:
    """The names of fields in what was told of a delivery or a condition."""
    found = {field for field in map(_field_name, given or ()) if field is not None}
    return sorted(found) or None


def _field_name(one: Any) -> str | None:
    name = one.get("veld") if isinstance(one, Mapping) else one
    return name if isinstance(name, str) else None


def _status(told: Mapping[str, Any]) -> str:
    """`Ok`, `Unset` where nothing was found or released, `Error` where the call was refused or could not be answered."""
    code = told.get("fout")
    if code == NotFound.code or (code is None and told.get("gegevens") == []):
        return "Unset"
    return "Ok" if code is None else "Error"


def _nen7513(
    kind: str, told: Mapping[str, Any], internal: Mapping[str, Any], subject: str | None, left: _Left
) -> dict[str, Any]:
    """The attributes of NEN 7513: who used what of whom, for which purpose, on which protocol. No name, no address."""
    return {
        "eventTypeCode": kind,
        "users": _users(told, internal),
        "participants": [{
            "participantObjectTypeCode": "1", "participantObjectTypeCodeRole": "1",
            "participantObjectIDTypeCode": SUBJECT_TYPE, "participantObjectID": subject,
            "participantObjectPermissionPolicySet": told["beleid"],
        }],
        "participantSegments": [
            {
                "participantObjectTypeCode": "2", "participantObjectTypeCodeRole": "3",
                "participantObjectIDTypeCode": "urn:hub:bron", "participantObjectID": source,
                "participantObjectDetail": fields,
            }
            for source, fields in left.by_source.items()
        ],
        "autorisatieProtocol": told["beleid"],
        "behandelrelatieProtocol": sorted(left.bases),
        "toestemmingsProfiel": sorted(left.exceptions),
    }  # fmt: skip


def _users(told: Mapping[str, Any], internal: Mapping[str, Any]) -> list[dict[str, Any]]:
    users = [
        {
            "userID": told["gebruiker"], "alternateUserID": f"{told['partner']}/{told['gebruiker']}",
            "userIsRequestor": True, "roleIDCode": internal.get("role"), "purposeOfUse": told["doel"],
        },
        {"userID": told["systeem"], "userIsRequestor": False, "roleIDCode": "systeem"},
    ]  # fmt: skip
    if told.get("ontvanger") is not None:
        users.append({"userID": told["ontvanger"], "userIsRequestor": False, "roleIDCode": "ontvanger"})
    return users


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


# --- reading ---


def digest_of(record: bytes) -> str:
    """What an entry says of its record."""
    return "sha256:" + sha256(record).hexdigest()


def place(log_key: str, pair: bytes) -> tuple[str | bytes, ...]:
    """What a sealed record is bound to: the leaf of its entry, and the name of its key."""
    return ("processing", log_key, pair)


def opened_record(key: bytes, sealed: bytes, log_key: str, pair: bytes) -> bytes:
    """A record. Raises `Sealed` where it does not open."""
    return open_(key, sealed, place(log_key, pair))


def ldv(parts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record as Logboek Dataverwerkingen has it."""
    found: Mapping[str, Any] = parts[LDV]
    return found


def nen7513(parts: Mapping[str, Any], site: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The record with the attributes of NEN 7513, or None where it was not due."""
    own = parts.get(NEN7513)
    if own is None:
        return None
    record = parts[LDV]
    named = {f"dpl.nen7513.{name}": value for name, value in own.items()}
    return {
        **record,
        "resource": {"attributes": {**record["resource"]["attributes"], **site}},
        "attributes": {**record["attributes"], **named},
    }


def adl(parts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The record of the decision log, or None where the entry was none of a decision."""
    return parts.get(ADL)


def parts_of(record: bytes) -> Mapping[str, Any]:
    """All parts of a record."""
    parts: Mapping[str, Any] = orjson.loads(record)
    return parts
