"""What a real server and the command line print: no value, name, BSN, free text or token, in any form."""

import base64
import json
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from hub.wiring import utc_now
from tests.integration.test_canaries import BSN, canary, files, forms
from tests.region import OPEN, OWN_FORM, SUPPLY_FORM, Line, Server, server, template_of_today

CARE, FILER, POLICE, LEAD, DERDE = "ggz-noord", "gemeente-noord", "politie-noord", "zvh-noord", "wonen-noord"
FIELDS = ("bejegeningsadvies", "diagnose_dsm", "crisisplan_kort")
ODD = canary("fout")
QUESTION = {"doel": "D02", "velden": ["*"]}


def all_forms(text: str) -> Iterator[bytes]:
    """`text` as it may be printed: as it may lie in a file, and as an address, a literal of Python or its escapes."""
    yield from forms(text)
    yield quote(text).encode()
    yield ascii(text)[1:-1].encode()
    yield ascii(text.encode())[2:-1].encode()
    yield json.dumps(text).strip('"').encode().upper()
    yield base64.b32encode(text.encode())[:-8]


def seen(texts: list[str], places: dict[str, bytes]) -> list[tuple[str, str]]:
    """Which of `texts` can be read where."""
    return [(text, place) for text in texts for place, content in places.items()
            if any(form in content for form in all_forms(text))]  # fmt: skip


HOW: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(), "json": lambda text: json.dumps(text).encode(),
    "base64": lambda text: base64.b64encode(b"xy" + text.encode() + b"z"), "hex": lambda text: text.encode().hex().encode(),
    "address": lambda text: quote(f"/{text}/").encode(), "literal": lambda text: repr(text.encode()).encode(),
    "base32": lambda text: base64.b32encode(text.encode()),
}  # fmt: skip


@pytest.mark.parametrize("how", HOW)
def test_the_search_finds_one_that_is_printed(how: str) -> None:
    text = canary("open")
    assert seen([text, canary("dicht")], {"stdout": b"before " + HOW[how](text) + b" after"}) == [(text, "stdout")]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Server]:
    """A server that tells all it has to tell."""
    shutil.copytree(template_of_today().home, tmp_path / "home")
    with server(tmp_path) as found:
        yield found


class Partners:
    """Partners with one connection each; the tokens and proofs that they sent are kept for the search."""

    def __init__(self, running: Server) -> None:
        self.running, self.secrets, self.names = running, list[str](), template_of_today().names[OPEN]
        self.lines = {name: Line(running.base, running.home, name) for name in (CARE, FILER, POLICE, LEAD)}

    def call(self, partner: str, path: str, body: Any, **more: Any) -> httpx.Response:
        """One call."""
        answer = self.lines[partner].post(path, body, **more)
        self.secrets += [answer.request.headers["Authorization"].split()[1], answer.request.headers["DPoP"]]
        return answer

    def on(self, partner: str, what: str, body: Any, **more: Any) -> httpx.Response:
        """One call about the casus."""
        return self.call(partner, f"/casussen/{self.names[partner]}/{what}", body, **more)

    def close(self) -> None:
        """End the connections."""
        for line in self.lines.values():
            line.http.close()


def delivery(*fields: str, **more: Any) -> dict[str, Any]:
    """A delivery with a canary in every field."""
    items = [{"veld": each, "niveaus": {"sam": canary(each), "vol": {"tekst": canary(each)}}} for each in fields]
    return {"velden": items, **more}


