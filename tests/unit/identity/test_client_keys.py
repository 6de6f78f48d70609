"""The registered keys of a client."""

from datetime import timedelta
from typing import Any

import pytest

from hub.errors import Conflict, ShapeError
from hub.identity import client
from hub.identity.client_keys import MAX_LIVE, ClientKeys, first_keys
from hub.model.instant import to_text
from tests.unit.identity.world import START, ec_key, rsa_key

NOW, LATER = to_text(START), to_text(START + timedelta(hours=1))
KEY = client.new_key()


def jwks(*keys: client.PrivateKey) -> dict[str, Any]:
    """The set of these keys."""
    return {"keys": [jwk for key in keys for jwk in client.public_jwks(key)["keys"]]}


def test_keys_are_stored_and_read_back_with_their_dates() -> None:
    keys = first_keys(jwks(KEY, ec_key(), rsa_key("RS256")), NOW)
    assert ClientKeys.stored(keys.text()) == keys
    found = keys.find(KEY.thumbprint, NOW)
    assert found is not None
    assert found.thumbprint == KEY.thumbprint
    assert keys.find(KEY.thumbprint, to_text(START - timedelta(seconds=1))) is None
    assert keys.find("x", NOW) is None


def test_the_private_half_and_other_members_are_never_stored() -> None:
    (public,) = client.public_jwks(KEY)["keys"]
    keys = first_keys({"keys": [{**public, "x5c": ["AAAA"], "note": "van Jan"}]}, NOW)
    assert keys.keys[0].jwk.keys() == {"kty", "crv", "x", "alg"}
    with pytest.raises(ShapeError):
        first_keys({"keys": [{**KEY.jwk, "kid": "x"}]}, NOW)


def test_an_rsa_key_keeps_the_one_algorithm_it_is_for() -> None:
    key = rsa_key("RS256")
    found = first_keys(jwks(key), NOW).find(key.thumbprint, NOW)
    assert found is not None
    assert found.algorithms == {"RS256"}


def test_a_rotation_ends_the_old_and_keeps_it_on_record() -> None:
    new = client.new_key()
    keys = first_keys(jwks(KEY), NOW).rotated(jwks(new), NOW, LATER)
    assert keys.find(KEY.thumbprint, NOW)
    assert keys.find(KEY.thumbprint, LATER) is None
    assert keys.find(new.thumbprint, LATER)
    assert len(keys.keys) == 2
    # A second rotation does not give the first key more time.
    again = keys.rotated(jwks(client.new_key()), NOW, to_text(START + timedelta(hours=9)))
    assert again.find(KEY.thumbprint, LATER) is None


def test_what_was_used_before_does_not_come_back() -> None:
    keys = first_keys(jwks(KEY), NOW).rotated(jwks(client.new_key()), NOW, NOW)
    with pytest.raises(Conflict):
        keys.rotated(jwks(KEY), LATER, LATER)
    with pytest.raises(Conflict):
        keys.rotated(client.public_jwks(KEY, "another-name"), LATER, LATER)
    with pytest.raises(Conflict):
        keys.rotated(client.public_jwks(client.new_key(), KEY.thumbprint), LATER, LATER)


@pytest.mark.parametrize(
    "faulty",
    [
        None,
        [],
        {},
        {"keys": []},
        {"keys": "x"},
        {"keys": [None]},
        {"keys": [{"kty": "oct", "k": "AAAA", "kid": "x"}]},
        {"keys": [dict(KEY.public)]},
        {"keys": [{**KEY.public, "kid": ""}]},
        {"keys": [{**KEY.public, "kid": 1}]},
        {"keys": [{**KEY.public, "kid": "a\nb"}]},
        {"keys": [{**KEY.public, "kid": "a" * 129}]},
        {"keys": [{**KEY.public, "kid": "a"}, {**KEY.public, "kid": "b"}]},
        {"keys": [{**KEY.public, "kid": "a", "x5u": "https://attacker.example"}]},
        jwks(KEY, KEY),
    ],
)
def test_a_faulty_set_is_refused(faulty: object) -> None:
    with pytest.raises(ShapeError):
        first_keys(faulty, NOW)


def test_a_client_has_few_keys_at_once() -> None:
    keys = [client.new_key() for _ in range(MAX_LIVE + 1)]
    assert first_keys(jwks(*keys[:-1]), NOW)
    with pytest.raises(ShapeError):
        first_keys(jwks(*keys), NOW)
    with pytest.raises(ShapeError):
        first_keys(jwks(*keys[:-1]), NOW).rotated(jwks(keys[-1]), NOW, LATER)
