"""A policy to compare: a directory, or the bundle that an OPA server gets. The rules lead: OPA compiles them where needed."""

import io
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from hub.errors import EngineUnavailable, HubError
from hub.pdp.bundle import MODULE_NAME, PERIODS, REVISION, ROOT, Bundle, bundle_of_files, default_directory, read_bundle
from hub.policy.compare.changes import same_code
from hub.policy.compiling import compile_rules

_UNREADABLE: Final = "Dit beleid kan niet worden gelezen."
_UNBUILT: Final = "De regels zijn niet gebouwd. Maak eerst hub.wasm (policies/build.sh), of zet OPA op het pad."


def read_policy(path: Path) -> Bundle:
    """The policy at `path`, its module still as it lies there. Raises EngineUnavailable when it cannot be read."""
    try:
        if path.is_dir():
            return _sound(read_bundle(path))
        return _sound(_from_file(path))
    except EngineUnavailable as error:
        raise EngineUnavailable(_UNREADABLE, place=f"{path.name}: {error.place}") from error
    except (HubError, OSError, tarfile.TarError, EOFError) as error:
        raise EngineUnavailable(_UNREADABLE, place=path.name) from error


def built(old: Bundle, new: Bundle, program: str | None) -> tuple[Bundle, Bundle, tuple[str, ...]]:
    """Both with a module that belongs to their rules, and what is to be said of that.

    Where the rules differ, or a module lacks, the OPA of `program` compiles both. Without it the modules count as they
    lie there, but not one module for rules that differ. Raises EngineUnavailable when a module cannot be had.
    """
    alike = same_code(old.rules, new.rules)
    if alike:
        module = old.module or new.module or _known(old.rules)
        if module is not None:
            return replace(old, module=module), replace(new, module=new.module or module), ()
    if program is None:
        if old.module is None or new.module is None or old.module == new.module:
            raise EngineUnavailable(_UNBUILT, place=MODULE_NAME)
        return old, new, ("hub.wasm is niet nagebouwd (OPA ontbreekt): het geldt zoals het er ligt.",)
    made = [replace(one, module=compiled(one.rules, program)) for one in (old, new)]
    return made[0], made[1], tuple(_stale(name, one, two) for name, one, two in _pairs(old, new, made))


def compiled(rules: Mapping[str, bytes], program: str) -> bytes:
    """The module of `rules`, as `policies/build.sh` makes it. Raises EngineUnavailable when OPA refuses them."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in rules.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        compile_rules(Path(folder), program)
        return (Path(folder) / MODULE_NAME).read_bytes()


def _pairs(old: Bundle, new: Bundle, made: list[Bundle]) -> list[tuple[str, Bundle, Bundle]]:
    both = [("het oude beleid", old, made[0]), ("het nieuwe beleid", new, made[1])]
    return [row for row in both if row[1].module is not None and row[1].module != row[2].module]


def _stale(name: str, lies: Bundle, _: Bundle) -> str:
    return f"{MODULE_NAME} van {name} ({lies.revision[:14]}) is niet wat OPA van de regels maakt: de regels gelden."


def _known(rules: Mapping[str, bytes]) -> bytes | None:
    """The module of the hub's own policy, where the rules are the same."""
    own = read_bundle(default_directory())
    return own.module if same_code(own.rules, rules) else None


def _from_file(path: Path) -> Bundle:
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as tar:
        for member in tar.getmembers():
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None:
                files[member.name.lstrip("./")] = content.read()
    rules = {name: content for name, content in files.items() if name.endswith(".rego")}
    tables = {name: content for name, content in files.items() if _is_table(name)}
    return bundle_of_files(rules, tables, files.get(MODULE_NAME))


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
