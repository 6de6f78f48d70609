"""Breaking the glass: who may, what follows from it at once, and who can only ask for it (R20, R21).

A conflict of duties is weighed by who carries the secret, a vital interest by a care professional (7:457 BW, AVG 9(2)(c)).
Others ask for it: that rings the service of the source, which then decides for itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from consent import dossier as kinds
from consent.facts import emergency_ends_at
from hub.broker.following import ASKED, SUPERVISION, Due
from hub.casework.moment import Answer, Call, Moment, known_partner
from hub.casework.writing import Once, Writing
from hub.crypto.random_ids import new_id
from hub.errors import Conflict, NotFound, NotPermitted, ShapeError
from hub.events.alarm import alarm
from hub.model.instant import day_later
from hub.model.partner import CARE_KINDS, PartnerKind
from hub.model.registry import Standing
from hub.model.trace import current
from hub.store import obligations
from hub.store.partners import all_partners


def must_be_free(moment: Moment, filed: Mapping[str, Any]) -> None:
    """What must hold before an emergency is recorded: one receiver, and nothing of who records it overdue. Without
    supervision on record nobody would review it, so then there is none.
    """
    if len(filed["receivers"]) != 1:
        raise ShapeError("Een noodsituatie geldt voor één ontvanger.", place="ontvangers")
    connection, subject = moment.tx.connection, moment.call.subject
    mine = moment.ground.following.of_user(subject.partner, subject.user)
    if obligations.overdue(connection, mine, moment.at):
        raise Conflict("Van uw vorige noodsituatie is de toetsing of de tweede bevestiging te laat. Regel die eerst.")
    if not any(one.kind is PartnerKind.TOEZICHT and one.suspended_at is None for one in all_partners(connection)):
        raise Conflict("Er is geen toezicht dat een noodsituatie kan toetsen.")


def must_narrow(corrected: Standing, filed: Mapping[str, Any], at: str) -> None:
    """A correction of an emergency opens no more than what it corrects, and no longer: its 24 hours go on (R21)."""
    if emergency_ends_at(corrected) <= at:
        raise Conflict("Deze noodsituatie is voorbij.")
    wider = any(set(filed[key]) - set(corrected.body[key]) for key in ("receivers", "purposes", "fields"))
    if wider or filed["emergency"] != corrected.body["emergency"]:
        raise Conflict("Een correctie verruimt een noodsituatie niet. Leg een nieuwe vast.")


def must_be_second(moment: Moment, filed: Mapping[str, Any]) -> Standing:
    """The emergency that a second professional confirms: himself, and he is not who recorded it (R21)."""
    standing = moment.dossier.by_id.get(filed["record"])
    if standing is None or standing.record.kind != kinds.EMERGENCY:
        raise NotFound("Deze noodsituatie is bij ons niet bekend.")
    if filed["second_professional"] != moment.call.subject.user:
        raise NotPermitted("De tweede professional legt dit zelf vast.")
    first, subject = standing.record.recorder, moment.call.subject
    if (first.partner, first.user) == (subject.partner, subject.user):
        raise Conflict("De tweede professional is iemand anders dan wie de noodsituatie vastlegde.")
    return standing


def too_late(moment: Moment, standing: Standing) -> Conflict | None:
    """The no to a second professional who comes after the 24 hours. He does not count any more (R21); supervision is asked
    for its word, which alone lets who recorded the emergency record another. Goes on file with this no.
    """
    if moment.at < emergency_ends_at(standing):
        return None
    for _, due in moment.open_obligations("second_approval"):
        if due.record == standing.record.id:
            review = replace(due, type="review_fg", addressee=SUPERVISION, due_at=day_later(moment.at))
            moment.follow(review)
    return Conflict("Een tweede professional bevestigt binnen 24 uur. Het toezicht is om een oordeel gevraagd.")


def raised(moment: Moment, record: str, filed: Mapping[str, Any]) -> None:
    """An emergency was recorded: supervision sees it at once, and a second professional is asked for."""
    subject, (receiver,) = moment.call.subject, filed["receivers"]
    for type_, addressee in (("review_fg", SUPERVISION), ("second_approval", subject.partner)):
        due = Due(
            type=type_,
            addressee=addressee,
            casus=moment.casus,
            due_at=day_later(filed["started_at"]),
            about=receiver,
            purpose=filed["purposes"][0],
            fields=tuple(filed["fields"]),
            record=record,
            emergency=filed["emergency"],
            whose=(subject.partner, subject.user),
        )
        moment.follow(due)

    def answers(due: Due) -> bool:
        # Who asked for something else too still waits for a word on that.
        asked = due.purpose in filed["purposes"] and not set(due.fields).isdisjoint(filed["fields"])
        return due.addressee == subject.partner and due.about == receiver and asked

    moment.settle(ASKED, answers)


class Catalogue(Protocol):
    """Which fields there are."""

    def knows_field(self, key: str) -> bool: ...


class Asking:
    """Asking a source to record an emergency."""

    def __init__(self, writing: Writing, catalogue: Catalogue) -> None:
        self._writing = writing
        self._catalogue = catalogue

    def ask(self, call: Call, once: Once, asked: Mapping[str, Any]) -> Answer:
        """Ring the service of `source`: kind, source, purpose, fields. The same answer whether or not it takes part in
        the casus: that is a secret. Raises ShapeError with the place of a fault.
        """
        return self._writing.on_casus(call, once, lambda moment: self._ask(moment, asked))

    def _ask(self, moment: Moment, asked: Mapping[str, Any]) -> Answer:
        self._check(moment, asked)
        id_, source = new_id(), asked["source"]
        # Who ended one as unlawful stands in the records too, and is no source by that.
        kind = moment.state.kinds.get(source, PartnerKind.TOEZICHT)
        rings = kind != PartnerKind.TOEZICHT or moment.dossier.takes_part(source, moment.at)
        if rings:
            # Who is on call hears it from what watches the hub (docs/telemetry.md): nobody has to look for it first.
            alarm(ASKED, 1, current().id)
            moment.follow(
                Due(
                    type=ASKED,
                    addressee=source,
                    casus=moment.casus,
                    due_at=moment.at,
                    about=moment.caller.partner.id,
                    purpose=asked["purpose"],
                    fields=tuple(sorted(set(asked["fields"]))),
                    emergency=asked["emergency"],
                )
            )
        what = {"noodsituatie": asked["emergency"], "bron": source, "doel": asked["purpose"], "velden": asked["fields"]}
        moment.enter(ASKED, what, {"rings": rings})
        return {"id": id_, "soort": ASKED, "vastgelegdOp": moment.at}

    def _check(self, moment: Moment, asked: Mapping[str, Any]) -> None:
        if not all(self._catalogue.knows_field(field) for field in asked["fields"]):
            raise ShapeError("Dit veld bestaat niet.", place="velden")
        row = known_partner(moment.tx.connection, asked["source"], "bron")
        if row.id == moment.caller.partner.id:
            raise ShapeError("Dit kunt u zelf vastleggen.", place="bron")
        if asked["emergency"] == "vitaal_belang" and row.kind not in CARE_KINDS:
            raise ShapeError("Vitaal belang legt een zorgverlener vast.", place="bron")
