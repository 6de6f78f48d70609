"""Which policy is compared: what lies there is read, and its module has to belong to its rules."""

import io
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.bundle import bundle_of_files, default_directory, read_bundle, server_bundle
from hub.policy.compare.policies import built, read_policy
from hub.policy.compiling import compiled
from tests.servers import opa_program

OWN = read_bundle(default_directory())
SAID = {**OWN.rules, "hub/need/need.rego": OWN.rules["hub/need/need.rego"] + b"\n# said\n"}
OTHER = {**OWN.rules, "hub/need/need.rego": OWN.rules["hub/need/need.rego"].replace(b'"zoeken"', b'"lezen"')}


def test_a_bundle_file_is_the_same_policy_as_its_directory(tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(server_bundle(OWN))
    found = read_policy(file)
    assert (found.revision, found.rules, found.reference) == (OWN.revision, OWN.rules, OWN.reference)
    old, new, notes = built(found, read_policy(default_directory()), None)
    assert old.module == new.module == OWN.module
    assert notes == ()


def test_a_bundle_alone_gets_the_module_of_the_same_rules(tmp_path: Path) -> None:
    bare = replace(OWN, module=None)
    old, new, _ = built(bare, bare, None)
    assert old.module == new.module == OWN.module


def no_policy(folder: Path) -> Path:
    (folder / "leeg").mkdir()
    return folder / "leeg"


def no_archive(folder: Path) -> Path:
    (folder / "b.tar.gz").write_bytes(b"no archive")
    return folder / "b.tar.gz"


def no_table(folder: Path) -> Path:
    shutil.copytree(default_directory(), folder / "p")
    shutil.rmtree(folder / "p/hub/tables/need")
    return folder / "p"


def no_rules(folder: Path) -> Path:
    with tarfile.open(folder / "c.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo("data.json")
        member.size = 2
        tar.addfile(member, io.BytesIO(b"{}"))
    return folder / "c.tar.gz"


def no_text(folder: Path) -> Path:
    (folder / "e.tar.gz").write_bytes(server_bundle(replace(OWN, rules={**OWN.rules, "hub/latin.rego": b"# caf\xe9"})))
    return folder / "e.tar.gz"


NO_POLICY = [no_policy, no_archive, no_table, no_rules, no_text, lambda folder: folder / "nergens"]


@pytest.mark.parametrize("make", NO_POLICY)
def test_what_is_no_policy_is_not_compared(tmp_path: Path, make: "type[Path]") -> None:
    with pytest.raises(EngineUnavailable, match="Dit beleid kan niet worden gelezen"):
        read_policy(make(tmp_path))


@pytest.mark.parametrize("lies", [OWN.module, b"another", None])
def test_without_opa_no_module_is_believed_to_be_that_of_other_rules(lies: bytes | None) -> None:
    changed = replace(OWN, rules=OTHER, module=lies)
    for pair in ((OWN, changed), (changed, OWN), (changed, changed)):
        with pytest.raises(EngineUnavailable, match="opa nodig"):
            built(*pair, None)
    said = built(OWN, replace(OWN, rules=SAID), None)
    assert said[1].module == OWN.module


def test_another_module_beside_the_hubs_own_rules_is_not_believed_and_that_is_told(tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(server_bundle(bundle_of_files(OWN.rules, OWN.tables, b"another")))
    _, new, notes = built(OWN, read_policy(file), None)
    assert (new.module, new.revision) == (OWN.module, OWN.revision)
    assert len(notes) == 1
    assert "hub.wasm van het nieuwe beleid" in notes[0]


@pytest.mark.opa
def test_opa_builds_the_rules_and_a_module_of_other_rules_is_told() -> None:
    program = str(opa_program())
    old, new, notes = built(OWN, replace(OWN, rules=OTHER), program)
    assert old.module == OWN.module
    assert new.module == compiled(OTHER, program) != OWN.module
    assert new.revision == bundle_of_files(OTHER, OWN.tables, new.module).revision
    assert len(notes) == 1
    assert "niet wat OPA van de regels maakt" in notes[0]


@pytest.mark.opa
def test_a_rule_where_none_is_compiled_is_refused() -> None:
    beside = {**OWN.rules, "need.rego": b"package hub.need\n"}
    with pytest.raises(EngineUnavailable, match="plek waar geen regels horen"):
        compiled(beside, str(opa_program()))


@pytest.mark.opa
def test_rules_that_opa_refuses_are_no_policy() -> None:
    wrong = {**OWN.rules, "hub/need/need.rego": b"package hub.need\n\nfoo if bar\n"}
    with pytest.raises(EngineUnavailable, match="OPA kan de regels niet bouwen"):
        built(OWN, replace(OWN, rules=wrong), str(opa_program()))
