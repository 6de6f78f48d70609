"""Every published sample of the BRP is taken in, or refused with a reason. Prints which, document by document."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors import table
from connectors.context import ParseContext
from connectors.shapes import shape
from hub.errors import ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind
from tests.conformance import stored_brp

BRP = "application/vnd.hub.brp-personen+json"
CONTEXT = ParseContext(PartnerKind.COLLEGE, "bron-1", datetime(2027, 1, 10, 11, tzinfo=UTC))


def parse(document: Any) -> Parsed:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return table.parse(BRP, content, CONTEXT)


def told(document: Any) -> tuple[set[str], set[str]]:
    """(what a document feeds, why the rest is not taken)."""
    try:
        parsed = parse(document)
    except ShapeError as fault:
        return set(), {f"{fault.code} ({fault.place})"}
    return {each.field for each in parsed.fields}, {f"{each.place}: {each.reason}" for each in parsed.not_taken}


def exchanges(folder: Path) -> Iterator[tuple[str, Any, Any]]:
    """(name, query, answer) of each recorded exchange."""
    for path in sorted((folder / "recorded").glob("*.json")):
        for exchange in json.loads(path.read_text("utf-8")):
            yield path.stem, exchange["request"], exchange["response"]
    for path in sorted((folder / "fixtures").glob("*-request_*.json")):
        answer = path.with_name(path.name.replace("request", "response"))
        yield path.stem, json.loads(path.read_text("utf-8")), json.loads(answer.read_text("utf-8"))


def persons(folder: Path) -> list[Any]:
    listed: list[Any] = json.loads((folder / "test-data.excerpt.json").read_text("utf-8"))
    return listed


def documents(folder: Path) -> Iterator[tuple[str, Any]]:
    """Every file as it lies there, every exchange with and without what was asked, every stored person."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if len(files) < 15:
        pytest.fail("the samples of the BRP are not all there", pytrace=False)
    yield from ((str(path.relative_to(folder)), path.read_bytes()) for path in files)
    for name, query, answer in exchanges(folder):
        yield f"{name}: query", query
        yield f"{name}: answer", answer
        yield f"{name}: answer to what was asked", {**answer, "fields": query["fields"]}
    for index, person in enumerate(persons(folder)):
        yield f"person {index} as stored", {**stored_brp.answer(person), "personen": [person]}
        yield f"person {index} as answered", stored_brp.answer(person)


def test_every_sample_is_taken_in_or_refused_with_a_reason(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dropped = []
    with capsys.disabled():
        sys.stdout.write("\n")
        for name, document in documents(samples / "brp"):
            fed, why = told(document)
            sys.stdout.write(f"{name:60}  {', '.join(sorted(fed)) or '-'}  {'; '.join(sorted(why))}".rstrip() + "\n")
            if not fed and not why:
                dropped.append(name)
    assert not dropped


EXPECTED = {
    "test_brp_integration_prefill": {"bsn"},  # asked: BSN and address; he died, so he lives at no address
    "test_find_person_succesfully": {"bsn", "naam"},
    "test_get_children_person_not_found_results": set(),
    "test_get_family_members_exclude_deceased": set(),
    "test_get_family_members_include_deceased": set(),
    "test_get_partners_include_deceased": set(),
    "test_person_not_found": set(),
    "persoon-a-request_01": {"bsn", "naam", "geboortedatum", "geslacht", "brp_adres"},
    "persoon-a-request_02": set(),
    "persoon-b-request_01": set(),  # it names nobody by BSN, or by name and date of birth
    "persoon-b-request_02": {"bsn", "naam", "brp_adres"},
}


def test_an_exchange_feeds_what_was_asked_of_the_person_himself(samples: Path) -> None:
    fed = {n: told({**answer, "fields": query["fields"]})[0] for n, query, answer in exchanges(samples / "brp")}
    assert fed == EXPECTED


def test_a_supplier_that_gave_more_than_was_asked_fills_no_more(samples: Path) -> None:
    query, answer = next(each[1:] for each in exchanges(samples / "brp") if "prefill" in each[0])
    _, why = told({**answer, "fields": query["fields"]})
    assert {"personen[0].naam: niet-gevraagd", "personen[0].partners: niet-gevraagd"} <= why
    assert told(answer) == (set(), {"verkeerde-vorm (fields)"})


def test_each_test_person_gives_his_own_data_with_its_marks_and_nobody_elses(samples: Path) -> None:
    found = [(stored, parse(stored_brp.answer(stored))) for stored in persons(samples / "brp")]
    for stored, parsed in found:
        fields = {each.field: each for each in parsed.fields}
        written = json.dumps([dict(each.levels) for each in parsed.fields])
        others = [each for kind in ("partners", "kinderen", "ouders") for each in stored[kind]]
        assert not [each for each in others if each.get("burgerservicenummer", "geen") in written]
        secret = stored.get("geheimhoudingPersoonsgegevens", "0") != "0"
        died = stored.get("opschortingBijhouding", {}).get("reden", {}).get("code") == "O" or "overlijden" in stored
        assert ("brp_adres" not in fields) == died
        assert died or bool(fields["brp_adres"].denied_to) == secret
        doubted = "persoonInOnderzoek" in stored
        assert ("bsn" not in fields) == doubted
        assert parsed.persons[0].bsn == stored["burgerservicenummer"]
    letters = [each.levels["vol"]["briefadres"] for _, p in found for each in p.fields if each.field == "briefadres"]
    assert (len(found), any(letters), all(letters)) == (61, True, False)
    births = {len(str(each.levels["vol"])) for _, p in found for each in p.fields if each.field == "geboortedatum"}
    assert births == {4, 7, 10}


SCHEMAS = {
    "persoon": ("Persoon", "PersoonBeperkt", "GezagPersoonBeperkt"),
    "naam": ("NaamPersoon",),
    "datum": ("VolledigeDatum", "DatumOnbekend", "JaarDatum", "JaarMaandDatum"),
    "verblijfplaats": ("Adres", "Locatie", "VerblijfplaatsBuitenland", "VerblijfplaatsOnbekend"),
    "verblijfadres": ("VerblijfadresBinnenland", "VerblijfadresBuitenland", "VerblijfadresLocatie"),
}


def test_the_shape_knows_the_published_names_and_no_others(samples: Path) -> None:
    published = json.loads((samples / "brp" / "openapi.json").read_text("utf-8"))["components"]["schemas"]
    own = json.loads(Path("connectors/schemas/brp-personen.schema.json").read_text("utf-8"))["$defs"]
    for name, schemas in SCHEMAS.items():
        assert set(own[name]["properties"]) == {each for one in schemas for each in _names(published, one)}, name
    assert _names(published, "InOnderzoek") <= set(own["inOnderzoek"]["properties"])
    assert shape("brp-personen").known >= {"personen", "burgerservicenummer"}


def _names(published: Any, name: str) -> set[str]:
    """The properties of a schema, with those that it takes over."""
    found: set[str] = set()
    schema = published[name]
    for part in (schema, *schema.get("allOf", ())):
        found |= set(part.get("properties", ()))
        if "$ref" in part:
            found |= _names(published, part["$ref"].rsplit("/", maxsplit=1)[-1])
    return found
