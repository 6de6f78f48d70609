"""A policy to compare: a directory, or the bundle that an OPA server gets. The rules lead: OPA compiles them where needed.

What lies beside the rules is not believed.
"""

import io
import tarfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from hub.errors import EngineUnavailable
from hub.pdp.bundle import (
    MODULE_NAME,
    PERIODS,
    REVISION,
    ROOT,
    Bundle,
    bundle_of_files,
    default_directory,
    digest_of,
    read_bundle,
    revision_of,
)
from hub.policy.compare.changes import same_code
from hub.policy.compiling import compiled, needed

_UNREADABLE: Final = "Dit beleid kan niet worden gelezen."


def read_policy(path: Path) -> Bundle:
    """The policy at `path`, its module still as it lies there. Raises EngineUnavailable when it cannot be read."""
    try:
        if path.is_dir():
            return _sound(read_bundle(path))
        return _sound(_from_file(path))
    except EngineUnavailable as error:
        place = f"{path.name}: {error.place}" if error.place else path.name
        raise EngineUnavailable(_UNREADABLE, place=place) from error


def built(
    old: Bundle, new: Bundle, program: str | None, *, deployed: Bundle | None = None
) -> tuple[Bundle, Bundle, tuple[str, ...]]:
    """Both with the module of their rules, named by it, and what is to be said of a module that lay there.

    Rules that are the hub's own have the hub's own module, and those of `deployed` (what decides here) the one that
    decides; others are compiled by `program`. Raises EngineUnavailable when a module cannot be had.
    """
    known = [read_bundle(default_directory()), *([deployed] if deployed else [])]
    before = _built(old, known, program)
    after = _built(new, [*known, before], program)
    pairs = (("het oude beleid", old, before), ("het nieuwe beleid", new, after))
    notes = (_stale(name, lies) for name, lies, made in pairs if lies.module not in (None, made.module))
    return before, after, tuple(notes)


def _built(bundle: Bundle, known: list[Bundle], program: str | None) -> Bundle:
    """`bundle` with the module of its rules: that of one of `known` where it has the same."""
    digest = digest_of(bundle.rules)
    modules = [one.module for one in known if one.module is not None and digest_of(one.rules) == digest]
    if not modules and program is None:
        for one in known:
            if same_code(bundle.rules, one.rules):
                # Only comments differ: it decides as that one does, and only who builds it knows its name.
                return replace(bundle, module=one.module)
    module = modules[0] if modules else compiled(bundle.rules, needed(program))
    return replace(bundle, module=module, revision=revision_of(bundle.rules, bundle.tables, module))


def _stale(name: str, lies: Bundle) -> str:
    return f"{MODULE_NAME} van {name} ({lies.revision[:14]}) is niet wat OPA van de regels maakt: de regels gelden."


def _from_file(path: Path) -> Bundle:
    try:
        files = _unpacked(path.read_bytes())
    except (OSError, tarfile.TarError, EOFError) as error:
        raise EngineUnavailable(_UNREADABLE) from error
    rules = {name: content for name, content in files.items() if name.endswith(".rego")}
    tables = {name: content for name, content in files.items() if _is_table(name)}
    return bundle_of_files(rules, tables, files.get(MODULE_NAME))


def _unpacked(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        held = {member.name: tar.extractfile(member) for member in tar.getmembers() if member.isfile()}
        return {name.lstrip("./"): content.read() for name, content in held.items() if content is not None}


def _is_table(name: str) -> bool:
    """Not what the bundle says of itself."""
    return PurePosixPath(name).name == "data.json" and name not in (REVISION, PERIODS)


def _sound(bundle: Bundle) -> Bundle:
    """The tables that make up the space are there, and are tables."""
    own = bundle.reference.get(ROOT, {})
    tables: Any = own.get("tables", {}) if isinstance(own, dict) else {}
    for name in ("partners", "eligibility", "ceiling", "regimes", "articles", "need"):
        if not isinstance(tables.get(name), dict):
            raise EngineUnavailable(_UNREADABLE, place=f"tables/{name}")
    if not isinstance(own.get("catalog", {}).get("fields"), dict):
        raise EngineUnavailable(_UNREADABLE, place="catalog")
    return bundle
