"""A line between a hub and its PostgreSQL that can be cut at the worst moments: just before and just after a COMMIT."""

import contextlib
import random
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

_BITE = 65536

_PREPARED = re.compile(rb"(_pg3_[0-9a-f]+)\0COMMIT\0")
"""A commit that is given a name, by which it is asked for from then on."""
_ENDS_READING = b"Q\0\0\0\x0bCOMMIT\0"
"""Who only read ends so, in the simple form; of that nothing can be lost."""


class Wire:
    """Listens on loopback, and hands on to the server whose socket lies in `folder`."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._behind, self._chance = str(folder / ".s.PGSQL.5432"), chance
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.one_in = 0
        """One in so many commits is cut; none at 0."""
        self.before = self.after = 0
        """How many were cut before the server heard of them, and after it had done them."""
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, name: str) -> str:
        """The address of one database, over this line."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def close(self) -> None:
        """Take no new connections."""
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                hub, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._behind)
                threading.Thread(target=self._asked, args=(hub, server), daemon=True).start()
                threading.Thread(target=self._answered, args=(hub, server), daemon=True).start()

    def _asked(self, hub: socket.socket, server: socket.socket) -> None:
        names: set[bytes] = set()
        with _both(hub, server):
            while said := hub.recv(_BITE):
                if _commits(said, names) and self.one_in and self._chance.randrange(self.one_in) == 0:
                    self._cut(hub, server, said)
                    return
                server.sendall(said)

    def _cut(self, hub: socket.socket, server: socket.socket, said: bytes) -> None:
        if self._chance.randrange(2):
            self.before += 1
            return
        self.after += 1
        # From here on the hub hears nothing any more: what the server answers goes nowhere.
        hub.shutdown(socket.SHUT_RDWR)
        server.sendall(said)
        # Its own end of the line closes when it has done what it was told.
        server.shutdown(socket.SHUT_WR)
        while server.recv(_BITE):
            pass

    def _answered(self, hub: socket.socket, server: socket.socket) -> None:
        with _both(hub, server):
            while said := server.recv(_BITE):
                hub.sendall(said)


def _commits(said: bytes, names: set[bytes]) -> bool:
    """Whether somebody who wrote commits; `names` of it on this line. It is short, and comes whole."""
    names.update(_PREPARED.findall(said))
    by_name = any(b"\0" + name + b"\0" in said for name in names)
    return by_name or (b"COMMIT\0" in said and _ENDS_READING not in said)


@contextlib.contextmanager
def _both(hub: socket.socket, server: socket.socket) -> Iterator[None]:
    """When one end goes, the other goes too."""
    with contextlib.suppress(OSError):
        yield
    for end in (hub, server):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
