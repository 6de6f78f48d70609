"""Taking in what a source delivers: whole or not at all, into its own compartments, about the casus's person alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from connectors.reasons import Reason, sentence_of
from consent import dossier as kinds
from hub.broker import guessing
from hub.broker.facts import GIVEN, OWN
from hub.casework.authorised import is_reader, must_deliver
from hub.casework.kinds import BY_KIND, Kind
from hub.casework.moment import Answer, Call, Moment, known_partner, moved
from hub.casework.person import must_be_about, must_hold_bsn, reference_token
from hub.casework.rules import RULES
from hub.casework.writing import Once, Outcome, Writing, refused
from hub.compartment.writing import CLOSING, Supply
from hub.errors import NotPermitted, OtherPerson, ShapeError, TooMany
from hub.model.canonical import canonical_json
from hub.model.casus import Phase
from hub.model.delivery import Closing, ConsentClaim, DeliveredField, NotTaken, Parsed
from hub.store import casus as rows
from hub.store.engine import Connection
from hub.store.partners import PartnerRow, partner_row
from hub.store.units import Tx

CLOSED = frozenset({Phase.AFGEWEZEN, Phase.AFGESLOTEN, Phase.AFGESCHERMD, Phase.VERNIETIGD})
"""In these phases nothing new is collected (Wgs 2.31(8), Bgs 1.16)."""


TO_CONFIRM = "nog-te-bevestigen"
"""What became of a consent in a document: on file, and it counts once who treats corrects it to what he saw himself."""


class Catalogue(Protocol):
    """What the policy's catalogue says of a field."""

    def knows_field(self, key: str) -> bool: ...
    def knows_group(self, key: str) -> bool: ...
    def expand(self, requested: Iterable[str]) -> tuple[str, ...]: ...
    def may_deliver(self, key: str, kind: str, employer_kind: str | None) -> bool: ...


class Sealings(Protocol):
    """The compartments (hub.compartment)."""

    def create(self, conn: Connection, casus: str) -> None: ...
    def put(
        self,
        conn: Connection,
        supply: Supply,
        delivery: Sequence[DeliveredField],
        closed: Mapping[str, Mapping[str, Any]],
    ) -> list[tuple[str, str]]: ...
    def take_back(
        self, conn: Connection, casus: str, source: str, *, fields: Collection[str] = (), groups: Collection[str] = ()
    ) -> dict[str, dict[str, Any]]: ...
    def deny(
        self, conn: Connection, casus: str, source: str, fields: Collection[str], receivers: Collection[str]
    ) -> dict[str, list[str]]: ...
    def mark(
        self, conn: Connection, casus: str, *, source: str | None, fields: Collection[str] | None, **conditions: Any
    ) -> list[tuple[str, str]]: ...


