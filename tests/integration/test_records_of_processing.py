"""Every call is accounted for: one record beside each entry, in the caller's trace, told to an operator who proves himself."""

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.audit.ldv_shape import faults_of_record
from hub.audit.processing import LDV, NEN7513
from hub.casework.accounting import Span, read_records
from hub.casework.operators import Who
from hub.cli.main import main
from hub.crypto.signing import Signer
from hub.model.instant import LAST
from hub.store import processing
from hub.store.operators import add_operator
from tests.functional.test_destruction import FOUNDERS, SECRETS
from tests.functional.test_destruction import home as home  # noqa: PLC0414 - two operators on record
from tests.region import Clock, World, foreign_name, opened, settings_of, template_of_today
from tests.region import region as region  # noqa: PLC0414 - the fixture

TRACE, SPAN = "8d0c2a2f0d4f4a0c9a7b5f1e2c3d4e5f", "00f067aa0ba902b7"
FSC = "0195b1a0-7c2e-7d3a-9f10-2b6c4d8e1f00"


def records(region: World, first: int = 0) -> list[Mapping[str, Any]]:
    """Both parts of the records of the entries from `first` on."""
    with region.hub.store.snapshot() as moment:
        found, _ = region.hub.log.records(moment, "", LAST, first, region.hub.log.head(moment).size)
    return [parts for parts in found if parts is not None]


def newest(region: World) -> Mapping[str, Any]:
    return records(region, region.size() - 1)[0]


def test_all_that_was_done_to_make_the_region_is_accounted_for(region: World) -> None:
    found = records(region)
    assert len(found) == region.size()
    assert [fault for parts in found for fault in faults_of_record(parts[LDV])] == []
    names = {parts[LDV]["name"] for parts in found}
    assert {"Een casus aanmelden", "Gegevens in een casus leveren", "Partners, gebruikers en sleutels beheren"} <= names
    assert region.faults() == []


def test_a_look_of_care_is_accounted_for_in_both_forms(region: World) -> None:
    answer = region.ask("ggz-noord")
    duties = {duty["soort"] for duty in answer.json()["verplichtingen"]}
    assert {"log_dataverwerking", "log_nen7513"} <= duties
    parts = newest(region)
    told = {item["veld"] for item in answer.json()["gegevens"]}
    assert parts[LDV]["attributes"]["hub.fields"] == sorted(told)
    segments = parts[NEN7513]["participantSegments"]
    assert {line.partition(":")[0] for one in segments for line in one["participantObjectDetail"]} == told
    assert parts[NEN7513]["users"][0]["userID"] == "ggz-noord-1"
    assert parts[NEN7513]["users"][0]["roleIDCode"]
    assert "ggz-noord-1" not in json.dumps(parts[LDV])


def test_no_record_of_nen_7513_without_care(region: World) -> None:
    assert region.released("politie-noord", "naam")
    assert NEN7513 not in newest(region)


def test_a_callers_trace_goes_on_in_the_record_and_nowhere_else(region: World) -> None:
    sent = {"traceparent": f"00-{TRACE}-{SPAN}-00", "Fsc-Transaction-Id": FSC}
    answer = region.ask("ggz-noord", "naam", headers=sent)
    record = newest(region)[LDV]
    assert (record["trace_id"], record["parent_span_id"]) == (TRACE, SPAN)
    assert record["attributes"]["hub.fsc_transaction_id"] == FSC
    assert TRACE not in answer.text + str(answer.headers)
    assert not any(TRACE in json.dumps(part) for part in region.entries(region.size() - 1)[0])
    region.ask("ggz-noord", "naam", headers={"Fsc-Transaction-Id": FSC})
    assert newest(region)[LDV]["trace_id"] == FSC.replace("-", "")
    region.ask("ggz-noord", "naam", headers={"traceparent": f"00-{TRACE}-{SPAN}-0"})
    assert newest(region)[LDV]["trace_id"] != TRACE


def test_a_hidden_casus_is_accounted_for_as_an_unknown_one(region: World) -> None:
    casus = region.casus_id()
    hidden = foreign_name(region.hub, "wonen-noord", casus)
    for name in (hidden, "a" * 52):
        answer = region.post("wonen-noord", f"/casussen/{name}/raadplegingen", {"doel": "D02", "velden": ["naam"]})
        assert answer.status_code == 404
    of_hidden, of_unknown = (parts[LDV] for parts in records(region, region.size() - 2))
    assert of_hidden["status"] == of_unknown["status"] == "Unset"
    assert len(orjson.dumps(of_hidden)) == len(orjson.dumps(of_unknown))
    subject = region.hub.names.casus_pseudonym("hub/verwerkingen", casus)
    assert of_hidden["attributes"]["dpl.core.data_subject_id"] == subject
    assert of_unknown["attributes"]["dpl.core.data_subject_id"] != subject


