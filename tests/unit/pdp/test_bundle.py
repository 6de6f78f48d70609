"""The policy as files: what is read, what it is called, and what an OPA server gets of it."""

import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.bundle import default_directory, digest_of, read_bundle, server_bundle
from hub.pdp.embedded import EmbeddedEngine

RULE = "package hub.release\n"
APPROVED = {"goedgekeurd_door": "FG", "rac_ref": "RAC-1", "geldig_vanaf": "2025-03-01"}


def put(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    put(tmp_path, "hub/release/release.rego", RULE)
    put(tmp_path, "hub/release/release_test.rego", "package hub.release_test\n")
    put(tmp_path, "hub/catalogue/data.json", json.dumps({"fields": {"bsn": "G01"}, **APPROVED}))
    put(tmp_path, "hub/purposes/data.json", json.dumps({"need": [], **APPROVED, "rac_ref": "RAC-2"}))
    put(tmp_path, "hub.wasm", "module")
    put(tmp_path, "hub.wasm.rules", digest_of({"hub/release/release.rego": RULE.encode()}) + "\n")
    return tmp_path


def test_data_stand_at_the_path_of_their_file_beside_the_revision(policy: Path) -> None:
    bundle = read_bundle(policy)
    assert bundle.reference["hub"] == {
        "catalogue": {"fields": {"bsn": "G01"}, **APPROVED},
        "purposes": {"need": [], **APPROVED, "rac_ref": "RAC-2"},
        "revision": bundle.revision,
    }
    assert set(bundle.rules) == {"hub/release/release.rego"}
    assert bundle.module == b"module"


@pytest.mark.parametrize("reference", ["demo", " Demo "])
def test_the_demonstrations_reference_is_told_apart(policy: Path, reference: str) -> None:
    assert read_bundle(policy).approvals == {"FG", "RAC-1", "RAC-2"}
    put(policy, "hub/purposes/data.json", json.dumps({**APPROVED, "rac_ref": reference}))
    assert read_bundle(policy).approvals == {"FG", "RAC-1", "demo"}


@pytest.mark.parametrize("wrong", ["module", "origin", "rules", "other rules"])
def test_a_module_of_other_rules_is_no_module_of_these(policy: Path, wrong: str) -> None:
    if wrong == "rules":
        put(policy, "hub/release/release.rego", RULE + "\n")
    elif wrong == "other rules":
        put(policy, "hub/other/other.rego", "package hub.other\n")
    else:
        (policy / {"module": "hub.wasm", "origin": "hub.wasm.rules"}[wrong]).unlink()
    assert read_bundle(policy).module is None
    with pytest.raises(EngineUnavailable):
        EmbeddedEngine(read_bundle(policy))


def test_the_revision_names_rules_and_data_and_their_places(policy: Path) -> None:
    seen = {read_bundle(policy).revision}
    put(policy, "hub/release/release.rego", RULE + "\n")
    seen.add(read_bundle(policy).revision)
    put(policy, "hub/purposes/data.json", "{}")
    seen.add(read_bundle(policy).revision)
    (policy / "hub/catalogue").rename(policy / "hub/catalog")
    seen.add(read_bundle(policy).revision)
    assert len(seen) == 4
    assert all(len(revision) == len("sha256:") + 64 for revision in seen)


def test_the_revision_does_not_change_with_a_test(policy: Path) -> None:
    before = read_bundle(policy).revision
    put(policy, "hub/release/release_test.rego", "package other_test\n")
    assert read_bundle(policy).revision == before


def test_the_revision_names_the_module_that_decides(policy: Path) -> None:
    seen = {read_bundle(policy).revision}
    put(policy, "hub.wasm", "other")
    seen.add(read_bundle(policy).revision)
    (policy / "hub.wasm").unlink()
    seen.add(read_bundle(policy).revision)
    assert len(seen) == 3


@pytest.mark.parametrize("lies", [None, b"another"])
def test_the_hubs_own_rules_have_the_hubs_own_module_whatever_lies_there(tmp_path: Path, lies: bytes | None) -> None:
    folder, own = tmp_path / "policies", read_bundle(default_directory())
    shutil.copytree(default_directory(), folder)
    (folder / "hub.wasm").unlink() if lies is None else (folder / "hub.wasm").write_bytes(lies)
    assert (read_bundle(folder).module, read_bundle(folder).revision) == (own.module, own.revision)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hub/purposes/data.json", "{"),
        ("hub/purposes/data.json", "[]"),
        ("hub/purposes/data.json", '{"a": 1, "a": 2}'),
        ("hub/data.json", '{"purposes": {"need": []}}'),
        ("hub/data.json", '{"catalogue": 1}'),
        ("hub/data.json", '{"revision": "mine"}'),
        ("hub/other/data.yaml", "a: 1"),
    ],
)
def test_data_that_are_unsound_or_contradict_each_other_are_no_policy(policy: Path, name: str, text: str) -> None:
    put(policy, name, text)
    with pytest.raises(EngineUnavailable):
        read_bundle(policy)


