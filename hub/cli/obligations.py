"""`hub verplichtingen`: what a partner still has to do, and saying that it is done; of all partners for the operator."""

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from hub.cli.dates import minute
from hub.cli.ending import NO
from hub.cli.http import demo_connection
from hub.cli.opening import opened_hub
from hub.cli.parser import add_port
from hub.cli.shown import printable
from hub.errors import NotFound, ShapeError
from hub.model.instant import to_text
from hub.texts.sentences import sentences

_AT_ONCE = 500
"""Rows that the operator's list reads in one snapshot."""


def add_parser(commands: Any) -> None:
    """The options of `hub verplichtingen`."""
    parser = commands.add_parser("verplichtingen", help="toon wat nog gedaan moet worden")
    parser.add_argument(
        "--als", metavar="PARTNER", help="van deze partner (demoprofiel); anders van alle, voor de beheerder"
    )
    parser.add_argument("--afhandelen", metavar="ID", help="zeg dat deze is gedaan")
    parser.add_argument("--uitkomst", metavar="WOORD", help="wat ervan kwam: een van de keuzes in de lijst")
    parser.add_argument("--nog-in-gebruik", action="store_true", help="bij een terugmelding: u gebruikt het nog")
    add_port(parser)
    parser.add_argument("--json", action="store_true", help="toon het antwoord als JSON")


def run(options: argparse.Namespace) -> int:
    """0: something is open, or it was done. 1: nothing is open."""
    if options.afhandelen is not None:
        return _settle(options)
    found = list(_of_all() if options.als is None else _of_partner(options))
    lines = [json.dumps(found, ensure_ascii=False, indent=2)] if options.json else map(printable, _lines(found))
    print(*lines, sep="\n")
    return 0 if found else NO


def _settle(options: argparse.Namespace) -> int:
    if options.als is None or options.uitkomst is None:
        raise ShapeError("Zeg ook wie het deed en wat ervan kwam, met --als en --uitkomst.", place="--afhandelen")
    if not options.afhandelen.isalnum():
        raise NotFound("Deze verplichting is bij ons niet bekend.")
    body = {"uitkomst": options.uitkomst, "nogInGebruik": options.nog_in_gebruik}
    connection = demo_connection(options.als, options.poort)
    answer = connection.post(f"/verplichtingen/{options.afhandelen}/afhandelingen", json=body)
    told = f"Vastgelegd als {answer['uitkomst']}: {sentences().task(answer['soort'])} ({answer['soort']})"
    print(json.dumps(answer, indent=2) if options.json else told)
    return 0


def _of_partner(options: argparse.Namespace) -> Iterator[Mapping[str, Any]]:
    return demo_connection(options.als, options.poort).all_of("/verplichtingen", "verplichtingen")


def _of_all() -> Iterator[Mapping[str, Any]]:
    """Who has to do what by when, and nothing of a casus."""
    from hub.store.obligations import all_open

    with opened_hub() as hub:
        at, after = to_text(hub.now()), 0
        while True:
            with hub.store.snapshot() as moment:
                rows = all_open(moment, after, _AT_ONCE)
            for row in rows:
                yield {"id": row.id, "soort": row.type, "partner": row.addressee, "sinds": row.created_at,
                       "uiterlijk": row.due_at, "teLaat": row.due_at <= at}  # fmt: skip
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1].seq


def _lines(found: list[Mapping[str, Any]]) -> Iterator[str]:
    late = sum(one["teLaat"] for one in found)
    yield f"Open: {len(found)}, waarvan te laat: {late}"
    for one in sorted(found, key=lambda one: one["uiterlijk"]):
        whose = f"voor {_addressee(one['partner'])}, " if "partner" in one else ""
        what = one.get("uitleg") or sentences().task(one["soort"])
        yield f"  {minute(one['uiterlijk'])} {'TE LAAT ' if one['teLaat'] else ''}{what} ({one['soort']})"
        yield f"      {whose}verplichting: {one['id']}"
        if "uitleg" in one:
            yield from (f"      {name}: {words}" for name, words in _details(one) if words)


def _addressee(partner: str) -> str:
    return "toezicht" if partner == "*" else partner


def _details(one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("over", "doel", "casus", "zending", "noodsituatie", "uitkomst"):
        yield name, one[name] or ""
    yield "velden", ", ".join(one["velden"])
    yield "af te handelen met", " of ".join(one["keuzes"])
