"""The main job: one asks, gets what the policy lets out, hears of the rest no more than he may, and can prove it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hub.audit.verify import Proven, verify_receipt
from hub.cli.main import main
from tests.region import World


def _proven(region: World, receipt: dict[str, Any]) -> Proven:
    found = verify_receipt(json.dumps(receipt), region.hub.log.key)
    assert isinstance(found, Proven), found
    return found


def _line(item: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(item[key] for key in ("veld", "bron", "niveau", "grondslag", "geheimUitzondering"))


def test_a_permitted_view_gives_values_at_their_level_with_basis_and_source(region: World) -> None:
    answer = region.ask("politie-noord", "bejegeningsadvies", "naam", "politie_mutaties_samenvatting").json()
    found = {item["veld"]: item for item in answer["gegevens"]}
    assert found.keys() == {"bejegeningsadvies", "naam", "politie_mutaties_samenvatting"}
    advice = found["bejegeningsadvies"]
    assert (advice["niveau"], advice["bron"]) == ("sam", "ggz-noord")
    assert isinstance(advice["waarde"], str)
    assert advice["geheimUitzondering"], "under BG nothing leaves without an exception that is named"
    assert all(item["grondslag"] for item in found.values())
    assert answer["verplichtingen"]


def test_names_in_the_reply_in_the_entry_and_under_the_proof_are_the_same(region: World) -> None:
    first = region.size()
    answer = region.ask("politie-noord").json()
    told, _ = region.entries(first)[-1]
    proven = _proven(region, answer["ontvangstbewijs"])
    assert answer["gegevens"]
    assert [_line(item) for item in answer["gegevens"]] == [_line(item) for item in told["gegevens"]]
    assert proven.told == told
    heard = [{"veld": item["veld"], "codes": [r["code"] for r in item["redenen"]]} for item in answer["geweigerd"]]
    assert heard == told["geweigerd"]
    assert [item["soort"] for item in answer["verplichtingen"]] == [item["type"] for item in told["verplichtingen"]]


@pytest.mark.parametrize("partner", ["politie-noord", "ggz-noord", "forfact-noord", "gemeente-noord"])
@pytest.mark.parametrize("purpose", ["D02", "D04", "X99"])
def test_an_asker_hears_reasons_about_the_request_and_the_field_alone(
    region: World, partner: str, purpose: str
) -> None:
    first = region.size()
    answer = region.ask(partner, purpose=purpose).json()
    _, internal = region.entries(first)[-1]
    may_hear = {(f, code) for f, source, code, about in internal["refusals"] if about != "record" and source is None}
    heard = {(item["veld"], reason["code"]) for item in answer["geweigerd"] for reason in item["redenen"]}
    assert {pair for pair in heard if pair[1] != "E_NIET_BESCHIKBAAR"} == may_hear
    with_reason = {f for f, _ in may_hear}
    for item in answer["geweigerd"]:
        if item["redenen"][0]["code"] == "E_NIET_BESCHIKBAAR":
            assert item["veld"] not in with_reason
            assert len(item["redenen"]) == 1


def test_whether_a_withheld_field_is_there_changes_no_byte_of_the_answer(region: World) -> None:
    def told() -> bytes:
        answer = region.ask("politie-noord").json()
        return json.dumps({key: answer[key] for key in ("gegevens", "geweigerd", "verplichtingen", "beleid")}).encode()

    before = told()
    region.recorded("ggz-noord", "terugnames", {"velden": ["diagnose_dsm"]})
    assert told() == before
    document = {"velden": [{"veld": "suicidaliteit", "niveaus": {"vol": "x", "sam": "y"}}]}
    region.recorded("ggz-noord", "leveringen", document, media="application/vnd.hub.levering+json")
    assert told() == before


def test_a_refusal_of_the_whole_request_takes_the_same_path_and_can_be_proven(region: World) -> None:
    first = region.size()
    answer = region.ask("politie-noord", "naam", purpose="X99").json()
    assert answer["gegevens"] == []
    assert answer["geweigerd"][0]["veld"] == "*"
    assert answer["geweigerd"][0]["redenen"][0]["code"] == "E_DOEL"
    told, _ = region.entries(first)[-1]
    assert _proven(region, answer["ontvangstbewijs"]).told == told


def test_export_of_what_may_not_be_exported_releases_nothing(region: World) -> None:
    assert region.released("politie-noord", "bejegeningsadvies")
    assert not region.released("politie-noord", "bejegeningsadvies", action="export")


def test_receipts_of_every_earlier_checkpoint_still_verify(
    region: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipts, checkpoints = [], []
    for partner in ("politie-noord", "ggz-noord", "gemeente-noord") * 3:
        receipts.append(region.ask(partner, "naam", "diagnose_dsm").json()["ontvangstbewijs"])
        checkpoints.append(region.get("/v1/checkpoint").text)
    assert len(set(checkpoints)) == len(checkpoints)
    key = tmp_path / "log.vkey"
    key.write_text(region.get("/v1/sleutel").text)
    for number, receipt in enumerate(receipts):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(receipt))
        assert main(["log", "verify", str(path), "--sleutel", str(key)]) == 0
    with region.hub.store.snapshot() as moment:
        assert region.hub.log.check(moment, checkpoints) == []
    assert "Bewezen" in capsys.readouterr().out


def test_a_receipt_with_another_field_name_is_not_proven(region: World) -> None:
    receipt = region.ask("politie-noord", "naam").json()["ontvangstbewijs"]
    changed = {**receipt, "verteld": receipt["verteld"].replace('"naam"', '"bsn"')}
    assert not isinstance(verify_receipt(json.dumps(changed), region.hub.log.key), Proven)


def test_a_receipt_under_another_number_is_not_proven(region: World) -> None:
    receipt = region.ask("politie-noord", "naam").json()["ontvangstbewijs"]
    changed = {**receipt, "volgnummer": receipt["volgnummer"] - 1}
    assert not isinstance(verify_receipt(json.dumps(changed), region.hub.log.key), Proven)


def test_a_field_that_does_not_open_is_withheld_and_the_rest_goes(region: World) -> None:
    with region.hub.store.snapshot() as moment:
        held = region.hub.compartments.manifests(moment, region.casus_id())
    (slots,) = [m.fields["naam"].slots for m in held if m.source == "gemeente-noord" and "naam" in m.fields]
    places = ",".join(map(str, slots.values()))
    damage = f"UPDATE sealed_fields SET sealed = zeroblob(length(sealed)) WHERE slot IN ({places})"  # noqa: S608
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))
    _name_is_withheld_and_the_rest_goes(region)


@pytest.mark.parametrize("to", ["''", "7", "'é'", "zeroblob(64)"])
def test_who_alters_a_row_shuts_what_is_in_it_and_no_more(region: World, to: str) -> None:
    """What is no ciphertext any more: a thief who tries what he can do leaves an entry with the alarm."""
    with region.hub.store.snapshot() as moment:
        held = region.hub.compartments.manifests(moment, region.casus_id())
    (slots,) = [m.fields["naam"].slots for m in held if m.source == "gemeente-noord" and "naam" in m.fields]
    places = ",".join(map(str, slots.values()))
    with closing(sqlite3.connect(str(region.hub.settings.store_url).removeprefix("sqlite:///"))) as thief, thief:
        assert thief.execute(f"UPDATE sealed_fields SET sealed = {to} WHERE slot IN ({places})").rowcount  # noqa: S608
    _name_is_withheld_and_the_rest_goes(region)


def _name_is_withheld_and_the_rest_goes(region: World) -> None:
    first = region.size()
    answer = region.ask("ggz-noord", "naam", "wijkagent", "casus_fase").json()
    told, internal = region.entries(first)[-1]
    assert internal["failed"] == [["naam", "gemeente-noord"]]
    assert {item["veld"] for item in answer["gegevens"]} == {"wijkagent", "casus_fase"}
    assert {item["veld"] for item in told["gegevens"]} == {"wijkagent", "casus_fase"}
    withheld = {item["veld"]: [reason["code"] for reason in item["redenen"]] for item in answer["geweigerd"]}
    assert withheld == {"naam": ["E_NIET_BESCHIKBAAR"]}


DAMAGE = {
    "the dossier is spoilt": "UPDATE dossiers SET sealed = zeroblob(64) WHERE casus = '{}'",
    "the dossier is gone": "DELETE FROM dossiers WHERE casus = '{}'",
    "the dossier tells of another number": "UPDATE dossiers SET records = records - 1 WHERE casus = '{}'",
    "the directory is spoilt": "UPDATE casus_seals SET sealed = zeroblob(64) WHERE casus = '{}'",
    "its key is said to be another": "UPDATE casus_seals SET generation = generation + 6 WHERE casus = '{}'",
    "a record is gone": "DELETE FROM records WHERE seq = (SELECT max(seq) FROM records WHERE casus = '{}')",
}


@pytest.mark.parametrize("damaged", [*DAMAGE, "the log key is gone"])
def test_a_casus_that_cannot_be_read_refuses_all_says_so_and_is_entered(region: World, damaged: str) -> None:
    if damaged not in DAMAGE:
        region.hub.keyring.destroy(f"log/{region.casus_id()}")
    else:
        damage = DAMAGE[damaged].format(region.casus_id())
        region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(damage))
    first = region.size()
    answer = region.ask("ggz-noord", "naam")
    assert (answer.status_code, answer.json()["code"]) == (503, "vastleggingen-onleesbaar")
    told, internal = region.entries(first)[-1]
    assert (told["fout"], told["partner"]) == ("vastleggingen-onleesbaar", "ggz-noord")
    assert internal == {"casus": region.casus_id()}


def test_a_casus_whose_log_key_ended_is_refused_and_entered_though_its_state_is_remembered(region: World) -> None:
    assert region.ask("ggz-noord", "naam").status_code == 200
    region.hub.keyring.destroy(f"log/{region.casus_id()}")
    first = region.size()
    answer = region.ask("ggz-noord", "naam")
    assert (answer.status_code, answer.json()["code"]) == (503, "vastleggingen-onleesbaar")
    assert [told["fout"] for told, _ in region.entries(first)] == ["vastleggingen-onleesbaar"]


def test_duties_for_later_are_put_out_in_the_same_write(region: World) -> None:
    def waiting() -> int:
        with region.hub.store.snapshot() as moment:
            found: int = moment.exec_driver_sql("SELECT count(*) FROM obligations").scalar_one()
            return found

    before = waiting()
    answer = region.ask("politie-noord", "bejegeningsadvies").json()
    assert {"expires_at"} <= {duty["soort"] for duty in answer["verplichtingen"]}
    assert waiting() > before


def test_a_proof_that_was_used_is_refused(region: World) -> None:
    from hub.identity.client import dpop_proof
    from hub.identity.demo import read_demo_client

    answer = region.ask("politie-noord", "naam")
    sent = answer.request.headers
    again = region.ask("politie-noord", "naam", headers={"DPoP": sent["DPoP"], "Authorization": sent["Authorization"]})
    assert again.status_code == 401
    key = read_demo_client(region.settings.home, "politie-noord").key
    fresh = dpop_proof(key, "POST", str(answer.request.url), region.clock(), token=sent["Authorization"].split()[1])
    assert region.ask("politie-noord", "naam", headers={"DPoP": fresh}).status_code == 200


def test_what_stands_of_a_consent_is_told_in_the_words_of_the_api(region: World) -> None:
    (field,) = region.ask("ggz-noord", "toestemming").json()["gegevens"]
    for shown in field["waarde"]:
        assert set(shown) == {"soort", "ontvangers", "doelen", "groepen", "gegevenOp", "geldigTot", "ingetrokkenOp"}


def test_a_state_that_is_remembered_holds_no_log_key(region: World) -> None:
    assert region.ask("ggz-noord", "naam").status_code == 200
    kept = region.hub.broker.judging.facts._states._kept.kept.values()
    assert [state.held.log_key for state in kept if state.version is not None] == [None] * len(kept)
    with region.hub.store.snapshot() as moment:
        state = region.hub.broker.alone.facts._states.of(moment, region.casus_id(), "ggz-noord")
    assert state.held.log_key == region.hub.keyring.get(f"log/{region.casus_id()}")
