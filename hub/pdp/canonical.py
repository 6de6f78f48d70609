"""The facts document made canonical: one strict check of its shape, one form for every engine.

Keys are those of the decision contract. Instants become UTC text of fixed width, lists that are sets are sorted and
without doubles, rows are sorted, records that are alike are packed (`hub.pdp.packing`), free text becomes true or false,
missing keys are filled (`hub.pdp.contract` says which may be missing), and two keys are derived:
`consents[].expires_at` (12 calendar months after `given_at`, C7) and `emergency.ends_at` (24 hours after `started_at`,
R21).
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import orjson

from hub.errors import ShapeError
from hub.model.instant import WIDTH, day_later, years_later
from hub.pdp.contract import FACTS
from hub.pdp.shape import FaultError
from hub.pdp.strict_json import UNSURE, loads_distinct, loads_strict

Facts = dict[str, Any]
_BY_ID = itemgetter("id")
_GIVEN_AT = itemgetter("given_at")
_AT, _BEGINNING = b'"at":"', 64
"""Bytes of canonical facts in which the instant starts."""


def canonical(document: object) -> Facts:
    """The canonical facts of one contract document: what every engine gets. The input is left as it was.

    `rows` (`hub.pdp.packing`) say what `records` said, which is empty. Raises ShapeError with the place of the first
    fault, never with a value: an unknown key or enum word, a wrong type, a key missing that may not be, an instant that
    is not RFC 3339 with an offset.
    """
    try:
        facts: Facts = FACTS.one(document)
    except FaultError as fault:
        raise ShapeError(fault.reason, place=fault.place or "document") from None
    facts["rows"], facts["records"] = facts["records"], []
    for key in ("legal_bases", "secrecy_exceptions", "consents"):
        facts[key] = _sorted(facts[key])
    # C7: consent is asked again each 12 months.
    ends = {given_at: years_later(given_at, 1) for given_at in set(map(_GIVEN_AT, facts["consents"]))}
    for consent in facts["consents"]:
        consent["expires_at"] = ends[consent["given_at"]]
    emergency = facts["emergency"]
    if emergency is not None:
        emergency["ends_at"] = day_later(emergency["started_at"])
    return facts


def read_canonical(text: bytes) -> Facts:
    """The canonical facts of one JSON text: `canonical` of what `loads_strict` gives. Raises what they raise.

    A document that `canonical` takes has no fraction in it, and is not too deep. Only of one that it does not take is
    that asked, for then it is what is wrong.
    """
    document = loads_distinct(text)
    if document is not UNSURE:
        try:
            return canonical(document)
        except ShapeError:
            pass
    return canonical(loads_strict(text))


def canonical_bytes(facts: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of canonical facts (ASCII keys, whole numbers, sound text: what `canonical` gives)."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)


def instant_of(facts: bytes) -> str:
    """The instant of canonical bytes, without reading the rest: keys are sorted, and `action` before it is one word.

    Empty, which is before every other, where there is none.
    """
    start = facts.find(_AT, 0, _BEGINNING)
    return facts[start + len(_AT) : start + len(_AT) + WIDTH].decode("ascii", "replace") if start > 0 else ""


def _sorted(rows: list[Facts]) -> list[Facts]:
    """Rows by id, the same one once; equal ids by their bytes, so that the order they came in leaves no trace. Two that
    say different things under one id stay two: a contradiction that the policy has to see (E_INVOER)."""
    if len(set(map(_BY_ID, rows))) == len(rows):
        return sorted(rows, key=_BY_ID)
    once = {canonical_bytes(row): row for row in rows}
    return [once[text] for text in sorted(once, key=lambda text: (once[text]["id"], text))]
