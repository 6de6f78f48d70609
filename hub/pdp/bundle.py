"""The policy as files: rules and reference data that are reviewed like code, and the module compiled from the rules.

A policy directory holds `*.rego` (beside their `*_test.rego`), `data.json` files whose place is their path in `data`,
and `hub.wasm`. The revision names exactly what was read, the module that decides included: every decision carries it,
and an engine with another one is refused.
"""

import fnmatch
import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from hub.errors import EngineUnavailable, HubError
from hub.model.canonical import JSON, canonical_json
from hub.pdp.periods import APPROVAL_KEYS, NOT_READ, Period, is_dated, periods_of, place_of
from hub.pdp.strict_json import loads_strict

MODULE_NAME: Final = "hub.wasm"
ENTRYPOINT: Final = "hub/release/gathered"
SERVER_ENTRYPOINT: Final = "hub/dated/gathered"
"""What an OPA server is asked: it holds the tables of all periods, and chooses those of the moment."""
MANIFEST: Final = ".manifest"
ROOT: Final = "hub"
REVISION: Final = f"{ROOT}/revision/data.json"
"""Where a bundle for an OPA server says its revision to the rules: nothing but that text."""
PERIODS: Final = f"{ROOT}/periods/data.json"
"""Where it says which versions of the tables count from when: a list, oldest first."""
RULES_OF_MODULE: Final = f"{MODULE_NAME}.rules"
"""Beside the module: the digest of the rules that it was compiled from."""
_DEMO: Final = "demo"


