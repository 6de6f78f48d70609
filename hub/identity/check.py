"""Who calls: the check of one request's access token and proof (RFC 6750, RFC 9449 section 7, RFC 8705 section 3)."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from hub.identity import access_token, jose
from hub.identity.access_token import CERTIFICATE_BOUND, DPOP_BOUND, AccessToken
from hub.identity.dpop import checked_proof
from hub.identity.endpoints import Endpoints
from hub.identity.proof_id import ProofId
from hub.identity.refusal import INVALID_PROOF, INVALID_TOKEN, Refused
from hub.identity.token_keys import TokenKeys
from hub.model.release import Subject

MAX_CACHED = 8_192
"""Verified tokens that a process remembers at most."""

_SCHEMES = {"dpop": DPOP_BOUND, "bearer": CERTIFICATE_BOUND}


@dataclass(frozen=True)
class Caller:
    """Who proved to call, and the one-time proofs to use up in the unit of work of his call."""

    subject: Subject
    proof_ids: tuple[ProofId, ...]


class TokenCheck:
    """Checks what a caller shows. It knows tokens only: whether partner, client and user still count is in the register
    (`hub.store.partners.admitted`), which every call asks as well."""

    def __init__(self, keys: TokenKeys, endpoints: Endpoints) -> None:
        self._keys = keys
        self._endpoints = endpoints
        # Digest of a token -> what it says, for one set of signing keys; another set begins anew. The pair is replaced
        # whole, so that a thread that still holds the old set writes into the old memory.
        self._memory: tuple[str, dict[str, AccessToken]] = ("", {})

    def check(
        self,
        authorization: str | None,
        dpop: str | None,
        method: str,
        url: str,
        *,
        at: datetime,
        certificate: str | None = None,
    ) -> Caller:
        """Who calls `method` on `url` (absolute, as the deployment names it). Raises `Refused`.

        `authorization` and `dpop` are the two headers (None: absent; several `DPoP` headers: the door refuses with
        `invalid_dpop_proof`). `certificate` is the SHA-256 of the caller's certificate, base64url, where TLS ends at
        the hub, else None.
        """
        scheme, token = _credentials(authorization)
        name = jose.digest(token)
        known = self._token(token, name, jose.seconds(at))
        # A bound token is good under its own scheme only: no way down from DPoP to Bearer (RFC 9449 section 7.2).
        if known.binding.method != scheme:
            raise Refused(INVALID_TOKEN, "scheme")
        if scheme == CERTIFICATE_BOUND:
            if certificate is None or not compare_digest(certificate.encode(), known.binding.print.encode()):
                raise Refused(INVALID_TOKEN, "certificate")
            return Caller(known.subject, ())
        if dpop is None:
            raise Refused(INVALID_PROOF, "dpop missing")
        proof = checked_proof(dpop, method, url, at, token=name, thumbprint=known.binding.print)
        return Caller(known.subject, (proof.proof_id,))

    def _token(self, token: str, name: str, now: float) -> AccessToken:
        keys = self._keys.current(now)
        memory = self._memory_for(keys.version)
        known = memory.get(name)
        if known is not None and now < known.expires:
            return known
        try:
            known = access_token.verified(token, keys, self._endpoints, now)
        except jose.Malformed as fault:
            raise Refused(INVALID_TOKEN, f"token {fault}") from None
        if len(memory) >= MAX_CACHED:
            memory.clear()
        memory[name] = known
        return known

    def _memory_for(self, version: str) -> dict[str, AccessToken]:
        remembered, memory = self._memory
        if remembered != version:
            memory = {}
            self._memory = (version, memory)
        return memory


def _credentials(authorization: str | None) -> tuple[str, str]:
    """How the token is bound by its scheme, and the token."""
    if authorization is None:
        raise Refused(None, "no credentials")
    scheme, _, token = authorization.partition(" ")
    method = _SCHEMES.get(scheme.lower())
    if method is None:
        raise Refused(None, "scheme")
    if not token or len(token) > jose.MAX_CHARACTERS or not token.isascii():
        raise Refused(INVALID_TOKEN, "token")
    return method, token
