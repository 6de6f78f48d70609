"""What a kept store holds, and where: `<version>.tar.xz` with a home, and `told.json` about it."""

import tarfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from io import BytesIO
from json import dumps, loads
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
HOME, TOLD = "home", "told.json"


@dataclass(frozen=True)
class Told:
    """What the release that wrote the store told of it.

    names     casus -> partner -> its pseudonym
    at        the instant of the last entry, with offset
    vkey      public key of the log
    note      the last signed checkpoint
    receipts  the receipt of each answer below, as a partner keeps it
    released  for each question (partner, casus): field -> value
    closed    (partner, casus, field) that were withdrawn
    sending   id of what waits in the postvak of the derde
    """

    names: dict[str, dict[str, str]]
    at: str
    vkey: str
    note: str
    receipts: list[dict[str, Any]]
    released: list[tuple[str, str, dict[str, Any]]]
    closed: list[tuple[str, str, str]]
    sending: str


def file_of(release: str | None = None) -> Path:
    """The file of a release; of this one where none is named."""
    return FOLDER / f"{release or version('hub')}.tar.xz"


def pack(home: Path, told: Told, file: Path) -> None:
    """Write a home that no hub has open, and what is told of it."""
    text = dumps(asdict(told), indent=1).encode()
    with tarfile.open(file, "w:xz", preset=9) as archive:
        archive.add(home, HOME, filter=_nobodys)
        about = tarfile.TarInfo(TOLD)
        about.size = len(text)
        archive.addfile(about, BytesIO(text))


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the account that wrote it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def unpack(file: Path, folder: Path) -> tuple[Path, Told]:
    """The home of a kept store below `folder`, and what was told of it."""
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    return folder / HOME, Told(**loads((folder / TOLD).read_text()))
