"""Makes many casussen: what partners' calls do (the same filing, recording, delivering), many in one durable write.

A call over HTTP costs a token, a proof and a durable write of its own: for 20,000 casussen of thirty calls that is hours.
Here a call is read by the same models and done by the same functions, inside the unit of work of a whole batch.
"""

import hashlib
import itertools
import json
import random
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from connectors.context import ParseContext
from connectors.table import parse
from hub.api.models import AanmeldingIn, Schema, body_model, on_file
from hub.broker.state import States
from hub.casework.delivering import Delivering
from hub.casework.filing import Aanmelding, Filing
from hub.casework.kinds import KINDS, Kind
from hub.casework.moment import Answer, Call, Ground
from hub.casework.recording import Recording
from hub.casework.writing import Once, Writing
from hub.crypto.reference import own_reference
from hub.model.release import Subject
from hub.run.region.casus import Plan, make_casus
from hub.run.region.partners import BY_ID
from hub.store.engine import Committed
from hub.store.partners import Admissions
from hub.store.units import Tx
from hub.wiring import Hub

T = TypeVar("T")

BATCH = 25
"""Casussen in one durable write: some 800 calls."""

_KIND_OF = {kind.path: kind for kind in KINDS}


class Inside:
    """The durable write of somebody else: a unit runs at once in it, and stands or falls with it."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def commit(self, unit: Callable[[Tx], T], *, scrub: bool = False) -> Committed[T]:  # noqa: ARG002 - the outer one
        """Run `unit`. Its error undoes all: nothing of it is caught here."""
        return Committed(unit(self._tx), ())

    def commit_all(
        self,
        units: Sequence[Callable[[Tx], T]],
        *,
        scrub: bool = False,  # noqa: ARG002 - the outer one
    ) -> list[Committed[T] | Exception]:
        """Run `units` one after the other."""
        return [self.commit(unit) for unit in units]


class InOneWrite:
    """All partners of a region against one hub, inside the unit of work `tx`. Takes the place of `Region`."""

    def __init__(self, hub: Hub, tx: Tx, numbers: "itertools.count[int]") -> None:
        # What is read in a unit of work is not committed yet: no state of it is remembered.
        ground = Ground(
            hub.keyring, hub.names, States(hub.compartments, most=0), Admissions(0), hub.following, hub.log.now
        )
        writing = Writing(Inside(tx), ground)
        self._hub, self._numbers = hub, numbers
        self._delivering = Delivering(writing, hub.compartments, hub.tables)
        self._filing = Filing(writing, self._delivering)
        self._recording = Recording(writing, hub.tables)

    def post(self, partner: str, user: str, path: str, body: Any, *, media: str | None = None) -> Answer:
        """One call of `user` of `partner`: an aanmelding, a delivery or a record. Raises what the hub says no with."""
        content = json.dumps(body).encode()
        _, _, casus, *what = [*path.split("/"), ""]
        call = Call(Subject(partner, user, partner), casus, self._hub.clock())
        once = Once(f"making-{next(self._numbers):08d}", hashlib.sha256(content).digest())
        if not casus:
            return self._filing.file(call, once, _aanmelding(body))
        if what[0] == "leveringen":
            context = ParseContext(BY_ID[partner].kind, partner, call.at)
            return self._delivering.deliver(call, once, parse(media or "application/json", content, context))
        kind = _KIND_OF[what[0]]
        return self._recording.record(call, once, kind, on_file(kind, _model(kind).model_validate(body)))


def make_many(hub: Hub, plan: Plan, count: int, seed: int) -> list[dict[str, str]]:
    """`count` casussen of `plan`, one after the other; of each the partners' own names of it. Prints how long it took."""
    chance, numbers, made = random.Random(seed), itertools.count(1), list[dict[str, str]]()
    begin = time.perf_counter()
    while len(made) < count:
        size = min(BATCH, count - len(made))

        def unit(tx: Tx, size: int = size) -> list[dict[str, str]]:
            calls = InOneWrite(hub, tx, numbers)
            return [make_casus(calls, plan, hub.clock(), chance).pseudonyms for _ in range(size)]

        made += hub.store.commit(unit).value
    seconds = time.perf_counter() - begin
    print(
        f"made {count} casussen, seed {seed}, {next(numbers) - 1} calls in {-(-count // BATCH)} durable writes: "
        f"{seconds:.1f} s, {count / seconds:.1f} casussen a second",
        flush=True,
    )
    return made


@cache
def _model(kind: Kind) -> type[Schema]:
    return body_model(kind)


def _aanmelding(body: Any) -> Aanmelding:
    given = AanmeldingIn.model_validate(body)
    person = given.persoon
    return Aanmelding(
        person={
            "family_name": person.naam,
            "given_names": person.voornamen,
            "birth_date": person.geboortedatum,
            "bsn": person.bsn,
        },
        criteria=given.criteria.model_dump(),
        regime=given.regime,
        triage_group=given.triagegroep,
        reference=own_reference(given.kenmerk, "kenmerk"),
        first=None,
    )