UNREAD: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a link that leads nowhere": ("hub/release/.#release.rego", lambda file: file.symlink_to("editor@machine.123")),
    "a link to itself": ("hub/release/.#release_test.rego", lambda file: file.symlink_to(file)),
    "a folder called as a table": ("hub/purposes/2030-01-01/data.json", lambda file: file.mkdir(parents=True)),
    "a folder called as a rule": ("hub/release/old.rego", lambda file: file.mkdir()),
    "a rule that is no text": ("hub/release/latin.rego", lambda file: file.write_bytes(b"package hub.caf\xe9\n")),
}


@pytest.mark.parametrize(("name", "make"), UNREAD.values(), ids=UNREAD)
def test_what_cannot_be_read_whole_is_no_policy_and_is_named(
    policy: Path, name: str, make: Callable[[Path], object]
) -> None:
    make(policy / name)
    with pytest.raises(EngineUnavailable) as refused:
        read_bundle(policy)
    assert refused.value.place == name


def test_a_name_that_is_no_text_is_no_policy_and_is_told_without_it(policy: Path) -> None:
    Path(os.fsdecode(os.fsencode(policy) + b"/hub/caf\xe9.rego")).write_text(RULE)
    with pytest.raises(EngineUnavailable) as refused:
        read_bundle(policy)
    assert refused.value.place == "hub/caf?.rego"


def test_a_folder_that_cannot_be_listed_is_not_passed_over(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = os.scandir

    def scandir(folder: Any) -> Iterator[Any]:
        if Path(folder).name == "purposes":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(EngineUnavailable):
        read_bundle(policy)


def test_a_digest_beside_the_module_that_is_no_text_is_that_of_no_rules(policy: Path) -> None:
    (policy / "hub.wasm.rules").write_bytes(b"\xff")
    assert read_bundle(policy).module is None


def test_an_empty_or_missing_folder_is_no_policy(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(EngineUnavailable):
            read_bundle(folder)


def test_a_server_gets_the_same_rules_and_data(policy: Path) -> None:
    bundle = read_bundle(policy)
    packed = server_bundle(bundle)
    assert packed == server_bundle(read_bundle(policy))
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        files = {name: (tar.extractfile(name) or io.BytesIO()).read() for name in tar.getnames()}
    assert files["hub/release/release.rego"].decode() == RULE
    assert json.loads(files["hub/revision/data.json"]) == bundle.revision
    assert files["hub/purposes/data.json"] == (policy / "hub/purposes/data.json").read_bytes()
    assert json.loads(files["hub/periods/data.json"]) == [{"start": "2025-02-28T23:00:00.000000Z", "days": {}}]
    assert json.loads(files[".manifest"]) == {"revision": bundle.revision, "roots": ["hub"]}
    assert files["hub.wasm"] == b"module"
    assert len(files) == 7
