"""Proofs of possession (RFC 9449)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.identity import client, jose
from hub.identity.client import PrivateKey
from hub.identity.dpop import Proof, checked_proof
from hub.identity.refusal import Refused
from hub.model.instant import to_text
from tests.unit.identity.world import START, URL, crafted, ec_key, rsa_key

HOLDER = client.new_key()
NOW = int(START.timestamp())
TOKEN = "the-token"
ATH = jose.digest(TOKEN)
HEADER = {"typ": "dpop+jwt", "alg": "EdDSA", "jwk": dict(HOLDER.public)}
CLAIMS = {"jti": "1", "htm": "POST", "htu": URL, "iat": NOW, "ath": ATH}


def checked(proof: str, **other: Any) -> Proof:
    """Check as the resource does."""
    about: dict[str, Any] = {"token": ATH, "thumbprint": HOLDER.thumbprint, **other}
    return checked_proof(proof, "POST", URL, START, **about)


def refused(proof: str, **other: Any) -> str:
    """Why `proof` is refused."""
    with pytest.raises(Refused) as caught:
        checked(proof, **other)
    assert caught.value.error == "invalid_dpop_proof"
    return caught.value.reason.removeprefix("dpop ")


def test_the_proof_of_rfc_9449_section_4_2() -> None:
    proof = (
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0Rs"
        "cEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2"
        "In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2V"
        "uIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37x"
        "RZT3Lg"
    )
    at = datetime.fromtimestamp(1_562_262_616, UTC)
    found = checked_proof(proof, "POST", "https://server.example.com/token", at)
    assert found.thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


@pytest.mark.parametrize("key", [HOLDER, ec_key(), rsa_key("PS256"), rsa_key("RS256")], ids=lambda k: str(k.algorithm))
def test_a_good_proof_of_every_algorithm(key: PrivateKey) -> None:
    proof = client.dpop_proof(key, "POST", URL, START, token=TOKEN)
    found = checked(proof, thumbprint=key.thumbprint)
    assert found.thumbprint == key.thumbprint
    name, expires_at = found.proof_id
    assert name.startswith("dpop:")
    assert expires_at == to_text(START + timedelta(seconds=60))


def test_each_proof_of_a_row_has_a_name_of_its_own() -> None:
    row = client.dpop_proofs(HOLDER, "POST", URL, START, token=TOKEN)
    assert len({checked(next(row)).proof_id for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"htm": "GET"}, "htm"),
        ({"htm": "post"}, "htm"),
        ({"htm": None}, "htm"),
        ({"htu": URL + "/x"}, "htu"),
        ({"htu": URL.replace("https", "http")}, "htu"),
        ({"htu": URL.replace("hub.example.nl", "hub.example.nl.attacker.example")}, "htu"),
        ({"htu": URL.replace("hub.example.nl", "hub.example.nl:444")}, "htu"),
        ({"htu": URL.replace("https://", "https://user@")}, "htu"),
        ({"htu": URL.replace("raadplegingen", "Raadplegingen")}, "htu"),
        ({"htu": URL.replace("raadplegingen", "%2572aadplegingen")}, "htu"),
        ({"htu": URL.replace("raadplegingen", "%52aadplegingen")}, "htu"),
        ({"htu": "https://[::1"}, "htu"),
        *[({"htu": URL.replace("/v1", f":{port}/v1")}, "htu") for port in ("0443", "00443", "0")],
        *[({"htu": f"{sign}{URL}"}, "htu") for sign in (" ", "\t", "\n", "\x01")],
        *[({"htu": URL.replace("v1", f"v{sign}1")}, "htu") for sign in ("\t", "\n", "\r")],
        ({"htu": None}, "htu"),
        ({"htu": 3}, "htu"),
        ({"iat": NOW - 61}, "iat"),
        ({"iat": NOW + 61}, "iat"),
        ({"iat": str(NOW)}, "iat"),
        ({"iat": None}, "iat"),
        ({"ath": jose.digest("another-token")}, "ath"),
        ({"ath": None}, "ath"),
        ({"ath": ATH.lower()}, "ath"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        *[({name: text}, name) for name in ("jti", "htu", "htm", "ath") for text in ("\ud800", "a\x00b")],
    ],
)
def test_a_claim_that_is_not_of_this_request_is_refused(claims: dict[str, Any], reason: str) -> None:
    given = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    assert refused(crafted(HOLDER, HEADER, given)) == reason


@pytest.mark.parametrize("skew", [-60, 60])
def test_the_edge_of_the_window_is_inside(skew: int) -> None:
    assert checked(crafted(HOLDER, HEADER, {**CLAIMS, "iat": NOW + skew}))


@pytest.mark.parametrize(
    "htu",
    [
        URL + "?a=1",
        URL + "#x",
        URL.replace("hub.example.nl", "HUB.example.nl:443"),
        URL.replace("https", "HTTPS"),
        URL.replace("raadplegingen", "%72aadplegin%67en"),
        URL.replace("raadplegingen", "raad%70legingen?a=%2F"),
    ],
)
def test_another_spelling_of_the_same_address_is_the_same(htu: str) -> None:
    assert checked(crafted(HOLDER, HEADER, {**CLAIMS, "htu": htu}))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"typ": "JWT"}, "header"),
        ({"typ": None}, "header"),
        ({"alg": "none"}, "alg"),
        ({"alg": "HS256"}, "alg"),
        ({"alg": "ES256"}, "alg"),
        ({"alg": ["EdDSA"]}, "alg"),
        ({"jwk": None}, "header"),
        ({"jwk": "https://attacker.example/key"}, "jwk"),
        ({"jwk": dict(HOLDER.jwk)}, "jwk"),
        ({"jwk": {"kty": "oct", "k": "AAAA"}}, "jwk"),
        ({"kid": "x"}, "header"),
        ({"jku": "https://attacker.example/jwks"}, "header"),
        ({"crit": ["b64"], "b64": False}, "header"),
        ({"x": "a" * 4_000}, "header"),
    ],
)
def test_a_header_that_is_not_plain_is_refused(header: dict[str, Any], reason: str) -> None:
    given = {name: value for name, value in {**HEADER, **header}.items() if value is not None}
    assert refused(crafted(HOLDER, given, CLAIMS)) == reason


def test_the_proof_of_another_key_is_refused_before_its_signature_is_looked_at() -> None:
    other = client.new_key()
    assert refused(client.dpop_proof(other, "POST", URL, START, token=TOKEN)) == "key"
    assert refused(crafted(other, {**HEADER, "jwk": dict(other.public)}, CLAIMS)) == "key"
    # The right key in the header, but signed with another.
    assert refused(crafted(other, HEADER, CLAIMS)) == "signature"


def test_a_changed_claim_breaks_the_signature_also_when_the_header_is_known() -> None:
    head, _, tail = client.dpop_proof(HOLDER, "POST", URL, START, token=TOKEN).split(".")
    assert refused(f"{head}.{jose.segment({**CLAIMS, 'jti': '2'})}.{tail}") == "signature"


def test_a_proof_for_a_resource_is_none_for_the_token_endpoint() -> None:
    proof = client.dpop_proof(HOLDER, "POST", URL, START, token=TOKEN)
    assert refused(proof, token=None) == "ath"


def test_a_second_spelling_of_the_signature_is_refused() -> None:
    proof = client.dpop_proof(HOLDER, "POST", URL, START, token=TOKEN)
    last = "AQgw"
    other = proof[:-1] + chr(ord(proof[-1]) + 1)
    assert proof[-1] in last
    assert refused(other) == "base64url"
