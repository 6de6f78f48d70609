"""Destroying a casus: its keys go, the log key stays; an order that two operators signed, a record that the hub signed.

Crypto-shredding (NIST SP 800-88 Rev. 1, section 2.5): without the casus key nothing sealed for the casus opens, in no
backup of the data either. A restored older key store first gets every recorded destruction again (`redo`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from hub.crypto.keyring import Keyring
from hub.crypto.signing import Signer, verify
from hub.errors import NotPermitted
from hub.model.canonical import JSON, canonical_json

_ORDER = b"hub/vernietiging/opdracht/v1\n"
_RECORD = b"hub/vernietiging/verslag/v1\n"

CASUS_KEYS = "casus/"
"""What the names of all casus keys start with."""


def casus_key(casus: str, generation: int) -> str:
    """The name of the casus key of one generation."""
    return f"{casus_prefix(casus)}{generation}"


def casus_prefix(casus: str) -> str:
    """What the names of all generations of a casus key start with."""
    return f"{CASUS_KEYS}{casus}/"


def casus_of(name: str) -> str:
    """The casus whose key has this name."""
    return name.removeprefix(CASUS_KEYS).split("/")[0]


def log_key(owner: str) -> str:
    """The name of the log key of a casus, or of a partner for calls without a casus."""
    return f"log/{owner}"


@dataclass(frozen=True)
class Order:
    """What two operators sign: destroy this casus. `id` is random; `at` is UTC text of fixed width; no free text."""

    id: str
    casus: str
    at: str

    def canonical(self) -> bytes:
        """The bytes that an operator signs."""
        return _ORDER + canonical_json(asdict(self))


@dataclass(frozen=True)
class Approval:
    """One operator's signature (64 bytes) over an order. `operator` is an office, no person."""

    operator: str
    signature: bytes


@dataclass(frozen=True)
class Destruction:
    """What was destroyed: the order, who approved it, when it was carried out, the names of the keys that went.

    No keys: they had gone before, in a run that was killed before it could make its record.
    """

    order: Order
    approvals: tuple[Approval, ...]
    at: str
    keys: tuple[str, ...]

    def canonical(self) -> bytes:
        """The bytes that the hub signs."""
        approvals = [{"operator": one.operator, "signature": one.signature.hex()} for one in self.approvals]
        document: JSON = {"order": asdict(self.order), "approvals": approvals, "at": self.at, "keys": list(self.keys)}
        return _RECORD + canonical_json(document)


def approve(order: Order, operator: str, signer: Signer) -> Approval:
    """The approval of `order` by `operator`."""
    return Approval(operator, signer.sign(order.canonical()))


def approved(order: Order, approvals: Iterable[Approval], operators: Mapping[str, bytes]) -> bool:
    """Whether two different operators, with two different keys of `operators` (name to public key), signed `order`."""
    held = list(approvals)
    sound = [one for one in held if _sound(order, one, operators)]
    names, keys = {one.operator for one in sound}, {operators[one.operator] for one in sound}
    return len(sound) == len(held) and len(names) >= 2 and len(keys) >= 2


def destroy_casus(
    keyring: Keyring, order: Order, approvals: tuple[Approval, ...], operators: Mapping[str, bytes], *, at: str
) -> Destruction:
    """Destroy every generation of the casus key; the log key stays. The sealed rows of the casus are deleted before, so
    that no rotation can bring them under a new key meanwhile. Killed halfway: do it again.

    Raises `NotPermitted` unless two operators of `operators` signed the order.
    """
    if not approved(order, approvals, operators):
        raise NotPermitted("Voor vernietigen zijn twee beheerders nodig.")
    names = tuple(_keys_of(keyring, order.casus))
    keyring.destroy(*names)
    return Destruction(order, approvals, at, names)


def signed(record: Destruction, signer: Signer) -> bytes:
    """The hub's signature over `record`."""
    return signer.sign(record.canonical())


def holds(record: Destruction, signature: bytes, hub: bytes, operators: Mapping[str, bytes]) -> bool:
    """Whether `record` was signed by the hub (public key `hub`), its order by two of `operators`, and only this casus's
    keys are in it."""
    own = all(name.startswith(casus_prefix(record.order.casus)) for name in record.keys)
    by_hub = verify(hub, signature, record.canonical())
    return own and by_hub and approved(record.order, record.approvals, operators)


def redo(keyring: Keyring, casussen: Iterable[str]) -> tuple[str, ...]:
    """Destroy again what a restored older key store still holds of destroyed `casussen`; gives the names that went."""
    names = tuple(name for casus in casussen for name in _keys_of(keyring, casus))
    if names:
        keyring.destroy(*names)
    return names


def _keys_of(keyring: Keyring, casus: str) -> list[str]:
    return keyring.names(casus_prefix(casus))


def _sound(order: Order, approval: Approval, operators: Mapping[str, bytes]) -> bool:
    public = operators.get(approval.operator)
    return public is not None and verify(public, approval.signature, order.canonical())
