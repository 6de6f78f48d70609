"""Several OPA servers as one engine: one is asked, and another where that one fails, all within one deadline.

A decision is a function of its facts: to ask it twice does no harm. Each answer has to carry the revision that counts;
a server with another one has failed, however well it answers.
"""

import itertools
import time
from collections.abc import Mapping
from typing import Final

from hub.errors import EngineUnavailable
from hub.pdp.canonical import canonical
from hub.pdp.contract import Facts
from hub.pdp.document import checked
from hub.pdp.fleet import NOT_FETCHED, UNREADABLE, Fleet
from hub.pdp.opa_server import NO_ANSWER, NO_POLICY, UNREACHABLE, OpaServer, OpaServerEngine, ServerFault
from hub.pdp.pdp import PROBE, PolicyDecisionPoint
from hub.pdp.signing import BAD_SIGNATURE

SECONDS: Final = 2.0
"""For one decision, however many servers are asked."""
REST: Final = 5.0
"""Seconds in which a server that failed is asked last."""
WELL, STALE, OTHER = "goed", "bundel-verouderd", "bundel-andere-revisie"
"""How a server is, beside the reasons of `hub.pdp.opa_server`: it decides with the policy that counts, with one that
counted before, or with one that the hub does not know."""
SENTENCES: Final = {
    UNREACHABLE: "antwoordt niet op tijd.",
    NO_ANSWER: "geeft geen goed antwoord.",
    NO_POLICY: "heeft nog geen beleid.",
    STALE: "werkt met een eerder beleid.",
    OTHER: "werkt met een ander beleid dan de hub.",
    NOT_FETCHED: "kan het beleid niet ophalen bij de hub.",
    BAD_SIGNATURE: "weigert het beleid, want de handtekening klopt niet.",
    UNREADABLE: "weigert het beleid, want het is niet te lezen.",
}
"""What is wrong, by code."""


class OpaFleetEngine:
    """Answers facts by asking one of `servers` (name -> where it is) that runs `revision`. Safe to share between threads.

    `fleet`: what they fetched from the hub and told it.
    """

    def __init__(
        self,
        servers: Mapping[str, OpaServer],
        revision: str,
        fleet: Fleet | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.revision = revision
        self.seconds = seconds
        self._fleet = fleet
        self._members = [_Member(name, OpaServerEngine(server, revision)) for name, server in servers.items()]
        self._turns = itertools.count()

    def answer(self, facts: bytes) -> object:
        """The decision document of a server that runs the revision that counts. Raises EngineUnavailable: none did."""
        until, members = time.monotonic() + self.seconds, self._in_turn()
        for place, member in enumerate(members):
            # One that hangs leaves the others their part of the time.
            share = (until - time.monotonic()) / (len(members) - place)
            if share <= 0:
                break
            try:
                document = member.engine.answer_within(facts, share)
            except ServerFault:
                member.failed_at = time.monotonic()
                continue
            if _revision_of(document) == self.revision:
                return document
            member.failed_at = time.monotonic()
        raise EngineUnavailable(place="engine")

    def states(self, at: str | None = None) -> dict[str, str]:
        """How every server is, by name, each asked a plain question now, by tables valid at `at`: WELL, or what is wrong."""
        known = canonical({**PROBE, "at": at or PROBE["at"]})
        seconds = self.seconds / len(self._members)
        return {member.name: self._state(member, known, seconds) for member in self._members}

    def _state(self, member: "_Member", known: Facts, seconds: float) -> str:
        try:
            document = member.engine.answer_within(known.text, seconds)
            revision = _revision_of(document)
            if revision is None or revision == self.revision:
                checked(document, known, self.revision)
                return WELL
            found = STALE if self._fleet is not None and self._fleet.revisions.known(revision) else OTHER
        except ServerFault as fault:
            found = fault.reason
        except EngineUnavailable:
            return NO_ANSWER
        told = self._fleet.told(member.name) if self._fleet is not None else None
        # A server without the policy that counts may have said why.
        return told if found != UNREACHABLE and told in SENTENCES else found

    def _in_turn(self) -> list["_Member"]:
        """Each once: those that did well first, beginning with another each time."""
        first = next(self._turns) % len(self._members)
        turned = self._members[first:] + self._members[:first]
        lately = time.monotonic() - REST
        return sorted(turned, key=lambda member: member.failed_at > lately)


class _Member:
    """A server, and when it failed last."""

    def __init__(self, name: str, engine: OpaServerEngine) -> None:
        self.name = name
        self.engine = engine
        self.failed_at = float("-inf")


def _revision_of(document: object) -> str | None:
    revision = document.get("policy_revision") if isinstance(document, dict) else None
    return revision if isinstance(revision, str) else None


class FleetDecisionPoint(PolicyDecisionPoint):
    """A decision point that knows how each of its servers is."""

    def __init__(self, engine: OpaFleetEngine) -> None:
        super().__init__(engine)
        self._fleet = engine

    def states(self, at: str | None = None) -> dict[str, str]:
        """See `OpaFleetEngine.states`."""
        return self._fleet.states(at)

    def ready(self, at: str | None = None) -> str | None:
        """None when one server at least decides as it should; else what is wrong with each, in Dutch."""
        return trouble(self.states(at))


def trouble(states: Mapping[str, str]) -> str | None:
    """None when one server at least is well; else what is wrong with each, in Dutch."""
    if WELL in states.values():
        return None
    return " ".join(f"OPA-server {name} {SENTENCES[code]}" for name, code in states.items())
