"""No value, name, BSN or free text lies readable anywhere: in no file, page, log of writes, printed line or error."""

import base64
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.broker.guessing import note
from hub.model.bsn import elfproef
from hub.model.release import Subject
from hub.store.casus import searches_since
from tests.region import AT, OPEN, OWN_FORM, SUPPLY_FORM, World

MARK = "Kanariegeel"
BSN = next(str(number) for number in range(999991000, 999992000) if elfproef(str(number)))


def forms(text: str) -> Iterator[bytes]:
    """`text` as it may lie somewhere: UTF-8, JSON-escaped, base64 at each alignment, hex."""
    raw = text.encode()
    yield raw
    yield json.dumps(text).strip('"').encode()
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for shift in range(3):
        # Only the signs that the neighbours do not touch.
        middle = base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4]
        yield middle
        yield base64.urlsafe_b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4]


def found(texts: list[str], places: dict[str, bytes]) -> list[tuple[str, str]]:
    """Which of `texts` lie where, in any form."""
    return [
        (text, place) for text in texts for place, content in places.items() if any(f in content for f in forms(text))
    ]


def files(*folders: Path) -> dict[str, bytes]:
    """What stands in every file below `folders`."""
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def canary(name: str) -> str:
    """A text that stands nowhere else; its sign outside ASCII is escaped in JSON."""
    return f"{MARK}-{name}-é"


@pytest.mark.parametrize("how", ["utf-8", "json", "base64", "hex"])
@pytest.mark.parametrize("shift", [0, 1, 2])
def test_the_search_finds_one_that_is_planted(tmp_path: Path, how: str, shift: int) -> None:
    text, around = canary("open"), b"x" * shift
    written = {
        "utf-8": around + text.encode(), "json": around + json.dumps(text).encode(),
        "base64": base64.b64encode(around + text.encode() + b"yz"), "hex": (around + text.encode()).hex().encode(),
    }[how]  # fmt: skip
    (tmp_path / "file").write_bytes(b"before " + written + b" after")
    assert found([text], files(tmp_path))
    assert not found([canary("dicht")], files(tmp_path))


