"""The compartments of all casussen: the one door to sealed content."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hub.compartment import reading, rotation, writing
from hub.compartment.manifest import Held
from hub.compartment.reading import Opened
from hub.compartment.writing import Supply
from hub.crypto.keyring import Keyring
from hub.model.delivery import DeliveredField
from hub.model.release import Released
from hub.store import compartments as rows
from hub.store.engine import Connection


class Compartments:
    """What the sources put into casussen. `groups`: the field group of every field key of the catalogue.

    Reading takes any connection of the data store; writing takes the connection of a unit of work. `settled`: reading
    too is done in units of work, where no rotation comes in between.
    """

    def __init__(self, keyring: Keyring, groups: Mapping[str, str], *, settled: bool = False) -> None:
        self._keyring = keyring
        self._groups = groups
        self._settled = settled

    def create(self, conn: Connection, casus: str) -> None:
        """Make the keys of a new casus. Its row in `casussen` is there already."""
        writing.create(self._keyring, conn, casus)

    def manifests(self, conn: Connection, casus: str) -> Held:
        """What `casus` holds, without opening a value. See `held`."""
        return self.held(casus, rows.seal_of(conn, casus))

    def held(self, casus: str, row: rows.SealRow | None) -> Held:
        """The same, of the row that was read. `Stale` when a key rotation came in between: read again.

        Read in a unit of work (`settled`) it is never `Stale`, for that cannot be: what does not open is `broken`.
        """
        return reading.held_of(self._keyring, casus, row, settled=self._settled)

    def open(self, conn: Connection, held: Held, wanted: Sequence[Released]) -> Opened:
        """Open what is `wanted` and nothing else, at the level asked: `hit` and `agg` open nothing and give `True`.

        What does not open is in `failed`. `Stale` when the casus changed since `held` was read.
        """
        return reading.opened(conn, held, wanted)

    def put(
        self,
        conn: Connection,
        supply: Supply,
        delivery: Sequence[DeliveredField],
        closed: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> list[tuple[str, str]]:
        """Take a delivery in whole: (field, `nieuw` or `vervangen`). Fields that it does not name stay as they are.

        `closed`: field -> the conditions (keys of `records[]`) that stand on it before it was ever delivered.
        Raises `ShapeError` for a field of no group, without a value, of an unknown level or named twice.
        """
        with writing.changing(self._keyring, conn, supply.casus) as change:
            return writing.put(change, self._groups, supply, delivery, closed)

    def take_back(
        self, conn: Connection, casus: str, source: str, *, fields: Collection[str] = (), groups: Collection[str] = ()
    ) -> dict[str, dict[str, Any]]:
        """Take back fields, or whole groups, of one source. A group's data key is destroyed.

        Gives field -> the conditions (keys of `records[]`) that closed it, of each that went.
        """
        with writing.changing(self._keyring, conn, casus) as change:
            return writing.take_back(
                change, source, lambda manifest, entry: entry.field in fields or manifest.group in groups
            )

    def mark(
        self, conn: Connection, casus: str, *, source: str | None, fields: Collection[str] | None, **conditions: Any
    ) -> list[tuple[str, str]]:
        """Set conditions (keys of `records[]`: `restricted`, `vetoed`, `denied_to`, `destroy_on`, ...) on fields.

        `source` and `fields` `None` mean all. Gives (field, source) of each that was marked. Raises `ShapeError` for an
        unknown condition or a value of the wrong type.
        """
        with writing.changing(self._keyring, conn, casus) as change:
            return writing.mark(
                change,
                lambda manifest, entry: source in (None, manifest.source) and (fields is None or entry.field in fields),
                conditions,
            )

    def deny(
        self, conn: Connection, casus: str, source: str, fields: Collection[str], receivers: Collection[str]
    ) -> dict[str, list[str]]:
        """Deny fields of one source to `receivers` besides those to whom they are denied: field -> all of them."""
        with writing.changing(self._keyring, conn, casus) as change:
            return writing.deny(change, source, fields, receivers)

    def rewrap(self, conn: Connection, casus: str) -> int:
        """Bring the casus under a new casus key, in a unit of work; then, when that is durable, call `drop_older`."""
        return rotation.rewrap(self._keyring, conn, casus)

    def drop_older(self, conn: Connection, casus: str) -> tuple[str, ...]:
        """Destroy the casus keys that nothing stands under any more; `conn` reads what was committed."""
        return rotation.drop_older(self._keyring, conn, casus)

    def delete(self, conn: Connection, casus: str) -> None:
        """Delete all sealed rows of a destroyed casus."""
        rows.delete_casus(conn, casus)