class Delivering:
    """The calls of a source about its own fields."""

    def __init__(self, writing: Writing, compartments: Sealings, catalogue: Catalogue) -> None:
        self._writing = writing
        self._compartments = compartments
        self._catalogue = catalogue

    def begin(self, tx: Tx, casus: str) -> None:
        """The keys and the empty directory of a new casus."""
        self._compartments.create(tx.connection, casus)

    def deliver(self, call: Call, once: Once, parsed: Parsed) -> Answer:
        """Take in one document. The answer lists item by item what was taken as which field, what was not, and why.

        Raises OtherPerson when the document is about another person than the casus's: nothing of it is kept. Such a miss
        counts as a search does; TooMany when there were too many: then nothing is compared.
        """
        # What is overwritten is to be gone from the files before the answer.
        return self._writing.on_casus(
            call, once, partial(self._take_compared, parsed=parsed), may=must_deliver, scrub=True
        )

    def deliver_many(self, call: Call, jobs: Sequence[tuple[Call, Once, Parsed]]) -> list[Answer | Exception]:
        """Many documents on the same code path, in few durable writes: each its answer or its error, in order.

        `call` is that of the whole series, with its proofs; those of `jobs` have none.
        """
        self._writing.begin(call)
        return self._writing.many(
            [(call, once, partial(self._take_compared, parsed=parsed)) for call, once, parsed in jobs],
            may=must_deliver,
            scrub=True,
        )

    def take(self, moment: Moment, parsed: Parsed) -> Answer:
        """Take `parsed` in, in the unit of `moment`. Who files a casus holds a document against his own words."""
        _must_be_taken(moment, parsed)
        must_be_about(moment.state.person, parsed.persons)
        return self._take_in(moment, parsed)

    def _take_compared(self, moment: Moment, parsed: Parsed) -> Outcome:
        _must_be_taken(moment, parsed)
        return _miss(moment, parsed) or self._take_in(moment, parsed)

    def _take_in(self, moment: Moment, parsed: Parsed) -> Answer:
        partner = moment.caller.partner
        not_taken = list(parsed.not_taken)
        taken: list[DeliveredField] = []
        for item in parsed.fields:
            reason = self._reason_against(item.field, partner)
            not_taken.append(NotTaken(item.place, reason)) if reason else taken.append(item)
        _must_name_once(taken)
        changes = self._put(moment, taken)
        self._close(moment, parsed.closings)
        if parsed.reference is not None:
            token = reference_token(self._writing.ground.names, partner.id, parsed.reference)
            rows.index(moment.tx.connection, moment.casus, [token])
        consents, refused = self._record_consents(moment, parsed.consents)
        moved(moment)
        answer: Answer = {
            "opgenomen": [
                {
                    "plaats": item.place,
                    "veld": item.field,
                    "niveaus": sorted(item.levels),
                    "wijziging": changes[item.field],
                }
                for item in taken
            ]
            + consents,
            "nietOpgenomen": [
                {"plaats": n.place, "reden": n.reason, "zin": sentence_of(n.reason)} for n in (*not_taken, *refused)
            ],
            "opgenomenOp": moment.at,
        }
        entered = [{"veld": item.field, "niveaus": sorted(item.levels)} for item in taken]
        moment.enter("levering", {"velden": entered, "nietOpgenomen": [n.reason for n in (*not_taken, *refused)]})
        return answer

    def take_back(self, call: Call, once: Once, fields: Sequence[str]) -> Answer:
        """Take back fields of the caller's own; `*` is all of them. What closed them holds for what comes in later."""
        self._must_know(fields)

        def work(moment: Moment) -> Answer:
            own = moment.caller.partner.id
            every = "*" in fields
            gone = self._compartments.take_back(
                moment.tx.connection, moment.casus, own, fields=self._catalogue.expand(fields) if every else fields
            )
            _keep_closed(moment, own, gone)
            moved(moment)
            moment.enter("terugname", {"velden": sorted(gone)})
            return {"teruggenomen": sorted(gone), "vastgelegdOp": moment.at}

        return self._writing.on_casus(call, once, work, may=must_deliver, scrub=True)

    def mark(
        self, call: Call, once: Once, source: str | None, fields: Sequence[str], conditions: Mapping[str, Any]
    ) -> Answer:
        """Set conditions on fields: the source on its own; the contactpunt what the rights of the betrokkene ask."""
        self._must_know(fields)

        def work(moment: Moment) -> Answer:
            owner = source or moment.caller.partner.id
            if owner != moment.caller.partner.id:
                if not _may_shut_for(moment, conditions):
                    raise NotPermitted
                # A source that is misspelt must not seem to be closed either.
                known_partner(moment.tx.connection, owner, "bron")
            named = None if "*" in fields else fields
            marked = self._compartments.mark(
                moment.tx.connection, moment.casus, source=owner, fields=named, **conditions
            )
            if closing := {name: value for name, value in conditions.items() if name in CLOSING}:
                moment.put(kinds.CONDITION, {"source": owner, "fields": sorted(fields), "conditions": closing})
            moved(moment)
            what = {"bron": owner, "velden": sorted(fields), "voorwaarden": sorted(conditions)}
            moment.enter("voorwaarde", what, {"marked": sorted(f for f, _ in marked)})
            # The same answer whether the source holds a field or not: that is a secret too.
            return {"velden": sorted(fields), "vastgelegdOp": moment.at}

        return self._writing.on_casus(call, once, work)

    def _must_know(self, fields: Sequence[str]) -> None:
        """A field that is misspelt must not seem to be closed."""
        if not all(field == "*" or self._catalogue.knows_field(field) for field in fields):
            raise ShapeError("Dit veld bestaat niet.", place="velden")

    def _reason_against(self, field: str, partner: PartnerRow) -> Reason | None:
        """Why this partner does not deliver this field, if he does not."""
        if field in OWN:
            return Reason.OWN
        employer = partner.employer_kind.value if partner.employer_kind else None
        # A consent or refusal is recorded by who may record it (R22), never told as a field.
        if field in GIVEN or not self._catalogue.knows_field(field):
            return Reason.NOT_OF_SOURCE
        return None if self._catalogue.may_deliver(field, partner.kind.value, employer) else Reason.NOT_OF_SOURCE

    def _put(self, moment: Moment, taken: Sequence[DeliveredField]) -> Mapping[str, str]:
        if not taken:
            return {}
        regime = moment.dossier.latest(kinds.REGIME, moment.at)
        source = moment.caller.partner
        supply = Supply(
            moment.casus, source.id, source.kind.value, regime.body["regime"] if regime else None, moment.at
        )
        closed = {item.field: moment.dossier.closed(source.id, item.field) for item in taken}
        return dict(self._compartments.put(moment.tx.connection, supply, taken, closed))

    def _close(self, moment: Moment, closings: Iterable[Closing]) -> None:
        """What a document closes of the fields of its source, told in it or not: what is held, and what comes in later."""
        partner = moment.caller.partner
        for closing in closings:
            fields = [field for field in closing.fields if self._reason_against(field, partner) is None]
            held = self._compartments.deny(moment.tx.connection, moment.casus, partner.id, fields, closing.denied_to)
            denied = {}
            for field in fields:
                before = held.get(field) or moment.dossier.closed(partner.id, field).get("denied_to", ())
                denied[field] = {"denied_to": sorted({*before, *closing.denied_to})}
            if kept := _keep_closed(moment, partner.id, denied):
                what = {"bron": partner.id, "velden": kept, "voorwaarden": ["denied_to"]}
                moment.enter("voorwaarde", what, {"marked": sorted(held)})

    def _record_consents(
        self, moment: Moment, claims: Iterable[ConsentClaim]
    ) -> tuple[list[dict[str, Any]], list[NotTaken]]:
        """Consents that a document brings go through the same rule as those recorded by hand."""
        taken: list[dict[str, Any]] = []
        refused: list[NotTaken] = []
        for claim in map(self._wide, claims):
            body = _consent_body(moment, claim)
            kind = BY_KIND.get(claim.kind)
            if kind is None or not _may_claim(moment, kind, body):
                refused.append(NotTaken(claim.place, "toestemming-niet-door-behandelaar"))
            elif not self._receivers_known(moment, claim):
                refused.append(NotTaken(claim.place, "ontvanger-onbekend"))
            elif not self._knows_all(claim.groups):
                refused.append(NotTaken(claim.place, "gegevens-onbekend"))
            else:
                id_ = moment.put(kind.kind, body)
                moment.enter("vastlegging", {"vastlegging": kind.kind, "id": id_, "beeindigt": None, "inhoud": body})
                change = "vastgelegd" if kind.kind == kinds.REFUSAL else TO_CONFIRM
                taken.append({"plaats": claim.place, "veld": kind.kind, "niveaus": [], "wijziging": change})
        return taken, refused

    def _wide(self, claim: ConsentClaim) -> ConsentClaim:
        """A refusal about what the catalogue does not know is read widely: it is about all."""
        if claim.kind != kinds.REFUSAL or self._knows_all(claim.groups):
            return claim
        return replace(claim, groups=("*",))

    def _knows_all(self, groups: Sequence[str]) -> bool:
        return all(
            group == "*" or self._catalogue.knows_group(group) or self._catalogue.knows_field(group) for group in groups
        )

    @staticmethod
    def _receivers_known(moment: Moment, claim: ConsentClaim) -> bool:
        known = all(partner_row(moment.tx.connection, receiver) for receiver in claim.receivers if receiver != "*")
        return bool(claim.receivers) and known and ("*" not in claim.receivers or claim.kind == kinds.REFUSAL)


