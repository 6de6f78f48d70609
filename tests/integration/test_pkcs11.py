"""The KEK in a PKCS#11 token: SoftHSM, a real one. Fails in CI when it is missing, is passed over elsewhere."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from hub.crypto.keyring import Keyring
from hub.crypto.pkcs11_kek import Pkcs11Keks
from hub.errors import KeysUnavailable, Sealed, WeakConfiguration
from hub.store.wrapped_keys import KeyStore

HOW = "SoftHSM is missing: apt-get install softhsm2 (or set SOFTHSM2_MODULE to libsofthsm2.so)"
PIN = "483920"
PLACE = ("wrapped-key", "hub/test")
AT = datetime(2027, 1, 10, tzinfo=UTC)


def _module() -> str:
    places = (os.environ.get("SOFTHSM2_MODULE", ""), *map(str, Path("/usr").glob("lib*/**/libsofthsm2.so")))
    found = [place for place in places if place and Path(place).is_file()]
    if found and shutil.which("softhsm2-util"):
        return found[0]
    if os.environ.get("CI"):
        pytest.fail(HOW)
    pytest.skip(HOW)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The library, with a fresh token `hub`. One a process: the library reads its configuration once."""
    library = _module()
    home = tmp_path_factory.mktemp("softhsm")
    (home / "tokens").mkdir()
    (home / "softhsm2.conf").write_text(f"directories.tokendir = {home}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(home / "softhsm2.conf")
    make = ["softhsm2-util", "--init-token", "--free", "--label", "hub", "--so-pin", "12345678", "--pin", PIN]
    subprocess.run(make, check=True, capture_output=True)
    yield library
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def keks(module: str) -> Iterator[Pkcs11Keks]:
    """The KEKs of the token."""
    keks = Pkcs11Keks(module, "hub", PIN)
    yield keks
    keks.close()


def test_wraps_and_unwraps_in_the_token(keks: Pkcs11Keks) -> None:
    kek = keks.create("a")
    blob = kek.wrap(b"k" * 32, PLACE)
    assert b"k" * 8 not in blob
    assert kek.unwrap(blob, PLACE) == b"k" * 32
    assert kek.wrap(b"k" * 32, PLACE) != blob


def test_a_wrapped_key_opens_only_at_its_place(keks: Pkcs11Keks) -> None:
    kek, other = keks.create("a"), keks.create("b")
    blob = kek.wrap(b"k" * 32, PLACE)
    for opener, sealed, place in (
        (kek, blob, ("wrapped-key", "hub/other")),
        (other, blob, PLACE),
        (kek, blob[:-1], PLACE),
        (kek, blob[:-1] + bytes([blob[-1] ^ 1]), PLACE),
        (kek, b"\x02" + blob[1:], PLACE),
        (kek, b"", PLACE),
    ):
        with pytest.raises(Sealed):
            opener.unwrap(sealed, place)


def test_a_missing_key_is_refused(keks: Pkcs11Keks) -> None:
    with pytest.raises(WeakConfiguration, match="staat niet in het token"):
        keks.of("nowhere")


def test_a_key_that_could_leave_the_token_is_refused(keks: Pkcs11Keks, module: str) -> None:
    import pkcs11

    keks.create("a")
    token = pkcs11.lib(module).get_token(token_label="hub")
    with token.open(rw=True) as session:
        session.generate_key(
            pkcs11.KeyType.AES,
            256,
            label="kek-loose",
            store=True,
            template={pkcs11.Attribute.EXTRACTABLE: True, pkcs11.Attribute.SENSITIVE: False},
        )
    with pytest.raises(WeakConfiguration, match="kan het token verlaten"):
        keks.of("loose")


def test_a_wrong_pin_or_token_does_not_answer(module: str) -> None:
    for token, pin in (("hub", "000000"), ("elsewhere", PIN)):
        keks = Pkcs11Keks(module, token, pin)
        with pytest.raises(KeysUnavailable):
            keks.create("a")
        keks.close()


def test_a_keyring_stands_on_the_token(keks: Pkcs11Keks, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/keys.db"
    KeyStore.create(url)
    store = KeyStore(url, lambda: AT)
    keyring = Keyring(store, keks, caches=False)
    keyring.establish("a")
    key = keyring.create("casus/c/1")
    assert keyring.rewrap_all("b") == 1
    keyring.check()
    assert Keyring(store, keks).get("casus/c/1") == key
    store.close()


def test_many_threads_share_the_token(keks: Pkcs11Keks) -> None:
    kek = keks.create("a")
    blob = kek.wrap(b"k" * 32, PLACE)
    opened: list[bytes] = []
    threads = [Thread(target=lambda: opened.extend(kek.unwrap(blob, PLACE) for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [b"k" * 32] * 80


def test_a_dead_session_is_opened_anew(keks: Pkcs11Keks) -> None:
    kek = keks.create("a")
    blob = kek.wrap(b"k" * 32, PLACE)
    keks._session.close()
    with pytest.raises(KeysUnavailable):
        kek.unwrap(blob, PLACE)
    assert kek.unwrap(blob, PLACE) == b"k" * 32
