"""The names of the hub as issuer of tokens and as resource, and what it tells of itself (RFC 8414, RFC 9728)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.identity.refusal import ALGORITHMS


@dataclass(frozen=True)
class Endpoints:
    """Absolute addresses, all below the public address of the hub."""

    issuer: str
    token: str
    jwks: str
    resource: str

    @classmethod
    def below(cls, public_url: str) -> "Endpoints":
        """The addresses below `public_url`, which comes from the deployment's settings, never from a request."""
        base = public_url.rstrip("/")
        return cls(issuer=base, token=f"{base}/oauth/token", jwks=f"{base}/oauth/jwks", resource=f"{base}/v1")

    @property
    def audiences(self) -> frozenset[str]:
        """What a client may name as the audience of its assertion (RFC 7523 section 3)."""
        return frozenset({self.token, self.issuer})

    def issuer_metadata(self, *, certificates: bool = False) -> Mapping[str, Any]:
        """RFC 8414 document for `/.well-known/oauth-authorization-server`. `certificates`: TLS ends at the hub."""
        return {
            "issuer": self.issuer,
            "token_endpoint": self.token,
            "jwks_uri": self.jwks,
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "dpop_signing_alg_values_supported": list(ALGORITHMS),
            "tls_client_certificate_bound_access_tokens": certificates,
        }

    def resource_metadata(self, *, certificates: bool = False) -> Mapping[str, Any]:
        """RFC 9728 document for `/.well-known/oauth-protected-resource`."""
        return {
            "resource": self.resource,
            "resource_name": "Informatiehub zorg en veiligheid",
            "authorization_servers": [self.issuer],
            "bearer_methods_supported": ["header"],
            "dpop_signing_alg_values_supported": list(ALGORITHMS),
            "dpop_bound_access_tokens_required": not certificates,
            "tls_client_certificate_bound_access_tokens": certificates,
        }
