"""Rows that nobody can ask for any more go: some at a time, so that the one writer is not held up."""

from sqlalchemy import Column, ColumnElement, Connection, delete, select, tuple_

AT_ONCE = 512
"""Rows that go in one sweep, where nothing else is said."""


def sweep(connection: Connection, age: Column[str], over: ColumnElement[bool], *, at_once: int = AT_ONCE) -> int:
    """Drop `at_once` rows at most of the table of `age` of which `over` holds, the oldest first; gives how many."""
    key = age.table.primary_key.columns
    oldest = select(*key).where(over).order_by(age).limit(at_once)
    return connection.execute(delete(age.table).where(tuple_(*key).in_(oldest))).rowcount
