"""The token endpoint: what is asked of a request, and what it is bound to."""

from datetime import timedelta
from typing import Any

import pytest

from hub.identity import client, jose, register
from hub.identity.refusal import Refused
from hub.identity.register import UserChange
from hub.store.units import Tx
from tests.unit.identity.world import ENDPOINTS, OPERATOR, START, Region

HOLDER = client.new_key()


def proof(**other: Any) -> str:
    """A proof for the token endpoint."""
    given: dict[str, Any] = {"key": HOLDER, "method": "POST", "url": ENDPOINTS.token, "at": START, **other}
    return client.dpop_proof(**given)


def refused(region: Region, assertion: str, dpop: str | None, **other: Any) -> Refused:
    """The refusal of a request."""
    with pytest.raises(Refused) as caught:
        region.ask(assertion, dpop, **other)
    return caught.value


def test_a_client_gets_a_token_bound_to_the_key_it_proved(region: Region) -> None:
    reply = region.ask(region.assertion(), proof())
    claims = jose.json_object(jose.compact(reply.access_token).payload)
    assert claims["cnf"] == {"jkt": HOLDER.thumbprint}
    assert (claims["sub"], claims["client_id"], claims["partner"]) == ("u1", "ggz-noord-epd", "ggz-noord")
    assert reply.document() == {"access_token": reply.access_token, "token_type": "DPoP", "expires_in": 300}
    assert reply.access_token not in repr(reply)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "invalid_request"),
        ({"scope": "alles"}, "invalid_scope"),
        ({"client_secret": "geheim"}, "invalid_client"),
        ({"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}, "invalid_client"),
        ({"client_assertion_type": None}, "invalid_client"),
        ({"client_assertion": None}, "invalid_client"),
        ({"client_assertion": ""}, "invalid_client"),
        ({"client_id": "gem-1"}, "invalid_client"),
    ],
)
def test_another_way_of_asking_is_refused(region: Region, form: dict[str, str | None], error: str) -> None:
    given = {**client.token_form(region.assertion()), **form}
    pairs = [(name, value) for name, value in given.items() if value is not None]
    with pytest.raises(Refused) as caught:
        region.endpoint.token(pairs, proof(), None, START)
    assert caught.value.error == error
    assert caught.value.token_status == (401 if error == "invalid_client" else 400)
    assert caught.value.token_document()["error"] == error


def test_a_parameter_twice_is_refused(region: Region) -> None:
    pairs = list(client.token_form(region.assertion()).items())
    for pair in pairs:
        with pytest.raises(Refused) as caught:
            region.endpoint.token([*pairs, pair], proof(), None, START)
        assert caught.value.error == "invalid_request"


def test_the_client_may_be_named_beside_the_assertion(region: Region) -> None:
    pairs = [*client.token_form(region.assertion()).items(), ("client_id", "ggz-noord-epd"), ("scope", "")]
    assert region.endpoint.token(pairs, proof(), None, START).token_type == "DPoP"


def test_an_assertion_is_good_once(region: Region) -> None:
    assertion = region.assertion()
    assert region.ask(assertion, proof())
    refusal = refused(region, assertion, proof())
    assert (refusal.error, refusal.reason) == ("invalid_client", "used before")
    assert refused(region, region.assertion(exp=int(START.timestamp()) + 90, jti=_jti(assertion)), proof())


def test_a_proof_is_good_once(region: Region) -> None:
    used = proof()
    assert region.ask(region.assertion(), used)
    later = region.assertion(START + timedelta(seconds=1))
    assert refused(region, later, used).reason == "used before"
    # What was refused used nothing up.
    assert region.ask(later, proof())


def test_a_proof_is_for_the_token_endpoint(region: Region) -> None:
    for other in (
        {"url": ENDPOINTS.resource},
        {"method": "GET"},
        {"token": "x"},
        {"at": START - timedelta(seconds=61)},
    ):
        assert refused(region, region.assertion(), proof(**other)).error == "invalid_dpop_proof"
    assert refused(region, region.assertion(), None).error == "invalid_dpop_proof"
    assert refused(region, region.assertion(), "x.y.z").error == "invalid_dpop_proof"


def test_without_a_proof_the_token_is_bound_to_the_registered_certificate(region: Region) -> None:
    mine = jose.digest("mine")
    assert refused(region, region.assertion(), None, certificate=mine).reason == "certificate"
    region.store.commit(lambda tx: register.pin_client(tx, "ggz-noord-epd", mine, OPERATOR, START))
    assert refused(region, region.assertion(), None, certificate=jose.digest("other")).reason == "certificate"
    reply = region.ask(region.assertion(), None, certificate=mine)
    assert reply.token_type == "Bearer"
    assert region.check.check(f"Bearer {reply.access_token}", None, "GET", "", at=START, certificate=mine)


def test_a_client_partner_or_user_that_has_ended_gets_no_token(region: Region) -> None:
    def tried(change: Any, undo: Any, error: str) -> None:
        region.store.commit(change)
        assert refused(region, region.assertion(), proof()).error == error
        region.store.commit(undo)

    tried(
        lambda tx: register.suspend_client(tx, "ggz-noord-epd", OPERATOR, START),
        lambda tx: register.resume_client(tx, "ggz-noord-epd", OPERATOR, START),
        "invalid_client",
    )
    tried(
        lambda tx: register.suspend_partner(tx, "ggz-noord", OPERATOR, START),
        lambda tx: register.resume_partner(tx, "ggz-noord", OPERATOR, START),
        "invalid_client",
    )
    tried(_user({"ended": "true"}), _user({"ended": "false"}), "invalid_grant")
    assert region.ask(region.assertion(), proof())


def test_a_rotated_key_gets_no_token_after_the_overlap(region: Region) -> None:
    new = client.new_key()
    region.store.commit(
        lambda tx: register.rotate_client(tx, "ggz-noord-epd", client.public_jwks(new), OPERATOR, START)
    )
    assert region.ask(region.assertion(), proof())
    assertion = client.assertion(new, "ggz-noord-epd", "u1", ENDPOINTS.issuer, START)
    assert region.ask(assertion, proof())
    after = START + register.OVERLAP
    assert refused(region, region.assertion(after), proof(at=after), at=after).reason == "assertion kid"


def test_a_key_ended_at_once_gets_no_token(region: Region) -> None:
    jwks = client.public_jwks(client.new_key())
    region.store.commit(
        lambda tx: register.rotate_client(tx, "ggz-noord-epd", jwks, OPERATOR, START, overlap=timedelta(0))
    )
    assert refused(region, region.assertion(), proof()).reason == "assertion kid"


def test_the_metadata_names_what_is_taken_and_nothing_more() -> None:
    issuer, resource = ENDPOINTS.issuer_metadata(), ENDPOINTS.resource_metadata()
    assert issuer["token_endpoint"] == "https://hub.example.nl/oauth/token"
    assert issuer["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert issuer["dpop_signing_alg_values_supported"] == ["PS256", "RS256", "ES256", "EdDSA"]
    assert resource["authorization_servers"] == [issuer["issuer"]]
    assert resource["dpop_bound_access_tokens_required"]


def _jti(assertion: str) -> str:
    return str(jose.json_object(jose.compact(assertion).payload)["jti"])


def _user(values: dict[str, str | None]) -> Any:
    def change(tx: Tx) -> None:
        register.record_user(tx, "ggz-noord", "u1", UserChange(values), by=OPERATOR, at=START)

    return change
