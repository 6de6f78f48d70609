"""The published parts of VERA: the lists that the hub reads are theirs, and real homes are taken in or refused."""

import csv
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors import table
from connectors.context import ParseContext
from connectors.vera import codes
from hub.errors import ShapeError
from hub.model.partner import PartnerKind

VERA = "application/vnd.hub.vera+json"
PERSON = {"id": "rel-1", "achternaam": "Voorbeeld", "geboortedatum": "1990-05-17"}
KINDS = (PartnerKind.WONINGCORPORATIE, PartnerKind.CASUSREGISSEUR)
AT = datetime(2027, 1, 10, 11, tzinfo=UTC)


def told(document: Any, kind: PartnerKind) -> tuple[set[str], set[str]]:
    """(what a document feeds, why the rest is not taken)."""
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    try:
        parsed = table.parse(VERA, content, ParseContext(kind, "bron-1", AT))
    except ShapeError as fault:
        return set(), {f"{fault.code} ({fault.place})"}
    return {each.field for each in parsed.fields}, {f"{each.place}: {each.reason}" for each in parsed.not_taken}


def documents(folder: Path) -> Iterator[tuple[str, Any]]:
    """Every file as it lies there, and each home in the list that VERA has for it."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    homes = [path for path in files if path.suffix == ".json"]
    if len(files) < 10 or not homes:
        pytest.fail("the samples of VERA are not all there", pytrace=False)
    yield from ((str(path.relative_to(folder)), path.read_bytes()) for path in files)
    for path in homes:
        home = json.loads(path.read_text("utf-8"))
        yield f"{path.name} in its list", {"vera": "4.3", "relatie": PERSON, "eenheden": [home]}


def test_every_sample_is_taken_in_or_refused_with_a_reason(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dropped, in_list = [], []
    with capsys.disabled():
        sys.stdout.write("\n")
        for name, document in documents(samples / "vera"):
            for kind in KINDS:
                fed, why = told(document, kind)
                sys.stdout.write(f"{name:44} {kind:16}  {', '.join(fed) or '-'}  {'; '.join(sorted(why))}\n")
                if not fed and not why:
                    dropped.append(name)
                if name.endswith("in its list"):
                    in_list.append((fed, why))
    assert not dropped
    assert in_list == [(set(), {"eenheden[0]: geen-veld"})] * 6


def test_the_reference_data_are_the_published_ones(samples: Path) -> None:
    published: dict[str, dict[str, set[tuple[str, str]]]] = {}
    with (samples / "vera" / "Referentiedata.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            listed = published.setdefault(row["Soort"], {}).setdefault(row["Code"], set())
            listed.add((row["Naam"].strip(), row["Parent"]))
    for name, own in codes.lists().items():
        assert set(own) == set(published[name]), name
        assert not [c for c, row in own.items() if (row["naam"], row.get("ouder", "")) not in published[name][c]]


SCHEMAS = {
    "signalering": [("Ketenprocessen/BRG.yaml", "Signaleringen-Signaleringbericht")],
    "zaak": [("Ketenprocessen/BDO.yaml", "Zaken-Zaakbericht")],
    "zaaktype": [("Ketenprocessen/BDO.yaml", "Zaken-Zaaktype")],
    "zaakrol": [("Ketenprocessen/BDO.yaml", "Zaken-Zaakrol")],
    "zaakstatus": [("Ketenprocessen/BDO.yaml", "Zaken-Zaakstatus")],
    "huurovereenkomst": [
        ("Informatiedomeinen/Overeenkomsten.yaml", "Huurovereenkomstbericht"),
        ("Ketenprocessen/BOG.yaml", "Overeenkomsten-Huurovereenkomst"),
    ],
    "huuropzegging": [("Informatiedomeinen/Overeenkomsten.yaml", "Huuropzeggingbericht")],
    "relatierol": [
        ("Ketenprocessen/BRG.yaml", "Relaties-Relatierol"),
        ("Informatiedomeinen/Relaties.excerpt.yaml", "Relatierol"),
    ],
    "relatieadres": [("Ketenprocessen/BRG.yaml", "Relaties-RelatieAdres")],
    "contactgegeven": [("Ketenprocessen/BRG.yaml", "Relaties-Contactgegeven")],
    "relatie": [
        ("Ketenprocessen/BRG.yaml", "Relaties-NatuurlijkPersoon"),
        ("Ketenprocessen/BRG.yaml", "Relaties-Rechtspersoon"),
        ("Ketenprocessen/BRG.yaml", "Relaties-Relatiegroep"),
        ("Ketenprocessen/BRG.yaml", "Bericht-basis"),
        ("Ketenprocessen/BDO.yaml", "Zaken-NatuurlijkPersoon"),
    ],
    "eenheid": [("Informatiedomeinen/Vastgoed.excerpt.yaml", "Eenheidbericht")],
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shape_knows_the_published_names_and_no_others(samples: Path, name: str) -> None:
    own = json.loads(Path("connectors/schemas/vera.schema.json").read_text("utf-8"))["$defs"][name]["properties"]
    published: set[str] = set()
    for file, schema in SCHEMAS[name]:
        published |= _names((samples / "vera" / file).read_text("utf-8"), schema)
    assert set(own) == published


def _names(text: str, schema: str) -> set[str]:
    """The properties of a schema in an OpenAPI file, with those that it takes over; read by indentation."""
    found = re.search(rf"^    {re.escape(schema)}:\n((?:      .*\n|\s*\n)+)", text, re.MULTILINE)
    assert found, schema
    names: set[str] = set()
    inside: int | None = None
    for line in found[1].splitlines():
        depth = len(line) - len(line.lstrip())
        if inside is not None and line.strip() and depth <= inside:
            inside = None
        if inside is None and line.strip() in {"properties:", "- properties:"}:
            inside = depth + (2 if line.strip().startswith("-") else 0)
        elif inside is not None and depth == inside + 2 and (key := re.match(r"\s*'?([\w-]+)'?:", line)):
            names.add(key[1])
        elif inside is None and (taken := re.match(r"\s*- \$ref: .*/([\w-]+)", line)):
            names |= _names(text, taken[1])
    return names
