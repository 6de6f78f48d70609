"""Deliveries over HTTP: whole or not at all, of the casus's person alone, by who is the source, and gone when replaced."""

import json
from typing import Any

import pytest

from connectors.brp_personen import NOT_WHEN_SECRET
from consent.dossier import CONDITION
from hub.api.filing import MAX_SERIES
from hub.broker.facts import GIVEN, HUB, OWN, made_fields
from hub.casework import delivering
from hub.compartment.writing import CLOSING
from hub.model.instant import to_text
from hub.store.turns import PIECE
from tests.region import OPEN, OWN_FORM, SUPPLY_FORM, World
from tests.stored import ciphertexts, files_with
from tests.unit.connectors import samples_brp

OTHER = "Tussenhuizen-Verwisseld"
OLD, NEW = "oude-tekst-7f3a91", "nieuwe-tekst-c0ffee"


def _deliver(region: World, document: Any, *, media: str = OWN_FORM, by: str = "ggz-noord", **more: Any) -> Any:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return region.on(by, "leveringen", None, content=content, media=media, **more)


def _item(field: str, text: str, **more: Any) -> dict[str, Any]:
    return {"veld": field, "niveaus": {"vol": text, "sam": text}, **more}


def test_the_answer_lists_item_by_item_what_was_taken_and_what_was_not(region: World) -> None:
    document = {"velden": [_item("bejegeningsadvies", "a"), _item("wijkagent", "b"), _item("crisisplan_kort", "c")]}
    answer = _deliver(region, document)
    assert answer.status_code == 201
    taken = {item["veld"]: item["wijziging"] for item in answer.json()["opgenomen"]}
    assert taken == {"bejegeningsadvies": "vervangen", "crisisplan_kort": "vervangen"}
    refused = [(item["plaats"], item["reden"]) for item in answer.json()["nietOpgenomen"]]
    assert refused == [("velden[1]", "niet-van-deze-bron")]


@pytest.mark.parametrize("field", sorted(OWN))
def test_what_the_hub_makes_itself_no_source_delivers(region: World, field: str) -> None:
    answer = _deliver(region, {"velden": [_item(field, "x"), _item("overleg_besluiten", "y")]}, by="zvh-noord").json()
    assert [item["veld"] for item in answer["opgenomen"]] == ["overleg_besluiten"]
    ((place, reason, sentence),) = [(one["plaats"], one["reden"], one["zin"]) for one in answer["nietOpgenomen"]]
    assert (place, reason) == ("velden[0]", "maakt-de-hub-zelf")
    assert "hub zelf" in sentence
    told = region.ask("zvh-noord", field).json()["gegevens"]
    assert {item["bron"] for item in told} <= {HUB}


def test_all_that_the_hub_makes_is_known_as_its_own(region: World) -> None:
    with region.hub.store.snapshot() as moment:
        dossier = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "zvh-noord").dossier
    made = {field for field, _ in made_fields(dossier, to_text(region.clock()), "x")}
    assert {"casus_fase", "toestemming"} < made <= OWN | GIVEN


SHUT = {
    "bronvoorwaarden": ({"veto": True}, {"veto": False}),
    "beperkingen": ({"aan": True}, {"aan": False}),
    "bezwaren": ({"aan": True}, {"aan": False}),
}


@pytest.mark.parametrize("fields", [["bejegeningsadvies"], ["*"]])
@pytest.mark.parametrize("call", SHUT)
def test_what_is_shut_before_it_is_delivered_comes_in_shut(region: World, call: str, fields: list[str]) -> None:
    shut, opened = SHUT[call]
    region.recorded("ggz-noord", "terugnames", {"velden": ["bejegeningsadvies"]})
    region.recorded("ggz-noord", call, {"velden": fields, **shut})
    for _ in range(2):
        assert _deliver(region, {"velden": [_item("bejegeningsadvies", NEW)]}).status_code == 201
        answer = region.ask("politie-noord", "bejegeningsadvies").json()
        told = [reason["code"] for item in answer["geweigerd"] for reason in item["redenen"]]
        assert (answer["gegevens"], told) == ([], ["E_NIET_BESCHIKBAAR"])
    region.recorded("ggz-noord", call, {"velden": fields, **opened})
    assert region.released("politie-noord", "bejegeningsadvies")
    region.recorded("ggz-noord", "terugnames", {"velden": ["*"]})
    assert _deliver(region, {"velden": [_item("bejegeningsadvies", NEW)]}).status_code == 201
    assert region.released("politie-noord", "bejegeningsadvies")


