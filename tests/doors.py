"""All doors of the API description, and a region with every role in it, with a call for each door that may be taken."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.api.app import api_app, described
from hub.casework.kinds import KINDS
from hub.identity import register
from hub.identity.client import public_jwks
from hub.identity.demo import make_demo_clients
from hub.identity.register import NewPartner, UserChange
from hub.model.partner import PartnerKind
from tests.region import BY, OPEN, OWN_FORM, Template, World, foreign_name, world

GUARDED = sorted(
    (
        (method.upper(), path)
        for path, methods in described(api_app("https://hub.example.nl"))["paths"].items()
        for method, operation in methods.items()
        if operation["security"]
    ),
    # What changes least comes first.
    key=lambda door: (door[1].startswith("/casussen/"), not door[1].endswith(("raadplegingen", "leveringen")), door),
)
LATER, YEAR = "2027-06-01T00:00:00Z", "2028-01-01T00:00:00Z"
WHO = "lvb-noord"
"""The partner whom records are about: what is put on file of him changes nothing for the roles."""
ROLES = {
    "leidt": "zvh-noord",
    "behandelt": "ggz-noord",
    "betrokken": "politie-noord",
    "triage": "om-noord",
    "derde": "wonen-noord",
    "erbuiten": "reclassering-noord",
    "betrokkene": "betrokkene-een",
    "vertegenwoordiger": "naaste-een",
    "toezicht": "fg-noord",
}
CONSENT = {
    "ontvangers": [WHO], "doelen": ["D02"], "groepen": ["G05"], "gegevenOp": "2027-01-09T10:00:00Z",
    "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
}  # fmt: skip
RECORDS: dict[str, tuple[str, dict[str, Any]]] = {
    "regimes": ("zvh-noord", {"regime": "wgs_zvh"}),
    "fasen": ("zvh-noord", {"fase": "opgeschaald"}),
    "betrokkenen": ("zvh-noord", {"partner": WHO}),
    "triagegroepleden": ("zvh-noord", {"partner": WHO}),
    "relaties": ("zvh-noord", {"partner": WHO, "relatie": "verhuurt"}),
    "posities": ("zvh-noord", {"partner": WHO, "positie": "deelnemer"}),
    "geheimhoudingsverklaringen": ("zvh-noord", {"partner": WHO, "tot": YEAR}),
    "informeringen": ("zvh-noord", {"partner": WHO}),
    "uitstellen": ("zvh-noord", {"tot": LATER, "reden": "later"}),
    "procedurestatussen": ("gemeente-noord", {"wet": "wvggz", "status": "titel_actief"}),
    "afwezigheden": ("ggz-noord", {"afwezig": False}),
    "termijnen": ("zvh-noord", {"eindigtOp": "2030-01-01T00:00:00Z", "reden": "nodig"}),
    "grondslagen": ("gemeente-noord", {"grondslag": "wgs", "partner": WHO, "doelen": ["D02"], "groepen": ["G01"]}),
    "geheimuitzonderingen": ("ggz-noord", {
        "uitzondering": "gh_goed_hulpverlenerschap", "ontvangers": [WHO], "doelen": ["D02"],
        "velden": ["crisisplan_kort"], "reden": "nodig", "toestemmingGevraagd": True,
    }),
    "toestemmingen": ("ggz-noord", CONSENT),
    "uitwisseltoestemmingen": ("ggz-noord", CONSENT),
    "weigeringen": ("ggz-noord", {**CONSENT, "doelen": ["D12"]}),
    "vertegenwoordigingen": ("gemeente-noord", {"partner": WHO, "soort": "mentor", "vanaf": "2027-01-01T00:00:00Z"}),
    "noodsituaties": ("ggz-noord", {
        "soort": "vitaal_belang", "ontvangers": [WHO], "doelen": ["D02"], "velden": ["crisisplan_kort"],
        "reden": "nood", "kanNietToestemmen": True,
    }),
}  # fmt: skip
FLAG = {"velden": ["naam"], "bron": "gemeente-noord", "aan": True}
OTHER_BODIES: dict[str, Any] = {
    "raadplegingen": {"doel": "D02", "velden": ["*"]},
    "verstrekkingen": {"ontvanger": WHO, "doel": "D02", "velden": ["naam"]},
    "terugnames": {"velden": ["*"]},
    "bronvoorwaarden": {"velden": ["bejegeningsadvies"], "veto": False},
    "beperkingen": FLAG, "betwistingen": FLAG, "bezwaren": FLAG,
    "leveringen": {"velden": [{"veld": "overlast_meldingen", "niveaus": {"sam": "geluid"}}]},
    "verplichtingen": {"uitkomst": "gelezen"},
    "noodverzoeken": {"soort": "vitaal_belang", "bron": "ggz-noord", "doel": "D04", "velden": ["crisisplan_kort"]},
    "casussen": {
        "persoon": {"naam": "Toets", "geboortedatum": "1990-01-01"},
        "criteria": dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen"),
    },
}  # fmt: skip
BODIES = {**{kind: body for kind, (_, body) in RECORDS.items()}, **OTHER_BODIES}


@dataclass
class Roles:
    """The region with every role in it."""

    region: World
    names: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    sent: str = "f" * 32
    person: dict[str, Any] = field(default_factory=dict)

    def call(self, partner: str, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """One call of the first user of a partner."""
        return self.region.send(partner, method, path, body, user=f"{partner}-1", **more)

    def made(self, partner: str, what: str, body: Any) -> dict[str, Any]:
        """A record that must be taken."""
        answer = self.call(partner, "POST", f"/casussen/{self.names[partner]}/{what}", body)
        assert answer.status_code == 201, (what, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    def place(self, path: str, partner: str, **named: str) -> str:
        """The address of a door, with the partner's own name of the casus and a record of the door's kind."""
        *_, kind, _, what = path.split("/") if "{vastlegging}" in path else ("", "", "")
        record = self.records.get(kind + what, "x")
        values = {
            "casus": self.names[partner],
            "vastlegging": record,
            "zending": self.sent,
            "verplichting": "f" * 32,
            **named,
        }
        return path.format(**values)

    def ask(self, partner: str, door: tuple[str, str], **more: Any) -> httpx.Response:
        """A call at a door that would be taken of the right partner."""
        method, path = door
        last = path.rsplit("/", 1)[-1]
        what = path.split("/")[3] if path.startswith("/casussen/") else path.split("/")[1]
        body = None if method == "GET" or last in ("beeindigingen", "ontvangsten") else BODIES.get(what)
        if what == "tweede-professionals":
            body = {"noodsituatie": self.records["noodsituatiesbeeindigingen"], "tweedeProfessional": f"{partner}-1"}
        if what == "zoekingen":
            body = {"doel": "D02", "persoon": self.person}
        if what == "leveringsreeksen":
            line = {"casus": self.names[partner], "document": BODIES["leveringen"]}
            more = {"content": json.dumps(line).encode(), **more}
        media = OWN_FORM if what == "leveringen" else "application/json"
        where = {name: more.pop(name) for name in ("casus", "vastlegging", "zending") if name in more}
        return self.call(partner, method, self.place(path, partner, **where), body, **{"media": media, **more})


def joined(region: World, kind: PartnerKind, id_: str) -> None:
    """Put a partner with one system and one user on record."""
    client = make_demo_clients(region.settings.home, {id_: id_})[id_]
    known = {"role": "zelf", **dict.fromkeys(("designated", "screened", "trained", "bound_to_secrecy"), "true")}
    at = region.clock()
    for unit in (
        lambda tx: register.add_partner(tx, NewPartner(id_, kind, ("*",), "", None), BY, at),
        lambda tx: register.add_client(tx, id_, id_, public_jwks(client.key), by=BY, at=at),
        lambda tx: register.record_user(tx, id_, f"{id_}-1", UserChange(known), by=BY, at=at),
    ):
        region.hub.store.commit(unit)


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="hub-roles-")


@cache
def _made() -> tuple[Template, Roles]:
    """The region with its roles, made at the first call of this run."""
    with world(Path(_folder().name)) as region:
        found = _with_roles(region)
        return Template(region.settings.home, region.names), found


@pytest.fixture
def roles(tmp_path: Path) -> Iterator[Roles]:
    """A copy of the region with every role in it, open."""
    template, made = _made()
    with world(tmp_path, source=template) as region:
        # Keys of the making are not used again.
        region.numbered_from(100_000)
        yield replace(made, region=region)


def _with_roles(region: World) -> Roles:
    joined(region, PartnerKind.BETROKKENE, "betrokkene-een")
    joined(region, PartnerKind.NAASTE, "naaste-een")
    found = Roles(region, dict(region.names[OPEN]))
    casus = region.casus_id()
    with region.hub.store.snapshot() as moment:
        known = region.hub.broker.judging.facts._states.of(moment, casus, "ggz-noord").person or {}
    found.person = {"naam": known["family_name"], "geboortedatum": known["birth_date"]}
    for partner in ("reclassering-noord", "betrokkene-een", "fg-noord"):
        found.names[partner] = foreign_name(region.hub, partner, casus)
    found.made("ggz-noord", "relaties", {"partner": "ggz-noord", "relatie": "zorgverantwoordelijke"})
    triage = found.made("zvh-noord", "triagegroepleden", {"partner": "om-noord"})
    found.names["om-noord"] = triage["pseudoniemVanPartner"]
    tenant = found.made("zvh-noord", "relaties", {"partner": "wonen-noord", "relatie": "verhuurt"})
    found.names["wonen-noord"] = tenant["pseudoniemVanPartner"]
    found.made(
        "wonen-noord",
        "grondslagen",
        {"grondslag": "huur", "partner": "wonen-noord", "doelen": ["D07"], "groepen": ["*"]},
    )
    near = found.made("zvh-noord", "relaties", {"partner": "naaste-een", "relatie": "vertegenwoordigt"})
    found.names["naaste-een"] = near["pseudoniemVanPartner"]
    mentor = {"partner": "naaste-een", "soort": "mentor", "vanaf": "2027-01-01T00:00:00Z"}
    found.made("gemeente-noord", "vertegenwoordigingen", mentor)
    found.made("gemeente-noord", "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    push = {"ontvanger": "politie-noord", "doel": "D02", "velden": ["wmo_voorziening", "brp_adres"]}
    found.sent = found.made("zvh-noord", "verstrekkingen", push)["zending"]
    for kind in KINDS:
        by, body = RECORDS.get(kind.path, ("", {}))
        for what in ("beeindigingen", "correcties") if kind.endable else ():
            found.records[kind.path + what] = found.made(by, kind.path, body)["id"]
    return found


MARKS = {200: "+", 201: "+", 403: "-", 404: "?", 400: "x", 409: "x"}
IN_A_SERIES = {None: "+", "niet-toegestaan": "-", "onbekend": "?"}


def line_of(door: tuple[str, str]) -> str:
    """The name of a door's line."""
    return door[1].removeprefix("/casussen/{casus}/").replace("/{vastlegging}", "").removeprefix("/")


def mark(answer: httpx.Response) -> str:
    """What an answer says; of a series what is said of its one line."""
    if answer.status_code == 201 and "regels" in answer.json():
        return IN_A_SERIES.get(answer.json()["regels"][0].get("code"), "x")
    return MARKS.get(answer.status_code, str(answer.status_code))
