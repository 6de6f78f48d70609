"""Signatures, operator keys, the order and record of a destruction."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.crypto import destruction, operator_key
from hub.crypto.destruction import Approval, Destruction, Order, approve, approved, destroy_casus, holds, redo, signed
from hub.crypto.kek import FileKeks
from hub.crypto.keyring import Keyring
from hub.crypto.signing import Signer, verify
from hub.errors import Conflict, NotAuthenticated, NotPermitted, Sealed, ShapeError, WeakConfiguration
from hub.store.wrapped_keys import KeyStore
from tests.conftest import FixedClock

PASSPHRASE = "kort maar lang genoeg"
AT = "2027-01-10T11:00:00.000000Z"
ORDER = Order(id="0" * 32, casus="a" * 32, at=AT)
ONE, TWO, HUB = Signer(b"\x01" * 32), Signer(b"\x02" * 32), Signer(b"\x03" * 32)
OPERATORS = {"beheer-1": ONE.public, "beheer-2": TWO.public}
APPROVALS = (approve(ORDER, "beheer-1", ONE), approve(ORDER, "beheer-2", TWO))


@pytest.fixture
def keyring(tmp_path: Path, clock: FixedClock) -> Keyring:
    """A keyring with the keys of two casussen."""
    KeyStore.create(f"sqlite:///{tmp_path}/keys.db")
    keyring = Keyring(KeyStore(f"sqlite:///{tmp_path}/keys.db", clock), FileKeks(tmp_path / "kek"))
    keyring.establish("a")
    for casus in ("a" * 32, "b" * 32):
        for name in (destruction.casus_key(casus, 1), destruction.casus_key(casus, 2), destruction.log_key(casus)):
            keyring.create(name)
    return keyring


def test_the_first_vector_of_rfc_8032() -> None:
    signer = Signer(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert signer.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert signer.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )


def test_a_signature_holds_for_its_message_and_key_alone() -> None:
    signature = ONE.sign(b"x")
    assert verify(ONE.public, signature, b"x")
    for public, given, message in (
        (ONE.public, signature, b"y"),
        (TWO.public, signature, b"x"),
        (ONE.public, signature[:-1], b"x"),
        (ONE.public, b"", b"x"),
        (b"", signature, b"x"),
    ):
        assert not verify(public, given, message)


def test_an_operator_key_opens_with_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "beheer" / "een.key"
    made = operator_key.create(path, PASSPHRASE)
    assert operator_key.load(path, PASSPHRASE).public == made.public
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotAuthenticated, match="wachtzin klopt niet"):
        operator_key.load(path, PASSPHRASE + "!")
    with pytest.raises(Conflict):
        operator_key.create(path, PASSPHRASE)
    assert operator_key.load(path, PASSPHRASE).public == made.public


@pytest.mark.parametrize("passphrase", ["", "kort", "aaaaaaaaaaaaaaaa", "ababababababab"])
def test_a_weak_passphrase_is_refused(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(ShapeError, match="minstens 12 tekens, waarvan 6 verschillende"):
        operator_key.create(tmp_path / "x.key", passphrase)
    assert not list(tmp_path.iterdir())


def test_an_operator_key_that_is_open_to_others_or_none_is_refused(tmp_path: Path) -> None:
    operator_key.create(tmp_path / "x.key", PASSPHRASE)
    (tmp_path / "x.key").chmod(0o644)
    with pytest.raises(WeakConfiguration, match="leesbaar voor anderen"):
        operator_key.load(tmp_path / "x.key", PASSPHRASE)
    (tmp_path / "y.key").write_bytes(b"x" * 10)
    (tmp_path / "y.key").chmod(0o600)
    with pytest.raises(WeakConfiguration, match="geen sleutel van een beheerder"):
        operator_key.load(tmp_path / "y.key", PASSPHRASE)


def test_destruction_takes_every_generation_and_leaves_the_log_key(keyring: Keyring) -> None:
    record = destroy_casus(keyring, ORDER, APPROVALS, OPERATORS, at=AT)
    assert record.keys == (f"casus/{'a' * 32}/1", f"casus/{'a' * 32}/2")
    for name in record.keys:
        with pytest.raises(Sealed):
            keyring.get(name)
    keyring.get(f"log/{'a' * 32}")
    keyring.get(f"casus/{'b' * 32}/1")
    assert destroy_casus(keyring, ORDER, APPROVALS, OPERATORS, at=AT).keys == ()


@pytest.mark.parametrize(
    "approvals",
    [
        (),
        APPROVALS[:1],
        (APPROVALS[0], APPROVALS[0]),
        (APPROVALS[0], Approval("beheer-2", APPROVALS[0].signature)),
        (APPROVALS[0], Approval("beheer-3", APPROVALS[1].signature)),
        (*APPROVALS, Approval("beheer-3", b"")),
        (APPROVALS[0], approve(replace(ORDER, casus="b" * 32), "beheer-2", TWO)),
    ],
)
def test_fewer_than_two_operators_destroy_nothing(keyring: Keyring, approvals: tuple[Approval, ...]) -> None:
    with pytest.raises(NotPermitted):
        destroy_casus(keyring, ORDER, approvals, OPERATORS, at=AT)
    assert len(keyring.names("casus/")) == 4


def test_two_names_with_one_key_are_one_operator() -> None:
    double = (approve(ORDER, "beheer-1", ONE), approve(ORDER, "beheer-2", ONE))
    assert not approved(ORDER, double, {"beheer-1": ONE.public, "beheer-2": ONE.public})


def test_the_record_holds_and_a_changed_one_does_not(keyring: Keyring) -> None:
    record = destroy_casus(keyring, ORDER, APPROVALS, OPERATORS, at=AT)
    signature = signed(record, HUB)
    assert holds(record, signature, HUB.public, OPERATORS)
    changed = (
        replace(record, at="2027-01-11T11:00:00.000000Z"),
        replace(record, keys=record.keys[:1]),
        replace(record, order=replace(ORDER, casus="b" * 32)),
        replace(record, approvals=record.approvals[::-1]),
    )
    for one in changed:
        assert not holds(one, signature, HUB.public, OPERATORS)
    assert not holds(record, signature, ONE.public, OPERATORS)
    assert not holds(record, signature, HUB.public, {"beheer-1": ONE.public})
    foreign = Destruction(ORDER, APPROVALS, AT, (f"casus/{'b' * 32}/1",))
    assert not holds(foreign, signed(foreign, HUB), HUB.public, OPERATORS)


def test_an_order_does_not_pass_for_a_record() -> None:
    assert ORDER.canonical().startswith(b"hub/vernietiging/opdracht/v1\n{")
    assert Destruction(ORDER, APPROVALS, AT, ()).canonical().startswith(b"hub/vernietiging/verslag/v1\n{")


def test_a_restored_older_key_store_is_emptied_again(tmp_path: Path, clock: FixedClock, keyring: Keyring) -> None:
    # A backup of the key store from before the destruction, and the store that is restored from it.
    keyring._store.scrub()  # type: ignore[attr-defined]
    backup = (tmp_path / "keys.db").read_bytes()
    destroy_casus(keyring, ORDER, APPROVALS, OPERATORS, at=AT)
    (tmp_path / "restored.db").write_bytes(backup)
    restored = Keyring(KeyStore(f"sqlite:///{tmp_path}/restored.db", clock), FileKeks(tmp_path / "kek"))
    restored.get(f"casus/{'a' * 32}/1")
    assert redo(restored, ["a" * 32, "c" * 32]) == (f"casus/{'a' * 32}/1", f"casus/{'a' * 32}/2")
    with pytest.raises(Sealed):
        restored.get(f"casus/{'a' * 32}/1")
    assert redo(restored, ["a" * 32]) == ()
    restored.get(f"casus/{'b' * 32}/1")