CLOSES = {"uavg41": True, "nietVoor": ["politie"], "vernietigenOp": "2027-06-01"}


def _closing(region: World, field: str, source: str) -> dict[str, Any]:
    """What closes a field that is held."""
    with region.hub.store.snapshot() as moment:
        held = region.hub.compartments.manifests(moment, region.casus_id())
        (entry,) = (one.fields[field] for one in held if one.source == source and field in one.fields)
    return {name: value for name, value in entry.conditions.items() if name in CLOSING}


def _conditions_on_file(region: World) -> list[Any]:
    with region.hub.store.snapshot() as moment:
        dossier = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "ggz-noord").dossier
    return [standing.body["fields"] for standing in dossier.of(CONDITION)]


@pytest.mark.parametrize("named", [["bejegeningsadvies", "crisisplan_kort"], ["*"]])
def test_what_a_delivery_closed_stays_closed_after_it_is_taken_back(region: World, named: list[str]) -> None:
    both = [_item("bejegeningsadvies", OLD), _item("crisisplan_kort", OLD)]
    assert _deliver(region, {"velden": [{**one, **CLOSES} for one in both]}).status_code == 201
    shut = _closing(region, "bejegeningsadvies", "ggz-noord")
    assert shut == {"uavg41": True, "denied_to": ["politie"], "destroy_on": "2027-06-01T00:00:00.000000Z"}
    for _ in range(2):
        region.recorded("ggz-noord", "terugnames", {"velden": named})
        assert _deliver(region, {"velden": both}).status_code == 201
        assert [_closing(region, field, "ggz-noord") for field in ("bejegeningsadvies", "crisisplan_kort")] == [
            shut
        ] * 2
        assert region.released("politie-noord", "bejegeningsadvies") == set()
    # Fields that are closed alike are told together, and once.
    assert _conditions_on_file(region).count(["bejegeningsadvies", "crisisplan_kort"]) == 1
    region.recorded("ggz-noord", "bronvoorwaarden", {"velden": ["bejegeningsadvies"], "geweigerdAan": []})
    region.recorded("ggz-noord", "terugnames", {"velden": ["*"]})
    assert _deliver(region, {"velden": both}).status_code == 201
    assert region.released("politie-noord", "bejegeningsadvies")
    assert _closing(region, "crisisplan_kort", "ggz-noord") == shut


def _of_the_brp(region: World, *asked: str, by: str = "gemeente-noord", **more: Any) -> None:
    """An answer of the BRP about the person of the casus; without `asked` with an address."""
    with region.hub.store.snapshot() as moment:
        states = region.hub.broker.judging.facts._states
        person = states.of(moment, region.casus_id(), "ggz-noord").person
    assert person is not None
    mine = {"burgerservicenummer": person["bsn"], "naam": {"geslachtsnaam": person["family_name"]}}
    without = ("geboorte", *(("verblijfplaats", "adressering") if asked else ()))
    document = samples_brp.changed([*asked], without, **mine, **more)
    assert _deliver(region, document, by=by, media=samples_brp.BRP).status_code == 201


def test_an_address_that_becomes_secret_is_closed_without_being_delivered(region: World) -> None:
    _of_the_brp(region)
    region.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["brp_adres"], "geweigerdAan": ["om-noord"]})
    for _ in range(2):
        _of_the_brp(region, "naam", geheimhoudingPersoonsgegevens=True)
    # To whom it was denied already it stays so.
    secret = {"denied_to": sorted({*NOT_WHEN_SECRET, "om-noord"})}
    assert _closing(region, "brp_adres", "gemeente-noord") == secret
    assert _closing(region, "briefadres", "gemeente-noord") == {"denied_to": sorted(NOT_WHEN_SECRET)}
    assert _closing(region, "naam", "gemeente-noord") == {}
    assert sorted(_conditions_on_file(region)) == [["briefadres"], ["brp_adres"], ["brp_adres"]]
    region.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "geweigerdAan": []})
    assert _closing(region, "brp_adres", "gemeente-noord") == {}


def test_an_address_that_comes_after_it_was_called_secret_comes_in_closed(region: World) -> None:
    region.recorded("gemeente-noord", "terugnames", {"velden": ["brp_adres", "briefadres"]})
    _of_the_brp(region, "naam", geheimhoudingPersoonsgegevens=True)
    _of_the_brp(region)
    for field in ("brp_adres", "briefadres"):
        assert _closing(region, field, "gemeente-noord") == {"denied_to": sorted(NOT_WHEN_SECRET)}