def test_no_canary_lies_readable_anywhere(
    region: World, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    planted, answers = _plant(region)
    places = files(tmp_path)
    assert any(path.endswith("-wal") for path in places), "the log of writes is looked at as it lies"
    assert found(planted, places) == []
    printed = capfd.readouterr()
    assert found(planted, {"stdout": printed.out.encode(), "stderr": printed.err.encode()}) == []
    assert found(planted, {"log": caplog.text.encode()}) == []
    assert found(planted, {str(number): answer for number, answer in enumerate(answers)}) == []
    region.hub.close()
    assert found(planted, files(tmp_path)) == []


@pytest.mark.parametrize("who", [f"{MARK}-sleutel", f"sleutel-{BSN}"])
def test_what_a_caller_makes_up_to_tell_his_calls_and_users_apart_lies_nowhere(
    region: World, tmp_path: Path, who: str
) -> None:
    """Nobody keeps him from making up a name or a BSN: an Idempotency-Key, the lines of a series, who searches."""
    region.on("gemeente-noord", "regimes", {"regime": "wgs_zvh"}, key=who)
    line = {"casus": region.names[OPEN]["ggz-noord"], "document": {"velden": []}}
    told = region.post("ggz-noord", "/leveringsreeksen", content=json.dumps(line).encode(), key=who,
                       media="application/x-ndjson")  # fmt: skip
    assert told.status_code == 201, told.text
    guessing = Subject("politie-noord", who, "politie-noord")
    region.hub.store.commit(lambda tx: note(tx.connection, guessing, AT))
    with region.hub.store.snapshot() as moment:
        assert searches_since(moment, "politie-noord", who, "2000") == (1, 1)
    assert found([who, BSN], files(tmp_path)) == []


def test_what_was_answered_under_a_readable_key_before_is_answered_so_again(region: World) -> None:
    """A store that was written before keys were kept as tokens."""
    first = region.on("gemeente-noord", "regimes", {"regime": "wgs_zvh"}, key="sleutel-van-toen")
    readable = text("UPDATE idempotency SET key = 'sleutel-van-toen' WHERE at = (SELECT max(at) FROM idempotency)")
    region.hub.store.commit(lambda tx: tx.connection.execute(readable))
    again = region.on("gemeente-noord", "regimes", {"regime": "wgs_zvh"}, key="sleutel-van-toen")
    assert (again.status_code, again.content) == (201, first.content)


def _plant(region: World) -> tuple[list[str], list[bytes]]:
    """Canaries in every field and free text; gives them, and what the hub answered to others and in error."""
    planted = [BSN, *(canary(name) for name in ("naam", "reden", "toelichting", "problemen", "leefgebieden", "overlast",
                                               "samenwerking", "kenmerkend", "fout"))]  # fmt: skip
    answers: list[bytes] = []
    criteria = {name: canary(name) for name in ("problemen", "leefgebieden", "overlast", "samenwerking")}
    person = {"naam": canary("naam"), "geboortedatum": "1980-01-02", "bsn": BSN}
    filed = region.post("gemeente-noord", "/casussen", {"persoon": person, "criteria": criteria, "regime": "wgs_zvh"})
    assert filed.status_code == 201, filed.text
    answers.append(filed.content)
    tables = region.hub.tables
    for partner, media in (("gemeente-noord", OWN_FORM), ("ggz-noord", OWN_FORM), ("politie-noord", SUPPLY_FORM)):
        kind = partner.split("-", maxsplit=1)[0].replace("gemeente", "college")
        fields = [
            field
            for field in tables.expand(["*"])
            if tables.may_deliver(field, kind, None) and field != "wpg_verstrekking"
        ]
        planted += [canary(field) for field in fields]
        items = [{"veld": f, "niveaus": {"vol": {"tekst": canary(f)}, "sam": canary(f)}} for f in fields]
        document: dict[str, object] = {"velden": items}
        if media == SUPPLY_FORM:
            document["verstrekking"] = {"wpg": {"artikel": "20(3)", "categorie": "8", "besluit": "PV-2027-1",
                                                "gezagAkkoord": True, "ontvangers": ["*"], "datum": "2027-01-01"}}  # fmt: skip
        taken = region.on(partner, "leveringen", document, media=media)
        assert taken.status_code == 201, taken.text
        answers.append(taken.content)
    _say(region, answers)
    for asker in ("politie-noord", "zvh-noord", "forfact-noord", "wonen-noord"):
        if asker in region.names[OPEN]:
            asked = region.ask(asker)
            seen = [json.dumps(item["waarde"], ensure_ascii=False) for item in asked.json()["gegevens"]]
            shown = {text for text in planted if any(text in value for value in seen)}
            answers.append(json.dumps({**asked.json(), "gegevens": []}).encode())
            assert shown or asker == "zvh-noord"
    return planted, answers


def _say(region: World, answers: list[bytes]) -> None:
    """Free texts, searches, and every kind of fault with a canary in it."""
    texts = [
        ("zvh-noord", "termijnen", {"eindigtOp": "2030-01-01T00:00:00Z", "reden": canary("reden")}),
        ("ggz-noord", "weigeringen", {
            "ontvangers": ["gemeente-noord"], "doelen": ["D02"], "groepen": ["G05"], "gegevenOp": AT.isoformat(),
            "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
            "toelichting": canary("toelichting"),
        }),
    ]  # fmt: skip
    for partner, what, body in texts:
        answers.append(json.dumps(region.recorded(partner, what, body)).encode())
    odd = canary("fout")
    person = {"naam": canary("naam"), "geboortedatum": "1980-01-02"}
    faults = [
        region.on("ggz-noord", "leveringen", {odd: odd}, media=OWN_FORM),
        region.on("ggz-noord", "leveringen", {"velden": [{"veld": odd, "niveaus": {"sam": odd}}]}, media=OWN_FORM),
        region.on("ggz-noord", "leveringen",
                  {"betrokkene": {"geslachtsnaam": odd, "geboortedatum": "1950-01-01"},
                   "velden": [{"veld": "bejegeningsadvies", "niveaus": {"sam": odd}}]}, media=OWN_FORM),
        region.post("politie-noord", "/zoekingen", {"doel": "D02", "bsn": BSN}),
        region.post("politie-noord", "/zoekingen", {"doel": "D02", "persoon": person}),
        region.post("politie-noord", "/zoekingen", {"doel": "D02", "bsn": "111111111"}),
        region.post("wonen-noord", "/zoekingen", {"doel": "D02", "bsn": BSN}),
        region.on("ggz-noord", "raadplegingen", {"doel": "D02", "velden": [odd]}),
        region.on("zvh-noord", "fasen", {"fase": odd, "reden": odd}),
    ]  # fmt: skip
    assert all(fault.status_code in (400, 403, 404, 409) for fault in faults), [f.status_code for f in faults]
    answers.extend(fault.content for fault in faults)
