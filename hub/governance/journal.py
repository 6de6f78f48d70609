"""How far the taking again of decisions has come, on file: killed halfway, it goes on where it was.

Lines of JSON: first what was asked, then what was found in each part of the log, in order. No person and no casus stands in
it: only partners, purposes, fields, counts, and the numbers of entries. A last line that is not whole is done again.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from hub.errors import Conflict, ShapeError
from hub.governance.effect import Difference, Effect
from hub.governance.past import Span

_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW


@dataclass(frozen=True)
class About:
    """What is measured: under which revision, the decisions of which entries."""

    revision: str
    since: str
    end: int

    @property
    def span(self) -> Span:
        """The entries."""
        return Span(self.since, self.end)


class Journal:
    """A file that is open, to be written by this process alone and read by its owner alone."""

    def __init__(self, path: Path, descriptor: int, about: About, parts: list[Effect]) -> None:
        self.path = path
        self.about = about
        self.parts = parts
        """What was found so far, in order."""
        self._descriptor = descriptor

    @classmethod
    def begin(cls, path: Path, about: About) -> "Journal":
        """A new one, in the place of what lay there. Raises Conflict while another process is at work in it."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = _alone(os.open(path, _FLAGS | os.O_CREAT, 0o600))
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, 0)
        journal = cls(path, descriptor, about, [])
        journal._append(asdict(about))
        return journal

    @classmethod
    def resumed(cls, path: Path) -> "Journal":
        """The one that lies there. Raises ShapeError when there is none, or it cannot be read; Conflict as `begin`."""
        try:
            descriptor = _alone(os.open(path, _FLAGS))
        except OSError:
            raise ShapeError("Er is geen eerdere meting om mee verder te gaan.", place="--verder") from None
        with os.fdopen(os.dup(descriptor), "rb") as file:
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        os.ftruncate(descriptor, len(whole))
        try:
            about, *parts = map(orjson.loads, whole.splitlines())
            return cls(path, descriptor, About(**about), list(map(_effect, parts)))
        except (ValueError, KeyError, TypeError):
            os.close(descriptor)
            raise ShapeError("De stand van de eerdere meting is niet te lezen.", place="--verder") from None

    def add(self, part: Effect) -> None:
        """What was found in the next part of the log."""
        self.parts.append(part)
        self._append(_document(part))

    def end(self) -> None:
        """It is done, and told."""
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Leave it as it is, for who goes on."""
        os.close(self._descriptor)

    def _append(self, document: Mapping[str, Any]) -> None:
        os.write(self._descriptor, orjson.dumps(document) + b"\n")


def _alone(descriptor: int) -> int:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise Conflict("Er loopt al een meting. Wacht tot die klaar is.") from None
    return descriptor


def _document(part: Effect) -> dict[str, Any]:
    return {
        "asked": [[*asked, count] for asked, count in part.asked.items()],
        "differences": [[one.idx, *one.asked, one.changes] for one in part.differences],
        "lost": dict(part.lost),
        "decided": part.decided,
        "moments": sorted(part.moments),
    }


def _effect(document: Mapping[str, Any]) -> Effect:
    return Effect(
        asked=Counter({(partner, purpose): count for partner, purpose, count in document["asked"]}),
        differences=[
            Difference(idx, (partner, purpose), tuple((name, then, now) for name, then, now in changes))
            for idx, partner, purpose, changes in document["differences"]
        ],
        lost=Counter(document["lost"]),
        decided=document["decided"],
        moments=set(document["moments"]),
    )
