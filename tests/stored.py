"""What lies in a store and its folder, for tests of what must not, or must no longer, be there."""

from pathlib import Path

from tests.region import World


def ciphertexts(region: World) -> set[bytes]:
    """Every sealed value that the store holds."""
    with region.hub.store.snapshot() as moment:
        return {bytes(row[0]) for row in moment.exec_driver_sql("SELECT sealed FROM sealed_fields")}


def files_with(folder: Path, text: str) -> list[str]:
    """The files below `folder` in which `text` can be read."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
