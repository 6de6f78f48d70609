"""A KEK inside a PKCS#11 token (OASIS PKCS#11 v3.0): AES-256-GCM in the token, the key never leaves it."""

import secrets
from collections.abc import Callable
from threading import Lock
from typing import Any

from hub.crypto.aead import NONCE_BYTES, OVERHEAD, VERSION, Part, associated
from hub.crypto.kek import checked_ref
from hub.errors import KeysUnavailable, Sealed, WeakConfiguration
from hub.lanes import aside

_BODY = 1 + NONCE_BYTES


class Pkcs11Keks:
    """The KEKs of one token: AES keys labelled `kek-<ref>`. `module`: the path of the maker's library."""

    def __init__(self, module: str, token: str, pin: str) -> None:
        self._module = module
        self._token = token
        self._pin = pin
        self._session: Any = None
        self._keys: dict[str, Any] = {}
        # A session takes one operation at a time.
        self._lock = Lock()

    def of(self, ref: str) -> "Pkcs11Kek":
        """The KEK called `ref`. Raises `WeakConfiguration` when it is not there or could leave the token."""
        checked_ref(ref)
        self.using(ref, lambda _key: None)
        return Pkcs11Kek(ref, self)

    def create(self, ref: str) -> "Pkcs11Kek":
        """A new KEK called `ref`, made in the token; the existing one when it is there already."""
        label = _label(checked_ref(ref))
        with self._lock:
            self._guarded(lambda: _make(self._open(), label))
        return self.of(ref)

    def mark(self, _ref: str) -> str:
        """The name of the token: that a key in it is gone shows when it is used."""
        return self._token

    def using(self, ref: str, work: Callable[[Any], Any]) -> Any:
        """What `work` gives for the token's key called `ref`. Raises `KeysUnavailable` without an answer."""
        # A token may be slow, and its session is held by one at a time: on the loop nobody waits for either.
        return aside(lambda: self._used(ref, work))

    def close(self) -> None:
        """End the session."""
        with self._lock:
            self._forget()

    def _used(self, ref: str, work: Callable[[Any], Any]) -> Any:
        with self._lock:
            return self._guarded(lambda: work(self._key(ref)))

    def _guarded(self, work: Callable[[], Any]) -> Any:
        import pkcs11

        try:
            return work()
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            # The token went away or the session died: the next call opens a new one.
            self._forget()
            raise KeysUnavailable(f"Het token met de hoofdsleutel antwoordt niet ({type(error).__name__}).") from error

    def _forget(self) -> None:
        import pkcs11

        session, self._session = self._session, None
        self._keys.clear()
        if session is not None:
            try:
                session.close()
            except pkcs11.PKCS11Error:
                return

    def _key(self, ref: str) -> Any:
        session = self._open()
        if ref not in self._keys:
            self._keys[ref] = _found(session, ref)
        return self._keys[ref]

    def _open(self) -> Any:
        import pkcs11

        if self._session is None:
            token = pkcs11.lib(self._module).get_token(token_label=self._token)
            self._session = token.open(user_pin=self._pin, rw=True)
        return self._session


class Pkcs11Kek:
    """One AES-256 key in the token. The envelope is that of `hub.crypto.aead`."""

    def __init__(self, ref: str, keks: Pkcs11Keks) -> None:
        self.ref = ref
        self._keks = keks

    def wrap(self, key: bytes, aad: tuple[Part, ...]) -> bytes:
        """See `Kek`."""
        from pkcs11 import GCMParams, Mechanism

        nonce = secrets.token_bytes(NONCE_BYTES)
        how = {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, associated(aad))}
        sealed: bytes = self._keks.using(self.ref, lambda kek: kek.encrypt(key, **how))
        return bytes([VERSION]) + nonce + sealed

    def unwrap(self, blob: bytes, aad: tuple[Part, ...]) -> bytes:
        """See `Kek`."""
        from pkcs11 import GCMParams, Mechanism

        if len(blob) < OVERHEAD or blob[0] != VERSION:
            raise Sealed
        how = {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(blob[1:_BODY], associated(aad))}
        return bytes(self._keks.using(self.ref, lambda kek: _decrypted(kek, blob[_BODY:], how)))


def _make(session: Any, label: str) -> None:
    from pkcs11 import Attribute, KeyType, NoSuchKey

    try:
        session.get_key(label=label)
    except NoSuchKey:
        stays = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
        session.generate_key(KeyType.AES, 256, label=label, store=True, template=stays)


def _found(session: Any, ref: str) -> Any:
    from pkcs11 import Attribute, MultipleObjectsReturned, NoSuchKey

    try:
        key = session.get_key(label=_label(ref))
    except NoSuchKey as error:
        raise WeakConfiguration([f"De hoofdsleutel {ref} staat niet in het token."]) from error
    except MultipleObjectsReturned as error:
        raise WeakConfiguration([f"De hoofdsleutel {ref} staat vaker in het token."]) from error
    if not key[Attribute.SENSITIVE] or key[Attribute.EXTRACTABLE] or key.key_length != 256:
        raise WeakConfiguration([f"De hoofdsleutel {ref} kan het token verlaten of is geen AES-256."])
    return key


def _decrypted(kek: Any, sealed: bytes, how: dict[str, Any]) -> Any:
    from pkcs11 import exceptions

    try:
        return kek.decrypt(sealed, **how)
    except (exceptions.EncryptedDataInvalid, exceptions.GeneralError, exceptions.FunctionFailed) as error:
        # Tokens differ in how they say that the tag is wrong.
        raise Sealed from error


def _label(ref: str) -> str:
    return f"kek-{ref}"
