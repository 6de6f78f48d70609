"""A policy that was loaded: what decides by it, and its tables as doors read them at a moment."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hub.errors import EngineUnavailable, ShapeError
from hub.model.release import Decision
from hub.pdp.bundle import Bundle
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.pdp.halves import shared_half
from hub.pdp.opening import Openings, Teller
from hub.pdp.pdp import NoPolicy, PolicyDecisionPoint
from hub.pdp.periods import NONE_COUNTS
from hub.pdp.tables import LawTables


class Policy:
    """One revision, ready to decide."""

    def __init__(self, bundle: Bundle, pdp: PolicyDecisionPoint | NoPolicy, teller: Teller | None = None) -> None:
        """`teller`: what says what would open a field in general; without one nothing is said of it."""
        self.bundle = bundle
        self.pdp = pdp
        self.asked = Asked(pdp)
        self._starts = [period.start for period in bundle.periods]
        self._tables = [
            LawTables(replace(bundle, reference=data), Openings(teller, start) if teller else None)
            for start, data in bundle.references()
        ]

    def tables_at(self, at: str) -> LawTables:
        """The tables that are valid at `at` (UTC text). Raises EngineUnavailable where none are (R33)."""
        place = bisect_right(self._starts, at)
        if not place:
            raise EngineUnavailable(NONE_COUNTS)
        return self._tables[place - 1]

    def changes_after(self, at: str) -> str | None:
        """When other tables become valid: a decision of before that instant says nothing of after it."""
        place = bisect_right(self._starts, at)
        return self._starts[place] if place < len(self._starts) else None


class Asked:
    """The policy as the broker asks it: the decision, and what is kept of the canonical facts that it rests on."""

    def __init__(self, policy: PolicyDecisionPoint | NoPolicy) -> None:
        self._policy = policy

    def decide(self, document: Mapping[str, Any] | Facts) -> tuple[Decision, bytes]:
        """(decision, the half of the canonical facts that is kept for replay). Raises EngineUnavailable.

        `document`: of the decision contract, or what `canonical` made of one.
        """
        try:
            facts = document if isinstance(document, Facts) else canonical(document)
        except ShapeError as fault:
            # What the hub gathered is no fault of who asks: nothing is decided on it, and that is entered.
            raise EngineUnavailable from fault
        return self._policy.decide_canonical(facts), shared_half(facts)
