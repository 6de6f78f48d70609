"""The facts document made canonical: one strict check of its shape, one form for every engine.

Keys are those of the decision contract. Instants become UTC text of fixed width, lists that are sets are sorted and
without doubles, rows are sorted, free text becomes true or false, missing keys are filled (`hub.pdp.contract` says
which may be missing), and two keys are derived: `consents[].expires_at` (12 calendar months after `given_at`, C7) and
`emergency.ends_at` (24 hours after `started_at`, R21).
"""

import hashlib
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

import orjson

from hub.errors import ShapeError
from hub.pdp.contract import FACTS
from hub.pdp.derived import derived
from hub.pdp.instants import day_later, year_later
from hub.pdp.shape import FaultError

Facts = dict[str, Any]
_BY_ID = itemgetter("id")


def canonical(document: object) -> Facts:
    """The canonical facts of one contract document. The input is left as it was.

    Raises ShapeError with the place of the first fault, never with a value: an unknown key or enum word, a wrong type,
    a key missing that may not be, an instant that is not RFC 3339 with an offset.
    """
    try:
        facts: Facts = FACTS.one(document)
    except FaultError as fault:
        raise ShapeError(fault.reason, place=fault.place or "document") from None
    facts["records"] = _sorted(facts["records"], _field_and_source)
    for key in ("legal_bases", "secrecy_exceptions", "consents"):
        facts[key] = _sorted(facts[key], _BY_ID)
    _derive(facts)
    return facts


def canonical_bytes(facts: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of canonical facts (ASCII keys, whole numbers, sound text: what `canonical` gives)."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)


def engine_bytes(facts: Mapping[str, Any]) -> bytes:
    """What every engine gets: the canonical facts with their records packed (`hub.pdp.derived`), as RFC 8785 bytes."""
    return canonical_bytes({**facts, **derived(dict(facts))})


def facts_digest(facts: Mapping[str, Any]) -> str:
    """`sha256:` and the hex digest of the canonical bytes: names the facts in the log without telling them."""
    return "sha256:" + hashlib.sha256(canonical_bytes(facts)).hexdigest()


def _derive(facts: Facts) -> None:
    for consent in facts["consents"]:
        consent["expires_at"] = year_later(consent["given_at"])
    emergency = facts["emergency"]
    if emergency is not None:
        emergency["ends_at"] = day_later(emergency["started_at"])


def _field_and_source(record: Facts) -> tuple[str, str]:
    return record["field"] or "", record["source"] or ""


def _sorted(rows: list[Facts], key: Callable[[Facts], Any]) -> list[Facts]:
    """Rows by `key`; equal keys by their bytes, so that the order they came in leaves no trace. Doubles are kept:
    two records of one field and source are a contradiction that the policy has to see (E_INVOER)."""
    if len(set(map(key, rows))) == len(rows):
        return sorted(rows, key=key)
    return sorted(rows, key=lambda row: (key(row), canonical_bytes(row)))
