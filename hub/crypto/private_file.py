"""Files with a key: written whole or not at all, and read only when nobody else can read or replace them."""

import errno
import os
import secrets
import stat
from pathlib import Path

from hub.errors import WeakConfiguration

NOT_READ, FOREIGN, EXPOSED = "is niet te lezen", "is van een andere gebruiker", "zet de rechten op"
"""What stands in the reason of a refusal, of each kind; the others are of a key itself."""

_WHY = {
    errno.ENOENT: "het is er niet",
    errno.ENOTDIR: "het is er niet",
    errno.EACCES: "deze gebruiker mag er niet bij",
    errno.ELOOP: "het is een verwijzing",
}


def read_private(path: Path, limit: int) -> bytes:
    """At most `limit` bytes of `path`. Raises `WeakConfiguration` when it is missing or open to others."""
    try:
        # No following of links, no waiting on a pipe: the file that is judged is the file that is read.
        file = open(path, "rb", opener=_opened)  # noqa: SIM115 - closed by the `with` below
    except OSError as error:
        raise WeakConfiguration(
            [f"Het sleutelbestand {path.name} {NOT_READ} ({_WHY.get(error.errno or 0, 'het gaat niet open')})."]
        ) from error
    with file:
        fault = _exposure(os.fstat(file.fileno()), path.parent.stat())
        if fault:
            raise WeakConfiguration([f"Het sleutelbestand {path.name} {fault}."])
        return file.read(limit)


def write_private(path: Path, content: bytes) -> None:
    """Write `path` with mode 0600, durable. Raises `FileExistsError` rather than write over a key."""
    # Written beside it first: a kill leaves either no key or a whole one.
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        path.hardlink_to(partial)
    finally:
        partial.unlink()
    _sync_directory(path.parent)


def _opened(path: str, _flags: int) -> int:
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def _exposure(file: os.stat_result, directory: os.stat_result) -> str | None:
    if not stat.S_ISREG(file.st_mode):
        return "is geen gewoon bestand"
    if file.st_uid != os.geteuid():
        return FOREIGN
    if stat.S_IMODE(file.st_mode) & 0o077:
        return f"is leesbaar voor anderen: {EXPOSED} 0600"
    if stat.S_IMODE(directory.st_mode) & 0o022 and not directory.st_mode & stat.S_ISVTX:
        return f"staat in een map waarin anderen kunnen schrijven: {EXPOSED} 0700"
    return None


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
