"""The hub's own token keys: a new one signs, the old one verifies until its tokens have ended."""

from datetime import timedelta

import pytest

from hub.errors import KeysUnavailable
from hub.identity.refusal import Refused
from hub.identity.token_keys import GRACE, LEAD, LIFETIME, PREFIX, TokenKeys, ensure_token_key, rotate_token_key
from tests.unit.identity.test_check import HOLDER, call
from tests.unit.identity.world import START, Region, region_on

NOW = START.timestamp()


def test_the_first_key_is_made_once(region: Region) -> None:
    ensure_token_key(region.keyring, START + timedelta(days=1))
    assert region.keyring.names(PREFIX) == [f"{PREFIX}{int(NOW)}"]


def test_without_a_key_nothing_is_signed(region: Region) -> None:
    region.keyring.destroy(f"{PREFIX}{int(NOW)}")
    with pytest.raises(KeysUnavailable):
        TokenKeys(region.keyring).current(NOW).signing(NOW)
    with pytest.raises(KeysUnavailable):
        region.keys.current(NOW - 60).signing(NOW - 60)


def test_rotation_is_seen_by_every_process_before_the_new_key_signs(region: Region) -> None:
    old = region.keys.current(NOW).signing(NOW)
    other = region_on(region.store, region.keyring, region.key)
    rotate_token_key(region.keyring, START)
    soon = NOW + LEAD - 1
    for process in (region, other):
        current = process.keys.current(soon)
        assert current.signing(soon).kid == old.kid
        assert len(current.jwks(soon)["keys"]) == 2
        assert current.signing(soon + 1).kid != old.kid


def test_the_jwks_shows_public_halves_only(region: Region) -> None:
    (shown,) = region.keys.current(NOW).jwks(NOW)["keys"]
    assert shown.keys() == {"kty", "crv", "x", "kid", "alg", "use"}
    assert shown["kid"] == region.keys.current(NOW).signing(NOW).kid


def test_a_token_of_the_old_key_holds_until_it_ends(region: Region) -> None:
    last = START + timedelta(seconds=LEAD - 1)
    rotate_token_key(region.keyring, START)
    token = region.token(HOLDER, last)
    late = last + timedelta(seconds=LIFETIME - 1)
    fresh = region_on(region.store, region.keyring, region.key)
    assert call(fresh, token, late)


def test_an_old_key_verifies_nothing_after_its_tokens_have_ended(region: Region) -> None:
    old = region.keys.current(NOW).signing(NOW)
    rotate_token_key(region.keyring, START)
    end = NOW + LEAD + LIFETIME + GRACE
    current = TokenKeys(region.keyring).current(end)
    assert current.verifying(old.kid, end - 1) is not None
    assert current.verifying(old.kid, end) is None
    assert [key["kid"] for key in current.jwks(end)["keys"]] == [current.signing(end).kid]


def test_the_next_rotation_destroys_what_has_ended(region: Region) -> None:
    first = f"{PREFIX}{int(NOW)}"
    second = rotate_token_key(region.keyring, START)
    third = rotate_token_key(region.keyring, START + timedelta(seconds=LEAD))
    assert region.keyring.names(PREFIX) == sorted([first, second, third])
    fourth = rotate_token_key(region.keyring, START + timedelta(hours=1))
    assert region.keyring.names(PREFIX) == sorted([third, fourth])


def test_two_rotations_in_one_second_make_two_keys(region: Region) -> None:
    assert rotate_token_key(region.keyring, START) != rotate_token_key(region.keyring, START)


def test_a_stolen_key_ends_at_once_with_all_its_tokens(region: Region) -> None:
    token = region.token(HOLDER)
    rotate_token_key(region.keyring, START, stolen=True)
    later = START + timedelta(seconds=6)
    with pytest.raises(Refused) as caught:
        call(region, token, later)
    assert caught.value.reason == "token kid"
    assert call(region, region.token(HOLDER, later), later)
    assert len(region.keyring.names(PREFIX)) == 1


def test_a_remembered_token_is_checked_anew_when_the_keys_have_changed(region: Region) -> None:
    token = region.token(HOLDER)
    assert call(region, token, START)
    rotate_token_key(region.keyring, START, stolen=True)
    with pytest.raises(Refused):
        call(region, token, START + timedelta(seconds=6))
