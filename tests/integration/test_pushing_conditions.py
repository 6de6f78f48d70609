"""What must hold before a derde gets anything (Wgs 1.7, 2.31(9)-(11), Bgs 2.21): each condition through the door."""

from datetime import timedelta

from hub.model.instant import to_text
from tests.pushing import DERDE, PROMISED, SENDER, YEAR, base, codes, fetch, levels, pushed, verified
from tests.region import AT, OWN_FORM, World

AGREEMENT = {
    "velden": [{"veld": "veiligheidsafspraak", "niveaus": {"vol": "Bel eerst.", "sam": "Bel eerst."}, "akkoordDerden": True}]
}  # fmt: skip


def test_without_a_secrecy_statement_nothing_goes_and_after_its_end_nothing_is_fetched(region: World) -> None:
    region.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    base(region)
    refused = pushed(region)
    assert (refused["zending"], codes(refused)) == (None, {"E_GEEN_VERKLARING"})
    hour = to_text(AT + timedelta(hours=1))
    region.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": hour})
    sent = pushed(region)
    assert levels(sent) == PROMISED
    region.clock.move(hours=1)
    assert codes(pushed(region)) == {"E_GEEN_VERKLARING"}
    assert fetch(region, sent["zending"]).status_code == 404


def test_what_its_source_did_not_agree_to_stays_in(region: World) -> None:
    region.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": YEAR})
    base(region)
    assert pushed(region)["gegevens"] == []
    region.recorded("gemeente-noord", "bronvoorwaarden", {"velden": ["naam"], "akkoordDoorgeven": True})
    assert levels(pushed(region)) == {("naam", "sam")}


def test_what_the_betrokkene_objects_to_stays_in(ready: World) -> None:
    ready.recorded("gemeente-noord", "bezwaren", {"velden": ["naam"], "aan": True})
    answer = pushed(ready)
    assert levels(answer) == PROMISED - {("naam", "sam")}
    assert codes(answer, "naam") == {"E_NIET_BESCHIKBAAR"}


def test_special_and_criminal_data_need_the_advice_of_the_commission(region: World) -> None:
    region.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": YEAR})
    region.recorded(SENDER, "leveringen", AGREEMENT, media=OWN_FORM)
    without = {"grondslag": "derde", "partner": DERDE, "doelen": ["D07"], "groepen": ["*"]}
    region.recorded("gemeente-noord", "grondslagen", without)
    region.clock.move(seconds=1)
    assert "veiligheidsafspraak" not in {field for field, _ in levels(pushed(region))}
    base(region)
    region.clock.move(seconds=1)
    assert "veiligheidsafspraak" in {field for field, _ in levels(pushed(region))}


def test_the_entry_names_sender_receiver_bases_and_conditions(ready: World) -> None:
    told = verified(ready, pushed(ready))
    assert (told["partner"], told["ontvanger"], told["actie"]) == (SENDER, DERDE, "verstrekken")
    assert all(line["grondslag"] for line in told["gegevens"])
    assert {"no_export", "watermark", "feedback_due"} <= {duty["type"] for duty in told["verplichtingen"]}


def test_a_partner_that_cannot_carry_out_a_duty_gets_nothing_that_needs_it(ready: World) -> None:
    less = f"UPDATE partners SET fulfils = '[\"log_dataverwerking\"]', version = version + 1 WHERE id = '{DERDE}'"  # noqa: S608
    ready.hub.store.commit(lambda tx: tx.connection.exec_driver_sql(less))
    answer = pushed(ready)
    assert (answer["zending"], answer["gegevens"]) == (None, [])
