"""The check of a request: access token and proof together, and every way to come in without them."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.identity import check, client, jose
from hub.identity.check import Caller
from hub.identity.client import PrivateKey, private_key
from hub.identity.refusal import Refused
from hub.identity.token_keys import PREFIX
from hub.model.release import Subject
from tests.unit.identity.world import ENDPOINTS, START, URL, Region, crafted

HOLDER = client.new_key()
NOW = int(START.timestamp())


def call(region: Region, token: str, at: datetime = START, **other: Any) -> Caller:
    """Call with `token`, as its holder does."""
    given: dict[str, Any] = {
        "authorization": f"DPoP {token}",
        "dpop": client.dpop_proof(HOLDER, "POST", URL, at, token=token),
        "method": "POST",
        "url": URL,
        "at": at,
        **other,
    }
    return region.check.check(**given)


def refused(region: Region, token: str, at: datetime = START, **other: Any) -> Refused:
    """The refusal of a call with `token`."""
    with pytest.raises(Refused) as caught:
        call(region, token, at, **other)
    assert not token or token not in f"{caught.value} {caught.value.challenge} {caught.value.reason}"
    return caught.value


def own_key(region: Region) -> PrivateKey:
    """The hub's own signing key, in the hands of the test."""
    seed = region.keyring.get(f"{PREFIX}{NOW}")
    public = region.keys.current(NOW).signing(NOW).public
    return private_key({**public.jwk, "d": jose.to_base64url(seed)})


