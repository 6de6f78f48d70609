"""Public keys and compact JWS, against the examples of the RFCs and against what must not pass."""

import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.identity import client, jose
from hub.identity.refusal import ALGORITHMS
from tests.unit.identity.world import ec_key, rsa_key

ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
"""RFC 8037 appendix A.2."""

EXAMPLE_JWS = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
"""RFC 8037 appendix A.4."""


def test_thumbprint_and_signature_of_rfc_8037() -> None:
    key = jose.public_key(ED25519)
    assert key.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    parts = jose.compact(EXAMPLE_JWS)
    assert parts.payload == b"Example of Ed25519 signing"
    assert key.verifies("EdDSA", parts.signing_input, parts.signature)
    assert not key.verifies("EdDSA", parts.signing_input + b"x", parts.signature)


def test_thumbprint_of_rfc_7638() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
        "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
        "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
        "nqDKgw"
    )
    key = jose.public_key({"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})
    assert key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    assert key.algorithms == {"RS256"}


def test_each_algorithm_signs_and_only_its_own_key_verifies() -> None:
    keys = [rsa_key("PS256"), rsa_key("RS256"), ec_key(), client.new_key()]
    assert [key.algorithm for key in keys] == list(ALGORITHMS)
    for key in keys:
        parts = jose.compact(key.jws(jose.segment({"alg": key.algorithm}), b"{}"))
        for other in keys:
            public = jose.public_key(other.public)
            assert public.verifies(key.algorithm, parts.signing_input, parts.signature) == (other is key)


def test_a_jwk_that_names_one_algorithm_verifies_no_other() -> None:
    key = rsa_key("RS256")
    public = jose.public_key({**key.public, "alg": "PS256"})
    parts = jose.compact(key.jws(jose.segment({"alg": "RS256"}), b"{}"))
    assert not public.verifies("RS256", parts.signing_input, parts.signature)


def _weak() -> list[tuple[str, object]]:
    strong, curve = rsa_key().public, ec_key().public
    return [
        ("not an object", [ED25519]),
        ("nothing", None),
        ("no type", {"x": ED25519["x"]}),
        ("type of another kind", {**ED25519, "kty": ["OKP"]}),
        ("symmetric", {"kty": "oct", "k": "c2VjcmV0"}),
        ("private member", {**ED25519, "d": ED25519["x"]}),
        ("private member, empty", {**ED25519, "d": ""}),
        ("key elsewhere", {**ED25519, "x5u": "https://attacker.example/key"}),
        ("keys elsewhere", {**ED25519, "jku": "https://attacker.example/keys"}),
        ("other curve", {**ED25519, "crv": "X25519"}),
        ("other curve of EC", {**curve, "crv": "P-384"}),
        ("bitcoin's curve", {**curve, "crv": "secp256k1"}),
        ("point not on the curve", {**curve, "y": curve["x"]}),
        ("key too short", {**ED25519, "x": "AAAA"}),
        ("key with padding", {**ED25519, "x": ED25519["x"] + "="}),
        ("key spelled twice", {**ED25519, "x": ED25519["x"][:-1] + "p"}),
        ("key no text", {**ED25519, "x": 3}),
        ("RSA of 1024 bits", {**strong, "n": jose.to_base64url(b"\xff" * 128)}),
        ("RSA of 2047 bits", {**strong, "n": jose.to_base64url(b"\x7f" + b"\xff" * 255)}),
        ("RSA of 8192 bits", {**strong, "n": jose.to_base64url(b"\xff" * 1024)}),
        ("RSA modulus with a zero ahead", {**strong, "n": jose.to_base64url(b"\0" + jose.from_base64url(strong["n"]))}),
        ("RSA exponent 1", {**strong, "e": "AQ"}),
        ("RSA exponent 3", {**strong, "e": "Aw"}),
        ("RSA exponent even", {**strong, "e": "AQAC"}),
        ("use for encryption", {**ED25519, "use": "enc"}),
        ("operations without verify", {**ED25519, "key_ops": ["sign"]}),
        ("algorithm of another type", {**ED25519, "alg": "RS256"}),
        ("algorithm none", {**ED25519, "alg": "none"}),
        ("algorithm symmetric", {**strong, "alg": "HS256"}),
        ("algorithm RS384", {**strong, "alg": "RS384"}),
    ]


@pytest.mark.parametrize(("fault", "jwk"), _weak())
def test_a_faulty_key_is_refused(fault: str, jwk: object) -> None:
    with pytest.raises(jose.Malformed):
        jose.public_key(jwk)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c.d",
        EXAMPLE_JWS + "\n",
        EXAMPLE_JWS + "=",
        " " + EXAMPLE_JWS,
        EXAMPLE_JWS.replace("A", "é", 1),
        EXAMPLE_JWS[:-1] + "h",
        jose.segment({"alg": "EdDSA"}) + "..AAAA",
        jose.to_base64url(b"[]") + ".AAAA.AAAA",
        jose.to_base64url(b"[" * 4_000) + ".AAAA.AAAA",
        jose.to_base64url(b'{"exp":' + b"9" * 5_000 + b"}") + ".AAAA.AAAA",
        jose.to_base64url(b'{"alg":"EdDSA","alg":"ES256"}') + ".AAAA.AAAA",
        jose.to_base64url(b'{"a":{"b":1,"b":2}}') + ".AAAA.AAAA",
        jose.to_base64url(b'{"a":NaN}') + ".AAAA.AAAA",
        jose.to_base64url(b"\xef\xbb\xbf{}") + ".AAAA.AAAA",
        jose.to_base64url('{"alg":"EdDSA"}'.encode("utf-16")) + ".AAAA.AAAA",
        jose.to_base64url('{"alg":"EdDSA"}'.encode("utf-16-le")) + ".AAAA.AAAA",
        "A" * 9_000 + ".AAAA.AAAA",
    ],
)
def test_what_is_no_compact_jws_is_refused(token: str) -> None:
    with pytest.raises(jose.Malformed):
        jose.compact(token)


@given(st.one_of(st.text(), st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,40}", fullmatch=True)))
def test_no_text_at_all_makes_the_reader_fall_over(token: str) -> None:
    try:
        parts = jose.compact(token)
    except jose.Malformed:
        return
    assert isinstance(parts.header, Mapping)


@given(st.binary(max_size=80))
def test_base64url_has_one_spelling(raw: bytes) -> None:
    spelled = jose.to_base64url(raw)
    assert jose.from_base64url(spelled) == raw
    assert "=" not in spelled


@pytest.mark.parametrize("value", [None, True, "1700000000", -1, math.inf, math.nan, 2**41, [1], {}])
def test_what_is_no_instant_is_refused(value: Any) -> None:
    with pytest.raises(jose.Malformed):
        jose.number({"exp": value}, "exp")
