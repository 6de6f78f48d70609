"""Every door of the API description under calls that nobody thought of, by every partner, with a valid token and proof.

Schemathesis draws the calls from the description, in and out of its shapes. The seeds are fixed; yet hypothesis also tries
the texts in whatever source is loaded, so that a run beside other tests makes other calls. `HUB_FAULTS=full` makes ten
times as many.
"""

import ast
import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import strategies
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.api.app import api_app, described
from hub.run.region.partners import PARTNERS
from tests import extent
from tests.region import CLOSED_TABLE, OPEN, OWN_FORM, SUPPLY_FORM, Line, Server, server, template_of_today
from tests.repository import ROOT, code

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
CALLS_A_DOOR = extent.times(14, 140)
DOCUMENT = described(api_app("https://hub.example.nl"))
FORMS = {
    name: (ROOT / f"connectors/schemas/{name}.schema.json").read_text() for name in ("levering", "politie-justitie")
}
WORDS = json.dumps(DOCUMENT, ensure_ascii=False) + "".join(FORMS.values())
"""What the description and the forms say themselves may stand in an answer."""
OWN_TEXTS = {
    node.value
    for source in code("hub")
    if "region" not in source.relative_to(ROOT).parts
    for node in ast.walk(ast.parse(source.read_text()))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
"""The texts in the hub's source, without the invented region: hypothesis sends them, and an answer has them from here."""
PARTNER_IDS = [partner.id for partner in PARTNERS]
DEEP = {
    r"^[A-Z][0-9]{2}$": ["D01", "D02", "D03", "D04", "D07", "D11", "D12", "D99"],
    r"^[A-Za-z0-9._:-]{1,64}$": [*PARTNER_IDS, "niemand"],
    r"^([A-Za-z0-9._:-]{1,64}|\*)$": [*PARTNER_IDS, "*"],
    r"^([a-z0-9_]{1,64}|\*)$": ["*", "naam", "bejegeningsadvies", "diagnose_dsm", "wijkagent", "bsn", "bestaat_niet"],
    r"^([a-z0-9_]{1,64}|G[0-9]{2}|\*)$": ["*", "G01", "G05", "bejegeningsadvies", "G99"],
    r"^[a-z0-9_]{1,64}$": ["naam", "bejegeningsadvies", "diagnose_dsm", "wijkagent", "bestaat_niet"],
    r"^[a-z0-9][a-z0-9_-]{0,63}$": [*PARTNER_IDS, "niemand"],
    r"^[A-Za-z0-9._:()/-]{1,64}$": ["wgs", "wv30", "wpg16.1", "toest", "derde", "huur", "verzonnen"],
}
"""Patterns of the description -> words that get past the first look, so that the calls go deep."""


CLOSING = ("fasen", "regimes", "posities", "termijnen", "terugnames", "weigeringen")
PLACES = [
    "a" * 52,
    "x",
    "0",
    "-1",
    "..",
    "é",
    "Ω" * 40,
    "a\x00b",
    "%00",
    "%2e%2e%2f",
    "' OR 1=1",
    "${x}",
    "\x85\u2028",
    "x" * 300,
]
"""What no one would put in an address; most calls get a name that is known in its place."""
DELIVER, SERIES = "/casussen/{casus}/leveringen", "/leveringsreeksen"


def deep(node: Any) -> Any:
    """The description with words that mean something in the region."""
    if isinstance(node, list):
        return [deep(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("pattern") in DEEP:
        return {"type": "string", "enum": DEEP[node["pattern"]]}
    if node.get("in") == "path":
        return {**node, "schema": {"type": "string", "enum": PLACES}}
    return {key: deep(value) for key, value in node.items() if key != "security"}


def whole() -> dict[str, Any]:
    """The description, with the forms of a delivery where it says only that they are objects."""
    document = json.loads(json.dumps(DOCUMENT))
    forms = {}
    for name, form_text in FORMS.items():
        text = form_text.replace('"levering.schema.json#/$defs/', '"#/components/schemas/levering-')
        form = json.loads(text.replace('"#/$defs/', f'"#/components/schemas/{name}-'))
        document["components"]["schemas"] |= {f"{name}-{key}": value for key, value in form.pop("$defs").items()}
        forms[name] = {key: value for key, value in form.items() if not key.startswith("$")}
    bodies = {door: document["paths"][door]["post"]["requestBody"]["content"] for door in (DELIVER, SERIES)}
    bodies[DELIVER][OWN_FORM]["schema"] = forms["levering"]
    bodies[DELIVER][SUPPLY_FORM]["schema"] = forms["politie-justitie"]
    line = {"casus": {"type": "string"}, "document": forms["levering"]}
    lines = {"type": "object", "properties": line, "required": ["casus", "document"], "additionalProperties": False}
    bodies[SERIES]["application/x-ndjson"]["schema"] = {"type": "array", "items": lines, "maxItems": 4}
    found: dict[str, Any] = deep(document)
    return found


@schemathesis.serializer("application/x-ndjson")
def _lines(_: Any, value: Any) -> bytes:
    rows = value if isinstance(value, list) else [value]
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


SCHEMA = schemathesis.openapi.from_dict(whole())
DOORS = sorted(
    (found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)),
    key=lambda door: ("beeindigingen" in door.path, "correcties" in door.path, door.path.rsplit("/")[-1] in CLOSING),
)
"""What puts partners out or ends a casus comes last."""


@dataclass
class Seen:
    """What was asked, what came back, and what was wrong with it."""

    statuses: Counter[int] = field(default_factory=Counter)
    partners: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)
    errors: list[tuple[str, str]] = field(default_factory=list)


class Callers:
    """All partners, who take turns; each names what is his, what is another's, and what is nobody's."""

    def __init__(self, running: Server) -> None:
        self.running, self.names = running, template_of_today().names
        self.lines = {id_: Line(running.base, running.home, id_) for id_ in PARTNER_IDS}
        self.base, self.turn, self.seen = f"{running.base}/v1", itertools.count(), Seen()
        self.records = {id_: self._own(id_) for id_ in self.names[OPEN]}
        self.values = set().union(*(self._released(id_) for id_ in self.names[OPEN]))
        self.pushed = [self._push(receiver) for receiver in ("politie-noord", "ggz-noord", "gemeente-noord") * 4]

    def _own(self, partner: str) -> list[str]:
        url = f"{self.base}/casussen/{self.names[OPEN][partner]}/vastleggingen"
        found = self.lines[partner].http.get(url, headers=self.lines[partner].proven("GET", url)).raise_for_status()
        return [record["id"] for record in found.json()["vastleggingen"]]

    def _push(self, receiver: str) -> str:
        path = f"/casussen/{self.names[OPEN]['zvh-noord']}/verstrekkingen"
        body = {"ontvanger": receiver, "doel": "D02", "velden": ["naam", "bejegeningsadvies"]}
        sent: str = self.lines["zvh-noord"].post(path, body).raise_for_status().json()["zending"]
        return sent

    def _released(self, partner: str) -> set[str]:
        path = f"/casussen/{self.names[OPEN][partner]}/raadplegingen"
        answer = self.lines[partner].post(path, {"doel": "D02", "velden": ["*"]}).raise_for_status().json()
        return {text for item in answer["gegevens"] for text in strings(item["waarde"]) if is_telling(text)}

    def close(self) -> None:
        """End the connections."""
        for line in self.lines.values():
            line.http.close()

    def place(self, case: Case[Any], partner: str, number: int) -> None:
        """Names in the address: mostly one's own, now and then another's, now and then as it was drawn."""
        own, others = number % 7 < 4, number % 7 == 4
        if not own and not others:
            return
        known = self.names[CLOSED_TABLE if number % 11 == 0 else OPEN]
        other = PARTNER_IDS[number % len(PARTNER_IDS)]
        ids = self.records.get(partner if own else other) or self.records["ggz-noord"]
        values = {
            "casus": known.get(partner if own else other, known["ggz-noord"]),
            "vastlegging": ids[number % len(ids)],
            "zending": self.pushed[number % len(self.pushed)],
        }
        given = case.path_parameters or {}
        case.path_parameters = {name: values.get(name, drawn) for name, drawn in given.items()}
        for line in case.body if isinstance(case.body, list) else ():
            if isinstance(line, dict):
                line["casus"] = values["casus"]

    def call(self, case: Case[Any]) -> None:
        """One call, and a look at what came back."""
        number = next(self.turn)
        # Who has a part in a casus gets further: two of three calls are theirs.
        at_work = PARTNER_IDS if number % 3 == 0 else list(self.names[OPEN])
        partner = at_work[number // 3 % len(at_work)]
        self.place(case, partner, number)
        line = self.lines[partner]
        arguments = case.as_transport_kwargs(base_url=self.base)
        headers = {name: str(value).encode("latin-1", "ignore") for name, value in arguments.pop("headers").items()}
        headers = {name: value for name, value in headers.items() if name.lower() not in ("authorization", "dpop")}
        if number % 4:
            headers["Idempotency-Key"] = f"doorloop-{number:08d}".encode()
        content = arguments.pop("data", None)
        request = line.http.build_request(
            arguments["method"], arguments["url"], params=arguments.get("params"), json=arguments.get("json"),
            content=content if isinstance(content, bytes | str) else None, headers=headers,
        )  # fmt: skip
        request.headers.update(line.proven(request.method, self._address(request)))
        answer = line.http.send(request)
        self._look(case, partner, request.headers, answer)

    def _address(self, request: httpx.Request) -> str:
        return self.base.removesuffix("/v1") + request.url.raw_path.partition(b"?")[0].decode()

    def _look(self, case: Case[Any], partner: str, headers: httpx.Headers, answer: httpx.Response) -> None:
        seen, where = self.seen, f"{case.method} {case.path} by {partner}: {answer.status_code}"
        seen.statuses[answer.status_code] += 1
        seen.partners[partner] += 1
        seen.refused += answer.status_code == 401
        seen.secrets |= {headers["DPoP"].rsplit(".", 1)[1], headers["Authorization"].rsplit(".", 1)[1]}
        said = {text for text in strings(case.body) if is_telling(text) and text not in OWN_TEXTS}
        seen.sent |= said
        if answer.status_code >= 400:
            seen.errors.append((where, answer.text))
            seen.faults += [f"{where} repeats {text!r}" for text in said if text in answer.text]
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failures:
            seen.faults += [f"{where}: {type(one).__name__} {one} {answer.text[:300]}" for one in failures.exceptions]


def is_telling(text: str) -> bool:
    """Whether it tells something that stands in no description, and is no mere word."""
    return len(text) >= 8 and text not in WORDS and not text.isalpha()


def strings(value: Any) -> Iterator[str]:
    """Every text of a body, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain(value, *map(strings, value.values()))
    elif isinstance(value, list):
        yield from itertools.chain(*map(strings, value))


@pytest.fixture
def callers(tmp_path: Path) -> Iterator[Callers]:
    with server(tmp_path) as running:
        found = Callers(running)
        yield found
        found.close()


def try_out(callers: Callers, door: Any) -> None:
    """Calls at one door, half of them in its shapes."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        drawn = strategies.nothing() if mode is GenerationMode.NEGATIVE and door.method == "get" else None
        cases = door.as_strategy(generation_mode=mode) if drawn is None else drawn
        if cases.is_empty:
            continue

        @hypothesis.settings(
            max_examples=CALLS_A_DOOR // 2, derandomize=True, database=None, deadline=None,
            phases=[hypothesis.Phase.generate], suppress_health_check=list(hypothesis.HealthCheck),
        )  # fmt: skip
        @hypothesis.given(case=cases)
        def one(case: Case[Any]) -> None:
            callers.call(case)

        one()


@pytest.mark.timeout(extent.times(300, 3600))
def test_no_call_breaks_the_hub_or_gets_what_the_description_does_not_tell(
    callers: Callers, capsys: pytest.CaptureFixture[str]
) -> None:
    for door in DOORS:
        try_out(callers, door)
    seen = callers.seen
    total = sum(seen.statuses.values())
    printed = callers.running.printed()
    past = (total - seen.refused) / total
    with capsys.disabled():
        sys.stdout.write(
            f"\nschemathesis: {total} calls at {len(DOORS)} doors by {len(seen.partners)} partners; "
            f"{past:.1%} past authentication; statuses {dict(sorted(seen.statuses.items()))}\n"
        )
    assert [json.loads(line)["event"] for line in printed.splitlines()[2:] if line] == ["process.started"]
    assert [one for one in {*seen.sent, *seen.secrets, *callers.values} if one in printed] == []
    assert len(callers.values) > 5
    assert [(where, one) for where, text in seen.errors for one in callers.values if one in text] == []
    assert past > 0.99
    assert min(seen.partners[id_] for id_ in PARTNER_IDS) > 10
    assert sum(count for status, count in seen.statuses.items() if status < 300) > total / 40
    assert seen.faults == [], f"{len(seen.faults)} faults: " + "\n".join(sorted(set(seen.faults))[:20])
