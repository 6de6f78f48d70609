"""`hub partner …`, on a real store."""

import argparse
import json
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from hub.cli import partner
from hub.cli.told import told as sentence_of
from hub.errors import NotPermitted, ShapeError
from hub.identity import client
from hub.model.instant import to_text
from hub.store.partners import admitted, client_row, partner_row, user_facts
from tests.unit.identity.test_demo import CERTIFICATE
from tests.unit.identity.world import START, Region


def run(region: Region, *words: str) -> list[str]:
    """The lines that the command prints."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    partner.add_parser(parser.add_subparsers())
    return partner.carry_out(parser.parse_args(["partner", *words]), region.store, START)


def change(region: Region, *words: str) -> list[str]:
    """The same, by the operator of the region."""
    return run(region, *words, "--operator", "beheer-1")


@pytest.fixture
def jwks(tmp_path: Path) -> str:
    """A file with a fresh public key."""
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(client.public_jwks(client.new_key(), "k1")))
    return str(path)


def test_a_partner_a_client_and_a_user_from_the_command_line(region: Region, jwks: str, tmp_path: Path) -> None:
    pem = tmp_path / "client.pem"
    pem.write_text(CERTIFICATE)
    flags = ("--aangewezen", "ja", "--gescreend", "ja", "--opgeleid", "ja", "--geheimhouding", "nee")
    assert change(region, "toevoegen", "pol-1", "--soort", "politie", "--naam", "Politie Noord", "--vervult", "*")
    assert change(region, "client", "pol-1", "pol-1-bvh", "--jwks", jwks, "--certificaat", str(pem))
    assert change(region, "gebruiker", "pol-1", "u7", "--rol", "wijkagent", *flags, "--vanaf", "2027-01-01")
    with region.store.snapshot() as conn:
        found = admitted(conn, "pol-1", "pol-1-bvh", "u7", to_text(START))
        row = client_row(conn, "pol-1-bvh")
    assert (found.partner.kind, found.user.role, found.user.bound_to_secrecy) == ("politie", "wijkagent", False)
    assert row is not None
    assert row.certificate is not None
    assert run(region, "toon", "pol-1") == [
        "pol-1: politie Politie Noord",
        "  systeem pol-1-bvh: k1",
        "  gebruiker u7: rol wijkagent, aangewezen ja, gescreend ja, opgeleid ja, geheimhouding nee",
    ]


def told(region: Region, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """What is said of a command that is refused."""
    hub = SimpleNamespace(store=region.store, now=lambda: START)
    monkeypatch.setattr("hub.cli.partner.opened_hub", lambda: nullcontext(hub))
    parser = argparse.ArgumentParser(exit_on_error=False)
    partner.add_parser(parser.add_subparsers())
    with pytest.raises(ShapeError) as fault:
        partner.run(parser.parse_args(["partner", *words, "--operator", "beheer-1"]))
    return sentence_of(fault.value)


def test_what_is_wrong_is_told_with_the_name_of_the_option(
    region: Region, jwks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "geen.json"
    new = ("toevoegen", "pol-9", "--soort", "politie", "--naam", "Politie", "--vervult")
    assert told(region, monkeypatch, *new[:-3], "--vervult", "*").endswith("(--naam)")
    assert told(region, monkeypatch, *new, "iets").endswith("(--vervult)")
    assert told(region, monkeypatch, *new, "*", "--werkgever", "ggz").endswith("(--werkgever)")
    assert told(region, monkeypatch, "toevoegen", "politie", *new[2:], "*").endswith("(partner)")
    assert told(region, monkeypatch, "client", "niemand", "niemand-epd", "--jwks", jwks).endswith("(partner)")
    assert told(region, monkeypatch, "client", "ggz-noord", "999990019", "--jwks", jwks).endswith("(client)")
    assert told(region, monkeypatch, "gebruiker", "ggz-noord", "u1", "--rol", "A b").endswith("(--rol)")
    assert told(region, monkeypatch, "gebruiker", "ggz-noord", "u1", "--rol", "arts", "--tot", "2020-01-01").endswith(
        "(--tot)"
    )
    for text in ("[" * 200_000 + "]" * 200_000, "[" * 20_000, "{", '{"keys": 1, "keys": 2}', '{"keys": []}'):
        wrong.write_text(text)
        assert "--jwks" in told(region, monkeypatch, "client", "ggz-noord", "ggz-noord-9", "--jwks", str(wrong))
    wrong.write_bytes(b"\xff")
    assert told(
        region, monkeypatch, "client", "ggz-noord", "ggz-9", "--jwks", jwks, "--certificaat", str(wrong)
    ).endswith("(PEM).")
    assert told(region, monkeypatch, "client", "ggz-noord", "ggz-9", "--jwks", str(tmp_path)).endswith(
        "gelezen. (--jwks)"
    )


def test_suspended_and_resumed_from_the_command_line(region: Region) -> None:
    change(region, "schorsen", "ggz-noord")
    change(region, "schorsen", "ggz-noord-epd", "--client")
    shown = run(region, "toon", "ggz-noord")
    assert shown[0].startswith("ggz-noord: ggz [geschorst sinds 2027-01-10T11:00:00.000000Z]")
    assert "[geschorst sinds" in shown[1]
    change(region, "hervatten", "ggz-noord")
    change(region, "hervatten", "ggz-noord-epd", "--client")
    assert not any("geschorst" in line for line in run(region, "toon", "ggz-noord"))


def test_keys_replaced_from_the_command_line(region: Region, jwks: str) -> None:
    change(region, "roteren", "ggz-noord-epd", "--jwks", jwks)
    assert region.key.thumbprint in run(region, "toon", "ggz-noord")[1]
    path = Path(jwks)
    path.write_text(json.dumps(client.public_jwks(client.new_key(), "k2")))
    change(region, "roteren", "ggz-noord-epd", "--jwks", jwks, "--direct")
    assert run(region, "toon", "ggz-noord")[1] == "  systeem ggz-noord-epd: k2"


def test_a_user_ended_and_unknown_from_the_command_line(region: Region) -> None:
    change(region, "gebruiker", "ggz-noord", "u1", "--opgeleid", "onbekend", "--tot", "2027-02-01T00:00:00+01:00")
    with region.store.snapshot() as conn:
        assert user_facts(conn, "ggz-noord", "u1", to_text(START)).trained is None
        assert user_facts(conn, "ggz-noord", "u1", "2027-01-31T23:00:00.000000Z").trained is True
    change(region, "gebruiker", "ggz-noord", "u1", "--geeindigd", "ja")
    assert run(region, "toon", "ggz-noord")[-1] == "  gebruiker u1: geëindigd"


@pytest.mark.parametrize(
    ("partner_", "role", "told_of"),
    [("ggz-noord", "regiebehandelaarr", True), ("ggz-noord", "verpleegkundige", False), ("ggz-noord", "systeem", False),
     ("ggz-noord", "onbekend", False), ("pol-1", "regiebehandelaarr", False)],
)  # fmt: skip
def test_a_role_that_treats_nobody_is_told_of_a_care_partner(
    region: Region, partner_: str, role: str, told_of: bool
) -> None:
    change(region, "toevoegen", "pol-1", "--soort", "politie", "--naam", "Politie Noord", "--vervult", "*")
    lines = change(region, "gebruiker", partner_, "u1", "--rol", role)
    assert lines[0] == "Vastgelegd."
    assert (len(lines) == 3) is told_of
    if told_of:
        both, emergencies_alone = lines[2].split(" Alleen een noodsituatie: ")
        assert "verpleegkundig_specialist" in both
        # Who treats nobody records no consent.
        assert emergencies_alone == "crisisdienst, verpleegkundige."


def test_only_a_known_operator_changes_anything(region: Region) -> None:
    with pytest.raises(NotPermitted):
        run(region, "schorsen", "ggz-noord", "--operator", "iemand")
    with region.store.snapshot() as conn:
        row = partner_row(conn, "ggz-noord")
    assert row is not None
    assert row.suspended_at is None
    with pytest.raises(SystemExit):
        run(region, "schorsen", "ggz-noord")


def test_all_partners_are_shown(region: Region) -> None:
    assert run(region, "toon") == ["ggz-noord: ggz GGZ Noord"]
    with pytest.raises(ShapeError):
        run(region, "toon", "gem-1")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"{}"])
def test_a_file_that_is_no_jwks_is_refused(region: Region, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(ShapeError):
        change(region, "client", "ggz-noord", "x1", "--jwks", str(path))
    with pytest.raises(ShapeError):
        change(region, "client", "ggz-noord", "x1", "--jwks", str(tmp_path / "missing.json"))


@pytest.mark.parametrize("word", ["gisteren", "2027-01-10T12:00", "2027-13-01"])
def test_an_instant_has_a_zone(region: Region, word: str) -> None:
    with pytest.raises((SystemExit, argparse.ArgumentError)):
        change(region, "gebruiker", "ggz-noord", "u1", "--opgeleid", "ja", "--vanaf", word)
