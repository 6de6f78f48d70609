"""The hub's own form, and the form of police and justice."""

import copy
import time
from typing import Any

import pytest

from connectors import table
from hub.errors import ManyShapeErrors, ShapeError
from hub.model.delivery import Parsed, PersonClaim, WjsgRecord, WpgRecord
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples

NO_DAYS = ("2027-W01-1", "20270101", "2027-001", "2027-1-1", "２０２７-01-01", "2027-01-01\n")
"""How Python would also read a day, or nearly so."""


def levering(**changes: Any) -> Parsed:
    form = {**samples.LEVERING, **changes}
    return table.parse(samples.OWN, samples.text(form), samples.context(PartnerKind.WONINGCORPORATIE))


def verstrekking(form: Any, kind: PartnerKind = PartnerKind.POLITIE) -> Parsed:
    return table.parse(samples.SUPPLY, samples.text(form), samples.context(kind))


def with_supply(**changes: Any) -> dict[str, Any]:
    form = copy.deepcopy(samples.VERSTREKKING)
    form["verstrekking"]["wpg"].update(changes)
    return form


def test_the_own_form_brings_fields_with_their_conditions() -> None:
    parsed = levering()
    overlast, huurschuld, contact = parsed.fields
    assert parsed.persons == (PersonClaim(samples.BSN, "Voorbeeld", None, "1990-05-17"),)
    assert parsed.reference == "H-2027/4"
    assert overlast.levels == {"vol": {"aantal": 3, "laatste": "2026-12-30"}, "sam": "Drie meldingen van lawaai."}
    assert (overlast.denied_to, overlast.supplier_agreed, overlast.person) == (("politie",), True, "betrokkene")
    assert huurschuld.levels == {"vol": False}
    assert huurschuld.destroy_on == "2028-01-01T00:00:00.000000Z"
    assert (contact.person, contact.uavg41, contact.treating_with) == ("sociaal_contact", True, ("ggz-2",))
    assert (contact.financed_by, contact.melding_receiver, contact.place) == (("zv-1",), "gem-1", "velden[2]")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"velden": []}, "velden"),
        ({"onbekend": 1}, "$"),
        ({"velden": [{"veld": "naam"}]}, "velden[0].niveaus"),
        ({"velden": [{"veld": "naam", "niveaus": {}}]}, "velden[0].niveaus"),
        ({"velden": [{"veld": "naam", "niveaus": {"vol": None}}]}, "velden[0].niveaus.vol"),
        ({"velden": [{"veld": "naam", "niveaus": {"sam": " "}}]}, "velden[0].niveaus.sam"),
        ({"velden": [{"veld": "naam", "niveaus": {"sam": {}}}]}, "velden[0].niveaus.sam"),
        ({"velden": [{"veld": "Naam", "niveaus": {"vol": 1}}]}, "velden[0].veld"),
        ({"velden": [{"veld": "naam", "niveaus": {"vol": 1}, "wpg": {}}]}, "velden[0]"),
        ({"velden": [{"veld": "naam", "niveaus": {"vol": 1}, "persoon": "buur"}]}, "velden[0].persoon"),
        ({"velden": [{"veld": "naam", "niveaus": {"vol": 1}, "vernietigenOp": "2027"}]}, "velden[0].vernietigenOp"),
        ({"velden": [{"veld": "naam", "niveaus": {"vol": 1}}] * 2}, "velden[1].veld"),
        ({"betrokkene": {"bsn": "999900007"}}, "betrokkene.bsn"),
        ({"betrokkene": {"geboortedatum": "2027-02-30"}}, "betrokkene.geboortedatum"),
        ({"betrokkene": {"geboortedatum": "20270203"}}, "betrokkene.geboortedatum"),
        *[({"betrokkene": {"geboortedatum": day}}, "betrokkene.geboortedatum") for day in NO_DAYS],
        *[
            ({"velden": [{"veld": "naam", "niveaus": {"vol": 1}, "vernietigenOp": text}]}, "velden[0].vernietigenOp")
            for text in (*NO_DAYS, "2027-W01-1T10:00:00Z", "20270101T100000Z", "2027-01-01T10Z", "2027-01-01 10:00:00Z")
        ],
        ({"kenmerk": samples.BSN}, "kenmerk"),
        ({"kenmerk": samples.BSN + " "}, "kenmerk"),
        ({"kenmerk": samples.BSN + "\n"}, "kenmerk"),
        ({"kenmerk": "H-1\n"}, "kenmerk"),
    ],
)
def test_a_form_out_of_shape_is_refused_with_its_place(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ShapeError) as fault:
        levering(**changes)
    assert fault.value.place == place


