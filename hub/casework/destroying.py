"""Shredding a casus: one operator orders, another approves, and only then its keys go. Each step is signed and entered.

The serving process has no door to this: it runs in the command line alone, where two operators hold their own keys.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol, TypeVar

from hub.broker import following
from hub.casework.moment import Names
from hub.casework.operators import Who, entry_of, must_be_operator
from hub.casework.pushing import CASUS_TOKEN
from hub.casework.vouching import stand_apart
from hub.compartment.compartments import Compartments
from hub.crypto import destruction
from hub.crypto.destruction import Approval, Destruction, Order
from hub.crypto.keyring import Keyring
from hub.crypto.random_ids import new_id
from hub.crypto.signing import Signer
from hub.errors import NotFound, NotPermitted, ShapeError
from hub.model.instant import to_text
from hub.model.release import Entry
from hub.store import casus as rows
from hub.store import destruction as orders
from hub.store import obligations, postvak
from hub.store.destruction import OrderRow
from hub.store.engine import Committed
from hub.store.operators import keys_ever, operator_keys
from hub.store.partners import must_be_on_record
from hub.store.units import Tx

T = TypeVar("T")


class Commits(Protocol):
    """The store."""

    def snapshot(self) -> Any: ...
    def commit(self, unit: Callable[[Tx], T], *, scrub: bool = False) -> Committed[T]: ...


class Destroying:
    """Orders, approves and carries out."""

    def __init__(
        self, store: Commits, keyring: Keyring, compartments: Compartments, names: Names, signer: Signer
    ) -> None:
        self._store = store
        self._names = names
        self._keyring = keyring
        self._compartments = compartments
        self._signer = signer

    def order_or_approve(self, casus: str, who: Who) -> str | None:
        """The first operator's order (None: a second one must approve), or the second's approval and what was done.

        Gives the signed record (JSON). Raises NotFound, NotPermitted (not an operator, the same one twice, or two of whom
        one stands on the other's word alone).
        """
        with self._store.snapshot() as moment:
            must_be_operator(moment, who)
            standing = orders.open_order(moment, casus)
            if standing and standing.approved_at is None and standing.ordered_by not in operator_keys(moment):
                # It lapsed with who gave it: he may be here again under another name, and would be both.
                standing = None
            row = rows.casus_row(moment, casus)
        if standing is None and (row is None or row.destroyed_at is not None):
            raise NotFound
        if standing is None:
            self._order(casus, who)
            return None
        if standing.approved_at is None:
            standing = self._approve(standing, who)
        return self._carry_out(standing, who.at)

    def _order(self, casus: str, who: Who) -> None:
        order = Order(new_id(), casus, to_text(who.at))
        approval = destruction.approve(order, who.operator, who.signer)
        row = OrderRow(order.id, casus, who.operator, order.at, approval.signature, None, None, None, None, None)

        def unit(tx: Tx) -> None:
            must_be_operator(tx.connection, who)
            orders.drop_unapproved(tx.connection, casus)
            orders.add_order(tx.connection, row)
            tx.enter(_entry("vernietiging-opdracht", casus, who.operator, who.at, {"opdracht": order.id}))

        self._store.commit(unit)

    def _approve(self, row: OrderRow, who: Who) -> OrderRow:
        approval = destruction.approve(_order_of(row), who.operator, who.signer)
        at = to_text(who.at)

        def unit(tx: Tx) -> OrderRow:
            must_be_operator(tx.connection, who)
            must_be_on_record(tx.connection, row.ordered_by)
            if not stand_apart(tx.connection, who.operator, row.ordered_by):
                raise NotPermitted(
                    "Een andere beheerder moet dit goedkeuren, die niet op uw woord alleen beheerder is."
                )
            orders.approve_order(tx.connection, row.id, who.operator, at, approval.signature)
            # From this moment on nobody sees the casus; its sealed rows go first, so that no rotation keeps them alive.
            rows.mark_destroyed(tx.connection, row.casus, at)
            self._compartments.delete(tx.connection, row.casus)
            postvak.drop_casus(tx.connection, self._names.index_token(CASUS_TOKEN, row.casus))
            token = self._names.index_token(following.CASUS_TOKEN, row.casus)
            obligations.drop_casus(tx.connection, token)
            tx.enter(_entry("vernietiging-akkoord", row.casus, who.operator, who.at, {"opdracht": row.id}))
            approved = orders.open_order(tx.connection, row.casus)
            if approved is None:
                raise NotFound
            return approved

        return self._store.commit(unit, scrub=True).value

    def _carry_out(self, row: OrderRow, at: datetime) -> str:
        """Destroy the keys and account for it. Killed halfway: the same call again finishes it."""
        approvals = (
            Approval(row.ordered_by, row.order_signature),
            Approval(row.approved_by or "", row.approval_signature or b""),
        )
        with self._store.snapshot() as moment:
            # Both were in office when they signed; who ended since does not undo what has begun.
            known = keys_ever(moment)
        done = destruction.destroy_casus(self._keyring, _order_of(row), approvals, known, at=to_text(at))
        record = self._account(done)

        def unit(tx: Tx) -> None:
            orders.close_order(tx.connection, row.id, to_text(at), record)
            what = {"opdracht": row.id, "sleutels": len(done.keys)}
            tx.enter(_entry("vernietiging", row.casus, row.approved_by or "", at, what))

        self._store.commit(unit)
        return record

    def _account(self, done: Destruction) -> str:
        signature = destruction.signed(done, self._signer)
        approvals = [{"operator": one.operator, "signature": one.signature.hex()} for one in done.approvals]
        return json.dumps(
            {
                "order": asdict(done.order),
                "approvals": approvals,
                "at": done.at,
                "keys": list(done.keys),
                "hub": self._signer.public.hex(),
                "signature": signature.hex(),
            }
        )


def recorded(text: str) -> tuple[Destruction, bytes]:
    """(record, the hub's signature) of a signed account. Raises ShapeError for what is none."""
    try:
        found = json.loads(text)
        approvals = tuple(Approval(one["operator"], bytes.fromhex(one["signature"])) for one in found["approvals"])
        record = Destruction(Order(**found["order"]), approvals, found["at"], tuple(found["keys"]))
        return record, bytes.fromhex(found["signature"])
    except (ValueError, KeyError, TypeError):
        raise ShapeError("Dit is geen verslag van een vernietiging.", place="vernietigingen") from None


def _order_of(row: OrderRow) -> Order:
    return Order(row.id, row.casus, row.ordered_at)


def _entry(kind: str, casus: str, operator: str, at: datetime, what: dict[str, Any]) -> Entry:
    return entry_of(operator, at, what, {"casus": casus}, kind=kind, log_key=casus)
