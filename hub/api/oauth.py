"""The token endpoint for partner systems and what the hub tells of itself (RFC 6749, RFC 7523, RFC 8414, RFC 9728)."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from hub.api.answers import answer
from hub.api.caller import certificate_of, hub_of, raw_body
from hub.identity.jose import seconds
from hub.identity.refusal import INVALID_REQUEST, Refused

router = APIRouter()

PATH = "/oauth/token"
MAX_FORM = 16 * 1024
"""Bytes of a question for a token: who asks it is not known yet, so no more of it is taken in (hub.api.answers)."""


@router.post(PATH, include_in_schema=False)
def token(request: Request, body: Annotated[bytes, Depends(raw_body)]) -> Response:
    """An access token for a client that proves itself with `private_key_jwt`."""
    hub = hub_of(request)
    try:
        reply = hub.token_endpoint.token(
            _form(request, body), _one_proof(request), certificate_of(request), hub.clock()
        )
    except Refused as refusal:
        return answer(refusal.token_document(), refusal.token_status)
    return answer(reply.document())


@router.get("/oauth/jwks", include_in_schema=False)
def jwks(request: Request) -> Response:
    """The public keys of the hub's tokens."""
    hub = hub_of(request)
    now = seconds(hub.clock())
    return answer(hub.token_keys.current(now).jwks(now))


@router.get("/.well-known/oauth-authorization-server", include_in_schema=False)
def issuer(request: Request) -> Response:
    """RFC 8414."""
    hub = hub_of(request)
    return answer(hub.endpoints.issuer_metadata(certificates=hub.settings.tls_certificate is not None))


@router.get("/.well-known/oauth-protected-resource", include_in_schema=False)
def resource(request: Request) -> Response:
    """RFC 9728."""
    hub = hub_of(request)
    return answer(hub.endpoints.resource_metadata(certificates=hub.settings.tls_certificate is not None))


def _one_proof(request: Request) -> str | None:
    proofs = request.headers.getlist("dpop")
    if len(proofs) > 1:
        raise Refused(INVALID_REQUEST, "headers")
    return proofs[0] if proofs else None


def _form(request: Request, body: bytes) -> list[tuple[str, str]]:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/x-www-form-urlencoded":
        raise Refused(INVALID_REQUEST, "form")
    try:
        return parse_qsl(body.decode("ascii"), strict_parsing=True, keep_blank_values=True, max_num_fields=16)
    except ValueError:
        raise Refused(INVALID_REQUEST, "form") from None
