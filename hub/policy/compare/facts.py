"""The facts of one situation, as a document of the decision contract: all fields in one request, all else in order.

What is not said by the situation is held fixed; `FIXED` tells it to the reader.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hub.model.instant import to_text
from hub.model.purpose import PURPOSES
from hub.pdp.codes import ANY
from hub.pdp.packing import Rows
from hub.policy.compare.actors import RELATIONS, Actor
from hub.policy.compare.grounds import Ground
from hub.policy.compare.laws import Laws, representatives

Row = dict[str, Any]
FIXED: Final = (
    "één casus, één vrager, één vraag tegelijk, naar alle velden samen",
    "een meerderjarige betrokkene van 34 jaar; de vrager is betrokken en kan elke verplichting nakomen",
    "de gebruiker is aangewezen, gescreend, opgeleid en gebonden aan geheimhouding",
    "alle relaties van de vrager met de betrokkene (behandelt, verhuurt, verzekert enzovoort)",
    "per veld een gegeven van elk soort bron (zorg, politie, justitie, college, Wmo-aanbieder, woningcorporatie, "
    "een ander), in beide vormen (vol en sam), en niets op het gegeven aan te merken",
    "het leveringsbewijs van politie en justitie is in orde; zorgpartners hebben toestemming voor elektronische inzage",
    "een deelnemer leest; aan een derde wordt verstrekt, met verklaring, advies en instemming van de bron",
    "toest, eigen, 457.2, cvp en vitaal staan naast een grondslag die in dat regime telt (in wgs_zvh: wgs of derde)",
    "D01 in de triage, elk ander doel in een lopend traject",
)
"""What no situation changes unless its words say so."""
_ARTICLES: Final = {"wpg16": "16(1)(b)", "wpg18": "18(1)", "wpg19": "19", "wpg20_3": "20(3)"}
_JUSTICE: Final = {"om": "39fa", "dji": "51ca"}
STATUS_FOR: Final = {
    "crisis": ("wvggz_status", "crisismaatregel"),
    "verkennend_onderzoek": ("wvggz_status", "verkennend_onderzoek"),
    "wzd_loopt": ("wzd_status", "titel_actief"),
}
"""Word of the table of who may act -> the status that it asks."""
RUNNING: Final = "titel_actief"


@dataclass
class Draft:
    """A document in the making, with the means to change it. `moment`: of the request."""

    laws: Laws
    moment: datetime
    me: str
    doc: Row = field(default_factory=dict)

    def day(self, days: float) -> str:
        """The instant so many days after the request."""
        return to_text(self.moment + timedelta(days=days))

    @property
    def named_purpose(self) -> str:
        """The purpose as a consent or basis names it: every one (`*`), where the request has one that there is not."""
        purpose: str = self.doc["purpose"]
        return purpose if purpose in PURPOSES else ANY

    @property
    def casus(self) -> Row:
        """The facts of the casus."""
        found: Row = self.doc["casus"]
        return found

    @property
    def partner(self) -> Row:
        """The facts of the asker."""
        found: Row = self.doc["partner"]
        return found

    @property
    def records(self) -> Rows:
        """The rows of records, one a source."""
        found: Rows = self.doc["records"]
        return found


ONE, SOME, ALL = 1, 2, 3
"""How many kinds of source deliver each field: one, one of each way in which rules look at a source, or all."""


def draft(laws: Laws, actor: Actor, purpose: str, regime: str | None, ground: Ground, sources: int = SOME) -> Draft:
    """The facts before anything deviates."""
    made = Draft(laws, moment_of(laws), f"{actor.kind}-1")
    made.doc = {
        "at": made.day(0),
        "action": "verstrekken" if actor.standing == "derde" else "lezen",
        "started_by": "bron-college",
        "purpose": purpose,
        "requested": ["*"],
        "user": dict.fromkeys(("designated", "screened", "trained", "bound_to_secrecy"), True) | {"id": "u-1"},
        "partner": _partner(made, actor),
        "casus": _casus(made, actor, purpose, regime, ground),
        "secrecy_exceptions": [],
        "consents": [],
    }
    made.doc["legal_bases"] = [basis(made, kind) for kind in ground.bases]
    made.doc["emergency"] = emergency(made, *ground.emergency) if ground.emergency else None
    made.doc["records"] = _records(made, actor, ground, ALL if ground.every_source else sources)
    made.casus["involved"] = [made.me, *(row["source"] for row in made.records)]
    _agree(made, actor, ground)
    return made


def moment_of(laws: Laws) -> datetime:
    """Noon of the first day on which all tables count."""
    return datetime.fromisoformat(f"{laws.day}T12:00:00").replace(tzinfo=UTC)


def basis(made: Draft, kind: str) -> Row:
    """A legal basis for everything, that runs."""
    return {
        "id": f"lb-{kind}",
        "kind": kind,
        "partner": made.me,
        "purposes": [made.named_purpose],
        "groups": ["*"],
        "valid_from": made.day(-100),
        "valid_until": made.day(500),
        "reason": "ingevuld",
        "rac_ref": "RAC-1",
    }


def consent(made: Draft, kind: str, source: str) -> Row:
    """A sound consent (or refusal) for everything, of one source."""
    return {
        "id": f"co-{kind}-{source}",
        "kind": kind,
        "source": source,
        "receivers": [made.me],
        "purposes": [made.named_purpose],
        "groups": ["*"],
        "given_at": made.day(-50),
        "valid_until": None,
        "withdrawn_at": None,
        "capable": True,
        "voluntary": True,
        "recorded_by_treating": True,
        "given_by": {"role": "betrokkene", "authority_from": None, "authority_until": None},
    }


def emergency(made: Draft, kind: str, source: str) -> Row:
    """A fulfilled emergency for every field."""
    return {
        "kind": kind,
        "source": f"bron-{source}",
        "source_kind": source,
        "receivers": [made.me],
        "purposes": [made.named_purpose],
        "fields": list(made.laws.sources),
        "reason": "ingevuld",
        "second_professional": "tweede",
        "started_at": made.day(-0.25),
        "unable_to_consent": True,
    }


def exception(made: Draft, kind: str, article: str | None) -> Row:
    """A recorded secrecy exception for every field; `source` is to be set."""
    return {
        "id": f"se-{kind}-{article or 'zonder'}",
        "kind": kind,
        "article": article,
        "source": "",
        "receivers": [made.me],
        "purposes": [made.named_purpose],
        "fields": list(made.laws.sources),
        "valid_from": made.day(-50),
        "valid_until": None,
        "reason": "ingevuld",
        "second_professional": None,
        "consent_attempted": True,
    }


def _partner(made: Draft, actor: Actor) -> Row:
    represents = actor.represents
    return {
        "id": made.me,
        "kind": actor.kind,
        "standing": actor.standing,
        "relations": ["vertegenwoordigt"] if represents else list(RELATIONS),
        "secrecy_statement_until": made.day(300) if actor.standing == "derde" else None,
        "employer_kind": actor.employer,
        "authority_from": made.day(-300) if represents else None,
        "authority_until": made.day(300) if represents else None,
        "fulfils": ["*"],
    }


def _casus(made: Draft, actor: Actor, purpose: str, regime: str | None, ground: Ground) -> Row:
    statuses = {"wvggz_status": "geen", "wzd_status": "geen"}
    if ground.status:
        statuses[ground.status] = RUNNING
    for word in sorted(made.laws.eligible(actor.kind, purpose) & STATUS_FOR.keys()):
        key, status = STATUS_FOR[word]
        statuses[key] = status
    return {
        "id": "c-1",
        "regime": regime,
        "phase": "triage" if purpose == "D01" else "traject",
        "aanmelder": "bron-politie",
        "involved": [],
        "triage_group": [made.me],
        "first_processed_at": made.day(-400),
        "term_ends_at": made.day(900),
        "closed_at": None,
        **statuses,
        "subject_age": 34,
        "unauthorised_absence": False,
        "group_size": 25,
        "informed_of": [],
        "uavg41_until": None,
    }


def _records(made: Draft, actor: Actor, ground: Ground, sources: int) -> Rows:
    if ground.own:
        return Rows([_record(made, ground, actor.kind, made.me, list(made.laws.sources))])
    placed: dict[str, list[str]] = {}
    for key, kinds in made.laws.sources.items():
        for kind in kinds if sources == ALL else representatives(kinds)[: 1 if sources == ONE else None]:
            placed.setdefault(kind, []).append(key)
    return Rows([_record(made, ground, kind, f"bron-{kind}", keys) for kind, keys in sorted(placed.items())])


def _record(made: Draft, ground: Ground, kind: str, source: str, fields: list[str]) -> Row:
    supplied = next((one for one in ground.bases if one.startswith(("wpg", "wjsg"))), "")
    wjsg = supplied.removeprefix("wjsg") if supplied.startswith("wjsg") else _JUSTICE.get(kind, "")
    wpg = {
        "article": _ARTICLES.get(supplied, "20(3)"),
        "category": "8",
        "decision": "besluit",
        "receivers": [made.me],
        "authority_agreed": True,
    }
    return {
        "fields": fields,
        "source": source,
        "source_kind": kind,
        "regime": made.doc["casus"]["regime"],
        "levels": ["sam", "vol"],
        "person": "betrokkene",
        "restricted": False,
        "disputed": False,
        "objected": False,
        "destroy_on": None,
        "denied_to": [],
        "vetoed": False,
        "uavg41": False,
        "treating_with": [made.me] if ground.treated else [],
        "supplier_agreed": True,
        "financed_by": [made.me],
        "melding_receiver": made.me,
        "wpg": wpg if kind == "politie" else None,
        "wjsg": {"article": wjsg, "receivers": [made.me]} if kind in _JUSTICE else None,
    }


def _agree(made: Draft, actor: Actor, ground: Ground) -> None:
    """Consents where the ground has them; for care among itself also that of the electronic exchange (R24)."""
    for row in made.records:
        source = row["source"]
        if ground.consent:
            made.doc["consents"].append(consent(made, "toestemming", source))
        if actor.care and row["source_kind"] in {"ggz", "geneesheer_directeur", "verslavingszorg", "vg_lvb"}:
            made.doc["consents"].append(consent(made, "toestemming_15a", source))