def test_who_delivers_no_address_closes_none(region: World) -> None:
    _of_the_brp(region, "burgerservicenummer", by="ggz-noord", geheimhoudingPersoonsgegevens=True)
    assert _conditions_on_file(region) == []


def test_a_document_about_another_person_is_refused_whole_and_nothing_of_it_is_kept_or_repeated(
    region: World,
) -> None:
    before = ciphertexts(region)
    for who in ({"geslachtsnaam": OTHER, "geboortedatum": "1950-02-03"}, {"bsn": "999990019"}):
        answer = _deliver(region, {"betrokkene": who, "velden": [_item("bejegeningsadvies", NEW)]})
        assert (answer.status_code, answer.json()["code"]) == (409, "andere-persoon")
        assert OTHER not in answer.text
        assert "999990019" not in answer.text
        assert NEW not in answer.text
    assert ciphertexts(region) == before
    for text in (OTHER, NEW, "999990019"):
        assert files_with(region.settings.home, text) == []


def test_a_fault_anywhere_in_the_document_keeps_all_of_it_out(region: World) -> None:
    before = ciphertexts(region)
    document = {"velden": [_item("bejegeningsadvies", "x"), {"veld": "crisisplan_kort", "niveaus": {}}]}
    answer = _deliver(region, document)
    assert answer.status_code == 400
    assert answer.json()["fouten"][0]["plaats"].startswith("velden[1]")
    assert ciphertexts(region) == before


def test_a_redelivery_changes_only_what_it_names_and_the_old_ciphertext_is_in_no_page(region: World) -> None:
    _deliver(region, {"velden": [_item("bejegeningsadvies", OLD), _item("crisisplan_kort", OLD)]})
    first = ciphertexts(region)
    since = {i["veld"]: i["sinds"] for i in region.ask("ggz-noord", "crisisplan_kort").json()["gegevens"]}
    region.clock.move(minutes=5)
    _deliver(region, {"velden": [_item("bejegeningsadvies", NEW)]})
    gone = first - ciphertexts(region)
    assert len(gone) == 2
    for path in region.settings.home.glob("hub.db*"):
        content = path.read_bytes()
        assert not [sealed for sealed in gone if sealed[1:] in content], path.name
    answer = region.ask("ggz-noord", "bejegeningsadvies", "crisisplan_kort").json()["gegevens"]
    assert {item["veld"]: item["waarde"] for item in answer} == {"bejegeningsadvies": NEW, "crisisplan_kort": OLD}
    assert {item["veld"]: item["sinds"] for item in answer}["crisisplan_kort"] == since["crisisplan_kort"]


def test_the_search_for_old_ciphertext_finds_what_is_there(region: World) -> None:
    stays = next(iter(ciphertexts(region)))
    assert any(stays[1:] in path.read_bytes() for path in region.settings.home.glob("hub.db*"))


def test_a_source_reaches_only_its_own_compartments(region: World) -> None:
    assert _deliver(region, {"velden": [_item("naam", "Van een ander")]}, by="zvh-noord").status_code == 201
    released = region.ask("ggz-noord", "naam").json()["gegevens"]
    assert {item["bron"]: item["waarde"] for item in released}["gemeente-noord"] != "Van een ander"
    gone = region.recorded("zvh-noord", "terugnames", {"velden": ["*"]})["teruggenomen"]
    assert set(gone) <= {"naam"}
    assert ("naam", "vol") in region.released("ggz-noord", "naam")


FAULTS = {
    "no json": (b"{", OWN_FORM, 400),
    "duplicate key": (b'{"velden": [], "velden": []}', OWN_FORM, 400),
    "unknown key": (b'{"velden": [], "erbij": 1}', OWN_FORM, 400),
    "too deep": (b'{"velden": ' + b"[" * 500 + b"]" * 500 + b"}", OWN_FORM, 413),
    "unknown media type": (b"{}", "image/png", 400),
    "a form of another": (b'{"velden": []}', SUPPLY_FORM, 400),
    "dtd": (b'<!DOCTYPE Patient [<!ENTITY a "b">]><Patient xmlns="http://hl7.org/fhir">&a;</Patient>',
            "application/fhir+xml", 400),
    "not utf-8": (b'{"velden": "\xff"}', OWN_FORM, 400),
    "a nul": (b'{"velden": "\x00"}', OWN_FORM, 400),
    "a lone surrogate": (
        b'{"velden": [{"veld": "bejegeningsadvies", "niveaus": {"sam": "\\ud800"}}]}', OWN_FORM, 400),
    "too large": (b'{"velden": "' + b"x" * (10 * 1024 * 1024) + b'"}', OWN_FORM, 413),
    "empty": (b"", OWN_FORM, 400),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(FAULTS))
