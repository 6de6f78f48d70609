"""A new casus key: the own key and the data keys of the casus come under it, the values stay as they are.

The casus key and what it wraps stand in two databases that cannot commit together. The order keeps the casus openable
at every moment: (1) the new generation of the key is made; (2) one unit of work of the data store brings the own key
and all data keys under it and names the new generation; (3) only when that is durable the older generations go. Killed
after any step: call again, it goes on where it was.
"""

from dataclasses import replace

from hub.compartment import places
from hub.compartment.manifest import packed_keys
from hub.compartment.reading import data_keys_of, held_of
from hub.crypto.aead import Box
from hub.crypto.destruction import casus_key, casus_prefix
from hub.crypto.keyring import Keyring
from hub.errors import Sealed, Stale
from hub.store import compartments as rows
from hub.store.casus import touch
from hub.store.engine import Connection


def rewrap(keyring: Keyring, conn: Connection, casus: str) -> int:
    """Steps 1 and 2, inside a unit of work: the casus stands under a new generation, whose number is given.

    Raises `Sealed` when the casus or its data keys do not open: then nothing changes and every older key stays.
    """
    before = rows.seal_of(conn, casus, lock=True)
    held = held_of(keyring, casus, before, settled=True)
    if before is None or held.own_key is None:
        raise Sealed
    # (1) The new key; when an earlier run was killed it is there already.
    generation = before.generation + 1
    box = Box(keyring.create(casus_key(casus, generation)))
    # (2) Everything under it.
    after = replace(
        before,
        generation=generation,
        own_key=box.seal(held.own_key, places.own_key(casus, generation)),
        data_keys=box.seal(packed_keys(data_keys_of(held)), places.data_keys(casus, generation)),
    )
    if not rows.move_seal(conn, casus, before, after):
        raise Stale
    # A state of the casus that is remembered was opened with the older key: it must not open data keys of the new one.
    touch(conn, casus)
    return generation


def drop_older(keyring: Keyring, conn: Connection, casus: str) -> tuple[str, ...]:
    """Step 3, after the unit of work is durable (`conn` reads what was committed): destroy the older generations.

    A data backup from before step 2 does not open any more after this: wait until none is kept.
    """
    row = rows.seal_of(conn, casus)
    if row is None:
        return ()
    # Never a newer one: another process may be at step 1 of a next rotation now.
    candidates = (casus_key(casus, generation) for generation in range(1, row.generation))
    older = tuple(sorted(set(candidates) & set(keyring.names(casus_prefix(casus)))))
    if older:
        keyring.destroy(*older)
    return older
