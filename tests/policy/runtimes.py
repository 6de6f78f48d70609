"""Both runtimes of the policy, for every test of it: the embedded engine, and a real OPA server that has to say the same.

An OPA server takes twenty times as long, so a document is asked there the less often the larger it is: each of up to
4 kB, of larger ones a fixed draw. `HUB_PARITY=full` asks every one (`make laws`).
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from hub.pdp.bundle import SERVER_ENTRYPOINT, Bundle, default_directory, read_bundle, server_bundle
from hub.pdp.canonical import canonical_bytes
from hub.pdp.embedded import Bounds, EmbeddedEngine
from hub.pdp.opa_server import OpaServer, OpaServerEngine
from tests import servers

AUTHZ = Path(__file__).with_name("authz.rego")
FULL = os.environ.get("HUB_PARITY") == "full"
_WHOLE = 4096
"""Bytes of a document up to which every one is asked of the server too."""
_OPENINGS_EACH = 16
"""Of the questions what opens a field, which are alike, one in so many."""
_PATIENT = 600.0
"""Seconds: what is decided matters here, not how fast a busy machine is."""


class RuntimesDiffer(AssertionError):
    """The two runtimes do not say the same: what is wrong may let something out (law 8 of the decision contract)."""


class Server(OpaServerEngine):
    """An OPA server that is asked for any entrypoint."""

    def says(self, entrypoint: str, question: bytes) -> object:
        """What it says there."""
        client = self._take()
        found: object = orjson.loads(client.ask(entrypoint, question, self._server.seconds))["result"]
        self._idle.append(client)
        return found


@dataclass
class Runtimes:
    """The embedded engine; while `server` is there it is asked too. `asked`: by entrypoint, how often; the digests."""

    embedded: EmbeddedEngine
    server: Server | None = None
    asked: dict[str, set[int]] = field(default_factory=dict)

    @property
    def revision(self) -> str:
        """Of the policy that both run."""
        return self.embedded.revision

    def answer(self, facts: bytes) -> object:
        """The engine's answer, as `Engine.answer`; a draw of the questions goes to both. Raises RuntimesDiffer."""
        found = self.embedded.answer(facts)
        if _drawn(facts, len(facts)):
            self._same(SERVER_ENTRYPOINT, facts, found)
        return found

    def both(self, facts: bytes) -> object:
        """The same, of both always."""
        found = self.embedded.answer(facts)
        self._same(SERVER_ENTRYPOINT, facts, found)
        return found

    def told(self, entrypoint: str, question: bytes, at: str) -> object:
        """As `EmbeddedEngine.told`; a draw of the questions goes to both."""
        found = self.embedded.told(entrypoint, question, at)
        if _drawn(question, len(question)) and (
            FULL or len(question) > 1000 or not zlib.crc32(question) % _OPENINGS_EACH
        ):
            self._same(entrypoint, question, found)
        return found

    def _same(self, entrypoint: str, question: bytes, found: object) -> None:
        asked, digest = self.asked.setdefault(entrypoint, set()), hash(question)
        if self.server is None or digest in asked:
            return
        there = self.server.says(entrypoint, question)
        if canonical_bytes(_as_object(there)) != canonical_bytes(_as_object(found)):
            raise RuntimesDiffer(f"{entrypoint}: {first_difference(found, there)}")
        asked.add(digest)


def _drawn(question: bytes, size: int) -> bool:
    return FULL or not zlib.crc32(question) % (1 + size // _WHOLE) ** 2


def _as_object(answer: object) -> dict[str, Any]:
    return {"answer": answer}


def first_difference(one: Any, other: Any, place: str = "") -> str:
    """Where two answers part first, and what each says there."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((first_difference(one[k], other[k], f"{place}/{k}") for k in sorted(one) if one[k] != other[k]), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((first_difference(a, b, f"{place}/{n}") for n, (a, b) in pairs if a != b), "")
    return f"at {place or '/'}: embedded {one!r}, server {other!r}"


def embedded(bundle: Bundle) -> EmbeddedEngine:
    """The engine with time to spare."""
    return EmbeddedEngine(bundle, Bounds(seconds=30))


@contextmanager
def serving() -> Iterator[Server]:
    """A real OPA server with the repository's own policy. Raises MissingProgram."""
    bundle = read_bundle(default_directory())
    with servers.opa(server_bundle(bundle), AUTHZ) as running:
        yield Server(OpaServer(running.url, running.token, str(running.ca_file), _PATIENT), bundle.revision)
