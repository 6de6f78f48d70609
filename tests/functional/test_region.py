"""The demonstration region as a newcomer gets it: its size, its texts, and the same again from the same seed."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.broker.facts import made_fields
from hub.broker.state import States
from hub.cli.shown import WIDTH, lines
from hub.model.bsn import elfproef
from hub.model.instant import to_text
from hub.pdp.bundle import read_bundle
from hub.pdp.packing import unpacked
from hub.pdp.tables import LawTables
from hub.run.region.make import SEED, ensure_region, ready_line
from hub.run.region.partners import BY_ID, PARTNERS
from hub.run.region.plans import SHOWN, WIDE_SOURCES, plans
from hub.run.region.values import Story, story, texts
from hub.wiring import ROOT
from tests.region import AT, Clock, World, settings_of

WIDE = "zvh-breed"
DIAGNOSES = re.compile(r"schizo|psycho|bipolair|stoornis|depress|manie|autis|borderline|verslav|lvb", re.IGNORECASE)
PHONES = re.compile(r"0\d[\d ]{7,}")
FICTITIOUS = re.compile(r"088 000 \d\d \d\d|06 000000\d\d")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = settings_of(tmp_path_factory.mktemp("regio"))
    ensure_region(settings, AT)
    sheet = json.loads((settings.home / "regio.json").read_text())
    world = World(settings, {one["name"]: one["pseudonyms"] for one in sheet}, Clock(AT))
    yield world
    world.close()


@dataclass(frozen=True)
class Held:
    """What a casus holds: (field, source) of each delivery, and what the hub keeps of it."""

    delivered: frozenset[tuple[str, str]]
    kept: Mapping[str, Any]


def held(world: World, name: str) -> Held:
    casus = world.casus_id(name)
    with world.hub.store.snapshot() as moment:
        state = States(world.hub.compartments, most=0).of(moment, casus, "ggz-noord")
    facts = unpacked(state.held.rows())
    kept = {field: value for (field, _), value in made_fields(state.dossier, to_text(AT), "-").items()}
    return Held(frozenset((fact["field"], fact["source"]) for fact in facts), kept)


def tables() -> LawTables:
    return LawTables(read_bundle(ROOT / "policies"))


def test_at_least_fourteen_partners_of_twelve_kinds() -> None:
    assert len(PARTNERS) >= 14
    assert len({partner.kind for partner in PARTNERS}) >= 12


def test_twelve_casussen_in_several_regimes_and_phases(region: World) -> None:
    kept = [held(region, name).kept for name in region.names]
    assert len(kept) == 12
    assert len({one["juridisch_regime"] for one in kept}) >= 4
    assert len({one["casus_fase"] for one in kept}) >= 5


def test_both_fields_of_the_privacy_officers_walk_are_there_and_the_ggd_takes_part(region: World) -> None:
    delivered = held(region, "zvh-opgeschaald").delivered
    assert {("financier", "regie-noord"), ("indicatie", "gemeente-noord")} <= delivered
    assert "ggd-noord" in region.names["zvh-opgeschaald"]


def test_one_casus_holds_seventy_two_fields_of_six_sources(region: World) -> None:
    # The police's supply record is a field of its own, which the hub takes from the delivery.
    fields = {(field, source) for field, source in held(region, WIDE).delivered if field != "wpg_verstrekking"}
    assert len({field for field, _ in fields}) == 72
    assert {source for _, source in fields} == set(WIDE_SOURCES)
    assert len(WIDE_SOURCES) == 6


def test_a_newcomer_sees_what_leaves_what_does_not_why_and_a_receipt(region: World) -> None:
    answer = region.ask("ggz-noord", casus=SHOWN).json()
    assert len(answer["gegevens"]) >= 10
    assert any(reason["artikelen"] for item in answer["geweigerd"] for reason in item["redenen"])
    assert any(item["watKan"] for item in answer["geweigerd"])
    assert answer["verplichtingen"]
    assert answer["ontvangstbewijs"]["bewijs"]
    shown = list(lines(answer))
    assert len(shown) < 200
    assert [line for line in shown if len(line) > WIDTH] == []


def test_the_ready_line_names_the_casus_as_its_asker_knows_it(region: World) -> None:
    (line,) = [line for line in ready_line(region.settings) if "hub ask" in line]
    assert f"--als ggz-noord --casus {region.names[SHOWN]['ggz-noord']} --doel D02" in line
    assert len(ready_line(region.settings)) <= 12


def test_a_second_start_keeps_the_region_and_a_killed_first_one_leaves_nothing(region: World, tmp_path: Path) -> None:
    store = region.settings.home / "hub.db"
    before = store.stat()
    ensure_region(region.settings, AT + timedelta(days=1))
    assert store.stat().st_ino == before.st_ino
    assert not (region.settings.home / "wordt-gemaakt").exists()
    assert ready_line(settings_of(tmp_path)) == []


def test_the_same_seed_gives_the_same_plans_people_and_values() -> None:
    def made() -> list[Any]:
        chance = random.Random(SEED)
        found = [(plan, story(chance)) for plan in reversed(tuple(plans(tables())))]
        return [
            (plan, someone, [someone.forms(field, AT) for fields in plan.supplies.values() for field in fields])
            for plan, someone in found
        ]

    assert made() == made()
    assert len({someone.bsn for _, someone, _ in made()}) == 12


def test_every_number_is_of_the_test_range_and_passes_the_elfproef() -> None:
    chance = random.Random(SEED)
    for _ in range(200):
        number = story(chance).bsn
        assert number.startswith("9999")
        assert elfproef(number)


def test_what_a_source_says_of_the_person_is_the_person_of_the_casus(region: World) -> None:
    chance = random.Random(SEED)
    people = {plan.name: story(chance) for plan in reversed(tuple(plans(tables())))}
    items = region.ask("ggz-noord", "bsn", "naam", "geboortedatum", casus=WIDE).json()["gegevens"]
    answer = {item["veld"]: item["waarde"] for item in items}
    assert answer["bsn"] == people[WIDE].bsn
    assert answer["geboortedatum"] == people[WIDE].birth_date
    assert answer["naam"]["geslachtsnaam"] == people[WIDE].family_name


def test_every_delivered_field_has_texts_in_both_forms() -> None:
    delivered = {field for plan in plans(tables()) for fields in plan.supplies.values() for field in fields}
    assert delivered <= set(texts())
    for variants in texts().values():
        assert all(set(variant) == {"vol", "sam"} for variant in variants)
        assert all(isinstance(variant["sam"], str) and variant["sam"] for variant in variants)


def test_the_texts_are_fields_of_the_catalogue_that_some_source_writes() -> None:
    law = tables()
    assert set(texts()) <= set(law.expand(["*"]))
    kinds = {partner.kind.value for partner in PARTNERS} | {"betrokkene"}
    orphans = [field for field in texts() if not any(law.may_deliver(field, kind, None) for kind in kinds)]
    assert orphans == []


def test_telephone_numbers_belong_to_nobody() -> None:
    numbers = [number.strip() for number in PHONES.findall(json.dumps(texts()))]
    assert len(numbers) > 10
    assert [number for number in numbers if not FICTITIOUS.fullmatch(number)] == []


@pytest.mark.parametrize("field", ["bejegeningsadvies", "crisisplan_kort", "crisiscontact_24_7"])
def test_advice_for_everybody_holds_no_diagnosis(field: str) -> None:
    assert DIAGNOSES.findall(json.dumps(texts()[field], ensure_ascii=False)) == []


def words(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from words(inner)


def test_places_in_texts_are_filled_in() -> None:
    someone = Story("Dijkhuis", "1980-02-03", "999900006", 1)
    for field in texts():
        assert [word for word in words(someone.forms(field, AT)) if "{" in word or "}" in word] == []
    assert someone.forms("evaluatie_datum", AT)["vol"] == (AT + timedelta(days=45)).date().isoformat()


def test_every_source_of_a_plan_is_a_partner_that_may_write_the_field() -> None:
    law = tables()
    for plan in plans(law):
        for source, fields in plan.supplies.items():
            partner = BY_ID[source]
            employer = partner.employer_kind.value if partner.employer_kind else None
            assert all(law.may_deliver(field, partner.kind.value, employer) for field in fields)
