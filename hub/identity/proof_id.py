"""Names of one-time proofs, as the store keeps them: a digest, so that nothing of a proof stands in the store."""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache

from hub.model.instant import to_text

ProofId = tuple[str, str]
"""(key, instant until which the proof could be offered again): `hub.store.proofs.use_up` takes them."""

DPOP, ASSERTION = "dpop", "assertion"


def proof_id(kind: str, owner: str, jti: str, expires: float) -> ProofId:
    """The name of the proof `jti` of `owner` (thumbprint or client id). `expires`: seconds since 1970."""
    # The owner has a fixed alphabet without NUL, so that no other owner and jti give the same text.
    name = hashlib.sha256(f"{kind}\0{owner}\0{jti}".encode()).hexdigest()
    return f"{kind}:{name}", _text(expires)


@lru_cache(maxsize=64)
def _text(expires: float) -> str:
    """Many proofs end in the same second."""
    return to_text(datetime.fromtimestamp(expires, UTC))
