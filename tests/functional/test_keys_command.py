"""`hub sleutels casussen` and `toegang` beside a hub at work: broken off and gone on with, and what does not open is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.casework import renewing
from hub.casework.vouching import REGISTRAR
from hub.cli.main import main
from hub.compartment.compartments import Compartments
from hub.identity.token_keys import GRACE, LEAD, LIFETIME, PREFIX
from hub.store.engine import Store
from hub.store.partners import ONLY_OPERATORS
from hub.wiring import utc_now
from tests.functional.at_hand import region_at_hand
from tests.region import CLOSED_TABLE, OPEN, World

BY = ("--operator", REGISTRAR)


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A hub of today, whose home is named to the command line."""
    with region_at_hand(tmp_path, monkeypatch) as found:
        yield found


def generations(region: World) -> dict[str, list[int]]:
    """Casus -> the generations of its key that there are."""
    found: dict[str, list[int]] = {}
    for name in region.hub.keyring.names("casus/"):
        _, casus, generation = name.split("/")
        found.setdefault(casus, []).append(int(generation))
    return found


def spoil(region: World, casus: str) -> None:
    damage = f"UPDATE casus_seals SET own_key = zeroblob(60) WHERE casus = '{casus}'"  # noqa: S608
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))


@pytest.mark.parametrize("act", ["rotate", "casussen", "toegang"])
@pytest.mark.parametrize("who", ["sleutelbeheer", "999990019"])
def test_who_is_no_operator_on_record_does_nothing(
    region: World, capsys: pytest.CaptureFixture[str], act: str, who: str
) -> None:
    before, current = region.hub.keyring.names(), region.hub.keyring.current
    first = region.size()
    assert main(["sleutels", act, "--operator", who]) == 2
    printed = capsys.readouterr()
    assert printed == ("", f"{ONLY_OPERATORS}\n")
    assert (region.hub.keyring.names(), region.hub.keyring.current) == (before, current)
    assert region.size() == first, "nor does it leave a line with what was typed as a name"


class _Killed(BaseException):
    """The kill, at the point where it strikes."""


def test_a_round_that_was_broken_off_goes_on_where_it_was(
    region: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, done = generations(region), list[str]()
    assert set(map(tuple, before.values())) == {(1,)}
    renew = renewing.renew

    def killed(store: Store, compartments: Compartments, casus: str) -> None:
        if done:
            raise _Killed
        done.append(casus)
        renew(store, compartments, casus)

    with monkeypatch.context() as patched:
        patched.setattr(renewing, "renew", killed)
        with pytest.raises(_Killed):
            main(["sleutels", "casussen", *BY])
    assert generations(region) == {**before, done[0]: [2]}
    assert region.released("politie-noord", "naam")
    first = region.size()
    assert main(["sleutels", "casussen", *BY]) == 0
    assert generations(region) == {key: [2] for key in before}
    printed = capsys.readouterr().out
    assert "is afgemaakt" in printed
    assert f"{len(before) - 1} casussen hebben een nieuwe sleutel." in printed
    (told,) = [told for told, _ in region.entries(first)]
    assert (told["wat"], told["aantal"], told["mislukt"]) == ("casussleutels", len(before) - 1, 0)
    assert region.released("politie-noord", "naam")
    assert region.faults() == []


def test_a_casus_that_does_not_open_is_told_and_the_rest_goes_on(
    region: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before, bad = generations(region), region.casus_id(CLOSED_TABLE)
    spoil(region, bad)
    assert main(["sleutels", "casussen", *BY]) == 1
    printed = capsys.readouterr()
    assert printed.err == f"De sleutel van casus {bad} gaat niet open. Er is niets aan veranderd.\n"
    assert "afgemaakt" not in printed.out
    assert generations(region) == {**{key: [2] for key in before}, bad: [1]}
    assert main(["sleutels", "casussen", "--casus", bad, *BY]) == 1
    # It does not keep a next round from the others.
    assert main(["sleutels", "casussen", *BY]) == 1
    assert generations(region) == {**{key: [3] for key in before}, bad: [1]}


def test_one_casus_by_its_id_or_by_the_name_of_a_partner(region: World, capsys: pytest.CaptureFixture[str]) -> None:
    before, casus = generations(region), region.casus_id()
    assert main(["sleutels", "casussen", "--casus", casus, *BY]) == 0
    name = ("--casus", region.names[OPEN]["ggz-noord"], "--partner", "ggz-noord")
    assert main(["sleutels", "casussen", *name, *BY]) == 0
    assert generations(region) == {**before, casus: [3]}
    assert region.entries()[-1][1] == {"casus": casus}
    for words, said in ((("--casus", "0" * 32), "niet bekend"), (("--partner", "ggz-noord"), "Noem ook de casus")):
        assert main(["sleutels", "casussen", *words, *BY]) == 2
        assert said in capsys.readouterr().err
    assert generations(region) == {**before, casus: [3]}


def test_a_new_key_signs_tokens_and_the_old_one_verifies_until_they_have_ended(region: World) -> None:
    assert region.released("politie-noord", "naam")
    (old,) = region.hub.keyring.names(PREFIX)
    first = region.size()
    assert main(["sleutels", "toegang", *BY]) == 0
    assert [told["wat"] for told, _ in region.entries(first)] == ["toegangssleutel"]
    region.clock.move(seconds=LEAD + 5)
    kid = region.hub.token_keys.current(region.clock.at.timestamp()).signing(region.clock.at.timestamp()).kid
    assert len(region.get("/oauth/jwks").json()["keys"]) == 2
    # One caller has a token of the old key, another gets one of the new.
    assert region.released("politie-noord", "naam")
    assert region.released("ggz-noord", "naam")
    region.clock.move(seconds=LIFETIME + GRACE)
    (shown,) = region.get("/oauth/jwks").json()["keys"]
    assert shown["kid"] == kid
    assert region.released("politie-noord", "naam")
    assert old in region.hub.keyring.names(PREFIX), "it goes with the next"


def test_after_a_theft_no_token_of_before_is_good(region: World) -> None:
    assert region.released("politie-noord", "naam")
    (old,) = region.hub.keyring.names(PREFIX)
    assert main(["sleutels", "toegang", "--gestolen", *BY]) == 0
    assert old not in region.hub.keyring.names(PREFIX)
    region.clock.at = utc_now()
    region.clock.move(seconds=6)
    assert region.ask("politie-noord", "naam").status_code == 401
    assert region.released("ggz-noord", "naam")
