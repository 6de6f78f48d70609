"""The one answer to whoever did not prove who he is (RFC 6749 section 5.2, RFC 6750 section 3, RFC 9449 section 7)."""

from hub.errors import NotAuthenticated

ALGORITHMS = ("PS256", "RS256", "ES256", "EdDSA")
"""The signature algorithms that partners may use (RFC 7518, RFC 8037); nothing else is ever tried."""

INVALID_REQUEST = "invalid_request"
INVALID_CLIENT = "invalid_client"
INVALID_GRANT = "invalid_grant"
INVALID_TOKEN = "invalid_token"  # noqa: S105 - an error code of RFC 6750
INVALID_PROOF = "invalid_dpop_proof"
INVALID_SCOPE = "invalid_scope"
UNSUPPORTED_GRANT = "unsupported_grant_type"


class Refused(NotAuthenticated):
    """The proof of identity does not hold.

    `error` is the registered code for the caller, None where he brought no proof at all (RFC 6750 section 3.1).
    `reason` says for the hub's own ears which check failed; it holds no part of what came in, and does not go out.
    """

    def __init__(self, error: str | None, reason: str) -> None:
        self.error = error
        self.reason = reason
        super().__init__()

    @property
    def challenge(self) -> str:
        """The value of `WWW-Authenticate` at a resource."""
        parts = [f'error="{self.error}"'] if self.error else []
        parts.append(f'algs="{" ".join(ALGORITHMS)}"')
        return "DPoP " + ", ".join(parts)

    @property
    def token_status(self) -> int:
        """The HTTP status of this refusal at the token endpoint: 401 for the client itself, 400 for the rest."""
        return 401 if self.error == INVALID_CLIENT else 400

    def token_document(self) -> dict[str, str]:
        """The JSON body of this refusal at the token endpoint."""
        return {"error": self.error or INVALID_REQUEST, "error_description": "The request was refused."}
