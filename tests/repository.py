"""The files of the repository itself, for tests that read them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("hub", "consent", "connectors")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository, committed or about to be; without git (an unpacked archive), what lies on disk."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
    except (FileNotFoundError, subprocess.CalledProcessError):
        skipped = {".venv", "var", "node_modules", "build", ".git"}
        listed = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if not skipped & set(p.relative_to(ROOT).parts)]
    return tuple(sorted(p for p in (ROOT / name for name in listed) if p.is_file()))


def code(*tops: str, suffix: str = ".py") -> list[Path]:
    """The files of our own code under these top-level folders."""
    return [p for p in tracked() if p.suffix == suffix and p.relative_to(ROOT).parts[0] in tops]


def name_of(path: Path) -> str:
    """The path of a file inside the repository, with slashes."""
    return path.relative_to(ROOT).as_posix()
