"""The facts document made canonical: one strict check of its shape, one form for every engine.

Keys are those of the decision contract. Instants become UTC text of fixed width, lists that are sets are sorted and
without doubles, rows are sorted, records that are alike are packed (`hub.pdp.packing`), free text becomes true or false,
missing keys are filled (`hub.pdp.contract` says which may be missing), and two keys are derived:
`consents[].expires_at` (12 calendar months after `given_at`, C7) and `emergency.ends_at` (24 hours after `started_at`,
R21).
"""

from itertools import chain
from operator import attrgetter
from typing import Any, Final, TypeGuard

import msgspec
from msgspec.structs import force_setattr

from hub.errors import ShapeError
from hub.model.instant import WIDTH, day_later, years_later
from hub.pdp.contract import FACTS, RECORD, Facts
from hub.pdp.packing import Rows, packed
from hub.pdp.shape import FaultError, Part, bytes_of, names_hold
from hub.pdp.strict_json import UNSURE, loads_strict, read_distinct

_FORM: Final = FACTS.form(False)
_COMPLETE: Final = msgspec.json.Decoder(FACTS.form(True))
_SORTED: Final = msgspec.json.Encoder(order="sorted").encode
_NOT_AT_ONCE: Final = (ValueError, TypeError, RecursionError, FaultError)
"""Not of the form, no JSON, half a surrogate, no instant, too deep, not what it should be."""
_ID: Final = attrgetter("id")
_GIVEN_AT: Final = attrgetter("given_at")
_AT, _BEGINNING = b'"at":"', 64
"""Bytes of canonical facts in which the instant starts."""


def canonical(document: object) -> Facts:
    """The canonical facts of one contract document: what every engine gets. The input is left as it was.

    `rows` (`hub.pdp.packing`) say what `records` said, which is empty. Raises ShapeError with the place of the first
    fault, never with a value: an unknown key or enum word, a wrong type, a key missing that may not be, an instant that
    is not RFC 3339 with an offset. What is like a list or a dict of Python's counts as one, but canonical facts do not.
    """
    return _taken_at_once(document) or _taken_strictly(document)


def read_canonical(text: bytes) -> Facts:
    """The canonical facts of one JSON text: `canonical` of what `loads_strict` gives. Raises what they raise."""
    return _read_at_once(text) or canonical(loads_strict(text))


def canonical_bytes(value: Any) -> bytes:
    """The RFC 8785 bytes of canonical facts, or of plain JSON data (ASCII keys, whole numbers, sound text)."""
    return value.text if isinstance(value, Facts) else _SORTED(value)


def instant_of(facts: bytes) -> str:
    """The instant of canonical bytes, without reading the rest: keys are sorted, and `action` before it is one word.

    Empty, which is before every other, where there is none.
    """
    start = facts.find(_AT, 0, _BEGINNING)
    return facts[start + len(_AT) : start + len(_AT) + WIDTH].decode("ascii", "replace") if start > 0 else ""


def _taken_at_once(document: object) -> Facts | None:
    """The canonical facts of a document, or None where the strict way has to say what it is."""
    if not _is_plain(document):
        return None
    already = type(document.get("records")) is Rows
    try:
        return _whole(_settled(msgspec.convert(document, _FORM), already=already))
    except _NOT_AT_ONCE:
        return None


def _is_plain(document: object) -> TypeGuard[dict[str, Any]]:
    """Whether it is of dicts, as far as rows are concerned. A `Part` would be taken as it is, and changed."""
    if type(document) is not dict:
        return False
    values = document.values()
    kinds = set(map(type, chain(values, *[rows for rows in values if isinstance(rows, list)])))
    return not any(issubclass(kind, Part) for kind in kinds)


def _taken_strictly(document: object) -> Facts:
    try:
        plain = FACTS.one(document)
    except FaultError as fault:
        raise ShapeError(fault.reason, place=fault.place or "document") from None
    plain["records"] = [record for record in plain["records"] if record["field"] is not None]
    return _settled(msgspec.convert(plain, _FORM), already=False)


def _read_at_once(text: bytes) -> Facts | None:
    """The canonical facts of a text that leaves out no key, and in which a fast reader cannot be mistaken; or None.

    Written again, a key that was left out would be there, and make up for one that was said twice.
    """
    try:
        facts = read_distinct(text, _COMPLETE.decode, bytes_of)
        return None if facts is UNSURE else _whole(_settled(facts, already=False))
    except _NOT_AT_ONCE:
        return None


def _whole(facts: Facts) -> Facts | None:
    return facts if names_hold(facts.text) else None


def _settled(facts: Facts, *, already: bool) -> Facts:
    """Facts of the form, made canonical where they are. `already`: their records are rows."""
    FACTS.settled([facts])
    force_setattr(facts, "rows", packed(facts.records, RECORD.settled, already=already))
    force_setattr(facts, "records", [])
    for key in ("legal_bases", "secrecy_exceptions", "consents"):
        rows = getattr(facts, key)
        if len(rows) > 1:
            force_setattr(facts, key, _sorted(rows))
    # C7: consent is asked again each 12 months.
    ends = {given_at: years_later(given_at, 1) for given_at in set(map(_GIVEN_AT, facts.consents))}
    for consent in facts.consents:
        force_setattr(consent, "expires_at", ends[consent.given_at])
    emergency = facts.emergency
    if emergency is not None:
        force_setattr(emergency, "ends_at", day_later(emergency.started_at))
    return facts


def _sorted(rows: list[Part]) -> list[Part]:
    """Rows by id, the same one once; equal ids by their bytes, so that the order they came in leaves no trace. Two that
    say different things under one id stay two: a contradiction that the policy has to see (E_INVOER)."""
    if len(set(map(_ID, rows))) == len(rows):
        return sorted(rows, key=_ID)
    once = {bytes_of(row): row for row in rows}
    return [once[text] for text in sorted(once, key=lambda text: (_ID(once[text]), text))]
