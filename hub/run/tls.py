"""TLS that ends at the hub: the server tells the application which certificate the caller proved to hold (RFC 8705).

The fingerprint is taken from the connection itself, never from a header, so that nobody can claim another's.
"""

import asyncio
from typing import Any

from hub.identity.certificate import certificate_print
from hub.run.patience import PatientProtocol

SCOPE_KEY = "hub.certificate"
"""Where the application finds the SHA-256 of the caller's certificate (base64url)."""


class CertificateProtocol(PatientProtocol):
    """The server's protocol, with the caller's certificate in the scope of each request."""

    _print: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note whose connection this is."""
        super().connection_made(transport)
        tls: Any = transport.get_extra_info("ssl_object")
        der = tls.getpeercert(binary_form=True) if tls is not None else None
        self._print = certificate_print(der) if der else None

    def on_message_begin(self) -> None:
        """Tell it with each request."""
        super().on_message_begin()
        scope: Any = self.scope
        scope[SCOPE_KEY] = self._print
