"""A decision gate by gate, as the policy works it out (`policies/hub/explain`): nothing of it is judged again here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.errors import EngineUnavailable
from hub.pdp.contract import Facts
from hub.pdp.opening import Teller

ENTRYPOINT: Final = "hub/explain/explained"
OPEN, SHUT, SPARED = "open", "shut", "spared"
"""States of a gate: passed, not passed, not asked here."""


@dataclass(frozen=True)
class Gate:
    """One gate. `law`: what asks it. `reasons`: (code, ids of law) of what shut it. `facts`: what it was judged by."""

    name: str
    state: str
    law: tuple[str, ...]
    reasons: tuple[tuple[str, tuple[str, ...]], ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """Fields of one source that fared alike; `source` None: there is no record of them. `released`: level and basis."""

    fields: tuple[str, ...]
    source: str | None
    gates: tuple[Gate, ...]
    released: tuple[str, str] | None


@dataclass(frozen=True)
class Explanation:
    """The gates of the request, those of its fields, and the fields that the catalogue does not have."""

    whole: tuple[Gate, ...]
    parts: tuple[Part, ...]
    unknown: tuple[str, ...]

    def of_field(self, field: str) -> "Explanation":
        """The same for one field alone."""
        parts = tuple(
            Part((field,), part.source, part.gates, part.released) for part in self.parts if field in part.fields
        )
        return Explanation(self.whole, parts, tuple(name for name in self.unknown if name == field))


def explanation(engine: Teller, facts: Facts) -> Explanation:
    """The gates of the decision on canonical facts. Raises EngineUnavailable."""
    answer: Any = engine.told(ENTRYPOINT, facts.text, facts["at"])
    try:
        return Explanation(tuple(_gates(answer["whole"])), tuple(_parts(answer["parts"])), tuple(answer["unknown"]))
    except (KeyError, TypeError, ValueError) as error:
        raise EngineUnavailable(place="explanation") from error


def _parts(parts: Any) -> Iterator[Part]:
    for part in parts:
        found = part["release"]
        released = (found["level"], found["basis"]) if found else None
        yield Part(tuple(part["fields"]), part["source"], tuple(_gates(part["gates"])), released)


def _gates(gates: Any) -> Iterator[Gate]:
    for gate in gates:
        reasons = tuple((code, tuple(law)) for code, law in gate["reasons"])
        yield Gate(gate["gate"], gate["state"], tuple(gate["law"]), reasons, gate["facts"])
