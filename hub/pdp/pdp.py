"""The policy decision point: contract facts in, a checked decision out, whichever engine runs the policy."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from hub.errors import EngineUnavailable, HubError
from hub.lanes import aside
from hub.model.release import Decision
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.pdp.document import checked

_NOT_LOADED: Final = "Het beleid is niet geladen."


class Pdp(Protocol):
    """What the broker asks."""

    @property
    def revision(self) -> str | None:
        """Of the policy that decides, or None while there is none."""

    def decide(self, facts: Mapping[str, Any]) -> Decision:
        """The decision on a contract document (not yet canonical, or already so but for the derived keys).

        Raises ShapeError where the facts are not of the contract's shape, and EngineUnavailable where the engine erred,
        ran out of time or memory, or answered out of shape: then everything is refused.
        """

    def ready(self, at: str | None = None) -> str | None:
        """None, or in Dutch why the engine cannot decide at `at` (else: at all)."""


class Engine(Protocol):
    """What runs the policy: embedded or a server."""

    revision: str

    def answer(self, facts: bytes) -> object:
        """The decision document on canonical facts, not yet checked. Raises EngineUnavailable."""


class PolicyDecisionPoint:
    """Canonical facts, engine, strict check: in this order, each time. What is remembered is the broker's affair."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """What runs the policy."""
        return self._engine

    @property
    def revision(self) -> str | None:
        """Of the policy that the engine runs."""
        return self._engine.revision

    def decide(self, facts: Mapping[str, Any]) -> Decision:
        """See `Pdp.decide`."""
        return self.decide_canonical(canonical(facts))

    def ready(self, at: str | None = None) -> str | None:
        """None when the engine decides a plain question as it should, by tables valid at `at`; else what is wrong."""
        try:
            self.decide_canonical(canonical({**PROBE, "at": at or PROBE["at"]}))
        except HubError as error:
            return error.sentence
        return None

    def decide_canonical(self, facts: Facts) -> Decision:
        """The decision on what `canonical` gave."""
        text = facts.text
        answer = aside(lambda: self._engine.answer(text))
        return checked(answer, facts, self._engine.revision)


class NoPolicy:
    """A policy that could not be loaded: refuses everything, and says so at `/gereed`."""

    revision = None

    def __init__(self, reason: str = _NOT_LOADED) -> None:
        self._reason = reason

    def decide(self, facts: Mapping[str, Any]) -> Decision:  # noqa: ARG002 - whatever the facts
        """Refuses."""
        raise EngineUnavailable(place="policies")

    def decide_canonical(self, facts: Facts) -> Decision:  # noqa: ARG002 - whatever the facts
        """Refuses."""
        raise EngineUnavailable(place="policies")

    def ready(self, _at: str | None = None) -> str | None:
        """Why there is no policy."""
        return self._reason


PROBE: Final[dict[str, Any]] = {
    "at": "2026-01-01T00:00:00Z",
    "action": "lezen",
    "purpose": "D02",
    "requested": ["bsn"],
    "user": {"id": "probe"},
    "partner": {"id": "probe", "kind": "ggz", "standing": "deelnemer", "authority_until": None},
    "casus": {"id": "probe", "closed_at": None},
    "records": [],
    "legal_bases": [],
    "secrecy_exceptions": [],
    "consents": [],
}
"""A question that has to be refused: asked to see whether the engine answers at all."""
