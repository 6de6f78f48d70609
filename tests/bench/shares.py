"""Processes held to a share of one processor, by the kernel's control groups, where this machine lets us."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PERIOD = 10_000
"""Microseconds in which a share counts: short, for who is stopped may hold what the other waits for."""

_V2, _V1 = Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/cpu")


@contextmanager
def held(pids: Sequence[int], share: float) -> Iterator[bool]:
    """Each of `pids` has `share` of one processor meanwhile; False where that cannot be had."""
    made: list[Path] = []
    try:
        yield all(_hold(pid, share, made) for pid in pids)
    finally:
        for group in made:
            # A group goes when nobody is in it.
            for pid in (group / "cgroup.procs").read_text().split():
                (group.parent / "cgroup.procs").write_text(pid)
            group.rmdir()


def _hold(pid: int, share: float, made: list[Path]) -> bool:
    root, limits = _root(), {"cpu.cfs_period_us": str(_PERIOD), "cpu.cfs_quota_us": str(round(share * _PERIOD))}
    if root == _V2:
        limits = {"cpu.max": f"{round(share * _PERIOD)} {_PERIOD}"}
    group = root / f"hub-bench-{pid}"
    try:
        group.mkdir()
        made.append(group)
        for name, text in limits.items():
            (group / name).write_text(text)
        (group / "cgroup.procs").write_text(str(pid))
    except OSError:
        return False
    return True


def _root() -> Path:
    return _V2 if (_V2 / "cgroup.controllers").exists() else _V1
