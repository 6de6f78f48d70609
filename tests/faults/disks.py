"""Disks that fail for real, as far as this machine lets a test: one that is small, and files that take no byte any more."""

import contextlib
import fcntl
import os
import resource
import struct
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

_GET_FLAGS, _SET_FLAGS, _IMMUTABLE = 0x80086601, 0x40086602, 0x10
"""Of Linux (`man 2 ioctl_iflags`)."""
_BLOCK = 4096


@contextlib.contextmanager
def small_disk(folder: Path, mebibytes: int, owner: str = "root") -> Iterator[bool]:
    """A file system of this size at `folder`; False where this machine does not let us make one."""
    folder.mkdir(parents=True, exist_ok=True)
    how = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700,uid={owner},gid={owner}", "tmpfs", str(folder)]
    done = os.geteuid() == 0 and subprocess.run(how, capture_output=True, check=False).returncode == 0
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is left on the file system of `disk`."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(_BLOCK))
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def no_file_grows() -> Iterator[None]:
    """This process writes to no place in a file: where there is no small disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def immutable(files: Sequence[Path]) -> Iterator[bool]:
    """Nothing is written to these files, not even by who has them open; False where this machine does not know that."""
    done = []
    try:
        for file in files:
            with contextlib.suppress(OSError):
                _flag(file, on=True)
                done.append(file)
        yield len(done) == len(files)
    finally:
        for file in done:
            _flag(file, on=False)


def _flag(file: Path, *, on: bool) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        (flags,) = struct.unpack("l", fcntl.ioctl(descriptor, _GET_FLAGS, struct.pack("l", 0)))
        changed = flags | _IMMUTABLE if on else flags & ~_IMMUTABLE
        fcntl.ioctl(descriptor, _SET_FLAGS, struct.pack("l", changed))
    finally:
        os.close(descriptor)
