"""The envelope: published vectors of AES-GCM, and what our own form adds to it."""

from collections.abc import Iterator

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidTag

from hub.crypto import aead
from hub.errors import Sealed

KEY = bytes(range(32))
PLACE = ("value", "casus", "naam")


def _vectors(name: str) -> Iterator[dict[str, str]]:
    """The cases of a file of NIST's CAVP, those in the hub's form: nonce of 96 bits, tag of 128."""
    fixed: dict[str, str] = {}
    case: dict[str, str] = {}
    with cryptography_vectors.open_vector_file(f"ciphers/AES/GCM/{name}", "r") as file:
        for line in map(str.strip, file):
            if line.startswith("[") and "=" in line:
                name, _, value = line.strip("[]").partition(" = ")
                fixed[name] = value
            elif line == "FAIL":
                case["FAIL"] = "yes"
            elif " =" in line:
                key, _, value = line.partition(" =")
                case[key] = value.strip()
            elif not line and "Tag" in case:
                if fixed["IVlen"] == "96" and fixed["Taglen"] == "128":
                    yield case
                case = {}


def test_published_vectors_of_encryption() -> None:
    count = 0
    for case in _vectors("gcmEncryptExtIV256.rsp"):
        raw = {name: bytes.fromhex(value) for name, value in case.items() if name not in ("Count", "FAIL")}
        made = aead.Box(raw["Key"])._cipher.encrypt(raw["IV"], raw["PT"], raw["AAD"])
        assert made == raw["CT"] + raw["Tag"]
        count += 1
    assert count >= 300


def test_published_vectors_of_decryption() -> None:
    opened = refused = 0
    for case in _vectors("gcmDecrypt256.rsp"):
        raw = {name: bytes.fromhex(value) for name, value in case.items() if name not in ("Count", "FAIL")}
        cipher = aead.Box(raw["Key"])._cipher
        if "FAIL" in case:
            refused += 1
            with pytest.raises(InvalidTag):
                cipher.decrypt(raw["IV"], raw["CT"] + raw["Tag"], raw["AAD"])
        else:
            opened += 1
            assert cipher.decrypt(raw["IV"], raw["CT"] + raw["Tag"], raw["AAD"]) == raw["PT"]
    assert opened >= 150
    assert refused >= 50


def test_the_envelope_is_version_nonce_ciphertext_and_tag() -> None:
    sealed = aead.seal(KEY, b"tekst", PLACE)
    assert sealed[0] == aead.VERSION == 1
    assert len(sealed) == aead.OVERHEAD + 5
    cipher = aead.Box(KEY)._cipher
    bound = b"\x01\x00\x00\x00\x05value\x00\x00\x00\x05casus\x00\x00\x00\x04naam"
    assert cipher.decrypt(sealed[1:13], sealed[13:], bound) == b"tekst"


def test_a_box_at_a_place_is_the_same_as_the_whole_place() -> None:
    box = aead.Box(KEY, aead.joined(("value", "casus")))
    assert box.open(aead.seal(KEY, b"x", PLACE), ("naam",)) == b"x"
    assert aead.open_(KEY, box.seal(b"y", ("naam",)), PLACE) == b"y"


def test_parts_do_not_run_into_each_other() -> None:
    assert aead.associated(("ab", "c")) != aead.associated(("a", "bc"))
    assert aead.associated(("a", "")) != aead.associated(("a",))
    assert aead.associated(("é",)) == aead.associated(("é".encode(),))
    assert aead.associated(("x" * 300,)) == b"\x01\x00\x00\x01\x2c" + b"x" * 300


def test_sealing_twice_gives_two_ciphertexts() -> None:
    assert len({aead.seal(KEY, b"tekst", PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        aead.seal(bytes(length), b"", PLACE)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_does_not_open(version: int) -> None:
    sealed = aead.seal(KEY, b"tekst", PLACE)
    with pytest.raises(Sealed):
        aead.open_(KEY, bytes([version]) + sealed[1:], PLACE)


@pytest.mark.parametrize("length", [0, 1, 13, 28])
def test_a_stump_does_not_open(length: int) -> None:
    with pytest.raises(Sealed):
        aead.open_(KEY, aead.seal(KEY, b"", PLACE)[:length], PLACE)
