"""Which policy is compared: what lies there is read, and its module has to belong to its rules."""

import io
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.bundle import default_directory, read_bundle, server_bundle
from hub.policy.compare.policies import built, compiled, read_policy
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


@pytest.mark.parametrize("make", [no_policy, no_archive, no_table, no_rules, lambda folder: folder / "nergens"])
def test_what_is_no_policy_is_not_compared(tmp_path: Path, make: "type[Path]") -> None:
    with pytest.raises(EngineUnavailable, match="Dit beleid kan niet worden gelezen"):
        read_policy(make(tmp_path))


def test_one_module_does_not_stand_for_rules_that_differ() -> None:
    changed = replace(OWN, rules=OTHER)
    with pytest.raises(EngineUnavailable, match="niet gebouwd"):
        built(OWN, changed, None)
    with pytest.raises(EngineUnavailable, match="niet gebouwd"):
        built(OWN, replace(changed, module=None), None)
    said = built(OWN, replace(OWN, rules=SAID), None)
    assert said[1].module == OWN.module


def test_without_opa_modules_count_as_they_lie_there_and_that_is_told() -> None:
    _, new, notes = built(OWN, replace(OWN, rules=OTHER, module=b"another"), None)
    assert new.module == b"another"
    assert notes == ("hub.wasm is niet nagebouwd (OPA ontbreekt): het geldt zoals het er ligt.",)


@pytest.mark.opa
def test_opa_builds_the_rules_and_a_module_of_other_rules_is_told() -> None:
    program = str(opa_program())
    own = replace(OWN, module=compiled(OWN.rules, program))
    old, new, notes = built(own, replace(own, rules=OTHER), program)
    assert old.module == own.module
    assert new.module not in {None, own.module}
    assert len(notes) == 1
    assert "niet wat OPA van de regels maakt" in notes[0]


@pytest.mark.opa
def test_rules_that_opa_refuses_are_no_policy() -> None:
    wrong = {**OWN.rules, "hub/need/need.rego": b"package hub.need\n\nfoo if bar\n"}
    with pytest.raises(EngineUnavailable, match="OPA kan de regels niet bouwen"):
        built(OWN, replace(OWN, rules=wrong), str(opa_program()))
