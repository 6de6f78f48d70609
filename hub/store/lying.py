"""What lies about a casus, sealed, in one query: the same for every casus, and for one that there is not (R15)."""

from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, func, literal_column, select

from hub.store.casus import CASUS_COLUMNS, CasusRow
from hub.store.compartments import SEAL_COLUMNS, SealRow, blob, seal_row
from hub.store.prepared import Prepared, Question
from hub.store.tables import casus_seals, casussen, dossiers, records

_CASUS: BindParameter[str] = bindparam("casus")
_COUNT = select(func.count()).where(records.c.casus == _CASUS).scalar_subquery()
_DOSSIER = (_COUNT, dossiers.c.records, dossiers.c.sealed)
_ALWAYS = select(literal_column("1")).subquery("always")
"""One row to hang the others on, so that there is an answer for no casus too."""
_OF_DOSSIER = _ALWAYS.outerjoin(dossiers, dossiers.c.casus == _CASUS)
_OF_ALL = _OF_DOSSIER.outerjoin(casussen, casussen.c.id == _CASUS).outerjoin(casus_seals, casus_seals.c.casus == _CASUS)
_READ_DOSSIER = Prepared(select(*_DOSSIER).select_from(_OF_DOSSIER))
_READ_ALL = Prepared(select(*_DOSSIER, *CASUS_COLUMNS, *SEAL_COLUMNS).select_from(_OF_ALL))


@dataclass(frozen=True)
class SealedDossier:
    """The records of a casus as they lie: how many rows there are, how many the dossier says (null where there is no
    dossier), and the dossier itself."""

    rows: int
    said: int | None
    sealed: bytes


@dataclass(frozen=True)
class Lying:
    """The row of a casus, its records, and the row of its compartments; None for a row that is not there."""

    row: CasusRow | None
    dossier: SealedDossier
    seal: SealRow | None


def asks_lying(casus: str) -> Question:
    """What `lying` asks."""
    return _READ_ALL, {"casus": casus}


def lying(connection: Connection, casus: str) -> Lying:
    """All that a request reads about `casus` but its values."""
    ((count, said, sealed, *more),) = _READ_ALL.rows(connection, {"casus": casus})
    row, seal = more[: len(CASUS_COLUMNS)], more[len(CASUS_COLUMNS) :]
    return Lying(
        CasusRow(*row) if row[0] is not None else None,
        SealedDossier(count, said, blob(sealed)),
        seal_row(*seal) if seal[0] is not None else None,
    )


def sealed_dossier(connection: Connection, casus: str) -> SealedDossier:
    """The records of `casus` alone."""
    ((count, said, sealed),) = _READ_DOSSIER.rows(connection, {"casus": casus})
    return SealedDossier(count, said, blob(sealed))
