"""The facts that looks share, kept for replay: once for the same facts, sealed with the casus."""

import hmac
import zlib
from collections.abc import Callable

from hub.crypto.aead import open_, seal
from hub.errors import Sealed
from hub.store import casus as rows
from hub.store.engine import Connection
from hub.store.prepared import Then

_NAMING = b"hub facts name 1\n"
_NAME_BYTES = 16

Keep = Callable[[Connection], Then]
"""Asks in a unit of work whether facts are kept; what comes of it keeps them."""


def name_of(key: bytes, facts: bytes) -> str:
    """The name under which `facts` are kept: the same for the same facts, and without the key it tells nothing of them."""
    return hmac.digest(hmac.digest(key, _NAMING, "sha256"), facts, "sha256")[:_NAME_BYTES].hex()


def keeper(key: bytes, casus: str, name: str, facts: bytes, *, always: bool) -> Keep:
    """What asks in a unit of work whether `facts` are kept already, and then keeps them.

    With `always` the same is done whether they are or not: who asks for a hidden casus must not cause less work than who
    asks for one that there is not (R15). Pressing them together does not need the interpreter, which others wait for.
    """

    def ask(connection: Connection) -> Then:
        kept = rows.ask_whether_kept(connection, name)

        def keep() -> None:
            if kept.row() is None or always:
                rows.keep_facts(connection, name, casus, seal(key, _compressed(facts), _place(casus, name)))

        return keep

    return ask


def opened_facts(key: bytes, casus: str, name: str, sealed: bytes) -> bytes:
    """Facts that were kept. Raises Sealed for another key, casus or name, and for what was changed."""
    try:
        return zlib.decompress(open_(key, sealed, _place(casus, name)))
    except zlib.error:
        raise Sealed from None


def _place(casus: str, name: str) -> tuple[str, str, str]:
    return ("facts", casus, name)


def _compressed(text: bytes) -> bytes:
    # A small table of what was seen: as short for texts of this length, and half the time, which goes into emptying it.
    squeeze = zlib.compressobj(level=1, memLevel=4)
    return squeeze.compress(text) + squeeze.flush()
