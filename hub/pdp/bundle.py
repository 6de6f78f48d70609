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
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from hub.errors import EngineUnavailable, HubError
from hub.model.canonical import canonical_json
from hub.pdp.strict_json import loads_strict

MODULE_NAME: Final = "hub.wasm"
ENTRYPOINT: Final = "hub/release/gathered"
MANIFEST: Final = ".manifest"
ROOT: Final = "hub"
REVISION: Final = f"{ROOT}/revision/data.json"
"""Where a bundle for an OPA server says its revision to the rules: nothing but that text."""
_APPROVAL_KEYS: Final = ("goedgekeurd_door", "rac_ref")
_DEMO: Final = "demo"
_NOT_READ: Final = "Het beleid kan niet worden gelezen."


@dataclass(frozen=True)
class Bundle:
    """A policy that was read whole.

    `rules`: path -> source. `reference`: `data` for the engine, `hub.revision` included. `module`: compiled from the
    rules. `approvals`: the references of the data files to their approval by the FG and the RAC (Bgs 1.13, R33);
    `demo` stands for a file that has none. `tables`: path -> data file, as it was read.
    """

    revision: str
    rules: Mapping[str, bytes]
    reference: Mapping[str, Any]
    module: bytes | None
    approvals: frozenset[str]
    tables: Mapping[str, bytes] = field(default_factory=dict)


def default_directory() -> Path:
    """The policy that stands beside the code."""
    return Path(__file__).resolve().parents[2] / "policies"


def read_bundle(directory: Path) -> Bundle:
    """The policy of `directory`. Raises EngineUnavailable, naming the file, when it is missing, double or unsound."""
    rules = {path: content for path, content in _files(directory, "*.rego") if not path.endswith("_test.rego")}
    if list(directory.rglob("data.y*ml")):
        raise EngineUnavailable(_NOT_READ, place="policies")
    module = directory / MODULE_NAME
    compiled = module.read_bytes() if module.is_file() else None
    return bundle_of_files(rules, dict(_files(directory, "data.json")), compiled)


def bundle_of_files(rules: Mapping[str, bytes], tables: Mapping[str, bytes], module: bytes | None) -> Bundle:
    """The policy that these files are; path -> content. Raises EngineUnavailable, naming the file."""
    if not rules:
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
    return Bundle(revision, rules, reference, module, frozenset(approvals), tables)


def server_files(bundle: Bundle) -> dict[str, bytes]:
    """What a bundle for an OPA server holds, path -> content: manifest, rules, data, and the module where there is one.

    The data files stand as they were read, the revision beside them: who has the bundle can work out its revision.
    """
    manifest = {"revision": bundle.revision, "roots": sorted({ROOT, *bundle.reference})}
    own = {MANIFEST: canonical_json(manifest), REVISION: canonical_json(bundle.revision)}
    module = {} if bundle.module is None else {MODULE_NAME: bundle.module}
    return {**bundle.rules, **bundle.tables, **own, **module}


def server_bundle(bundle: Bundle) -> bytes:
    """`bundle` for an OPA server, unsigned: a gzipped tar, the same bytes each time."""
    return packed(server_files(bundle))


def packed(files: Mapping[str, bytes]) -> bytes:
    """`files` (path -> content) as a gzipped tar, the same bytes each time."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(whole.getvalue(), mtime=0)


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
