"""One request seen from its asker: who he is for the rules, what time it is, and the small questions about both."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.policy.reading.catalogue import CARE_KINDS, FIELDS, Field
from tests.policy.reading.purposes import ELIGIBLE, NEED
from tests.policy.reading.regimes import ALWAYS_DERDE, PUBLIC
from tests.unit.pdp.facts import records_of

Row = dict[str, Any]

OPEN_PHASES = ("toegelaten", "traject", "opgeschaald", "afgeschaald")
BEFORE_ADMISSION = ("aangemeld", "triage")
CLOSED_PHASES = ("afgesloten", "afgeschermd")


@dataclass(frozen=True)
class Case:
    """The facts of one request."""

    facts: Row

    def __getitem__(self, key: str) -> Any:
        return self.facts[key]

    @property
    def at(self) -> str:
        return str(self.facts["at"])

    @property
    def purpose(self) -> str:
        return str(self.facts["purpose"])

    @property
    def action(self) -> str:
        return str(self.facts["action"])

    @property
    def partner(self) -> Row:
        partner: Row = self.facts["partner"]
        return partner

    @property
    def casus(self) -> Row:
        casus: Row = self.facts["casus"]
        return casus

    @property
    def me(self) -> str:
        return str(self.partner["id"])

    @property
    def kind(self) -> str:
        return str(self.partner["kind"])

    @property
    def regime(self) -> str | None:
        regime: str | None = self.casus["regime"]
        return regime

    @property
    def phase(self) -> str | None:
        phase: str | None = self.casus["phase"]
        return phase

    def related(self, relation: str) -> bool:
        return relation in self.partner["relations"]

    # ---- time: half open, a null end is no end ----

    def past(self, end: str | None) -> bool:
        return end is not None and end <= self.at

    def runs(self, start: str | None, end: str | None) -> bool:
        return start is not None and start <= self.at and not self.past(end)

    # ---- standing ----

    @cached_property
    def sound_standing(self) -> bool:
        """The pair of kind and standing is one that the contract knows."""
        standing = self.partner["standing"]
        if self.kind in ALWAYS_DERDE:
            return bool(standing == "derde")
        if self.kind in ("betrokkene", "toezicht"):
            return bool(standing == self.kind)
        return standing in ("deelnemer", "derde")

    @cached_property
    def without_authority(self) -> bool:
        """Acts for the betrokkene outside his authority: for every rule not the betrokkene."""
        partner = self.partner
        if self.kind != "betrokkene" or not self.related("vertegenwoordigt"):
            return False
        return not self.runs(partner["authority_from"], partner["authority_until"])

    @property
    def betrokkene(self) -> bool:
        return self.partner["standing"] == "betrokkene" and self.sound_standing and not self.without_authority

    @property
    def toezicht(self) -> bool:
        return self.partner["standing"] == "toezicht" and self.sound_standing

    @property
    def derde(self) -> bool:
        return bool(self.partner["standing"] == "derde")

    @property
    def free(self) -> bool:
        """Not asked of these: regime, R04, receivers of supply records, R24-R26, age."""
        return self.betrokkene or self.toezicht or self.purpose == "D10"

    @property
    def employer(self) -> str | None:
        employer: str | None = self.partner["employer_kind"] if self.kind == "casusregisseur" else None
        return employer

    @property
    def kinds(self) -> set[str | None]:
        """The kinds that R09-R11, R23 and C2 look at."""
        return {self.kind, self.employer}

    @property
    def care(self) -> bool:
        return self.kind in CARE_KINDS or self.employer in CARE_KINDS

    @property
    def public(self) -> bool:
        return bool(self.kinds & PUBLIC)

    @property
    def members(self) -> list[str]:
        """Who is involved; before admission and in `afgewezen` the triage group."""
        early = self.phase in BEFORE_ADMISSION or self.phase == "afgewezen"
        members: list[str] = self.casus["triage_group" if early else "involved"]
        return members

    @property
    def push_to_derde(self) -> bool:
        """The conditions of a push to a derde in a ZVH are asked."""
        return self.derde and self.regime == "wgs_zvh" and self.action == "verstrekken" and self.purpose != "D10"

    @property
    def closed(self) -> bool:
        """Closed, for the ground `wgs`."""
        return self.phase in CLOSED_PHASES or (self.phase in OPEN_PHASES and self.past(self.casus["closed_at"]))

    # ---- tables ----

    @property
    def eligible(self) -> str:
        return ELIGIBLE[self.kind, self.purpose]

    def need(self, field: Field) -> str:
        return NEED[self.purpose, field.group]

    def column(self, group: str) -> str:
        if self.employer in CARE_KINDS and group != "G20":
            return "ggz"
        return self.kind

    @cached_property
    def known(self) -> list[str]:
        """The fields of the catalogue that were asked."""
        if "*" in self.facts["requested"]:
            return sorted(FIELDS)
        return [key for key in self.facts["requested"] if key in FIELDS]

    @cached_property
    def records(self) -> list[Row]:
        return records_of(self.facts)

    def records_of(self, field: str) -> list[Row]:
        return [record for record in self.records if record["field"] == field]

    def is_own(self, record: Row) -> bool:
        return bool(record["source"] == self.me)


def purpose_in(case: Case, row: Row) -> bool:
    """The row holds for this purpose (`*` holds for all)."""
    return case.purpose in row["purposes"] or "*" in row["purposes"]


def group_in(field: Field, row: Row) -> bool:
    return field.group in row["groups"] or "*" in row["groups"]


def sensitive(field: Field) -> bool:
    """Category Z or S, with or without star."""
    return bool(field.categories & {"Z", "Z*", "S", "S*"})


def smallest(rows: list[Row]) -> str:
    return min(str(row["id"]) for row in rows)
