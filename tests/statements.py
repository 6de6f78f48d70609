"""What a piece of work asks of the store: every statement, whoever put it into words, counted where the driver runs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.pool.base import _ConnectionFairy


class _Cursor:
    def __init__(self, cursor: Any, seen: list[str]) -> None:
        self._cursor = cursor
        self._seen = seen

    def execute(self, statement: str, *rest: Any) -> Any:
        self._seen.append(statement)
        return self._cursor.execute(statement, *rest)

    def executemany(self, statement: str, *rest: Any) -> Any:
        self._seen.append(statement)
        return self._cursor.executemany(statement, *rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run while this is open, in order, of all threads."""
    seen: list[str] = []
    plain = _ConnectionFairy.cursor
    _ConnectionFairy.cursor = lambda self, *rest, **named: _Cursor(plain(self, *rest, **named), seen)  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        _ConnectionFairy.cursor = plain  # type: ignore[method-assign]