def planted(partners: Partners) -> list[str]:
    """Canaries in values, names, BSN, reasons and notes, in what is taken and in what is refused."""
    later = (utc_now() + timedelta(days=30)).isoformat()
    criteria = {name: canary(name) for name in ("problemen", "leefgebieden", "overlast", "samenwerking")}
    person = {"naam": canary("naam"), "geboortedatum": "1980-01-02", "bsn": BSN}
    refusal = {"ontvangers": [POLICE], "doelen": ["D03"], "groepen": ["G05"], "gegevenOp": "2025-01-09T10:00:00Z",
               "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
               "toelichting": canary("toelichting")}  # fmt: skip
    taken = [
        partners.call(FILER, "/casussen", {"persoon": person, "criteria": criteria, "regime": "wgs_zvh"}),
        partners.on(CARE, "leveringen", delivery(*FIELDS), media=OWN_FORM),
        partners.on(CARE, "weigeringen", refusal),
        partners.on(LEAD, "termijnen", {"eindigtOp": later, "reden": canary("reden")}),
        partners.on(POLICE, "raadplegingen", QUESTION),
    ]
    assert [answer.status_code for answer in taken] == [201, 201, 201, 201, 200], [a.text[:300] for a in taken]
    assert canary(FIELDS[0]).encode() in taken[-1].content, "the canaries sing where they may"
    http, base = partners.lines[CARE].http, partners.running.base
    other = {"geslachtsnaam": ODD, "geboortedatum": "1950-01-01"}
    refused = [
        partners.on(CARE, "leveringen", {ODD: ODD}, media=OWN_FORM),
        partners.on(CARE, "leveringen", ODD, media=OWN_FORM),
        partners.on(CARE, "leveringen", {"text": ODD}, media="application/fhir+json"),
        partners.on(CARE, "leveringen", delivery(*FIELDS, betrokkene=other), media=OWN_FORM),
        partners.on(POLICE, "leveringen", delivery("wijkagent"), media=SUPPLY_FORM),
        partners.call(POLICE, "/zoekingen", {"doel": "D02", "persoon": {"naam": ODD, "geboortedatum": "1950-01-01"}}),
        partners.call(POLICE, "/zoekingen", {"doel": "D02", "bsn": BSN[:-1] + "x"}),
        partners.on(POLICE, "raadplegingen", {"doel": ODD, "velden": [ODD]}),
        partners.call(POLICE, f"/casussen/{quote(ODD)}/raadplegingen", QUESTION),
        partners.on(LEAD, "fasen", {"fase": ODD, "reden": ODD}),
        http.post(f"{base}/oauth/token", data={"client_assertion": ODD}),
        http.post(f"{base}/v1/zoekingen", headers={"Authorization": f"DPoP {quote(ODD)}"}),
    ]  # fmt: skip
    assert all(400 <= answer.status_code < 500 for answer in refused), [answer.status_code for answer in refused]
    names = ("naam", "problemen", "leefgebieden", "overlast", "samenwerking", "toelichting", "reden", *FIELDS)
    return [BSN, ODD, *(canary(name) for name in names)]


def commands(running: Server, folder: Path, names: Mapping[str, str]) -> dict[str, bytes]:
    """What the commands print that see the canaries pass by, in order and in trouble. `hub ask` shows values: not here."""
    (folder / "goed.json").write_text(json.dumps(delivery(*FIELDS)))
    (folder / "fout.json").write_text(json.dumps({ODD: ODD, **delivery(ODD)}))
    (folder / "geen.json").write_text(f'{{"{ODD}')
    lines = [json.dumps({"casus": names[CARE], "document": found}) for found in (delivery(*FIELDS), delivery(ODD))]
    (folder / "veel.ndjson").write_text("\n".join([*lines, ODD, json.dumps({ODD: BSN})]))
    to_care = ("--als", CARE, "--casus", names[CARE])
    jwks = str(folder / "geen.json")
    asked: list[tuple[str, ...]] = [
        ("leveren", str(folder / "goed.json"), *to_care),
        ("leveren", str(folder / "fout.json"), *to_care),
        ("leveren", str(folder / "geen.json"), *to_care),
        ("leveren", str(folder / ODD), *to_care),
        ("leveren", "--lines", str(folder / "veel.ndjson"), "--als", CARE),
        ("decide", str(folder / "fout.json")),
        ("log", "check"),
        ("log", "verify", str(folder / "fout.json")),
        ("partner", "client", "--operator", "demonstratie", FILER, "nieuw", "--jwks", jwks),
        ("postvak", "--als", DERDE),
        ("verplichtingen", "--als", DERDE),
        ("verplichtingen",),
        ("meldingen",),
        ("sleutels", "rotate", "--operator", "demonstratie"),
        ("sleutels", "casussen", "--operator", "demonstratie"),
        ("sleutels", "toegang", "--operator", "demonstratie"),
    ]
    printed: dict[str, bytes] = {}
    for words in asked:
        done = running.run(*words)
        assert "Traceback" not in done.stderr, (words, done.stderr)
        printed[" ".join(words[:3])] = (done.stdout + done.stderr).encode()
    assert all(printed.values())
    return printed


def test_nothing_that_is_planted_is_printed(running: Server, tmp_path: Path) -> None:
    partners = Partners(running)
    (tmp_path / "in").mkdir()
    texts = planted(partners)
    printed = commands(running, tmp_path / "in", partners.names)
    partners.close()
    shutil.rmtree(tmp_path / "in")
    # As it lies while the server runs, and as it lies afterwards.
    lying = {f"open {place}": content for place, content in files(tmp_path).items()}
    assert running.stop(signal.SIGINT) == 0
    lying |= files(tmp_path)
    assert any(place.endswith("stderr") for place in lying)
    assert any(place.endswith("hub.db-wal") for place in lying)
    everywhere = {**printed, **lying}
    assert seen(texts, everywhere) == []
    signatures = {secret.rsplit(".", 1)[-1].encode() for secret in partners.secrets}
    assert len(signatures) > 10
    assert [place for place, content in everywhere.items() if any(one in content for one in signatures)] == []
