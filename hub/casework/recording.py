"""Putting records on file, ending them, correcting them: the registry's calls, by the rules of who may record what."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from consent import dossier as kinds
from consent.facts import authority
from consent.receipt import consent_receipt
from hub.casework.emergencies import must_be_free, must_be_second, must_narrow, too_late
from hub.casework.filing import must_report
from hub.casework.kinds import Key, Kind
from hub.casework.moment import Answer, Call, Moment, known_partner, moved
from hub.casework.obligations import ended, recorded
from hub.casework.person import Person
from hub.casework.rules import FIRST_TERM, FOLLOWING, RENEWAL, RULES
from hub.casework.writing import Once, Outcome, Writing, refused
from hub.errors import Conflict, NotFound, NotPermitted, ShapeError
from hub.model.casus import Phase, Regime
from hub.model.instant import to_text, years_later
from hub.model.partner import PartnerKind, Relation
from hub.model.purpose import PURPOSES
from hub.model.registry import Standing
from hub.store import casus as rows
from hub.store.engine import Connection
from hub.store.partners import partner_row

_INVITES = frozenset({kinds.INVOLVED, kinds.TRIAGE, kinds.RELATION, kinds.STANDING})


class Catalogue(Protocol):
    """Which fields and groups there are."""

    def knows_field(self, key: str) -> bool: ...
    def knows_group(self, key: str) -> bool: ...


class Recording:
    """The calls of the registry."""

    def __init__(self, writing: Writing, catalogue: Catalogue) -> None:
        self._writing = writing
        self._catalogue = catalogue

    def record(self, call: Call, once: Once, kind: Kind, body: Mapping[str, Any]) -> Answer:
        """Put a record of `kind` on file; `body` by the keys of the kind (names on file, instants as datetime).

        Raises NotPermitted when the rule of the kind gives this to another, ShapeError with the place of a fault.
        """
        return self._writing.on_casus(call, once, lambda moment: self._record(moment, kind, body))

    def end(self, call: Call, once: Once, kind: Kind, record: str) -> Answer:
        """End a record from now on: a withdrawal, an ended basis. Adds a record."""
        return self._writing.on_casus(call, once, lambda moment: self._end(moment, kind, record))

    def correct(self, call: Call, once: Once, kind: Kind, record: str, body: Mapping[str, Any]) -> Answer:
        """Put `body` in the place of a record, from now on. Both stay on file."""

        def work(moment: Moment) -> Outcome:
            return self._record(moment, kind, body, instead=self._must_end(moment, kind, record))

        return self._writing.on_casus(call, once, work)

    def _record(self, moment: Moment, kind: Kind, body: Mapping[str, Any], instead: Standing | None = None) -> Outcome:
        filed, texts = self.on_file(moment.tx.connection, kind, body, moment.at)
        filed = _completed(moment, kind, filed, instead)
        if not RULES[kind.rule](moment.bench(filed)):
            raise NotPermitted
        if kind.kind == kinds.SECOND_PROFESSIONAL and (no := too_late(moment, must_be_second(moment, filed))):
            moment.tx.enter(refused(moment.call, no.code))
            return no
        _must_fit(moment, kind, filed, instead)
        ends = instead.record.id if instead else None
        id_ = moment.put(kind.kind, filed, texts, ends)
        if ends is not None:
            ended(moment, kind.kind, ends)
        recorded(moment, kind.kind, id_, filed)
        _make_findable(moment, filed.get("partner"))
        moved(moment)
        moment.enter("vastlegging", {"vastlegging": kind.kind, "id": id_, "beeindigt": ends, "inhoud": filed})
        answer: Answer = {"id": id_, "soort": kind.kind, "vastgelegdOp": moment.at}
        if kind.kind in _INVITES:
            # Whoever is brought into a casus must be able to name it: its own pseudonym, to be handed on to it.
            answer["pseudoniemVanPartner"] = moment.ground.names.casus_pseudonym(filed["partner"], moment.casus)
        if kind.kind in kinds.CONSENT_KINDS:
            answer["bewijsVoorBetrokkene"] = consent_receipt(
                id_, kind.kind, filed, moment.caller.partner.name, moment.at
            )
        return answer

    def _end(self, moment: Moment, kind: Kind, record: str) -> Answer:
        self._must_end(moment, kind, record)
        id_ = moment.put("beeindiging", {}, ends=record)
        ended(moment, kind.kind, record)
        moved(moment)
        moment.enter("beeindiging", {"vastlegging": kind.kind, "id": id_, "beeindigt": record})
        return {"id": id_, "soort": "beeindiging", "vastgelegdOp": moment.at}

    def _must_end(self, moment: Moment, kind: Kind, record: str) -> Standing:
        standing = moment.dossier.by_id.get(record)
        if standing is None or standing.record.kind != kind.kind:
            raise NotFound("Deze vastlegging is bij ons niet bekend.")
        if not kind.endable or standing.ended_at is not None:
            raise Conflict("Deze vastlegging is al beëindigd, of kan niet worden beëindigd.")
        own = standing.record.recorder.partner == moment.caller.partner.id
        if own and kind.kind == kinds.REFUSAL:
            # Ending a refusal opens what it shut: that is for who may record it (R22).
            own = RULES[kind.rule](moment.bench(standing.body))
        if not (own or _may_end_for_another(moment, kind, standing.body)):
            raise NotPermitted
        return standing

    def on_file(
        self, connection: Connection, kind: Kind, body: Mapping[str, Any], at: str
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """(body as it goes on file, free texts). Every fault has its place; a value is never named."""
        filed: dict[str, Any] = {}
        texts: dict[str, str] = {}
        for key in kind.keys:
            value = body.get(key.name)
            if value is None and not key.optional:
                raise ShapeError("Dit gegeven moet erbij.", place=key.wire)
            if key.type == "text":
                texts |= {key.name: value} if value and value.strip() else {}
            else:
                filed[key.name] = None if value is None else self._value(connection, key, value)
        if "valid_from" in filed and filed["valid_from"] is None:
            filed["valid_from"] = at
        return filed, texts

    def _value(self, connection: Connection, key: Key, value: Any) -> Any:
        match key.type:
            case "instant":
                return _instant(key, value)
            case "partner":
                return _known_partners(connection, key, [value])[0]
            case "partners":
                return ["*"] if list(value) == ["*"] else _known_partners(connection, key, value)
            case "purposes":
                return _all_in(key, value, lambda word: word in PURPOSES)
            case "groups":
                return _all_in(
                    key, value, lambda word: self._catalogue.knows_group(word) or self._catalogue.knows_field(word)
                )
            case "fields":
                return _all_in(key, value, self._catalogue.knows_field)
            case "giver":
                return {
                    name: _instant(key, item) if isinstance(item, datetime) else item for name, item in value.items()
                }
            case _:
                return value


def _make_findable(moment: Moment, partner: str | None) -> None:
    """Whoever a record brings into the casus, or gives a basis in it, can find it from now on."""
    if partner is not None and moment.state.person is not None:
        tokens = Person(**moment.state.person).tokens(moment.ground.names, partner)
        rows.index(moment.tx.connection, moment.casus, tokens)


def _completed(moment: Moment, kind: Kind, filed: dict[str, Any], instead: Standing | None) -> dict[str, Any]:
    """What the hub itself adds: the source is who records; an emergency starts now, or when what it corrects did."""
    partner = moment.caller.partner
    if kind.kind in (kinds.EXCEPTION, kinds.EMERGENCY, *kinds.CONSENT_KINDS):
        filed["source"] = partner.id
    if kind.kind in kinds.CONSENT_KINDS:
        filed["recorded_by_treating"] = True
        if "*" in filed["receivers"] and kind.kind != kinds.REFUSAL:
            raise ShapeError("Een toestemming noemt elke ontvanger.", place="ontvangers")
        filed["given_by"] = {"authority_from": None, "authority_until": None, **filed["given_by"]}
    if kind.kind in (kinds.EXCEPTION, kinds.EMERGENCY):
        _must_name(kind, filed)
    if kind.kind == kinds.INVOLVED:
        # Which of those involved the contactpunt is (Bgs 1.1-1.3) can be told from the dossier alone.
        filed["partner_kind"] = _kind_of(moment, filed["partner"])
    if kind.kind == kinds.EMERGENCY:
        started_at = instead.body["started_at"] if instead else moment.at
        filed |= {"source_kind": partner.kind.value, "started_at": started_at}
    return filed


def _kind_of(moment: Moment, partner: str) -> str | None:
    row = partner_row(moment.tx.connection, partner)
    return row.kind.value if row else None


def _must_name(kind: Kind, filed: Mapping[str, Any]) -> None:
    """What lifts secrecy names its receivers, purposes and fields: to the policy `*` is no name, so it would open nothing.
    Who is told so at once loses no time on it at night.
    """
    for key in kind.keys:
        if key.name in ("receivers", "purposes", "fields") and "*" in filed[key.name]:
            raise ShapeError("Noem ze een voor een. Een ster opent hier niets.", place=key.wire)


def _must_fit(moment: Moment, kind: Kind, filed: Mapping[str, Any], instead: Standing | None) -> None:
    """What must hold beside what stands in the casus already. Asked after who may record it."""
    if kind.kind == kinds.EMERGENCY:
        must_be_free(moment, filed)
        if instead:
            must_narrow(instead, filed, moment.at)
    if kind.kind == kinds.REGIME and filed["regime"] == Regime.WGS_ZVH:
        must_report(moment.caller.partner)
    if kind.kind == kinds.PHASE:
        _check_phase(moment, filed["phase"])
    if kind.kind == kinds.TERM:
        _check_term(moment, filed["term_ends_at"])


def _check_phase(moment: Moment, phase: str) -> None:
    now = moment.dossier.latest(kinds.PHASE, moment.at)
    if now is None or Phase(phase) not in FOLLOWING[Phase(now.body["phase"])]:
        raise Conflict("Deze fase kan niet volgen op de fase van nu.")


def _check_term(moment: Moment, ends_at: str) -> None:
    """A Zorg- en Veiligheidshuis keeps at most five years from the first processing, then renews by at most two."""
    bench = moment.bench({})
    if bench.regime != Regime.WGS_ZVH:
        return
    now = moment.dossier.latest(kinds.TERM, moment.at)
    latest = years_later(moment.state.created_at or moment.at, FIRST_TERM)
    # A renewal is decided on in the last year of the term, not ahead of need.
    if now is not None and years_later(now.body["term_ends_at"], -1) <= moment.at:
        latest = max(latest, years_later(now.body["term_ends_at"], RENEWAL))
    if ends_at > latest:
        raise Conflict("Zo lang mag een Zorg- en Veiligheidshuis niet bewaren (Wgs 1.8 lid 7).")


def _may_end_for_another(moment: Moment, kind: Kind, body: Mapping[str, Any]) -> bool:
    """Withdrawing consent is as easy as giving it (AVG 7(3)); what a rule gives to several, each of them may end."""
    if kind.kind in (kinds.CONSENT, kinds.CONSENT_15A):
        return moment.caller.partner.kind is PartnerKind.BETROKKENE and _speaks_for_the_betrokkene(moment)
    if kind.rule in ("lead", "contact", "representation"):
        return RULES[kind.rule](moment.bench(body))
    return False


def _speaks_for_the_betrokkene(moment: Moment) -> bool:
    """He himself, whose right of access is on record in this very casus; or who represents him, within his authority:
    outside it he is nobody, as to the policy (7:465 BW)."""
    partner, at, dossier = moment.caller.partner.id, moment.at, moment.dossier
    if Relation.VERTEGENWOORDIGT not in dossier.relations(partner, at):
        rights = (one.body for one in dossier.live(kinds.BASIS, at) if one.body["basis"] == "avg15")
        return any(right["partner"] == partner for right in rights)
    since, until = authority(dossier, partner, at)
    return since is not None and since <= at and (until is None or at < until)


def _instant(key: Key, value: Any) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ShapeError("Geef een tijdstip met tijdzone.", place=key.wire)
    return to_text(value)


def _known_partners(connection: Connection, key: Key, ids: Iterable[str]) -> list[str]:
    found = sorted(set(ids))
    if not found:
        raise ShapeError("Deze partner is bij ons niet bekend.", place=key.wire)
    return [known_partner(connection, id_, key.wire).id for id_ in found]


def _all_in(key: Key, values: Iterable[str], fits: Any) -> list[str]:
    found = sorted(set(values))
    if not found or not (found == ["*"] or all(fits(value) for value in found)):
        raise ShapeError("Kies uit de bekende waarden.", place=key.wire)
    return found
