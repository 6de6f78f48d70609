"""Revisions of the policy on file, and the acts by which one counts, for whom. Acts are only ever added to."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from hub.errors import Conflict
from hub.store.prepared import Prepared
from hub.store.tables import partners, policy_activations, policy_revisions

_NEWEST = Prepared(
    select(policy_activations).where(
        policy_activations.c.seq == select(func.max(policy_activations.c.seq)).scalar_subquery()
    )
)


@dataclass(frozen=True)
class RevisionRow:
    """A revision that was filed. `bundle`: packed and signed (hub.pdp.signing); `signature`: the author's."""

    revision: str
    bundle: bytes
    author: str
    filed_at: str
    signature: bytes


@dataclass(frozen=True)
class ActRow:
    """One act, and what counts after it: `staged` for `partners`, `everyone` for all others (None: the hub's own)."""

    seq: int
    act: str
    revision: str
    everyone: str | None
    staged: str | None
    partners: tuple[str, ...]
    by: str
    at: str
    signature: bytes

    def of(self, partner: str) -> str | None:
        """The revision that decides for `partner`; None: the policy that stands beside the hub."""
        return self.staged if partner in self.partners else self.everyone

    @property
    def counting(self) -> tuple[str | None, ...]:
        """Every revision that decides for anybody."""
        return (self.everyone,) if self.staged is None else (self.everyone, self.staged)


def revision_row(conn: Connection, revision: str) -> RevisionRow | None:
    """The revision on file, or None."""
    row = conn.execute(select(policy_revisions).where(policy_revisions.c.revision == revision)).first()
    return None if row is None else RevisionRow(row[0], bytes(row[1]), row[2], row[3], bytes(row[4]))


def revisions(conn: Connection) -> list[tuple[str, str, str]]:
    """(revision, author, filed at) of all on file, oldest first."""
    columns = (policy_revisions.c.revision, policy_revisions.c.author, policy_revisions.c.filed_at)
    found = conn.execute(select(*columns).order_by(policy_revisions.c.filed_at, policy_revisions.c.revision))
    return [(row[0], row[1], row[2]) for row in found]


def add_revision(conn: Connection, row: RevisionRow) -> None:
    """Put a revision on file. Raises Conflict when it is there."""
    if revision_row(conn, row.revision) is not None:
        raise Conflict("Deze revisie is al klaargezet.")
    conn.execute(insert(policy_revisions).values(row.__dict__))


def newest_act(conn: Connection) -> ActRow | None:
    """What counts now, or None where nothing was ever activated."""
    row = _NEWEST.row(conn, {})
    return None if row is None else _act(*row)


def acts(conn: Connection) -> list[ActRow]:
    """All acts, oldest first."""
    return [_act(*row) for row in conn.execute(select(policy_activations).order_by(policy_activations.c.seq))]


def add_act(conn: Connection, row: ActRow) -> None:
    """Put an act on file. Every partner has moved: who remembers what decides for him reads it anew."""
    conn.execute(insert(policy_activations).values({**row.__dict__, "partners": json.dumps(row.partners)}))
    conn.execute(update(partners).values(version=partners.c.version + 1))


def drop_revision(conn: Connection, revision: str) -> None:
    """Take a revision off file, so that it can be filed again."""
    conn.execute(delete(policy_revisions).where(policy_revisions.c.revision == revision))


def _act(
    seq: int,
    act: str,
    revision: str,
    everyone: str | None,
    staged: str | None,
    named: str,
    by: str,
    at: str,
    signature: bytes,
) -> ActRow:
    return ActRow(seq, act, revision, everyone, staged, tuple(json.loads(named)), by, at, bytes(signature))