@dataclass(frozen=True)
class Bundle:
    """A policy that was read whole.

    `rules`: path -> source. `reference`: `data` for the engine in the last period, `hub.revision` included. `module`:
    compiled from these rules, or None. `approvals`: the references of the active data files to their approval by the FG
    and the RAC (Bgs 1.13, R33). `tables`: path -> data file, as it was read. `periods`: which of them count from when.
    """

    revision: str
    rules: Mapping[str, bytes]
    reference: Mapping[str, Any]
    module: bytes | None
    approvals: frozenset[str]
    tables: Mapping[str, bytes] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()

    def references(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(start, `data` for the engine) of each period, oldest first."""
        read = {path: _table(path, content) for path, content in self.tables.items()}
        for period in self.periods:
            yield period.start, _composed({path: read[path] for path in period.files}, self.revision)


def default_directory() -> Path:
    """The policy that stands beside the code."""
    return Path(__file__).resolve().parents[2] / "policies"


def read_bundle(directory: Path) -> Bundle:
    """The policy of `directory`. Raises EngineUnavailable, naming the file, when one is missing, double, unsound or unread.

    With the hub's own rules it has the hub's own module, whatever lies there. Beside other rules a module counts as it
    lies there: the digest beside it says for which rules it was meant, and proves nothing. The revision names it.
    """
    rules = {path: content for path, content in _files(directory, "*.rego") if not path.endswith("_test.rego")}
    if named_so(directory, "data.y*ml"):
        raise EngineUnavailable(NOT_READ, place="policies")
    return bundle_of_files(rules, dict(_files(directory, "data.json")), _module(directory, rules))


def bundle_of_files(rules: Mapping[str, bytes], tables: Mapping[str, bytes], module: bytes | None) -> Bundle:
    """The policy that these files are; path -> content. Raises EngineUnavailable, naming the file."""
    if not rules:
        raise EngineUnavailable(NOT_READ, place="policies")
    for path, source in rules.items():
        _must_be_text(path, source)
    revision = revision_of(rules, tables, module)
    read = {path: _table(path, content) for path, content in sorted(tables.items())}
    periods = periods_of(read)
    counting = periods[-1].files if periods else [path for path in read if not is_dated(path)]
    active = {path for period in periods for path in period.files}
    approvals = frozenset(_approval(read[path][key]) for path in active for key in APPROVAL_KEYS)
    reference = _composed({path: read[path] for path in counting}, revision)
    return Bundle(revision, rules, reference, module, approvals, tables, periods)


def revision_of(rules: Mapping[str, bytes], tables: Mapping[str, bytes], module: bytes | None) -> str:
    """The name of exactly these rules, tables and module. What an OPA server answers with is the same name."""
    return digest_of({**rules, **tables, **_named(module)})


def digest_of(files: Mapping[str, bytes]) -> str:
    """What names exactly these files and their places."""
    lines = "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))
    return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()


def server_files(bundle: Bundle) -> dict[str, bytes]:
    """What a bundle for an OPA server holds, path -> content: manifest, rules, data, and the module where there is one.

    The data files stand as they were read, the revision beside them: who has the bundle can work out its revision.
    """
    manifest = {"revision": bundle.revision, "roots": sorted({ROOT, *bundle.reference})}
    periods: JSON = [{"start": period.start, "days": period.days} for period in bundle.periods]
    own = {
        MANIFEST: canonical_json(manifest),
        REVISION: canonical_json(bundle.revision),
        PERIODS: canonical_json(periods),
    }
    return {**bundle.rules, **bundle.tables, **own, **_named(bundle.module)}


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
    for name, path in named_so(directory, pattern):
        yield name, _content(path, name)


def named_so(directory: Path, pattern: str) -> list[tuple[str, Path]]:
    """(place, path) of all in `directory` that is named as `pattern` at any depth, folders too, sorted.

    Raises EngineUnavailable for a folder that cannot be listed, so that nothing is passed over, and a name that is no text.
    """

    def refuse(error: OSError) -> NoReturn:
        raise EngineUnavailable(NOT_READ, place="policies") from error

    walked = os.walk(directory, onerror=refuse)
    paths = [
        Path(place, name) for place, folders, files in walked for name in fnmatch.filter([*folders, *files], pattern)
    ]
    return [(_place(path.relative_to(directory)), path) for path in sorted(paths)]


def _place(path: Path) -> str:
    name = path.as_posix()
    if (told := name.encode(errors="replace").decode()) != name:
        raise EngineUnavailable(NOT_READ, place=told)
    return name


def _content(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        # A link that leads nowhere, a folder, a file of another user.
        raise EngineUnavailable(NOT_READ, place=name) from error


def _named(module: bytes | None) -> dict[str, bytes]:
    return {} if module is None else {MODULE_NAME: module}


def _module(directory: Path, rules: Mapping[str, bytes]) -> bytes | None:
    """The compiled rules; None where there are none, or they were compiled from other rules than these."""
    digest = digest_of(rules)
    for folder in (default_directory(), directory):
        module, origin = folder / MODULE_NAME, folder / RULES_OF_MODULE
        if module.is_file() and origin.is_file() and _content(origin, origin.name).strip() == digest.encode():
            return _content(module, module.name)
    return None


def _must_be_text(path: str, source: bytes) -> None:
    """Rules are text in UTF-8, as OPA reads them."""
    try:
        source.decode()
    except UnicodeDecodeError as error:
        raise EngineUnavailable(NOT_READ, place=path) from error


def _table(path: str, content: bytes) -> dict[str, Any]:
    try:
        table = loads_strict(content)
    except HubError as error:
        raise EngineUnavailable(NOT_READ, place=path) from error
    if not isinstance(table, dict):
        raise EngineUnavailable(NOT_READ, place=path)
    return table


def _composed(tables: Mapping[str, Mapping[str, Any]], revision: str) -> dict[str, Any]:
    """These data files, each at its place in `data`, beside the revision."""
    reference: dict[str, Any] = {}
    for path, table in sorted(tables.items()):
        for key, value in table.items():
            _put(reference, (*place_of(path), key), value, path)
    _put(reference, (ROOT, "revision"), revision, "revision")
    return reference


def _put(reference: dict[str, Any], keys: tuple[str, ...], value: Any, path: str) -> None:
    """`value` at `keys`; two files that say something of one key contradict each other."""
    place = reference
    for key in keys[:-1]:
        place = place.setdefault(key, {})
        if not isinstance(place, dict):
            raise EngineUnavailable(NOT_READ, place=path)
    if keys[-1] in place:
        raise EngineUnavailable(NOT_READ, place=path)
    place[keys[-1]] = value


def _approval(reference: str) -> str:
    text = reference.strip()
    return _DEMO if text.lower() == _DEMO else text
