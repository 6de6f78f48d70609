"""Of which trace a call is (W3C Trace Context), for what is accounted for of it and for nothing else.

A caller's trace is taken over where it is well formed (Logboek Dataverwerkingen: reused when the caller sent one), else
a new one is made. It is the caller's own word: nothing is decided, found or trusted by it.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
_TRANSACTION = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Trace:
    """`id`: 32 hexadecimal characters; `parent`: 16 of the caller's span, if he named one; `transaction`: his FSC id."""

    id: str
    parent: str | None = None
    transaction: str | None = None


_here: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace:
    """The trace of this call; a new one where there is no call."""
    return _here.get() or Trace(secrets.token_hex(16))


@contextmanager
def within(trace: Trace) -> Iterator[Trace]:
    """All that is entered in here is of `trace`."""
    token = _here.set(trace)
    try:
        yield trace
    finally:
        _here.reset(token)


def of_headers(traceparent: str | None, transaction: str | None) -> Trace:
    """The trace that a caller's `traceparent` or else his `Fsc-Transaction-Id` names, or a new one.

    FSC drops `traceparent` between organisations; its transaction id is a UUID, which is as long as a trace id.
    """
    known = (transaction or "").lower()
    known = known if _TRANSACTION.fullmatch(known) else ""
    id_, parent = _named(traceparent or "")
    return Trace(id_ or _not_zero(known.replace("-", "")) or secrets.token_hex(16), parent, known or None)


def _named(traceparent: str) -> tuple[str | None, str | None]:
    found = _TRACEPARENT.fullmatch(traceparent) if len(traceparent) <= 512 else None
    if found is None:
        return None, None
    version, id_, parent, rest = found.groups()
    if version == "ff" or (version == "00" and rest) or not (_not_zero(id_) and _not_zero(parent)):
        return None, None
    return id_, parent


def _not_zero(text: str) -> str | None:
    return text if text.strip("0") else None
