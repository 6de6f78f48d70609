"""A casus is shredded by two operators on the command line; no backup and no restored older key store brings it back."""

import json
import re
import shutil
from pathlib import Path

import pytest

from hub.casework.vouching import REGISTRAR
from hub.cli.main import main
from hub.store.notices import NoticeRow, put
from hub.store.units import Tx
from hub.wiring import utc_now
from tests.functional.at_hand import home_at_hand
from tests.region import CLOSED_TABLE, OPEN, Clock, opened, settings_of, template_of_today

FOUNDERS = ("eerste", "tweede")
SECRETS = {
    "eerste": "twee koeien en een hek",
    "tweede": "vier sloten bij de dijk",
    "derde": "zes schapen op het wad",
    "vierde": "acht bruggen over de vaart",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two operators on record, named to the command line."""
    home = home_at_hand(tmp_path, monkeypatch)
    for name in FOUNDERS:
        monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(_secret(tmp_path, name, SECRETS[name])))
        assert main(["beheerder", name, "--nieuwe-sleutel", str(tmp_path / f"{name}.key")]) == 0
    return home


def _secret(folder: Path, name: str, secret: str) -> Path:
    path = folder / f"{name}.txt"
    path.write_text(f"{secret}\n")
    return path


def destroy(monkeypatch: pytest.MonkeyPatch, folder: Path, operator: str, *, secret: str | None = None,
            key: str | None = None) -> int:  # fmt: skip
    """One operator's word that the casus is destroyed."""
    path = _secret(folder, "gebruikt", secret or SECRETS[operator])
    monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(path))
    pseudonym = template_of_today().names[CLOSED_TABLE]["ggz-noord"]
    return main(["casus", "vernietig", pseudonym, "--partner", "ggz-noord", "--operator", operator,
                 "--sleutel", str(folder / f"{key or operator}.key")])  # fmt: skip


def reads(home: Path, casus: str = CLOSED_TABLE) -> bool:
    """Whether anything of the casus is released."""
    with opened(settings_of(home), template_of_today().names, Clock(utc_now())) as region:
        answer = region.ask("forfact-noord", casus=casus)
        return answer.status_code == 200 and bool(answer.json()["gegevens"])


