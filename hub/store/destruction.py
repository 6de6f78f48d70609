"""Orders to destroy a casus, as they are made, approved and carried out. The intent outlives the casus."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from hub.store.tables import destruction_orders


@dataclass(frozen=True)
class OrderRow:
    """One order and how far it is."""

    id: str
    casus: str
    ordered_by: str
    ordered_at: str
    order_signature: bytes
    approved_by: str | None
    approved_at: str | None
    approval_signature: bytes | None
    record: str | None
    carried_out_at: str | None


def open_order(conn: Connection, casus: str) -> OrderRow | None:
    """The order for `casus` that has not been carried out, if there is one."""
    found = select(destruction_orders).where(
        destruction_orders.c.casus == casus, destruction_orders.c.carried_out_at.is_(None)
    )
    row = conn.execute(found).first()
    return OrderRow(*row) if row else None


def add_order(conn: Connection, row: OrderRow) -> None:
    """Put an order on file."""
    conn.execute(insert(destruction_orders).values(**row.__dict__))


def drop_unapproved(conn: Connection, casus: str) -> None:
    """An order for `casus` that nobody approved stands no more; that it was given stays in the log."""
    waiting = (destruction_orders.c.casus == casus, destruction_orders.c.approved_at.is_(None))
    conn.execute(delete(destruction_orders).where(*waiting))


def approve_order(conn: Connection, order: str, by: str, at: str, signature: bytes) -> None:
    """The second operator's approval."""
    values = {"approved_by": by, "approved_at": at, "approval_signature": signature}
    conn.execute(update(destruction_orders).where(destruction_orders.c.id == order).values(**values))


def close_order(conn: Connection, order: str, at: str, record: str) -> None:
    """The order was carried out; `record` is the signed account of it."""
    values = {"carried_out_at": at, "record": record}
    conn.execute(update(destruction_orders).where(destruction_orders.c.id == order).values(**values))


def signed_accounts(conn: Connection) -> list[str]:
    """The signed account of every order that was carried out."""
    found = select(destruction_orders.c.record).where(destruction_orders.c.record.is_not(None))
    return list(conn.execute(found.order_by(destruction_orders.c.id)).scalars())