def test_a_document_that_is_not_of_its_shape(region: World, what: str) -> None:
    content, media, status = FAULTS[what]
    before = ciphertexts(region)
    answer = _deliver(region, content, media=media)
    assert answer.status_code in {status, 400 if status == 413 and what == "too deep" else status}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert ciphertexts(region) == before


def test_police_delivers_only_with_its_supply_record(region: World) -> None:
    items = [_item("wijkagent", "x")]
    assert _deliver(region, {"velden": items}, by="politie-noord").status_code == 400
    assert _deliver(region, {"velden": items}, by="politie-noord", media=SUPPLY_FORM).status_code == 400


def test_the_same_key_gives_the_same_answer_and_does_it_once(region: World) -> None:
    document = {"velden": [_item("bejegeningsadvies", "een keer")]}
    first = _deliver(region, document, key="sleutel-0001")
    held = ciphertexts(region)
    again = _deliver(region, document, key="sleutel-0001")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert ciphertexts(region) == held
    other = _deliver(region, {"velden": [_item("bejegeningsadvies", "anders")]}, key="sleutel-0001")
    assert (other.status_code, other.json()["code"]) == (409, "sleutel-hergebruikt")
    elsewhere = region.on("ggz-noord", "terugnames", {"velden": ["*"]}, key="sleutel-0001")
    assert elsewhere.status_code == 409
    assert (
        _deliver(
            region, {"velden": [_item("wmo_voorziening", "x")]}, by="gemeente-noord", key="sleutel-0001"
        ).status_code
        == 201
    )


@pytest.mark.parametrize("key", ["", "kort", "met spatie erin", "x" * 129])
def test_a_key_of_another_shape_is_refused(region: World, key: str) -> None:
    answer = region.on(
        "ggz-noord", "leveringen", {"velden": [_item("bejegeningsadvies", "x")]}, media=OWN_FORM,
        headers={"Idempotency-Key": key},
    )  # fmt: skip
    assert answer.status_code == 400


def _lines(region: World, *rows: Any, **more: Any) -> Any:
    content = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    return region.post("ggz-noord", "/leveringsreeksen", content=content, media="application/x-ndjson", **more)


def test_many_lines_take_the_same_path_each_with_its_own_answer(region: World) -> None:
    casus = region.names[OPEN]["ggz-noord"]
    good = {"casus": casus, "document": {"velden": [_item("bejegeningsadvies", NEW)]}}
    one, another = (json.dumps([_item("bejegeningsadvies", text)]) for text in ("een", "ander"))
    twice = f'{{"casus": "{casus}", "document": {{"velden": {one}, "velden": {another}}}}}'.encode()
    other = {"casus": casus, "document": {"betrokkene": {"geslachtsnaam": OTHER, "geboortedatum": "1950-01-01"},
                                          "velden": [_item("crisisplan_kort", NEW)]}}  # fmt: skip
    unknown = {"casus": "a" * 52, "document": {"velden": [_item("crisisplan_kort", NEW)]}}
    answer = _lines(region, twice, good, b"geen json", other, unknown)
    assert answer.status_code == 201, answer.text
    results = answer.json()["regels"]
    assert [one.get("code") for one in results] == [
        "verkeerde-vorm", None, "verkeerde-vorm", "andere-persoon", "onbekend",
    ]  # fmt: skip
    assert results[1]["opgenomen"][0]["veld"] == "bejegeningsadvies"
    assert OTHER not in answer.text


def test_the_proof_of_a_series_is_used_up_whatever_its_first_line_is(region: World) -> None:
    casus = region.names[OPEN]["ggz-noord"]
    good = {"casus": casus, "document": {"velden": [_item("bejegeningsadvies", "eerst")]}}
    sent = _lines(region, b"geen json", good).request.headers
    proof = {name: sent[name] for name in ("DPoP", "Authorization")}
    later = {"casus": casus, "document": {"velden": [_item("bejegeningsadvies", "daarna")]}}
    assert _lines(region, b"geen json", later, headers=proof).status_code == 401
    assert region.ask("ggz-noord", "bejegeningsadvies").json()["gegevens"][0]["waarde"] == "eerst"


