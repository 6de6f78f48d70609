"""What a push becomes on file: the promise in the postvak, and the answer to who sent it. Names and levels, no values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hub.model.instant import from_text, to_text
from hub.model.release import Obligation, OpenedField, Release, Released, ReleaseRequest, Withheld


@dataclass(frozen=True)
class Sent:
    """What was sent under `id`. Nothing, when the release holds no fields."""

    id: str
    release: Release


def promise(request: ReleaseRequest, release: Release) -> dict[str, Any]:
    """What is sealed into the postvak: the request with its sender, and each field, source and level promised."""
    return {
        "subject": asdict(request.subject),
        "casus": request.casus,
        "purpose": request.purpose,
        "lines": [[line.field, line.source, line.level] for line, _ in release.fields],
    }


def document(sent: Sent) -> dict[str, Any]:
    """The answer as it is kept under its Idempotency-Key; the receipt is read from the log again."""
    release = sent.release
    return {
        "id": sent.id,
        "at": to_text(release.at),
        "lines": [line._asdict() for line, _ in release.fields],
        "withheld": [
            [w.field, [[code, list(law)] for code, law in w.reasons], list(w.opens)] for w in release.withheld
        ],
        "obligations": [obligation.document() for obligation in release.obligations],
        "policy_revision": release.policy_revision,
    }


def of_document(kept: Mapping[str, Any]) -> Sent:
    """The answer that was kept."""
    lines = [Released(**line) for line in kept["lines"]]
    release = Release(
        at=from_text(kept["at"]),
        fields=tuple((line, OpenedField(line.field, line.source, line.level, None, "")) for line in lines),
        withheld=tuple(
            Withheld(field, tuple((code, tuple(law)) for code, law in reasons), tuple(opens))
            for field, reasons, opens in kept["withheld"]
        ),
        obligations=tuple(_obligation(found) for found in kept["obligations"]),
        concealed=False,
        policy_revision=kept["policy_revision"],
    )
    return Sent(kept["id"], release)


def _obligation(found: Mapping[str, Any]) -> Obligation:
    fields = found.get("fields")
    return Obligation(found["type"], found.get("within"), found.get("at"), None if fields is None else tuple(fields))
