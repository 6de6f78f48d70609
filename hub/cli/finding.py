"""What `hub doctor` says: a finding of a part, how it stands, and which deed helps."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

from hub.crypto.private_file import EXPOSED, FOREIGN, NOT_READ
from hub.pdp.bundle import Bundle
from hub.pdp.opa_server import NO_ANSWER, UNREACHABLE
from hub.pdp.pdp import NoPolicy, PolicyDecisionPoint
from hub.policy_wiring import policy_of
from hub.settings import DEMO, TEST, Settings
from hub.store.inspection import State

AS_HUB: Final = "draai dit als de gebruiker van de hub, of geef die de bestanden (chown; 0600, en 0700 voor de map)"
AT_SERVER: Final = "kijk naar de instellingen van die server (deploy/opa.yaml; gids voor beheerders, OPA servers)"
DEEDS_FOR_SERVER: Final = {
    UNREACHABLE: "kijk of die server aan staat, en naar HUB_OPA_SERVERS en HUB_OPA_CA_FILE",
    NO_ANSWER: "leg HUB_OPA_TOKEN_FILE naast HUB_OPA_TOKEN van die server",
}
"""What helps for an OPA server that is so; for the others AT_SERVER."""
PROFILE_NAMES: Final = {DEMO: "demoprofiel", TEST: "testprofiel"}
OF_STATE: Final = {
    State.ABSENT: (
        "er is nog geen database",
        "kijk naar {}; is dit een nieuwe hub, dan maakt de eerste `hub serve` hem; anders: zet een kopie terug",
    ),
    State.NO_FOLDER: ("waar de map van de database moet zijn, staat een bestand", "kijk naar {} en HUB_HOME"),
    State.FORBIDDEN: ("deze gebruiker mag de database niet lezen", AS_HUB),
    State.NO_DATABASE: (
        "dit bestand is geen database, of het begin ervan is stuk", "kijk naar {}, of zet een hele kopie terug"
    ),
    State.HINDERED: (
        "de database gaat nu niet open",
        "zet niets terug; kijk of de schijf vol of stuk is, en maak ruimte: daarna gaat zij weer open",
    ),
    State.DAMAGED: ("de database is stuk", "zet de hub uit en een hele kopie terug (gids voor beheerders, Backup)"),
    State.NOT_REACHED: (
        "de database is niet te bereiken", "kijk of de server aan staat, en naar adres, naam en wachtwoord in {}"
    ),
}  # fmt: skip
"""What is wrong with a database, and what helps; `{}` is the setting that names it."""


class Grade(StrEnum):
    """How it stands with one thing."""

    WELL = "goed"
    CARE = "let op"
    WRONG = "fout"


@dataclass(frozen=True)
class Finding:
    """One line: of which part, how it stands, what was found, and what to do about it."""

    part: str
    grade: Grade
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Patient:
    """What is examined."""

    settings: Settings
    environment: Mapping[str, str]
    bundle: Bundle
    now: datetime
    counting: list[Bundle] = field(default_factory=list)
    """The revision that operators let count for everyone, as soon as the store has told which."""

    @cached_property
    def policy(self) -> PolicyDecisionPoint | NoPolicy:
        """What decides by these settings, built once. Raises WeakConfiguration."""
        return policy_of(self.settings, self.bundle)

    def served(self) -> PolicyDecisionPoint | NoPolicy:
        """What decides by the policy that OPA servers have: that which counts for everyone. Raises WeakConfiguration."""
        return policy_of(self.settings, self.counting[-1]) if self.counting else self.policy


Part = Callable[[Patient], Iterator[Finding]]


def refusal_of(reason: str) -> Finding:
    """What to do about a reason why the hub does not start."""
    if reason.startswith("beleid:"):
        remedy = "noem in HUB_POLICIES de map met het beleid dat FG en RAC hebben goedgekeurd (gids voor beheerders)"
    else:
        remedy = "pas de instelling aan (gids voor beheerders, Settings)"
    return Finding("instellingen", Grade.WRONG, reason, remedy)


def unknown(name: str) -> Finding:
    """A name that looks like a setting and is none (`hub.settings.unknown_names`)."""
    what = f"de hub kent deze instelling niet: {name}"
    return Finding("instellingen", Grade.CARE, what, "verbeter de naam, of haal de instelling weg")


def deed_for_key(reason: str) -> str:
    """What helps where a key-encryption key is refused for this reason. Another key never does."""
    if NOT_READ in reason:
        return "kijk of HUB_KEK de juiste map noemt en de hub haar mag lezen; is de hoofdsleutel weg, zet hem dan terug"
    if FOREIGN in reason:
        return AS_HUB
    if EXPOSED in reason:
        return "zet de rechten op 0600 en die van de map op 0700; kon een ander erbij, vervang de sleutel dan daarna"
    return "zet de hoofdsleutel terug die bij deze sleutelopslag hoort, en kijk of HUB_KEK naar hem wijst"
