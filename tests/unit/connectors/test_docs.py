"""The documentation is written from the code."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from connectors import brp_personen, describe, described, table, zgw
from connectors.corv import melding, persons, vtmelding
from connectors.fhir import mapping
from connectors.reasons import SENTENCES, Reason
from connectors.rule import Rule
from connectors.vera import delivery as vera
from connectors.vera import item
from hub.broker.facts import GIVEN, OWN
from hub.model.partner import PartnerKind
from tests.repository import ROOT
from tests.unit.connectors import samples

PAGE = ROOT / "docs/connectors.md"
GUIDE = ROOT / "docs" / "guides" / "partner-system.md"
CATALOGUE: dict[str, Any] = json.loads((ROOT / "policies/hub/catalog/data.json").read_text("utf-8"))["fields"]
ALL_RULES = (
    brp_personen.RULES,
    vera.RULES,
    zgw.PERSON_RULES,
    zgw.ZAAK_RULES,
    zgw.OFFICE_RULES,
    persons.RULES,
    melding.RULES,
    vtmelding.RULES,
)


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == describe.render(), "run: python -m connectors.describe docs/connectors.md"


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)


def test_a_field_is_a_list_everywhere_or_nowhere() -> None:
    shapes: dict[str, set[bool]] = {}
    for rule in mapping.RULES:
        shapes.setdefault(rule.field, set()).add(rule.many)
    assert not [field for field, many in shapes.items() if len(many) > 1]


def test_no_rule_feeds_a_consent() -> None:
    assert not {"toestemming", "weigering"} & {rule.field for rule in mapping.RULES}


def test_the_delivery_of_a_corporation_in_the_guide_is_taken_in_whole() -> None:
    blocks = re.findall(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    (shown,) = (block for block in blocks if '"vera"' in block)
    media = table.media_type_of(shown.encode())
    parsed = table.parse(media, shown.encode(), samples.context(PartnerKind.WONINGCORPORATIE))
    assert [(each.field, sorted(each.levels)) for each in parsed.fields] == [("overlast_meldingen", ["sam", "vol"])]
    assert (parsed.not_taken, parsed.reference) == ((), "H-10213")


def test_every_media_type_that_the_guide_names_is_one_of_the_table() -> None:
    named = set(re.findall(r"application/(?:vnd[.]hub|fhir)[a-z.+-]*", GUIDE.read_text("utf-8")))
    assert named <= {each for one in table.FORMATS for each in one.media_types}
    assert "application/vnd.hub.vera+json" in named


@pytest.mark.parametrize("rules", ALL_RULES)
def test_what_a_rule_feeds_is_in_the_catalogue_and_not_the_hubs_own(rules: Sequence[Rule[Any] | item.Rule]) -> None:
    fields = {rule.field for rule in rules}
    assert fields <= CATALOGUE.keys()
    assert not fields & {*OWN, *GIVEN}


def test_the_example_of_iwmo_and_iwlz_is_a_delivery_of_a_college() -> None:
    (written,) = re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    parsed = table.parse(samples.OWN, written.encode(), samples.context(PartnerKind.COLLEGE))
    assert [field.field for field in parsed.fields] == ["wmo_voorziening", "regiobinding_woonplaats", "indicatie"]
    assert all("college" in CATALOGUE[field.field]["sources"] for field in parsed.fields)
    assert parsed.persons[0].bsn == samples.BSN
    assert not parsed.not_taken


def test_who_the_page_says_delivers_the_facts_of_iwmo_and_iwlz_may() -> None:
    rows = [line.split(" | ") for line in described.IWMO_IWLZ.splitlines() if line.startswith("|") and "`" in line]
    assert len(rows) == 5
    for _, _, field, by in rows:
        key, kind = field.split("`")[1], by.split(";")[0].strip("| ")
        assert kind in CATALOGUE[key]["sources"]
