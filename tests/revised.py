"""Revisions of the policy for tests: a folder with one change, signed, and two operators who agree on it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.casework.operators import Who
from hub.crypto import policy_key
from hub.crypto.signing import Signer
from hub.governance.acts import Governing
from hub.model.instant import to_text
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.signing import signed_bundle
from hub.policy_wiring import policy_key_file
from hub.store.operators import add_operator
from hub.wiring import Hub

Change = Callable[[dict[str, Any]], None]
MAKER, OTHER = Signer(b"\x01" * 32), Signer(b"\x02" * 32)


def changed_policy(folder: Path, change: Change, *, day: str | None = None, rac_ref: str = "demo") -> Path:
    """A copy of the hub's policy with another table of what purposes need; with `day` a version beside the first."""
    shutil.copytree(default_directory(), folder)
    need = folder / "hub" / "tables" / "need"
    content = json.loads((need / "data.json").read_text())
    change(content)
    if day is not None:
        content |= {"geldig_vanaf": day}
        need /= day
        need.mkdir()
    (need / "data.json").write_text(json.dumps({**content, "rac_ref": rac_ref}))
    return folder


def without(purpose: str, group: str) -> Change:
    """The purpose does not need the group any more."""
    return lambda table: table["levels"][purpose].update({group: "-"})


@dataclass(frozen=True)
class Operators:
    """The maker of revisions and another operator, on record with a hub."""

    hub: Hub

    @classmethod
    def on_record(cls, hub: Hub) -> "Operators":
        """Put both on record, and make the key that signs policy."""
        policy_key.create(policy_key_file(hub.settings))
        at = to_text(hub.now())
        hub.store.commit(lambda tx: add_operator(tx.connection, "maker", MAKER.public, at))
        hub.store.commit(lambda tx: add_operator(tx.connection, "ander", OTHER.public, at))
        return cls(hub)

    @property
    def governing(self) -> Governing:
        """The acts."""
        return self.hub.governing

    @property
    def maker(self) -> Who:
        """Who files."""
        return Who("maker", MAKER, self._now())

    @property
    def other(self) -> Who:
        """Who lets count."""
        return Who("ander", OTHER, self._now())

    def _now(self) -> datetime:
        return self.hub.now()

    def packed(self, folder: Path) -> bytes:
        """The signed bundle of a policy."""
        return signed_bundle(read_bundle(folder), policy_key.load(policy_key_file(self.hub.settings)))

    def filed(self, folder: Path) -> str:
        """A revision on file: its name."""
        return self.governing.file(self.packed(folder), self.maker)

    def for_all(self, revision: str, *first: str) -> None:
        """Let it count for `first`, then for all."""
        self.governing.activate(revision, first, self.other)
        self.governing.activate(revision, None, self.other)
