"""The token endpoint: client credentials with private_key_jwt for a bound token (RFC 6749, RFC 7523, RFC 9449)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from hub.errors import NotAuthenticated
from hub.identity.access_token import CERTIFICATE_BOUND, DPOP_BOUND, Binding, issued
from hub.identity.assertion import Assertion, checked_assertion
from hub.identity.client_keys import ClientKeys
from hub.identity.dpop import checked_proof
from hub.identity.endpoints import Endpoints
from hub.identity.jose import seconds
from hub.identity.proof_id import ProofId
from hub.identity.refusal import (
    INVALID_CLIENT,
    INVALID_GRANT,
    INVALID_PROOF,
    INVALID_REQUEST,
    INVALID_SCOPE,
    UNSUPPORTED_GRANT,
    Refused,
)
from hub.identity.token_keys import LIFETIME, TokenKeys
from hub.model.instant import to_text
from hub.model.release import Subject
from hub.store.engine import Store
from hub.store.partners import ClientRow, counting_client, user_ended
from hub.store.proofs import use_up

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class TokenReply:
    """A new access token and how to use it."""

    access_token: str = field(repr=False)
    token_type: str

    def document(self) -> dict[str, str | int]:
        """The JSON body (RFC 6749 section 5.1). The door adds `Cache-Control: no-store`."""
        return {"access_token": self.access_token, "token_type": self.token_type, "expires_in": LIFETIME}


class TokenEndpoint:
    """Gives access tokens to clients on record."""

    def __init__(self, store: Store, keys: TokenKeys, endpoints: Endpoints) -> None:
        self._store = store
        self._keys = keys
        self._endpoints = endpoints

    def token(
        self, form: Sequence[tuple[str, str]], dpop: str | None, certificate: str | None, at: datetime
    ) -> TokenReply:
        """Answer one `POST` with the pairs of its form. Raises `Refused`; a proof is used up before the token leaves.

        `dpop` is the header of that name, `certificate` the SHA-256 of the caller's certificate (base64url) where TLS
        ends at the hub. With a proof the token is bound to its key, else to the certificate; one of them must be there.
        """
        fields = _asked(form)
        with self._store.snapshot() as conn:
            assertion, client = self._client(fields, lambda name: counting_client(conn, name), at)
            if user_ended(conn, client.partner, assertion.user, to_text(at)):
                raise Refused(INVALID_GRANT, "user ended")
        binding, proof_ids = self._binding(dpop, certificate, client, at)
        self._use_up((assertion.proof_id, *proof_ids))
        subject = Subject(client.partner, assertion.user, client.id)
        token = issued(self._keys.current(seconds(at)), self._endpoints, subject, binding, at)
        return TokenReply(token, "DPoP" if binding.method == DPOP_BOUND else "Bearer")

    def _client(
        self, fields: Mapping[str, str], find: Callable[[str], ClientRow | None], at: datetime
    ) -> tuple[Assertion, ClientRow]:
        found: list[ClientRow] = []

        def keys(client: str) -> ClientKeys | None:
            row = find(client)
            if row is None:
                return None
            found.append(row)
            return ClientKeys.stored(row.keys)

        assertion = checked_assertion(fields.get("client_assertion", ""), self._endpoints.audiences, keys, at)
        if fields.get("client_id", assertion.client) != assertion.client:
            raise Refused(INVALID_CLIENT, "client_id")
        return assertion, found[0]

    def _binding(
        self, dpop: str | None, certificate: str | None, client: ClientRow, at: datetime
    ) -> tuple[Binding, tuple[ProofId, ...]]:
        if dpop is not None:
            proof = checked_proof(dpop, "POST", self._endpoints.token, at)
            return Binding(DPOP_BOUND, proof.thumbprint), (proof.proof_id,)
        if certificate is None:
            raise Refused(INVALID_PROOF, "dpop missing")
        if client.certificate is None or not compare_digest(client.certificate.encode(), certificate.encode()):
            raise Refused(INVALID_CLIENT, "certificate")
        return Binding(CERTIFICATE_BOUND, certificate), ()

    def _use_up(self, proof_ids: tuple[ProofId, ...]) -> None:
        try:
            self._store.commit(lambda tx: use_up(tx, proof_ids))
        except NotAuthenticated:
            raise Refused(INVALID_CLIENT, "used before") from None


def _asked(form: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """The fields of a well-formed request for a token."""
    fields = dict(form)
    if len(fields) != len(form) or "grant_type" not in fields:
        # RFC 6749 section 3.2: no parameter twice.
        raise Refused(INVALID_REQUEST, "parameters")
    if fields["grant_type"] != GRANT_TYPE:
        raise Refused(UNSUPPORTED_GRANT, "grant_type")
    if fields.get("scope"):
        raise Refused(INVALID_SCOPE, "scope")
    if "client_secret" in fields or fields.get("client_assertion_type") != ASSERTION_TYPE:
        raise Refused(INVALID_CLIENT, "client_assertion_type")
    return fields
