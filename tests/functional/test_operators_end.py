"""An operator ends by the word of two others: his key carries out nothing more, and what he did before stands."""

import json
import shutil
from pathlib import Path

import pytest

from hub.casework.vouching import REGISTRAR
from hub.cli.main import main
from hub.wiring import utc_now
from tests.functional.test_destruction import FOUNDERS, SECRETS, destroy, end, newcomer, reads, vouch
from tests.functional.test_destruction import home as home  # noqa: PLC0414 - two operators on record
from tests.region import Clock, opened, settings_of, template_of_today

THREE = (*FOUNDERS, "derde")


@pytest.fixture
def three(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The same home with a third operator."""
    public = newcomer(tmp_path, "derde", capsys)
    assert [vouch(tmp_path, by, "derde", public) for by in FOUNDERS] == [3, 0]
    capsys.readouterr()
    return home


def entered(home: Path) -> list[tuple[str, str, str]]:
    """(what, by whom, about whom) of the entries about an end."""
    with opened(settings_of(home), template_of_today().names, Clock(utc_now())) as region:
        assert region.faults() == []
        return [(told["wat"], told["gebruiker"], told["beheerder"]) for told, _ in region.entries()
                if told.get("wat") in ("einde-borg", "einde")]  # fmt: skip


def test_two_others_end_an_operator_and_his_key_carries_out_nothing(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert end(tmp_path, "eerste", "derde") == 3
    assert "--beeindig --operator NAAM --sleutel BESTAND" in capsys.readouterr().out
    assert end(tmp_path, "eerste", "derde") == 2, "nobody says it for two"
    assert "U zei dit al" in capsys.readouterr().err
    assert main(["sleutels", "toegang", "--operator", "derde"]) == 0, "he is an operator still"
    assert end(tmp_path, "tweede", "derde") == 0
    assert "Beheerder derde is beëindigd." in capsys.readouterr().out
    assert entered(three) == [("einde-borg", "eerste", "derde"), ("einde-borg", "tweede", "derde"),
                              ("einde", "tweede", "derde")]  # fmt: skip
    monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(tmp_path / "derde.txt"))
    key = ("--operator", "derde", "--sleutel", str(tmp_path / "derde.key"))
    for words in (
        ["sleutels", "toegang", "--operator", "derde"],
        ["partner", "schorsen", "ggz-noord", "--operator", "derde"],
        ["log", "ldv", *key],
        ["beleid", "neem-terug", *key],
        ["beheerder", "vierde", "--publieke-sleutel", "00" * 32, *key],
        ["beheerder", "eerste", "--beeindig", *key],
    ):
        assert main(words) != 0
        assert "bekende beheerder" in capsys.readouterr().err
    assert destroy(monkeypatch, tmp_path, "derde") == 2
    assert end(tmp_path, "eerste", "derde") == 2
    assert "al beëindigd" in capsys.readouterr().err


def test_who_lost_his_key_comes_in_again_under_a_new_name(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [end(tmp_path, by, "tweede") for by in ("eerste", "derde")] == [3, 0]
    public = newcomer(tmp_path, "vierde", capsys)
    assert vouch(tmp_path, "eerste", "tweede", public) == 2, "the old name is his who had it"
    assert [vouch(tmp_path, by, "vierde", public) for by in ("eerste", "derde")] == [3, 0]
    assert [destroy(monkeypatch, tmp_path, by) for by in ("vierde", "eerste")] == [3, 0]
    assert not reads(three)


def test_what_is_refused(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for by, name, said in (
        ("eerste", "eerste", "zichzelf"),
        ("eerste", "niemand", "staat niet in het register"),
        ("niemand", "eerste", "bekende beheerder"),
        ("tweede", "eerste", "bekende beheerder"),
    ):
        assert end(tmp_path, by, name, key="eerste") == 2
        assert said in capsys.readouterr().err
    assert main(["beheerder", "eerste", "--beeindig"]) == 2
    assert "--operator" in capsys.readouterr().err
    assert entered(home) == []


def test_one_who_is_alone_beside_him_is_enough_and_a_word_counts_as_long_as_who_gave_it(
    three: Path, tmp_path: Path
) -> None:
    assert end(tmp_path, "derde", "eerste") == 3
    assert [end(tmp_path, by, "derde") for by in FOUNDERS] == [3, 0]
    # The word of who ended counts no more; that of the one who is left does, also a second time.
    assert end(tmp_path, "tweede", "eerste") == 0
    assert entered(three)[-1] == ("einde", "tweede", "eerste")


def test_a_word_that_was_not_enough_is_when_the_others_have_ended(three: Path, tmp_path: Path) -> None:
    assert end(tmp_path, "tweede", "eerste") == 3
    assert [end(tmp_path, by, "derde") for by in FOUNDERS] == [3, 0]
    assert end(tmp_path, "tweede", "eerste") == 0
    assert entered(three)[-1] == ("einde", "tweede", "eerste")


def test_an_order_lapses_with_who_gave_it(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert destroy(monkeypatch, tmp_path, "tweede") == 3
    assert [end(tmp_path, by, "tweede") for by in ("eerste", "derde")] == [3, 0]
    # He may be here again under another name: one person would be both.
    assert destroy(monkeypatch, tmp_path, "eerste") == 3
    assert reads(three)
    assert destroy(monkeypatch, tmp_path, "eerste") == 2
    assert destroy(monkeypatch, tmp_path, "derde") == 0
    assert not reads(three)


def test_what_an_ended_operator_destroyed_stays_destroyed(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(three / "keys", backup)
    assert [destroy(monkeypatch, tmp_path, by) for by in ("eerste", "tweede")] == [3, 0]
    assert [end(tmp_path, by, "tweede") for by in ("eerste", "derde")] == [3, 0]
    shutil.rmtree(three / "keys")
    shutil.copytree(backup, three / "keys")
    (record,) = (three / "vernietigingen").glob("*.json")
    casus = json.loads(record.read_text())["order"]["casus"]
    with opened(settings_of(three), template_of_today().names, Clock(utc_now())) as region:
        assert region.hub.keyring.names(f"casus/{casus}/") == []


def test_a_founder_who_slipped_is_founded_anew_as_long_as_no_casus_is_on_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "nieuw"))

    def founded(name: str) -> int:
        (tmp_path / f"{name}.txt").write_text(SECRETS[name])
        monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(tmp_path / f"{name}.txt"))
        return main(["beheerder", name, "--nieuwe-sleutel", str(tmp_path / f"{name}.key")])

    assert [founded(name) for name in FOUNDERS] == [0, 0]
    assert end(tmp_path, "eerste", "tweede") == 0
    assert founded("derde") == 0
    assert founded("vierde") == 3, "two are there"
    # With casussen on file the installation is founded: `newcomer` in the other tests hears that two must vouch.
    assert "Twee beheerders" in capsys.readouterr().out


def test_the_operator_of_the_demonstration_can_end(home: Path, tmp_path: Path) -> None:
    assert [end(tmp_path, by, REGISTRAR) for by in FOUNDERS] == [3, 0]
    assert main(["partner", "schorsen", "ggz-noord", "--operator", REGISTRAR]) != 0
    assert home