def test_refusals_and_what_is_sent_and_fetched_are_accounted_for(region: World) -> None:
    first = region.size()
    assert region.post("wonen-noord", "/zoekingen", {"doel": "D02", "bsn": "999990019"}).status_code == 403
    sent = region.on("ggz-noord", "verstrekkingen", {"ontvanger": "wonen-noord", "doel": "D07", "velden": ["naam"]})
    assert sent.status_code == 201, sent.text
    found = {parts[LDV]["name"]: parts[LDV] for parts in records(region, first)}
    assert found["Een aanroep weigeren"]["status"] == "Error"
    assert found["Een aanroep weigeren"]["attributes"]["exception.type"] == "niet-toegestaan"
    pushed = found["Gegevens uit een casus aan een partner verstrekken"]["attributes"]
    assert pushed["hub.receiver"] == "wonen-noord"


# --- the command ---


def told(capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str, *more: str) -> tuple[int, list[Any], str]:
    key = str(tmp_path / "eerste.key")
    status = main(["log", form, "--operator", "eerste", "--sleutel", key, *more])
    printed = capsys.readouterr()
    return status, [orjson.loads(line) for line in printed.out.splitlines()], printed.err


@pytest.fixture
def passphrase(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eerste.txt").write_text(SECRETS[FOUNDERS[0]])
    monkeypatch.setenv("HUB_OPERATOR_PASSPHRASE_FILE", str(tmp_path / "eerste.txt"))


@pytest.mark.usefixtures("passphrase")
def test_an_operator_gets_the_records_one_a_line_and_that_he_did_is_entered(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The command goes by the real clock, and so do the region and who asks in it.
    clock, names = Clock(datetime.now(UTC)), template_of_today().names
    with opened(settings_of(home), names, clock) as region:
        assert region.released("ggz-noord")
        size = region.size()
    capsys.readouterr()
    status, lines, said = told(capsys, tmp_path, "ldv")
    assert (status, len(lines)) == (0, size)
    assert [fault for line in lines for fault in faults_of_record(line)] == []
    assert f"{size} regels; 0 gaan niet" in said
    status, care, _ = told(capsys, tmp_path, "nen7513", "--vanaf", clock().isoformat())
    assert status == 0
    assert len(care) == 1
    assert care[0]["attributes"]["dpl.nen7513.users"][0]["userID"] == "ggz-noord-1"
    assert told(capsys, tmp_path, "ldv", "--tot", "2020-01-01")[1] == []
    with opened(settings_of(home), names, Clock(datetime.now(UTC))) as region:
        read = [entry for entry, _ in region.entries(size)]
        assert [(entry["soort"], entry["gebruiker"], entry["vorm"]) for entry in read] == [
            ("logboek-inzage", "eerste", "ldv"), ("logboek-inzage", "eerste", "nen7513"), ("logboek-inzage", "eerste", "ldv"),
        ]  # fmt: skip
        assert region.faults() == []


@pytest.mark.usefixtures("passphrase")
def test_who_is_no_operator_reads_nothing(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(tmp_path / "eerste.key", tmp_path / "x.key")
    capsys.readouterr()
    assert main(["log", "ldv", "--operator", "vreemde", "--sleutel", str(tmp_path / "x.key")]) == 2
    printed = capsys.readouterr()
    assert main(["log", "ldv", "--operator", "tweede", "--sleutel", str(tmp_path / "x.key")]) == 2, "with another's key"
    assert printed.out + capsys.readouterr().out == ""
    assert "niet van een bekende beheerder" in printed.err
    with closing(sqlite3.connect(home / "hub.db")) as store:
        assert store.execute("SELECT count(*) FROM log_entries WHERE kind = 'logboek-inzage'").fetchone() == (0,)


@pytest.mark.usefixtures("passphrase")
def test_a_record_that_was_tampered_with_is_missed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(home / "hub.db")) as store, store:
        store.execute("UPDATE processing_records SET sealed = zeroblob(64) WHERE idx = 3")
    capsys.readouterr()
    status, _, said = told(capsys, tmp_path, "ldv")
    assert status == 1
    assert "1 gaan niet" in said
    assert told(capsys, tmp_path, "ldv", "--vanaf", "gisteren")[0] == 2


def test_who_reads_slowly_keeps_nobody_from_writing_and_gets_every_record_once(
    region: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer(b"1" * 32)
    add = partial(add_operator, name="eerste", public_key=signer.public, at="2027-01-10T11:00:00.000000Z")
    region.hub.store.commit(lambda tx: add(tx.connection))
    monkeypatch.setattr(processing, "CHUNK", 2)
    size, span = region.size(), Span(LDV, "", LAST)
    reading = read_records(region.hub.store, region.hub.log, span, Who("eerste", signer, region.hub.now()))
    told = [next(reading)]
    assert region.on("gemeente-noord", "terugnames", {"velden": ["wmo_voorziening"]}).status_code == 201
    told += reading
    assert [one and one["attributes"]["hub.entry"] for one in told] == list(range(size))