def test_two_operators_shred_a_casus_and_no_backup_brings_it_back(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    of_open, _ = _notices(home, OPEN, CLOSED_TABLE)
    backup = tmp_path / "backup"
    shutil.copytree(home, backup)
    assert reads(home)
    assert destroy(monkeypatch, tmp_path, "eerste", secret="een heel ander woord") == 2
    assert "wachtzin" in capsys.readouterr().err
    assert destroy(monkeypatch, tmp_path, "eerste") == 3
    assert reads(home), "one operator alone destroys nothing"
    assert destroy(monkeypatch, tmp_path, "eerste") == 2, "nor does the same one twice"
    assert destroy(monkeypatch, tmp_path, "tweede", key="eerste", secret=SECRETS["eerste"]) == 2, "nor with one key"
    assert reads(home)
    assert destroy(monkeypatch, tmp_path, "tweede") == 0
    assert not reads(home)
    assert reads(home, OPEN), "other casussen stay"
    assert _notices(home) == [of_open], "what was told of it is gone too"
    _account_is_signed_and_entered(home)
    # A data backup of before, with the keys of now, does not open.
    data = tmp_path / "data"
    shutil.copytree(home, data)
    for path in data.glob("hub.db*"):
        path.unlink()
    shutil.copy(backup / "hub.db", data / "hub.db")
    assert not reads(data)
    # An older key store that is put back is destroyed again at the start, by the store, or by the signed records alone.
    for with_data in (False, True):
        older = tmp_path / f"older-{with_data}"
        shutil.copytree(home, older)
        shutil.rmtree(older / "keys")
        shutil.copytree(backup / "keys", older / "keys")
        if with_data:
            shutil.copy(backup / "hub.db", older / "hub.db")
        assert not reads(older)


def _notices(home: Path, *about: str) -> list[str]:
    """The casussen about which there are notices, after one about each of `about` was put out."""
    with opened(settings_of(home), template_of_today().names, Clock(utc_now())) as region:

        def put_out(tx: Tx) -> None:
            for casus in about:
                put(tx.connection, NoticeRow(casus, "alarm", region.casus_id(casus), "", b""))

        region.hub.store.commit(put_out)
        with region.hub.store.snapshot() as moment:
            return list(moment.exec_driver_sql("SELECT casus FROM outbox ORDER BY id DESC").scalars())


def _account_is_signed_and_entered(home: Path) -> None:
    record = json.loads(next((home / "vernietigingen").glob("*.json")).read_text())
    assert len(record["approvals"]) == 2
    assert record["keys"]
    with opened(settings_of(home), template_of_today().names, Clock(utc_now())) as region:
        kinds = [told["soort"] for told, _ in region.entries()]
        assert kinds[-3:] == ["vernietiging-opdracht", "vernietiging-akkoord", "vernietiging"] or {
            "vernietiging-opdracht", "vernietiging-akkoord", "vernietiging"
        } <= set(kinds)  # fmt: skip
        assert region.faults() == []


def newcomer(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Somebody who makes a key of his own; gives his public key, as he is told it."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(_secret(folder, name, SECRETS[name])))
        assert main(["beheerder", name, "--nieuwe-sleutel", str(folder / f"{name}.key")]) == 3
    told = capsys.readouterr().out
    assert "Twee beheerders" in told
    return re.search("[0-9a-f]{64}", told)[0]  # type: ignore[index]


def vouch(folder: Path, by: str, name: str, public: str) -> int:
    """`by` vouches for who has this key."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(_secret(folder, "gebruikt", SECRETS[by])))
        key = str(folder / f"{by}.key")
        return main(["beheerder", name, "--publieke-sleutel", public, "--operator", by, "--sleutel", key])


def end(folder: Path, by: str, name: str, *, key: str | None = None) -> int:
    """`by` says that the operator `name` ends."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(_secret(folder, "gebruikt", SECRETS[key or by])))
        return main(["beheerder", name, "--beeindig", "--operator", by, "--sleutel", str(folder / f"{key or by}.key")])


def test_a_third_operator_needs_two_who_are_there(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    public = newcomer(tmp_path, "derde", capsys)
    assert vouch(tmp_path, "derde", "derde", public) == 2, "nobody vouches for himself"
    assert vouch(tmp_path, "eerste", "derde", public) == 3
    assert vouch(tmp_path, "eerste", "derde", public) == 2, "nor does one vouch twice"
    assert destroy(monkeypatch, tmp_path, "eerste") == 3
    assert destroy(monkeypatch, tmp_path, "derde") == 2, "one operator's own second key approves nothing"
    assert reads(home)
    assert vouch(tmp_path, "tweede", "derde", "00" * 32) == 3, "another key is another newcomer"
    assert destroy(monkeypatch, tmp_path, "derde") == 2
    assert vouch(tmp_path, "tweede", "derde", public) == 0
    assert destroy(monkeypatch, tmp_path, "derde") == 0
    assert not reads(home)
    with opened(settings_of(home), template_of_today().names, Clock(utc_now())) as region:
        entered = [told for told, _ in region.entries() if told.get("nieuw") == "derde"]
        assert [told["wat"] for told in entered] == ["borg", "borg", "borg", "beheerder"]
        assert entered[-1]["borgen"] == ["eerste", "tweede"]


def test_who_stands_on_one_word_counts_as_who_gave_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert end(tmp_path, "eerste", "tweede") == 0
    # One who is left can bring others in, but neither they nor whom they bring in are a second one beside him.
    assert vouch(tmp_path, "eerste", "derde", newcomer(tmp_path, "derde", capsys)) == 0
    public = newcomer(tmp_path, "vierde", capsys)
    assert vouch(tmp_path, "eerste", "vierde", public) == 3
    assert vouch(tmp_path, "derde", "vierde", public) == 0
    assert destroy(monkeypatch, tmp_path, "derde") == 3
    capsys.readouterr()
    for other in ("derde", "eerste", "vierde"):
        assert destroy(monkeypatch, tmp_path, other) == 2
        assert "niet op uw woord alleen" in capsys.readouterr().err
    assert reads(home)


def test_the_name_of_the_operator_without_a_key_is_nobodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "leeg"))
    monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(_secret(tmp_path, "een", SECRETS["eerste"])))
    assert main(["beheerder", REGISTRAR, "--nieuwe-sleutel", str(tmp_path / "een.key")]) == 2
    assert "demonstratie" in capsys.readouterr().err


def test_keys_rotate_while_requests_run(home: Path) -> None:
    with opened(settings_of(home), template_of_today().names, Clock(utc_now())) as region:
        assert region.release("forfact-noord", casus=CLOSED_TABLE).fields
        assert main(["sleutels", "rotate", "--operator", "eerste"]) == 0
        assert region.release("forfact-noord", casus=CLOSED_TABLE).fields
        assert region.release("politie-noord", "naam").fields
        region.recorded("gemeente-noord", "beperkingen", {"velden": ["naam"], "aan": True})
        assert not region.release("politie-noord", "naam").fields
    (home / "keys" / "kek-1.key").unlink()
    with opened(settings_of(home), template_of_today().names, Clock(utc_now())) as region:
        # Nothing stands under the old key any more: the hub does without its file.
        assert region.release("forfact-noord", casus=CLOSED_TABLE).fields
