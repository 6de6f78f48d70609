"""The aanmelding: a casus comes into being with its keys, its person and a first delivery (Wgs 2.31(1), Bgs 2.20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from consent import dossier as kinds
from hub.casework.delivering import Delivering
from hub.casework.moment import Answer, Call, Moment, known_partner
from hub.casework.person import Person, person_of, reference_token
from hub.casework.rules import FIRST_TERM
from hub.casework.writing import Once, Writing
from hub.crypto.random_ids import new_id
from hub.errors import NotPermitted
from hub.model.casus import Phase, Regime
from hub.model.delivery import Parsed
from hub.model.instant import to_text, years_later
from hub.model.partner import PartnerKind, Standing
from hub.model.reference import Reference
from hub.store import casus as rows
from hub.store.partners import Admitted, PartnerRow
from hub.store.units import Tx

_K = PartnerKind
_NEVER_FILES = frozenset(
    {_K.BETROKKENE, _K.BELEIDSANALIST, _K.TOEZICHT, _K.ZORGVERZEKERAAR, _K.ZORGKANTOOR, _K.ANDER_SAMENWERKINGSVERBAND}
)


@dataclass(frozen=True)
class Aanmelding:
    """What an aanmelder brings: the person, the criteria in words (sealed), the table it goes to, a first delivery."""

    person: Mapping[str, Any]
    criteria: Mapping[str, str]
    regime: Regime | None
    triage_group: Sequence[str]
    reference: Reference | None
    first: Parsed | None


class Filing:
    """Files casussen."""

    def __init__(self, writing: Writing, delivering: Delivering) -> None:
        self._writing = writing
        self._delivering = delivering

    def file(self, call: Call, once: Once, aanmelding: Aanmelding) -> Answer:
        """A new casus. The answer holds the aanmelder's pseudonym of it and what became of the first delivery."""
        return self._writing.once(call, once, partial(self._file, aanmelding))

    def _file(self, aanmelding: Aanmelding, tx: Tx, call: Call, caller: Admitted) -> Answer:
        ground, at = self._writing.ground, to_text(call.at)
        subject = call.subject
        _must_be_able_to_file(caller.partner, aanmelding)
        person = person_of(aanmelding.person, caller.partner.kind)
        casus = new_id()
        # The keys come first: a key without a casus is swept, a casus without a key would be lost.
        ground.keys.create(f"log/{casus}")
        rows.add_casus(tx.connection, casus, at)
        self._delivering.begin(tx, casus)
        pseudonym = ground.names.casus_pseudonym(subject.partner, casus)
        moment = Moment(
            tx, replace(call, casus=pseudonym), caller, ground.states.of(tx.connection, casus, subject.partner), ground
        )
        self._first_records(moment, aanmelding, person)
        moment.state = ground.states.of(tx.connection, casus, subject.partner)
        taken = self._delivering.take(moment, aanmelding.first) if aanmelding.first is not None else None
        moment.enter("aanmelding", {"regime": aanmelding.regime, "triagegroep": sorted(aanmelding.triage_group)})
        return {"casus": pseudonym, "fase": Phase.AANGEMELD.value, "levering": taken, "vastgelegdOp": at}

    def _first_records(self, moment: Moment, aanmelding: Aanmelding, person: Person) -> None:
        connection, names = moment.tx.connection, self._writing.ground.names
        moment.put(kinds.AANMELDING, {}, aanmelding.criteria)
        moment.put(kinds.PERSON, {}, {"person": person.document()})
        moment.put(kinds.PHASE, {"phase": Phase.AANGEMELD.value})
        if aanmelding.regime is not None:
            moment.put(kinds.REGIME, {"regime": aanmelding.regime.value})
        if aanmelding.regime is Regime.WGS_ZVH:
            # At most five years from the first processing (Wgs 1.8(7)).
            moment.put(kinds.TERM, {"term_ends_at": years_later(moment.at, FIRST_TERM)})
        for member in sorted(set(aanmelding.triage_group)):
            known_partner(connection, member, "triagegroep")
            moment.put(kinds.TRIAGE, {"partner": member, "valid_from": moment.at, "valid_until": None})
        aanmelder = moment.caller.partner.id
        tokens = [
            token
            for partner in sorted({aanmelder, *aanmelding.triage_group})
            for token in person.tokens(names, partner)
        ]
        if aanmelding.reference:
            tokens.append(reference_token(names, aanmelder, aanmelding.reference))
        rows.index(connection, moment.casus, tokens)


def _must_be_able_to_file(partner: PartnerRow, aanmelding: Aanmelding) -> None:
    if partner.kind in _NEVER_FILES:
        raise NotPermitted
    if aanmelding.regime is Regime.WGS_ZVH:
        must_report(partner)


def must_report(partner: PartnerRow) -> None:
    """Raise NotPermitted: a deelnemer reports to a Zorg- en Veiligheidshuis (Wgs 2.31(1)); a derde tells a deelnemer."""
    if partner.standing is not Standing.DEELNEMER:
        raise NotPermitted("Een derde meldt niet zelf aan bij een Zorg- en Veiligheidshuis.")
