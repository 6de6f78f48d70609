"""The policy as files: rules and reference data that are reviewed like code, and the module compiled from the rules.

A policy directory holds `*.rego` (beside their `*_test.rego`), `data.json` files whose place is their path in `data`,
and `hub.wasm`. The revision names exactly what was read: every decision carries it, and an engine with another one is
refused.
"""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from hub.errors import EngineUnavailable, HubError
from hub.model.canonical import canonical_json
from hub.pdp.strict_json import loads_strict

MODULE_NAME: Final = "hub.wasm"
ENTRYPOINT: Final = "hub/release/gathered"
ROOT: Final = "hub"
_APPROVAL_KEYS: Final = ("goedgekeurd_door", "rac_ref")
_DEMO: Final = "demo"
_NOT_READ: Final = "Het beleid kan niet worden gelezen."


@dataclass(frozen=True)
class Bundle:
    """A policy that was read whole.

    `rules`: path -> source. `reference`: `data` for the engine, `hub.revision` included. `module`: compiled from the
    rules. `approvals`: the references of the data files to their approval by the FG and the RAC (Bgs 1.13, R33);
    `demo` stands for a file that has none.
    """

    revision: str
    rules: Mapping[str, bytes]
    reference: Mapping[str, Any]
    module: bytes | None
    approvals: frozenset[str]


def default_directory() -> Path:
    """The policy that stands beside the code."""
    return Path(__file__).resolve().parents[2] / "policies"


def read_bundle(directory: Path) -> Bundle:
    """The policy of `directory`. Raises EngineUnavailable, naming the file, when it is missing, double or unsound."""
    rules = {path: content for path, content in _files(directory, "*.rego") if not path.endswith("_test.rego")}
    tables = dict(_files(directory, "data.json"))
    if not rules or list(directory.rglob("data.y*ml")):
        raise EngineUnavailable(_NOT_READ, place="policies")
    revision = _revision({**rules, **tables})
    reference: dict[str, Any] = {}
    approvals: set[str] = set()
    for path, content in sorted(tables.items()):
        table = _table(path, content)
        approvals |= {_approval(table.get(key)) for key in _APPROVAL_KEYS}
        for key, value in table.items():
            _put(reference, (*PurePosixPath(path).parts[:-1], key), value, path)
    _put(reference, (ROOT, "revision"), revision, "revision")
    module = directory / MODULE_NAME
    compiled = module.read_bytes() if module.is_file() else None
    return Bundle(revision, rules, reference, compiled, frozenset(approvals))


def server_bundle(bundle: Bundle) -> bytes:
    """`bundle` for an OPA server: a gzipped tar with manifest, rules and data, the same bytes each time."""
    manifest = {"revision": bundle.revision, "roots": sorted({ROOT, *bundle.reference})}
    files = {**bundle.rules, ".manifest": canonical_json(manifest), "data.json": canonical_json(dict(bundle.reference))}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def _files(directory: Path, pattern: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(directory.rglob(pattern)):
        yield path.relative_to(directory).as_posix(), path.read_bytes()


def _revision(files: Mapping[str, bytes]) -> str:
    lines = "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))
    return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()


def _table(path: str, content: bytes) -> dict[str, Any]:
    try:
        table = loads_strict(content)
    except HubError as error:
        raise EngineUnavailable(_NOT_READ, place=path) from error
    if not isinstance(table, dict):
        raise EngineUnavailable(_NOT_READ, place=path)
    return table


def _put(reference: dict[str, Any], keys: tuple[str, ...], value: Any, path: str) -> None:
    """`value` at `keys`; two files that say something of one key contradict each other."""
    place = reference
    for key in keys[:-1]:
        place = place.setdefault(key, {})
        if not isinstance(place, dict):
            raise EngineUnavailable(_NOT_READ, place=path)
    if keys[-1] in place:
        raise EngineUnavailable(_NOT_READ, place=path)
    place[keys[-1]] = value


def _approval(reference: Any) -> str:
    text = reference.strip() if isinstance(reference, str) else ""
    return _DEMO if text.lower() in ("", _DEMO) else text
