"""The assertion of a client (RFC 7523): every way to lie in it."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.identity import client, jose
from hub.identity.assertion import checked_assertion
from hub.identity.client import PrivateKey
from hub.identity.client_keys import ClientKeys, first_keys
from hub.identity.refusal import Refused
from hub.model.instant import to_text
from tests.unit.identity.world import ENDPOINTS, START, assertion_claims, crafted, ec_key, rsa_key

KEY = client.new_key()
KID = KEY.thumbprint
HEADER = {"alg": "EdDSA", "kid": KID}
NOW = int(START.timestamp())


def keys_of(name: str) -> ClientKeys | None:
    """The register of one client."""
    return first_keys(client.public_jwks(KEY), to_text(START)) if name == "ggz-noord-epd" else None


def refused(token: str, find: Callable[[str], ClientKeys | None] = keys_of) -> str:
    """Why `token` is refused."""
    with pytest.raises(Refused) as caught:
        checked_assertion(token, ENDPOINTS.audiences, find, START)
    assert caught.value.error == "invalid_client"
    assert token not in str(caught.value)
    return caught.value.reason


def good(**claims: Any) -> str:
    """An assertion really signed, with these claims."""
    return crafted(KEY, HEADER, assertion_claims(START, **claims))


def test_a_good_assertion_says_who_and_for_whom() -> None:
    said = checked_assertion(good(), ENDPOINTS.audiences, keys_of, START)
    assert (said.client, said.user) == ("ggz-noord-epd", "u1")
    key, expires_at = said.proof_id
    assert key.startswith("assertion:")
    assert expires_at == to_text(START + timedelta(seconds=60))


@pytest.mark.parametrize("audience", [ENDPOINTS.issuer, ENDPOINTS.token, [ENDPOINTS.token]])
def test_token_endpoint_or_issuer_is_the_audience(audience: object) -> None:
    assert checked_assertion(good(aud=audience), ENDPOINTS.audiences, keys_of, START)


@pytest.mark.parametrize("key", [rsa_key("PS256"), rsa_key("RS256"), ec_key()], ids=lambda key: str(key.algorithm))
def test_every_agreed_algorithm_is_taken(key: PrivateKey) -> None:
    def keys(_name: str) -> ClientKeys:
        return first_keys(client.public_jwks(key), to_text(START))

    token = client.assertion(key, "ggz-noord-epd", "u1", ENDPOINTS.token, START)
    assert checked_assertion(token, ENDPOINTS.audiences, keys, START).client == "ggz-noord-epd"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": None}, "iss"),
        ({"gebruiker": "999900006"}, "gebruiker"),
        ({"gebruiker": "u 1"}, "gebruiker"),
        ({"gebruiker": "u\x00"}, "gebruiker"),
        ({"gebruiker": "\ud800"}, "gebruiker"),
        ({"iss": "gem-1"}, "client"),
        ({"iss": ["ggz-noord-epd"]}, "iss"),
        ({"sub": "gem-1"}, "sub"),
        ({"sub": None}, "sub"),
        ({"aud": None}, "aud"),
        ({"aud": "https://other.example"}, "aud"),
        ({"aud": ENDPOINTS.resource}, "aud"),
        ({"aud": [ENDPOINTS.token, "https://other.example"]}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": ENDPOINTS.token + "/"}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": str(NOW + 60)}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": NOW}, "expired"),
        ({"exp": NOW - 1}, "expired"),
        ({"exp": NOW + 301}, "exp"),
        ({"iat": NOW - 3_600}, "exp"),
        ({"iat": None}, "iat"),
        ({"iat": NOW + 9, "exp": NOW + 5}, "iat"),
        ({"iat": NOW + 11}, "not yet valid"),
        ({"nbf": NOW + 11}, "not yet valid"),
        ({"nbf": "soon"}, "nbf"),
        *[({name: text}, name) for name in ("iss", "sub", "aud", "jti") for text in ("\ud800", "a\x00b", "a\nb")],
        ({"iss": "\ud800", "sub": "\ud800"}, "iss"),
        ({"iss": "' OR '1'='1"}, "iss"),
        ({"iss": "x" * 256}, "iss"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 7}, "jti"),
        ({"jti": "a" * 257}, "jti"),
        ({"gebruiker": None}, "gebruiker"),
        ({"gebruiker": {"id": "u1"}}, "gebruiker"),
    ],
)
def test_a_claim_that_is_not_right_is_refused(claims: dict[str, Any], reason: str) -> None:
    changed = {**assertion_claims(START), **claims}
    token = crafted(KEY, HEADER, {name: value for name, value in changed.items() if value is not None})
    assert refused(token) == f"assertion {reason}"


@pytest.mark.parametrize("issuer", ["\ud800", "a\x00b", "A B", "999900006", "", 7])
def test_who_is_no_client_by_his_name_is_not_looked_up(issuer: object) -> None:
    def find(_name: str) -> ClientKeys | None:
        raise AssertionError("looked up")

    assert refused(good(iss=issuer, sub=issuer), find) == "assertion iss"


def test_a_clock_a_little_ahead_is_no_fault() -> None:
    assert checked_assertion(good(iat=NOW + 10, nbf=NOW + 10), ENDPOINTS.audiences, keys_of, START)
    assert checked_assertion(good(exp=NOW + 300), ENDPOINTS.audiences, keys_of, START)


@pytest.mark.parametrize("algorithm", ["none", "None", "", "HS256", "RS384", "ES256K", "Ed448", None, ["EdDSA"]])
def test_an_algorithm_that_is_not_agreed_is_refused(algorithm: object) -> None:
    assert refused(crafted(KEY, {"alg": algorithm, "kid": KID}, assertion_claims(START))) == "assertion alg"


def test_no_signature_is_refused() -> None:
    head, middle, _ = good().split(".")
    assert refused(f"{jose.segment({'alg': 'none', 'kid': KID})}.{middle}.") == "assertion jws"
    assert refused(f"{head}.{middle}.AAAA") == "assertion signature"


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    for algorithm in ("HS256", "EdDSA"):
        signed = f"{jose.segment({'alg': algorithm, 'kid': KID})}.{good().split('.')[1]}"
        tag = hmac.new(KEY.public["x"].encode(), signed.encode(), hashlib.sha256).digest()
        assert refused(f"{signed}.{jose.to_base64url(tag)}") in ("assertion alg", "assertion signature")


def test_another_algorithm_than_the_key_is_registered_for_is_refused() -> None:
    registered = rsa_key("PS256")
    swapped = client.private_key(registered.jwk, "RS256")

    def keys(_name: str) -> ClientKeys:
        return first_keys(client.public_jwks(registered), to_text(START))

    token = crafted(swapped, {"alg": "RS256", "kid": registered.thumbprint}, assertion_claims(START))
    assert refused(token, keys) == "assertion alg"


@pytest.mark.parametrize(
    "kid",
    [
        None,
        "",
        "../../../dev/null",
        "' OR '1'='1",
        "x\0",
        0,
        ["a"],
        {"a": 1},
        KID + " ",
        KID.lower(),
        "*",
        "%",
        "\ud800",
    ],
)
def test_only_a_registered_kid_is_a_key(kid: object) -> None:
    assert refused(crafted(KEY, {"alg": "EdDSA", "kid": kid}, assertion_claims(START))) == "assertion kid"


@pytest.mark.parametrize(
    "extra",
    [
        {"jku": "https://attacker.example/jwks"},
        {"x5u": "https://attacker.example/cert"},
        {"jwk": dict(KEY.public)},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
        {"typ": "dpop+jwt"},
        {"typ": "at+jwt"},
        {"typ": 3},
    ],
)
def test_no_header_brings_or_points_to_a_key(extra: dict[str, Any]) -> None:
    assert refused(crafted(KEY, {**HEADER, **extra}, assertion_claims(START))) == "assertion header"


def test_a_key_in_the_header_does_not_take_the_place_of_the_registered_one() -> None:
    mine = client.new_key()
    token = crafted(mine, {**HEADER, "jwk": dict(mine.public)}, assertion_claims(START))
    assert refused(token) == "assertion header"
    assert refused(crafted(mine, HEADER, assertion_claims(START))) == "assertion signature"


def test_a_changed_claim_breaks_the_signature() -> None:
    head, _, tail = good().split(".")
    middle = jose.segment(assertion_claims(START, gebruiker="u2"))
    assert refused(f"{head}.{middle}.{tail}") == "assertion signature"


def test_an_ended_key_and_a_coming_key_do_not_count() -> None:
    keys = first_keys(client.public_jwks(KEY), to_text(START - timedelta(days=9)))
    ended = keys.rotated(client.public_jwks(client.new_key()), to_text(START - timedelta(days=1)), to_text(START))
    assert refused(good(), lambda _name: ended) == "assertion kid"
    coming = first_keys(client.public_jwks(KEY), to_text(START + timedelta(seconds=1)))
    assert refused(good(), lambda _name: coming) == "assertion kid"


def test_the_same_jti_of_two_clients_are_two_proofs() -> None:
    def keys(_name: str) -> ClientKeys:
        return first_keys(client.public_jwks(KEY), to_text(START))

    names = {
        checked_assertion(good(iss=name, sub=name, jti="1"), ENDPOINTS.audiences, keys, START).proof_id
        for name in ("ggz-noord-epd", "gem-1")
    }
    assert len(names) == 2
