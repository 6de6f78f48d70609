"""What a door may tell of a decision, worked out in one place.

Whether a casus holds a field is itself a secret. So an asker hears reasons about the request and about the field alone;
where only reasons about records are left he hears `E_NIET_BESCHIKBAAR`, the same for missing, restricted, vetoed and not
consented, with what would open the field for this partner in general.
"""

from collections.abc import Iterable
from typing import Protocol

from hub.model.release import About, Asking, Decision, Refusal, Withheld

NOT_AVAILABLE = "E_NIET_BESCHIKBAAR"
WHOLE = "*"
OTHER_PURPOSE = "doel:"

_OPENED_BY_BASIS = frozenset({NOT_AVAILABLE, "E_GRONDSLAG", "E_TOESTEMMING", "E_BEROEPSGEHEIM", "E_REGIME"})
"""Codes beside which it helps to say what would open the field."""
_OPENED_BY_PURPOSE = frozenset({"E_DOEL", "E_NIET_NODIG", "E_PLAFOND"})
"""Codes beside which it helps to say for what other purpose the field opens."""
_WITHOUT_BASIS = frozenset({"E_GRONDSLAG", "E_REGIME"})
_NONE: tuple[str, ...] = ()


class Tables(Protocol):
    """The law tables, as far as the policy says from them what opens a field in general."""

    def opens(self, asking: Asking, field: str, *, without_basis: bool) -> tuple[str, ...]: ...
    def asks(self, asking: Asking) -> tuple[str, ...]: ...
    def other_purposes(self, asking: Asking, fields: Iterable[str]) -> tuple[str, ...]: ...
    def expand(self, requested: Iterable[str]) -> tuple[str, ...]: ...
    def through_provider(self, kind: str) -> frozenset[str]: ...


def told(decision: Decision, requested: Iterable[str], asking: Asking, tables: Tables) -> tuple[Withheld, ...]:
    """What the asker hears of what is withheld: the request's own reasons under `"*"`, then field by field."""
    reasons: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for refusal in decision.refusals:
        if may_hear(refusal):
            reasons.setdefault(refusal.field, []).append((refusal.code, refusal.law))
    released = {line.field for line in decision.released}
    asked = tables.expand(requested)
    # A hidden casus answers as an unknown one: nothing is worked out that nobody hears.
    opening = _Opening(asking, tables) if not decision.conceal else None
    heard = [_of_whole(reasons[WHOLE], asked, opening)] if WHOLE in reasons else []
    for field in asked:
        own = reasons.get(field)
        if own is None and (field in released or WHOLE in reasons):
            continue
        heard.append(_of_field(field, own or [(NOT_AVAILABLE, ())], opening))
    return tuple(heard)


def may_hear(refusal: Refusal) -> bool:
    """Whether a door may pass this reason on."""
    return refusal.about in (About.REQUEST, About.FIELD) and refusal.source is None


_Reasons = list[tuple[str, tuple[str, ...]]]


class _Opening:
    """What the policy says from the tables, for one asker."""

    def __init__(self, asking: Asking, tables: Tables) -> None:
        self._asking = asking
        self._tables = tables

    def of_whole(self, codes: set[str], fields: Iterable[str]) -> tuple[str, ...]:
        """What would admit the request: a fact that the purpose asks, or another purpose."""
        if "E_DOEL" not in codes:
            return _NONE
        return self._tables.asks(self._asking) + self._purposes(fields)

    def of_field(self, codes: set[str], field: str) -> tuple[str, ...]:
        """What would open the field: a ground, or another purpose."""
        ways = (
            self._tables.opens(self._asking, field, without_basis=bool(codes & _WITHOUT_BASIS))
            if codes & _OPENED_BY_BASIS
            else _NONE
        )
        return ways + (self._purposes([field]) if codes & _OPENED_BY_PURPOSE else _NONE)

    def _purposes(self, fields: Iterable[str]) -> tuple[str, ...]:
        others = self._tables.other_purposes(self._asking, fields)
        return (OTHER_PURPOSE + ",".join(others),) if others else _NONE


def _of_whole(reasons: _Reasons, asked: Iterable[str], opening: _Opening | None) -> Withheld:
    codes = {code for code, _ in reasons}
    return Withheld(WHOLE, tuple(reasons), opening.of_whole(codes, asked) if opening else _NONE)


def _of_field(field: str, reasons: _Reasons, opening: _Opening | None) -> Withheld:
    codes = {code for code, _ in reasons}
    return Withheld(field, tuple(reasons), opening.of_field(codes, field) if opening else _NONE)
