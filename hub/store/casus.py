"""Queries of a casus: its row, the search index, what was searched, replay facts, answered calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.errors import Stale
from hub.store.prepared import Prepared, Question, Sent, Then
from hub.store.sweeping import sweep
from hub.store.tables import casussen, facts, idempotency, outbox, partners, search_index, searches


@dataclass(frozen=True)
class CasusRow:
    """What stands readable of a casus: an id, a version, and whether it was destroyed."""

    id: str
    version: int
    created_at: str
    destroyed_at: str | None


CASUS_COLUMNS = tuple(casussen.c[name] for name in ("id", "version", "created_at", "destroyed_at"))
_ROW = Prepared(select(*CASUS_COLUMNS).where(casussen.c.id == bindparam("id")))
_STANDS = casussen.c.destroyed_at.is_(None)
"""A destroyed casus reads as none: without a version."""
_VERSIONS = Prepared(
    select(
        select(casussen.c.version).where(casussen.c.id == bindparam("casus"), _STANDS).scalar_subquery(),
        select(partners.c.version).where(partners.c.id == bindparam("partner")).scalar_subquery(),
    )
)
_KEEP_FACTS = Prepared(
    text("INSERT INTO facts (digest, casus, sealed) VALUES (:digest, :casus, :sealed) ON CONFLICT DO NOTHING")
)
_FACTS_KEPT = Prepared(select(facts.c.digest).where(facts.c.digest == bindparam("digest")))
_FACTS_OF = Prepared(select(facts.c.sealed).where(facts.c.digest == bindparam("digest")))
_TOUCH = Prepared(text("UPDATE casussen SET version = version + 1 WHERE id = :casus"))
_ANSWERED = Prepared(
    select(idempotency.c.digest, idempotency.c.answer).where(
        idempotency.c.partner == bindparam("partner"),
        idempotency.c.key.in_((bindparam("key"), bindparam("readable"))),
    )
)
_KEEP_ANSWER = Prepared(insert(idempotency))
_TOKEN = (
    select(search_index.c.casus)
    .join(casussen, casussen.c.id == search_index.c.casus)
    .where(search_index.c.token == bindparam("token"))
    .order_by(casussen.c.created_at, casussen.c.id)
    .limit(bindparam("most"))
)


def asks_casus_row(casus: str) -> Question:
    """What `casus_row` asks."""
    return _ROW, {"id": casus}


def casus_row(connection: Connection, casus: str) -> CasusRow | None:
    """The row of `casus`, or None."""
    row = _ROW.row(connection, {"id": casus})
    return CasusRow(*row) if row else None


def any_casus(connection: Connection) -> bool:
    """Whether a casus was ever put on file, destroyed since or not."""
    return connection.execute(select(casussen.c.id).limit(1)).first() is not None


def add_casus(connection: Connection, casus: str, at: str) -> None:
    """A new casus, at version 1."""
    connection.execute(insert(casussen).values(id=casus, version=1, created_at=at))


def touch(connection: Connection, casus: str) -> None:
    """Something that a decision depends on changed: whoever read the casus before decides anew."""
    _TOUCH.run(connection, {"casus": casus})


def mark_destroyed(connection: Connection, casus: str, at: str) -> None:
    """The casus is shredded: it is found no more."""
    connection.execute(
        update(casussen).where(casussen.c.id == casus).values(destroyed_at=at, version=casussen.c.version + 1)
    )
    for table in (search_index, facts, outbox):
        connection.execute(delete(table).where(table.c.casus == casus))


def ask_whether_it_stands(
    connection: Connection, casus: str, casus_version: int | None, partner_versions: dict[str, int]
) -> Then:
    """What comes of it raises Stale when the casus or a partner moved since it was read. The same queries for every casus."""
    found = [
        (version, _VERSIONS.send(connection, {"casus": casus, "partner": partner}))
        for partner, version in partner_versions.items()
    ]

    def must_stand() -> None:
        if any(sent.row() != (casus_version, version) for version, sent in found):
            raise Stale

    return must_stand


# --- search ---


def index(connection: Connection, casus: str, tokens: Iterable[bytes]) -> None:
    """Make `casus` findable by these keyed tokens."""
    rows = [{"token": token, "casus": casus} for token in tokens]
    if rows:
        connection.execute(_insert_new(connection, search_index), rows)


def found_by(connection: Connection, token: bytes, most: int) -> Sequence[str]:
    """The casussen with this token, oldest first, `most` at most."""
    return connection.execute(_TOKEN, {"token": token, "most": most}).scalars().all()


def note_search(connection: Connection, partner: str, user: str, at: str) -> None:
    """Count a search. Who searched is kept as a digest: the name may be whatever a caller makes up."""
    connection.execute(insert(searches).values(partner=partner, user=_digest(partner, user), at=at))


def drop_searches(connection: Connection, partner: str, until: str) -> None:
    """Away with what a partner searched up to the instant `until`: it counts no more."""
    connection.execute(delete(searches).where(searches.c.partner == partner, searches.c.at <= until))


def searches_since(connection: Connection, partner: str, user: str, since: str) -> tuple[int, int]:
    """(by the user, by the partner as a whole) since an instant."""
    found = connection.execute(
        select(searches.c.user, func.count())
        .where(searches.c.partner == partner, searches.c.at > since)
        .group_by(searches.c.user)
    ).all()
    counts: dict[str, int] = {row[0]: row[1] for row in found}
    return counts.get(_digest(partner, user), 0), sum(counts.values())


def _digest(partner: str, user: str) -> str:
    return sha256(f"{partner}\0{user}".encode()).hexdigest()


# --- replay, duties, answered calls ---


def keep_facts(connection: Connection, digest: str, casus: str, sealed: bytes) -> None:
    """Keep the facts of a decision for replay, once."""
    _KEEP_FACTS.run(connection, {"digest": digest, "casus": casus, "sealed": sealed})


def ask_whether_kept(connection: Connection, digest: str) -> Sent:
    """A row, where these facts are kept already."""
    return _FACTS_KEPT.send(connection, {"digest": digest})


def kept_facts(connection: Connection, digest: str) -> bytes | None:
    """Facts that were kept, still sealed."""
    row = _FACTS_OF.row(connection, {"digest": digest})
    return None if row is None else bytes(row[0])


def answered(connection: Connection, partner: str, key: str, readable: str) -> tuple[bytes, bytes] | None:
    """(digest of the call, sealed answer) given before under this Idempotency-Key: `key` is its token, `readable` what the
    caller sent, under which answers were kept up to version 0.1."""
    row = _ANSWERED.row(connection, {"partner": partner, "key": key, "readable": readable})
    return (bytes(row[0]), bytes(row[1])) if row else None


def keep_answer(connection: Connection, partner: str, key: str, digest: bytes, answer: bytes, at: str) -> None:
    """Keep the answer to a call under the token of its Idempotency-Key."""
    row = {"partner": partner, "key": key, "digest": digest, "answer": answer, "at": at}
    _KEEP_ANSWER.run(connection, row)


def sweep_answers(connection: Connection, before: str) -> int:
    """Drop some of the answers that were given before an instant; gives how many."""
    return sweep(connection, idempotency.c.at, idempotency.c.at < before)


def _insert_new(connection: Connection, table):  # type: ignore[no-untyped-def]
    """An insert that leaves a row that is there as it is, in the words of either database."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()
