"""Changing the policy: one operator files a revision, another lets it count - for chosen partners first, then for all.

What does harm is taken back in one act, by one operator. Each act is signed by who did it and entered in the log; the
row that it leaves says whole what counts after it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol, TypeVar

from hub.casework.operators import Who, entry_of, must_be_operator
from hub.casework.vouching import stand_apart
from hub.crypto.policy_key import PublicKey
from hub.crypto.signing import verify
from hub.errors import Conflict, EngineUnavailable, NotFound, NotPermitted
from hub.model.canonical import canonical_json
from hub.model.instant import to_text
from hub.model.release import Entry
from hub.pdp.bundle import Bundle
from hub.pdp.signing import verified_bundle
from hub.settings import DEMO_APPROVAL
from hub.store import policy as rows
from hub.store.engine import Committed, Connection
from hub.store.operators import keys_ever, operator_keys
from hub.store.partners import partner_row
from hub.store.policy import ActRow, RevisionRow
from hub.store.units import Tx

T = TypeVar("T")
Keys = Callable[[], Mapping[str, PublicKey]]
"""The keys whose signature under a bundle counts, by kid."""

FILED, ACTIVATED, TAKEN_BACK = "zet-klaar", "activeer", "neem-terug"
_ACT: Final = b"hub/beleid/handeling/v1\n"
NOT_APPROVED: Final = "Dit beleid noemt geen goedkeuring van FG en RAC. Buiten de demonstratie telt het niet."
"""R33; Bgs 1.13."""


class Commits(Protocol):
    """The store."""

    def commit(self, unit: Callable[[Tx], T]) -> Committed[T]: ...


class Governing:
    """Files, activates and takes back. `demo`: whether the demonstration's approval counts here."""

    def __init__(self, store: Commits, keys: Keys, *, demo: bool) -> None:
        self._store = store
        self._keys = keys
        self._demo = demo

    def file(self, packed: bytes, who: Who) -> str:
        """Put the signed bundle `packed` on file; gives its revision. It does not count yet.

        Raises EngineUnavailable (not signed as it stands, or not fit to decide), Conflict (there already), NotPermitted.
        """
        revision = usable(packed, self._keys(), demo=self._demo).revision
        row = ActRow(0, FILED, revision, None, None, (), who.operator, to_text(who.at), b"")
        signature = who.signer.sign(signed_text(row))

        def unit(tx: Tx) -> str:
            must_be_operator(tx.connection, who)
            _drop_of_ended(tx.connection, revision)
            rows.add_revision(tx.connection, RevisionRow(revision, packed, who.operator, row.at, signature))
            tx.enter(_entry(row, who))
            return revision

        return self._store.commit(unit).value

    def activate(self, revision: str, partners: Sequence[str] | None, who: Who) -> ActRow:
        """Let a filed revision count from the next request on: for `partners`, or (None) for all where it counted for some.

        Raises NotFound, NotPermitted (not another than the author), Conflict (another is under way, or it was not tried).
        """
        named = None if partners is None else tuple(sorted(set(partners)))

        def unit(tx: Tx) -> ActRow:
            conn = tx.connection
            must_be_operator(conn, who)
            self._must_be_fit(conn, revision, who)
            if named is not None and (not named or any(partner_row(conn, one) is None for one in named)):
                raise NotFound("Deze partner is bij ons niet bekend.")
            before = rows.newest_act(conn)
            _must_be_next(before, revision, named)
            stood = before.everyone if before else None
            everyone = revision if named is None else stood
            staged = None if named is None else revision
            return self._done(
                tx, before, ActRow(0, ACTIVATED, revision, everyone, staged, named or (), "", "", b""), who
            )

        return self._store.commit(unit).value

    def take_back(self, who: Who) -> ActRow:
        """What came last does not count any more, for nobody, from the next request on. Raises Conflict, NotPermitted."""

        def unit(tx: Tx) -> ActRow:
            must_be_operator(tx.connection, who)
            before = rows.newest_act(tx.connection)
            revision = (before.staged or before.everyone) if before else None
            if before is None or revision is None:
                raise Conflict("Er is geen revisie om terug te nemen.")
            everyone = before.everyone if before.staged else _one_before(rows.acts(tx.connection))
            return self._done(tx, before, ActRow(0, TAKEN_BACK, revision, everyone, None, (), "", "", b""), who)

        return self._store.commit(unit).value

    def _must_be_fit(self, conn: Connection, revision: str, who: Who) -> None:
        row = rows.revision_row(conn, revision)
        if row is None:
            raise NotFound("Deze revisie is niet klaargezet.")
        if not stand_apart(conn, who.operator, row.author):
            raise NotPermitted("Een andere beheerder dan de maker moet dit beleid aanzetten.")
        before = rows.newest_act(conn)
        if row.author not in operator_keys(conn) and (before is None or before.staged != revision):
            # He may be here again under another name: one person would be both.
            raise NotPermitted("Wie dit beleid klaarzette, is geen beheerder meer. Laat het opnieuw klaarzetten.")
        usable(row.bundle, self._keys(), demo=self._demo)

    @staticmethod
    def _done(tx: Tx, before: ActRow | None, row: ActRow, who: Who) -> ActRow:
        row = replace(row, seq=before.seq + 1 if before else 1, by=who.operator, at=to_text(who.at))
        row = replace(row, signature=who.signer.sign(signed_text(row)))
        rows.add_act(tx.connection, row)
        tx.enter(_entry(row, who))
        return row


