"""A request, the decision on it, and the release: the values that travel the one path."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from hub.model.purpose import Action
from hub.model.trace import Trace, current

HIT, SAM, VOL, AGG = "hit", "sam", "vol", "agg"

DECISION_EVENT = "adl"
"""Key of an entry's internal part: the event of the decision log of which the record goes in with it."""


class About(StrEnum):
    """What a reason speaks of. Doors pass on `request` and `field` only: whether a casus holds a field is a secret."""

    REQUEST = "request"
    FIELD = "field"
    RECORD = "record"


@dataclass(frozen=True)
class Subject:
    """Who asks: a user of a partner, through a client of that partner. Proven by the token, judged by the register."""

    partner: str
    user: str
    client: str


@dataclass(frozen=True)
class Fetch:
    """Taking out what was sent: who does so, and what was promised as (field, source, level). Never more leaves."""

    by: Subject
    promised: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Evaluation:
    """Only whether it would be released is asked (AuthZEN). `event`: of the decision log (ADL) whose record goes in with
    this entry, or None where the record of the whole call is with another entry."""

    event: str | None = None


@dataclass(frozen=True)
class ReleaseRequest:
    """One question to the broker. `casus` is the asker's own pseudonym of the casus, not its id.

    `subject` is who reads, or with `verstrekken` who sends; `receiver` is then the partner that gets the fields.
    A push is decided twice: when it is sent (nothing leaves but names) and when the receiver fetches it (`fetch`).
    """

    subject: Subject
    casus: str
    purpose: str
    fields: tuple[str, ...]
    action: Action
    receiver: str | None = None
    proof_ids: tuple[tuple[str, str], ...] = ()
    """(`jti`, expiry) of the one-time proofs of this call: used up in the same unit of work as the entry."""
    sending: str | None = None
    """With `verstrekken`: the id of its place in the receiver's postvak."""
    fetch: Fetch | None = None
    evaluation: Evaluation | None = None

    @property
    def asker(self) -> Subject:
        """Who makes this call, and gets the answer."""
        return self.fetch.by if self.fetch else self.subject

    @property
    def is_promise(self) -> bool:
        """Whether names alone leave, and never a value: of a push that is being sent, and of an evaluation."""
        return self.evaluation is not None or (self.action is Action.VERSTREKKEN and self.fetch is None)


class Released(NamedTuple):
    """One field of one source that leaves, at a level, on a basis."""

    field: str
    source: str
    level: str
    legal_basis: str
    secrecy_exception: str | None


class Refusal(NamedTuple):
    """One reason why a field (or with `"*"` the request) is withheld. `source`: of the record it is about, if any."""

    field: str
    source: str | None
    code: str
    about: About
    law: tuple[str, ...]


@dataclass(frozen=True)
class Obligation:
    """A duty that comes with a release: `type`, and what the decision contract gives it (`within`, `at`, `fields`)."""

    type: str
    within: str | None = None
    at: str | None = None
    fields: tuple[str, ...] | None = None

    def document(self) -> dict[str, Any]:
        """The obligation as in the decision document: absent keys are absent."""
        full = {"type": self.type, "within": self.within, "at": self.at, "fields": self.fields}
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in full.items() if value is not None
        }


@dataclass(frozen=True)
class Decision:
    """What the policy said, checked (`hub.pdp.document`)."""

    allow: bool
    released: tuple[Released, ...]
    refusals: tuple[Refusal, ...]
    obligations: tuple[Obligation, ...]
    conceal: bool
    valid_until: str | None
    policy_revision: str


class OpenedField(NamedTuple):
    """A field that was opened for this release: value at the released level, and since when it stands."""

    field: str
    source: str
    level: str
    value: Any
    since: str


class Asking(NamedTuple):
    """Who asks in general, for what and how: all that what opens a field may depend on. Of a casus only its regime."""

    kind: str
    employer_kind: str | None
    standing: str
    action: str
    regime: str | None
    purpose: str

    def with_purpose(self, purpose: str) -> "Asking":
        """The same for another purpose."""
        return self._replace(purpose=purpose)


@dataclass(frozen=True)
class Withheld:
    """What an asker is told about one field (or with `"*"` the request): reasons about the request or the field only.

    `reasons`: (code, ids of law). `opens`: what would open the field for this partner in general, from the tables and
    never from the records: ground words joined by `+` that must all hold, or `doel:` with other purposes.
    """

    field: str
    reasons: tuple[tuple[str, tuple[str, ...]], ...]
    opens: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """The proof of one entry: `proof` in C2SP tlog-proof form, `told` the canonical first part with its salt (hex),
    `internal_hash` the salted hash of the second part (hex)."""

    index: int
    proof: str
    told: str
    salt: str
    internal_hash: str


class Watermark(NamedTuple):
    """To be shown over what is shown: who got it, and when (R29). The door adds the number of the entry."""

    partner: str
    user: str
    at: datetime


class Content(NamedTuple):
    """What ties a push to what was in it: `digest` stands in the entry, `salt` (hex) with the receiver alone, so that
    nobody else can try out what a short value was. docs/pushing.md says how the digest is made."""

    digest: str
    salt: str


@dataclass(frozen=True)
class Release:
    """The answer to a request: fields, reasons, duties, proof. A refusal is a Release without fields."""

    at: datetime
    fields: tuple[tuple[Released, OpenedField], ...]
    withheld: tuple[Withheld, ...]
    obligations: tuple[Obligation, ...]
    concealed: bool
    policy_revision: str
    bases: Mapping[str, str] = field(default_factory=dict)
    """Id of each legal basis -> its kind, for the words that people read."""
    through: frozenset[tuple[str, str]] = frozenset()
    """(field, source) of which the asker gets the value from the source alone: here it stays in."""
    failed: tuple[tuple[str, str], ...] = ()
    """(field, source) of what was decided to leave but did not open: withheld and alarmed."""
    watermark: Watermark | None = None
    """Where one is due."""
    content: Content | None = None
    """Of a push that is fetched."""
    receipt: Receipt | None = None

    def with_receipt(self, receipt: "Receipt") -> "Release":
        """The same release with its proof."""
        return replace(self, receipt=receipt)


@dataclass(frozen=True)
class Entry:
    """What goes into the log in one leaf. Never a value.

    `told` is what the asker was told (he gets it in his receipt); `internal` is for the hub's own account (reasons
    about records, digest of the facts, `valid_until`). Both hold canonical JSON only. `log_key` names the key under
    which the readable parts are sealed: a casus id, or a partner's own for calls without a casus.
    """

    kind: str
    at: datetime
    log_key: str
    told: Mapping[str, Any]
    internal: Mapping[str, Any]
    trace: Trace = field(default_factory=current, compare=False)
    """Of which call it is, for the record of processing that goes with it."""
    key: bytes | None = field(default=None, repr=False, compare=False)
    """The key that `log_key` names, where who enters read it in this same call; else the log reads it."""