def forged(region: Region, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token with other claims or headers, but really signed by the hub (None: left out)."""
    key = own_key(region)
    good = {
        "iss": ENDPOINTS.issuer,
        "aud": ENDPOINTS.resource,
        "sub": "u1",
        "client_id": "ggz-noord-epd",
        "partner": "ggz-noord",
        "iat": NOW,
        "exp": NOW + 300,
        "jti": "1",
        "cnf": {"jkt": HOLDER.thumbprint},
    }
    kept = {name: value for name, value in {**good, **claims}.items() if value is not None}
    head = {"typ": "at+jwt", "alg": "EdDSA", "kid": key.thumbprint, **(header or {})}
    return crafted(key, {name: value for name, value in head.items() if value is not None}, kept)


def test_the_holder_of_a_token_is_let_in_with_his_proof_to_use_up(region: Region) -> None:
    token = region.token(HOLDER)
    caller = call(region, token)
    assert caller.subject == Subject("ggz-noord", "u1", "ggz-noord-epd")
    ((name, _expires_at),) = caller.proof_ids
    assert name.startswith("dpop:")
    assert call(region, token).proof_ids != caller.proof_ids
    assert call(region, forged(region)).subject == caller.subject


def test_a_token_has_the_shape_of_rfc_9068(region: Region) -> None:
    parts = jose.compact(region.token(HOLDER))
    assert parts.header["typ"] == "at+jwt"
    claims = jose.json_object(parts.payload)
    assert claims.keys() == {"iss", "aud", "sub", "client_id", "partner", "iat", "exp", "jti", "cnf"}
    assert claims["exp"] - claims["iat"] == 300
    assert claims["cnf"] == {"jkt": HOLDER.thumbprint}


@pytest.mark.parametrize(
    ("authorization", "error"),
    [
        (None, None),
        ("", None),
        ("Basic dTE6cGFzcw==", None),
        ("DPoP", "invalid_token"),
        ("DPoP ", "invalid_token"),
        ("DPoP x.y.z", "invalid_token"),
        ("DPoP é.y.z", "invalid_token"),
        ("DPoP " + "A" * 9_000, "invalid_token"),
    ],
)
def test_no_token_no_entry(region: Region, authorization: str | None, error: str | None) -> None:
    refusal = refused(region, "", authorization=authorization)
    assert refusal.error == error
    assert refusal.challenge.startswith("DPoP ")
    assert 'algs="PS256 RS256 ES256 EdDSA"' in refusal.challenge
    assert ("error=" in refusal.challenge) == (error is not None)
    assert refusal.sentence == "De aanmelding klopt niet of is verlopen."


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": ENDPOINTS.issuer},
        {"aud": [ENDPOINTS.resource]},
        {"aud": None},
        {"exp": NOW},
        {"exp": NOW + 301},
        {"exp": None},
        {"exp": str(NOW + 300)},
        {"iat": NOW + 11, "exp": NOW + 300},
        {"iat": None},
        {"iat": NOW - 600, "exp": NOW + 60},
        {"jti": None},
        {"sub": None},
        {"sub": ""},
        {"client_id": None},
        {"partner": None},
        {"partner": ["ggz-noord"]},
        {"cnf": None},
        {"cnf": {}},
        {"cnf": HOLDER.thumbprint},
        {"cnf": {"jkt": ""}},
        {"cnf": {"jkt": HOLDER.thumbprint, "x5t#S256": HOLDER.thumbprint}},
        {"cnf": {"kid": HOLDER.thumbprint}},
    ],
)
def test_a_claim_that_is_not_right_is_refused_even_under_the_hubs_own_signature(
    region: Region, claims: dict[str, Any]
) -> None:
    assert refused(region, forged(region, **claims)).error == "invalid_token"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS256"},
        {"typ": "JWT"},
        {"typ": None},
        {"kid": None},
        {"kid": "../../../etc/passwd"},
        {"kid": "' OR 1=1 --"},
        {"kid": ["x"]},
        {"jku": "https://attacker.example/jwks"},
        {"x5u": "https://attacker.example/cert"},
        {"jwk": dict(HOLDER.public)},
        {"crit": ["exp"]},
    ],
)
def test_a_header_that_is_not_the_hubs_is_refused(region: Region, header: dict[str, Any]) -> None:
    assert refused(region, forged(region, header)).error == "invalid_token"


def test_a_token_signed_by_another_is_refused(region: Region) -> None:
    head, middle, tail = region.token(HOLDER).split(".")
    kid = own_key(region).thumbprint
    for stranger in (HOLDER, region.key):
        signed = crafted(stranger, {"typ": "at+jwt", "alg": "EdDSA", "kid": kid}, jose.from_base64url(middle))
        assert refused(region, signed).reason == "token signature"
    changed = jose.segment({**jose.json_object(jose.from_base64url(middle)), "sub": "u2"})
    assert refused(region, f"{head}.{changed}.{tail}").reason == "token signature"


def test_the_public_key_is_no_secret_to_sign_with(region: Region) -> None:
    key = own_key(region)
    middle = region.token(HOLDER).split(".")[1]
    signed = f"{jose.segment({'typ': 'at+jwt', 'alg': 'HS256', 'kid': key.thumbprint})}.{middle}"
    tag = hmac.new(jose.from_base64url(key.public["x"]), signed.encode(), hashlib.sha256).digest()
    assert refused(region, f"{signed}.{jose.to_base64url(tag)}").reason == "token header"


def test_an_assertion_or_proof_is_no_token(region: Region) -> None:
    assert refused(region, region.assertion()).error == "invalid_token"
    assert refused(region, client.dpop_proof(HOLDER, "POST", URL, START)).error == "invalid_token"


def test_a_token_ends_also_when_it_is_remembered(region: Region) -> None:
    token = region.token(HOLDER)
    call(region, token)
    last = START + timedelta(seconds=299)
    assert call(region, token, last)
    assert refused(region, token, last + timedelta(seconds=1)).reason == "token exp"


def test_a_stolen_token_is_of_no_use_without_its_key(region: Region) -> None:
    token = region.token(HOLDER)
    thief = client.new_key()
    proof = client.dpop_proof(thief, "POST", URL, START, token=token)
    assert refused(region, token, dpop=proof).reason == "dpop key"
    assert refused(region, token, dpop=None).error == "invalid_dpop_proof"
    assert refused(region, token, authorization=f"Bearer {token}").error == "invalid_token"
    assert refused(region, token, authorization=f"Bearer {token}", dpop=None).error == "invalid_token"


def test_a_proof_is_for_one_method_address_and_token(region: Region) -> None:
    token, other = region.token(HOLDER), forged(region, jti="2")
    assert refused(region, token, method="GET").reason == "dpop htm"
    assert refused(region, token, url=URL + "/1").reason == "dpop htu"
    assert refused(region, token, dpop=client.dpop_proof(HOLDER, "POST", URL, START, token=other)).reason == "dpop ath"
    assert refused(region, token, dpop=client.dpop_proof(HOLDER, "POST", URL, START)).reason == "dpop ath"
    early, late = START - timedelta(seconds=61), START + timedelta(seconds=61)
    for at in (early, late):
        proof = client.dpop_proof(HOLDER, "POST", URL, at, token=token)
        assert refused(region, token, dpop=proof).reason == "dpop iat"


def test_the_scheme_is_written_in_any_case(region: Region) -> None:
    token = region.token(HOLDER)
    assert call(region, token, authorization=f"dpop {token}")


def test_a_token_bound_to_a_certificate_goes_with_that_certificate_only(region: Region) -> None:
    mine, other = jose.digest("mine"), jose.digest("other")
    token = forged(region, cnf={"x5t#S256": mine})
    bearer: dict[str, Any] = {"authorization": f"Bearer {token}", "dpop": None}
    assert call(region, token, **bearer, certificate=mine).proof_ids == ()
    assert refused(region, token, **bearer, certificate=other).reason == "certificate"
    assert refused(region, token, **bearer, certificate=None).reason == "certificate"
    assert refused(region, token, certificate=mine).reason == "scheme"


def test_the_memory_of_tokens_has_an_end(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MAX_CACHED", 3)
    for number in range(10):
        assert call(region, forged(region, jti=str(number)))
    assert len(region.check._memory[1]) <= 3