def usable(packed: bytes, keys: Mapping[str, PublicKey], *, demo: bool) -> Bundle:
    """The policy of a signed bundle, where it may decide. Raises EngineUnavailable."""
    bundle = verified_bundle(packed, keys)
    must_be_fit(bundle, demo=demo)
    return bundle


def must_be_fit(bundle: Bundle, *, demo: bool) -> None:
    """Raise EngineUnavailable unless it is compiled and approved; `demo`: the demonstration's approval will do (R33)."""
    if bundle.module is None:
        raise EngineUnavailable("In de bundel met het beleid ontbreekt de module.", place="bundle")
    if not bundle.periods or (not demo and DEMO_APPROVAL in bundle.approvals):
        raise EngineUnavailable(NOT_APPROVED, place="bundle")


def believed(conn: Connection, row: ActRow) -> bool:
    """Whether an operator signed this act as it stands; and, of one that lets a revision count, another filed it."""
    keys = keys_ever(conn)
    if row.act not in (ACTIVATED, TAKEN_BACK) or not verify(keys.get(row.by, b""), row.signature, signed_text(row)):
        return False
    filed = rows.revision_row(conn, row.revision)
    if row.act == TAKEN_BACK or filed is None:
        # Without its bundle a revision decides nothing.
        return True
    text = signed_text(ActRow(0, FILED, row.revision, None, None, (), filed.author, filed.filed_at, b""))
    return verify(keys.get(filed.author, b""), filed.signature, text) and stand_apart(conn, row.by, filed.author)


def signed_text(row: ActRow) -> bytes:
    """The bytes that the operator signs: the act, its place among the acts, and what counts after it."""
    return _ACT + canonical_json(
        {
            "seq": row.seq,
            "act": row.act,
            "revision": row.revision,
            "everyone": row.everyone,
            "staged": row.staged,
            "partners": list(row.partners),
            "by": row.by,
            "at": row.at,
        }
    )


def _drop_of_ended(conn: Connection, revision: str) -> None:
    """What an operator filed who has ended, and does not count, is filed anew by another."""
    filed, newest = rows.revision_row(conn, revision), rows.newest_act(conn)
    counts = newest is not None and revision in (newest.everyone, newest.staged)
    if filed is not None and not counts and filed.author not in operator_keys(conn):
        rows.drop_revision(conn, revision)


def _must_be_next(before: ActRow | None, revision: str, named: tuple[str, ...] | None) -> None:
    """One change at a time, and none for all that did not count for some first."""
    staged = before.staged if before else None
    if before and before.everyone == revision:
        raise Conflict("Deze revisie geldt al voor iedereen.")
    if named is None and staged != revision:
        raise Conflict("Zet deze revisie eerst aan voor enkele partners, met --partners.")
    if staged not in (None, revision):
        raise Conflict("Er geldt al een andere revisie voor enkele partners. Zet die door of neem haar terug.")


def _one_before(acts: Sequence[ActRow]) -> str | None:
    """What counted for all before the revision that does now; what was taken back does not come back by this."""
    stood: list[str | None] = [None]
    staged = False
    for row in acts:
        if row.act == ACTIVATED and row.staged is None:
            stood.append(row.everyone)
        elif row.act == TAKEN_BACK and not staged:
            stood.pop()
        staged = row.staged is not None
    return stood[-2] if len(stood) > 1 else None


def _entry(row: ActRow, who: Who) -> Entry:
    what: dict[str, Any] = {"wat": "beleid", "handeling": row.act, "revisie": row.revision}
    if row.act != FILED:
        what |= {"voor_iedereen": row.everyone, "voor_partners": list(row.partners)}
    return entry_of(who.operator, who.at, what)