def _must_be_taken(moment: Moment, parsed: Parsed) -> None:
    if _phase(moment) in CLOSED:
        raise NotPermitted("Deze casus is gesloten. Er komen geen gegevens meer bij.")
    must_hold_bsn(moment.caller.partner.kind, parsed.persons)


def _miss(moment: Moment, parsed: Parsed) -> OtherPerson | TooMany | None:
    """What is wrong when a document is about another person: it tells something of this one, so tries are counted."""
    if not parsed.persons:
        return None
    tx, call = moment.tx, moment.call
    try:
        guessing.must_be_within(tx.connection, call.subject, call.at)
        must_be_about(moment.state.person, parsed.persons)
    except TooMany as refusal:
        guessing.report_burst(tx, call.subject, call.at, {"aanroep": "levering"})
        return refusal
    except OtherPerson as refusal:
        guessing.note(tx.connection, call.subject, call.at)
        tx.enter(refused(call, refusal.code))
        return refusal
    return None


def _may_shut_for(moment: Moment, conditions: Mapping[str, Any]) -> bool:
    """The rights of the betrokkene close another's field. Opening it again is for its source (AVG 18(3))."""
    return RULES["contact"](moment.bench({})) and conditions.keys() <= RIGHTS and all(conditions.values())


RIGHTS = frozenset({"restricted", "disputed", "objected"})
"""What the contactpunt sets for the betrokkene (AVG 16, 18, 21), on any source's fields."""


