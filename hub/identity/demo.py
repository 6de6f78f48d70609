"""Clients of the demonstration: their private keys lie in the hub's own home, which no real partner's ever do."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub.crypto.private_file import read_private, write_private
from hub.errors import ShapeError
from hub.identity import jose
from hub.identity.client import PrivateKey, new_key, private_key

_LIMIT = 4_096
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True)
class DemoClient:
    """A client of the demonstration with its private key."""

    client: str
    partner: str
    key: PrivateKey


def make_demo_clients(home: Path, partner_of: Mapping[str, str]) -> dict[str, DemoClient]:
    """The clients (client id -> partner id) with their keys, made where they are missing, readable by the owner alone.

    Raises `WeakConfiguration` when a file lies open to others.
    """
    for client, partner in partner_of.items():
        path = _path(home, client)
        if not path.exists():
            content = {"client": client, "partner": partner, "key": dict(new_key().jwk)}
            with suppress(FileExistsError):
                # Another process made it in the meantime: then its key counts.
                write_private(path, json.dumps(content).encode())
    return {client: read_demo_client(home, client) for client in partner_of}


def read_demo_client(home: Path, client: str) -> DemoClient:
    """One client of the demonstration. Raises `WeakConfiguration` (missing, open to others) or `ShapeError`."""
    raw = read_private(_path(home, client), _LIMIT)
    try:
        content = json.loads(raw)
        return DemoClient(content["client"], content["partner"], private_key(content["key"]))
    except (ValueError, KeyError, TypeError, jose.Malformed):
        raise ShapeError("Dit sleutelbestand is niet heel.", place=f"demo/clients/{client}.json") from None


def _path(home: Path, client: str) -> Path:
    if not client or not set(client) <= _NAME:
        raise ShapeError("Zo heet geen systeem van de demonstratie.")
    return home / "demo" / "clients" / f"{client}.json"