def test_a_series_is_refused_whole_where_it_would_take_long_to_read(region: World) -> None:
    line = json.dumps({"casus": region.names[OPEN]["ggz-noord"], "document": {"velden": []}}).encode()
    ample = line + b" " * (MAX_SERIES - len(line))
    assert _lines(region, ample).status_code == 201
    answer = _lines(region, ample + b" ")
    assert (answer.status_code, answer.json()["code"]) == (413, "te-groot")


def test_the_noes_of_a_series_are_entered_piece_by_piece_too(region: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed: list[int] = []
    store, first = region.hub.store, region.size()
    seal = store._seal

    def seen(connection: Any, entries: Any) -> Any:
        sealed.append(len(entries))
        return seal(connection, entries)

    monkeypatch.setattr(store, "_seal", seen)
    unknown = {"casus": "a" * 52, "document": {"velden": [_item("crisisplan_kort", NEW)]}}
    results = _lines(region, *[unknown] * (2 * PIECE)).json()["regels"]
    assert {one["code"] for one in results} == {"onbekend"}
    assert sealed == [PIECE, PIECE]
    assert [told["soort"] for told, _ in region.entries(first)] == ["onbekend"] * 2 * PIECE


# --- guessing who a casus is about ---


def _guess(region: World, number: int, **more: Any) -> Any:
    who = {"geslachtsnaam": f"{OTHER}-{number}", "geboortedatum": "1950-02-03"}
    return _deliver(region, {"betrokkene": who, "velden": [_item("bejegeningsadvies", NEW)]}, **more)


def test_deliveries_about_another_person_are_limited_as_searches_are(
    region: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = region.size()
    region.post("ggz-noord", "/zoekingen", {"doel": "D02", "kenmerk": "k"})
    assert {_guess(region, number).json()["code"] for number in range(59)} == {"andere-persoon"}
    with monkeypatch.context() as watched:
        watched.setattr(delivering, "must_be_about", _fail)
        for answer in (
            _guess(region, 59),
            _deliver(region, {"betrokkene": _who(region), "velden": [_item("crisisplan_kort", "x")]}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (429, "te-vaak")
    assert region.post("ggz-noord", "/zoekingen", {"doel": "D02", "kenmerk": "k"}).status_code == 429
    assert _deliver(region, {"velden": [_item("bejegeningsadvies", "x")]}).status_code == 201, "who guesses nothing"
    entered = [(told["soort"], told.get("fout")) for told, _ in region.entries(first)]
    assert entered.count(("geweigerd", "andere-persoon")) == 59
    assert entered.count(("zoekgrens", "te-vaak")) == 3
    region.clock.move(hours=1, seconds=1)
    assert _guess(region, 60).status_code == 409
    assert _deliver(region, {"betrokkene": _who(region), "velden": [_item("crisisplan_kort", "x")]}).status_code == 201


def _fail(*_: object) -> None:
    raise AssertionError("compared")


def _who(region: World) -> dict[str, str]:
    with region.hub.store.snapshot() as moment:
        person = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "ggz-noord").person
    assert person is not None
    return {"geslachtsnaam": person["family_name"], "geboortedatum": person["birth_date"]}


def test_the_lines_of_a_series_are_counted_one_by_one_and_entered(region: World) -> None:
    casus, first = region.names[OPEN]["ggz-noord"], region.size()
    item = _item("crisisplan_kort", "x")
    guesses = [
        {"casus": casus, "document": {"betrokkene": {"geslachtsnaam": f"{OTHER}-{number}"}, "velden": [item]}}
        for number in range(62)
    ]
    codes = [line["code"] for line in _lines(region, *guesses).json()["regels"]]
    assert codes == ["andere-persoon"] * 60 + ["te-vaak"] * 2
    entered = [told.get("fout") for told, _ in region.entries(first)]
    assert (entered.count("andere-persoon"), entered.count("te-vaak")) == (60, 2)


def test_a_guess_uses_up_its_proof_and_is_no_answer_to_keep(region: World) -> None:
    sent = _guess(region, 1, key="gissing-0001").request.headers
    proof = {name: sent[name] for name in ("DPoP", "Authorization")}
    assert _guess(region, 1, key="gissing-0001", headers=proof).status_code == 401
    assert _guess(region, 1, key="gissing-0001").status_code == 409