def _keep_closed(moment: Moment, source: str, closing: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Put on file what closes fields of `source`, one record for all that is the same. Gives those it was not on yet."""
    alike: dict[bytes, list[str]] = {}
    for field, conditions in closing.items():
        known = moment.dossier.closed(source, field)
        if any(known.get(name) != value for name, value in conditions.items()):
            alike.setdefault(canonical_json(dict(conditions)), []).append(field)
    for fields in alike.values():
        body = {"source": source, "fields": sorted(fields), "conditions": dict(closing[fields[0]])}
        moment.put(kinds.CONDITION, body)
    return sorted(field for fields in alike.values() for field in fields)


def _phase(moment: Moment) -> str | None:
    standing = moment.dossier.latest(kinds.PHASE, moment.at)
    return standing.body["phase"] if standing else None


def _must_name_once(taken: Sequence[DeliveredField]) -> None:
    seen: set[str] = set()
    for item in taken:
        if item.field in seen:
            raise ShapeError("Dit veld staat er twee keer in.", place=item.place)
        seen.add(item.field)


def _may_claim(moment: Moment, kind: Kind, body: Mapping[str, Any]) -> bool:
    """Whether a document of this caller brings it. What opens is for people alone, and not for a system (R28)."""
    if kind.kind not in kinds.CONSENT_KINDS or not RULES[kind.rule](moment.bench(body)):
        return False
    return kind.kind == kinds.REFUSAL or is_reader(moment.caller)


def _consent_body(moment: Moment, claim: ConsentClaim) -> dict[str, Any]:
    return {
        "source": moment.caller.partner.id,
        "receivers": sorted(claim.receivers),
        "purposes": sorted(claim.purposes),
        "groups": sorted(claim.groups),
        "given_at": claim.given_at,
        "valid_until": claim.valid_until,
        "withdrawn_at": claim.withdrawn_at,
        # No document says whether he was able to decide and did so freely (C7). What is not known never permits: a consent
        # counts once who treats records both. A refusal asks neither.
        "capable": None,
        "voluntary": None,
        "recorded_by_treating": True,
        # Of a representative the document gives no dated authority: without one the consent never counts (7:465 BW).
        "given_by": {"role": claim.given_by or "onbekend", "authority_from": None, "authority_until": None},
    }