def test_all_faults_of_a_form_are_told_together_without_values() -> None:
    with pytest.raises(ManyShapeErrors) as fault:
        levering(velden=[{"veld": "GEHEIM-1", "niveaus": {"vol": 1}}, {"veld": "naam", "GEHEIM-2": 1}])
    assert [place for place, _ in fault.value.faults] == ["velden[0].veld", "velden[1]", "velden[1].niveaus"]
    assert "GEHEIM" not in repr(fault.value.faults) + str(fault.value)


def test_the_police_form_carries_its_supply_record() -> None:
    incident, record = verstrekking(samples.VERSTREKKING).fields
    wpg = WpgRecord("20(3)", "8", "PV-2026-14", ("ggz-1",), authority_agreed=True)
    assert (incident.field, incident.wpg, incident.wjsg) == ("politie_incident_laatste", wpg, None)
    assert (record.field, record.wpg) == ("wpg_verstrekking", wpg)
    assert record.levels["vol"]["datum"] == "2026-12-31"


def test_justice_delivers_under_the_wjsg() -> None:
    form = {
        **samples.VERSTREKKING,
        "verstrekking": {"wjsg": {"artikel": "39fa", "ontvangers": ["*"], "datum": "2026-12-31"}},
        "velden": [{"veld": "openstaande_zaak", "niveaus": {"vol": True}}],
    }
    (field,) = verstrekking(form, PartnerKind.OM).fields
    assert (field.wjsg, field.wpg) == (WjsgRecord("39fa", ("*",)), None)
    with pytest.raises(ShapeError) as fault:
        verstrekking(form, PartnerKind.POLITIE)
    assert fault.value.place == "verstrekking"


@pytest.mark.parametrize("category", ["9", "10", 9])
def test_what_the_police_keep_under_article_9_or_10_is_refused(category: Any) -> None:
    with pytest.raises(ShapeError) as fault:
        verstrekking(with_supply(categorie=category))
    assert fault.value.place == "verstrekking.wpg.categorie"
    assert "9 of 10" in fault.value.sentence


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({key: value for key, value in samples.VERSTREKKING.items() if key != "verstrekking"}, "verstrekking"),
        ({**samples.VERSTREKKING, "verstrekking": {}}, "verstrekking"),
        (with_supply(gezagAkkoord=False), "verstrekking.wpg.gezagAkkoord"),
        (with_supply(ontvangers=[]), "verstrekking.wpg.ontvangers"),
        (with_supply(artikel="21"), "verstrekking.wpg.artikel"),
        (with_supply(categorie="11"), "verstrekking.wpg.categorie"),
        ({**samples.VERSTREKKING, "velden": [{"veld": "wpg_verstrekking", "niveaus": {"vol": 1}}]}, "velden"),
        ([], "$"),
    ],
)
def test_without_a_whole_supply_record_nothing_is_taken(form: Any, place: str) -> None:
    with pytest.raises(ShapeError) as fault:
        verstrekking(form)
    assert fault.value.place == place


def test_the_own_form_is_read_fast_enough_for_many_lines() -> None:
    document, rounds = samples.text(samples.LEVERING), 50
    table.parse(samples.OWN, document, samples.context())
    took = min(_seconds(document, rounds) for _ in range(3)) / rounds
    assert took < 0.004


def _seconds(document: bytes, rounds: int) -> float:
    started = time.perf_counter()
    for _ in range(rounds):
        table.parse(samples.OWN, document, samples.context())
    return time.perf_counter() - started
