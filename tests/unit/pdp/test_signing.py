"""A signed bundle: read back whole by the hub and by OPA, and refused by both when anything in it is not as signed."""

import gzip
import io
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.strategies as st
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.crypto import policy_key
from hub.crypto.policy_key import SigningKey
from hub.errors import Conflict, WeakConfiguration
from hub.pdp import signing
from hub.pdp.bundle import Bundle, bundle_of_files, digest_of, packed, read_bundle, server_bundle
from hub.pdp.signing import BundleRefused, signed_bundle, verified_bundle
from tests import servers
from tests.conftest import absent

Files = dict[str, bytes]
RULE = b"package hub.release\n\ngathered := {}\n"
TABLE = '{"veld": "naïef & <b> \u2028", "rij": [1, true, null, {"a": []}], "rac_ref": "demo"}'.encode()


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    folder = tmp_path / "policies"
    for name, content in {
        "hub/release/release.rego": RULE,
        "hub/tables/x/data.json": TABLE,
        "hub.wasm": b"\0m",
        "hub.wasm.rules": digest_of({"hub/release/release.rego": RULE}).encode(),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return read_bundle(folder)


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return policy_key.create(tmp_path / "keys" / "policy.pem")


def read(made: bytes, key: SigningKey) -> Bundle:
    return verified_bundle(made, {key.public.kid: key.public})


def files_of(made: bytes) -> Files:
    return signing._unpacked(made)


def opa_takes(made: bytes, key: SigningKey, folder: Path) -> bool:
    """Whether the OPA program takes the bundle, told to check it with `key`."""
    try:
        program = servers.opa_program()
    except servers.MissingProgram as missing:
        absent(missing)
    (folder / "bundle.tar.gz").write_bytes(made)
    (folder / "public.pem").write_text(key.public.pem)
    told = ["--verification-key", "public.pem", "--verification-key-id", key.public.kid]
    told += ["--signing-alg", "ES256", "--scope", signing.SCOPE]
    command = [str(program), "build", "--bundle", "bundle.tar.gz", *told, "-o", "out.tar.gz"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.opa
def test_what_was_signed_is_read_back_whole_and_opa_takes_it(bundle: Bundle, key: SigningKey, tmp_path: Path) -> None:
    made = signed_bundle(bundle, key)
    assert read(made, key) == bundle
    assert opa_takes(made, key, tmp_path)
    with tarfile.open(tmp_path / "out.tar.gz") as tar:
        data = json.load(tar.extractfile("/data.json") or io.BytesIO())
    assert data.pop("hub") == {**bundle.reference["hub"], "periods": []}
    assert data == {}


def resigned(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Callable[[Files, SigningKey], None]:
    """The same files under another token of the same key."""

    def apply(files: Files, key: SigningKey) -> None:
        (token,) = json.loads(files[signing.SIGNATURES])["signatures"]
        claims, header = jwt.decode(token, options={"verify_signature": False}), {"kid": key.public.kid}
        change(claims, header)
        put_token(files, jwt.encode(claims, key.private, "ES256", header))

    return apply


def put_token(files: Files, *tokens: object) -> None:
    files[signing.SIGNATURES] = json.dumps({"signatures": tokens}).encode()


def unsigned_token(files: Files, key: SigningKey) -> None:
    put_token(files, jwt.encode({"files": [], "scope": "hub"}, "", "none", {"kid": key.public.kid}))


def symmetric_token(files: Files, key: SigningKey) -> None:
    put_token(files, jwt.encode({"files": [], "scope": "hub"}, "x" * 32, "HS256", {"kid": key.public.kid}))


def other_revision(files: Files, key: SigningKey) -> None:
    """Signed by the right key; the revision is not what the files are."""
    manifest = json.loads(files[".manifest"])
    manifest["revision"] = "sha256:" + "0" * 64
    files[".manifest"] = json.dumps(manifest).encode()
    resigned(lambda claims, _: names_digest(claims, files))(files, key)


def names_digest(claims: dict[str, Any], files: Files) -> None:
    for one in claims["files"]:
        one["hash"] = signing._digest(one["name"], files[one["name"]])


HARM: dict[str, tuple[str, Callable[[Files, SigningKey], object]]] = {
    "no signature": (signing.UNSIGNED, lambda files, _: files.pop(signing.SIGNATURES)),
    "an empty signature": (signing.UNSIGNED, lambda files, _: put_token(files)),
    "two signatures": (signing.UNSIGNED, lambda files, _: put_token(files, "a", "b")),
    "a number as signature": (signing.UNSIGNED, lambda files, _: put_token(files, 1)),
    "no JSON as signature": (signing.UNSIGNED, lambda files, _: files.update({signing.SIGNATURES: b"{"})),
    "no token": (signing.BAD_SIGNATURE, lambda files, _: put_token(files, "a.b.c")),
    "the algorithm none": (signing.BAD_SIGNATURE, unsigned_token),
    "a symmetric algorithm": (signing.BAD_SIGNATURE, symmetric_token),
    "another key by name": (signing.UNKNOWN_KEY, resigned(lambda _, header: header.update(kid="other"))),
    "no key by name": (signing.UNKNOWN_KEY, resigned(lambda _, header: header.pop("kid"))),
    "another scope": (signing.OTHER_SCOPE, resigned(lambda claims, _: claims.update(scope="test"))),
    "no scope": (signing.OTHER_SCOPE, resigned(lambda claims, _: claims.pop("scope"))),
    "no files": (signing.BAD_SIGNATURE, resigned(lambda claims, _: claims.pop("files"))),
    "a weak digest": (signing.ADDED, resigned(lambda claims, _: claims["files"][0].update(algorithm="MD5"))),
    "a rule changed": (signing.CHANGED, lambda files, _: files.update({"hub/release/release.rego": RULE + b"\n"})),
    "a table changed": (signing.CHANGED, lambda files, _: files.update({"hub/tables/x/data.json": b"{}"})),
    "the module changed": (signing.CHANGED, lambda files, _: files.update({"hub.wasm": b"\0n"})),
    "the manifest changed": (signing.CHANGED, lambda files, _: files.update({".manifest": b"{}"})),
    "a table that is no JSON": (signing.UNREADABLE, lambda files, _: files.update({"hub/tables/x/data.json": b"{"})),
    "a rule added": (signing.ADDED, lambda files, _: files.update({"hub/more.rego": RULE})),
    "a rule missing": (signing.MISSING, lambda files, _: files.pop("hub/release/release.rego")),
    "the module missing": (signing.MISSING, lambda files, _: files.pop("hub.wasm")),
    "another revision": (signing.OTHER_REVISION, other_revision),
}


@pytest.mark.parametrize("how", HARM)
def test_what_is_not_as_signed_is_refused_by_its_code(bundle: Bundle, key: SigningKey, how: str) -> None:
    code, harm = HARM[how]
    files = files_of(signed_bundle(bundle, key))
    assert read(packed(files), key) == bundle
    harm(files, key)
    with pytest.raises(BundleRefused) as refused:
        read(packed(files), key)
    assert refused.value.code == code
    assert refused.value.sentence == signing.SENTENCES[code]


@pytest.mark.opa
@pytest.mark.parametrize("how", ["no signature", "another scope", "a rule changed", "a table changed", "a rule added"])
def test_opa_refuses_it_too(bundle: Bundle, key: SigningKey, tmp_path: Path, how: str) -> None:
    files = files_of(signed_bundle(bundle, key))
    HARM[how][1](files, key)
    assert not opa_takes(packed(files), key, tmp_path)


@pytest.mark.opa
def test_another_key_is_refused_by_both(bundle: Bundle, key: SigningKey, tmp_path: Path) -> None:
    other = policy_key.create(tmp_path / "other" / "policy.pem")
    made = signed_bundle(bundle, other)
    assert not opa_takes(made, key, tmp_path)
    with pytest.raises(BundleRefused) as unknown:
        read(made, key)
    with pytest.raises(BundleRefused) as wrong:
        verified_bundle(made, {other.public.kid: key.public})
    assert (unknown.value.code, wrong.value.code) == (signing.UNKNOWN_KEY, signing.BAD_SIGNATURE)


def linked(folder: Path) -> bytes:
    """A bundle with a link in it."""
    (folder / "link").symlink_to("/etc/passwd")
    with tarfile.open(folder / "made.tar.gz", "w:gz") as tar:
        tar.add(folder / "link", "hub/link.rego")
    return (folder / "made.tar.gz").read_bytes()


def doubled(folder: Path) -> bytes:
    """A bundle with one name twice."""
    (folder / "rule").write_bytes(RULE)
    with tarfile.open(folder / "made.tar.gz", "w:gz") as tar:
        tar.add(folder / "rule", "hub/a.rego")
        tar.add(folder / "rule", "hub/a.rego")
    return (folder / "made.tar.gz").read_bytes()


def too_large(_folder: Path) -> bytes:
    """Little that unpacks to much."""
    return gzip.compress(bytes(4 * signing.LARGEST + 1))


@pytest.mark.parametrize("make", [linked, doubled, too_large, lambda _: b"", lambda _: b"no gzip", lambda _: RULE * 9])
def test_what_is_no_bundle_is_refused(key: SigningKey, tmp_path: Path, make: Callable[[Path], bytes]) -> None:
    with pytest.raises(BundleRefused) as refused:
        read(make(tmp_path), key)
    assert refused.value.code in (signing.UNREADABLE, signing.UNSIGNED)


def test_every_cut_is_refused(bundle: Bundle, key: SigningKey) -> None:
    made = signed_bundle(bundle, key)
    for length in range(len(made)):
        with pytest.raises(BundleRefused):
            read(made[:length], key)


def test_the_files_of_an_unsigned_bundle_are_those_of_a_signed_one(bundle: Bundle, key: SigningKey) -> None:
    signed = files_of(signed_bundle(bundle, key))
    del signed[signing.SIGNATURES]
    assert files_of(server_bundle(bundle)) == signed


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=30,
)


@pytest.mark.opa
def test_opa_takes_the_digest_of_any_table(key: SigningKey, tmp_path: Path) -> None:
    """One bundle of many tables: OPA hashes by what JSON says, and so do we, to the byte."""
    tables: Files = {}

    @hypothesis.settings(max_examples=300, database=None, derandomize=True)
    @hypothesis.given(VALUES)
    def draw(value: object) -> None:
        tables[f"hub/tables/t{len(tables)}/data.json"] = json.dumps({"v": value}).encode()

    draw()
    made = signed_bundle(bundle_of_files({"hub/release.rego": RULE}, tables, None), key)
    assert len(tables) >= 300
    assert opa_takes(made, key, tmp_path)


def test_a_key_is_read_as_it_was_made_and_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "policy.pem"
    made = policy_key.create(file)
    assert policy_key.load(file).public.kid == made.public.kid
    public = tmp_path / "public.pem"
    public.write_text(made.public.pem)
    assert policy_key.public_key(public).kid == made.public.kid
    with pytest.raises(Conflict):
        policy_key.create(file)


def test_a_key_that_others_may_read_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "policy.pem"
    made = policy_key.create(file)
    file.chmod(0o640)
    public = tmp_path / "public.pem"
    public.write_bytes(made.public.pem.encode().replace(b"BEGIN", b"BEGUN"))
    other = rsa.generate_private_key(65537, 2048)
    foreign = tmp_path / "keys" / "rsa.pem"
    foreign.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    foreign.chmod(0o600)
    for refused in (file, tmp_path / "keys" / "none.pem", foreign):
        with pytest.raises(WeakConfiguration):
            policy_key.load(refused)
    for refused in (public, tmp_path / "none.pem", foreign):
        with pytest.raises(WeakConfiguration):
            policy_key.public_key(refused)
