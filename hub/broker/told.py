"""What a door may tell of a decision, worked out in one place.

Whether a casus holds a field is itself a secret. So an asker hears reasons about the request and about the field alone;
where only reasons about records are left he hears `E_NIET_BESCHIKBAAR`, the same for missing, restricted, vetoed and not
consented, with what would open the field for this partner in general.
"""

from collections.abc import Iterable
from typing import Protocol

from hub.model.release import About, Decision, Refusal, Withheld

NOT_AVAILABLE = "E_NIET_BESCHIKBAAR"
WHOLE = "*"

_OPENED_BY_BASIS = frozenset({NOT_AVAILABLE, "E_GRONDSLAG", "E_TOESTEMMING", "E_BEROEPSGEHEIM", "E_REGIME"})
"""Codes beside which it helps to say what would open the field."""


class Tables(Protocol):
    """The law tables, as far as they say what opens a field in general."""

    def opens(self, kind: str, employer_kind: str | None, purpose: str, field: str) -> tuple[str, ...]: ...
    def expand(self, requested: Iterable[str]) -> tuple[str, ...]: ...


def told(
    decision: Decision, requested: Iterable[str], partner: tuple[str, str | None], purpose: str, tables: Tables
) -> tuple[Withheld, ...]:
    """What the asker hears of what is withheld: the request's own reasons under `"*"`, then field by field."""
    reasons: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for refusal in decision.refusals:
        if may_hear(refusal):
            reasons.setdefault(refusal.field, []).append((refusal.code, refusal.law))
    released = {line.field for line in decision.released}
    heard = [Withheld(WHOLE, tuple(reasons[WHOLE]))] if WHOLE in reasons else []
    for field in tables.expand(requested):
        own = reasons.get(field)
        if own is None and (field in released or WHOLE in reasons):
            continue
        heard.append(_of_field(field, own or [(NOT_AVAILABLE, ())], partner, purpose, tables))
    return tuple(heard)


def may_hear(refusal: Refusal) -> bool:
    """Whether a door may pass this reason on."""
    return refusal.about in (About.REQUEST, About.FIELD) and refusal.source is None


def _of_field(
    field: str,
    reasons: list[tuple[str, tuple[str, ...]]],
    partner: tuple[str, str | None],
    purpose: str,
    tables: Tables,
) -> Withheld:
    helps = any(code in _OPENED_BY_BASIS for code, _ in reasons)
    return Withheld(field, tuple(reasons), tables.opens(*partner, purpose, field) if helps else ())
