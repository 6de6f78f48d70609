"""`hub meldingen`: what the hub itself found wrong, for the operator and the privacy officer; and saying that it is done."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from hub.casework.notices import Content, Notice
from hub.cli.dates import minute
from hub.cli.ending import NO
from hub.cli.opening import opened_hub
from hub.cli.shown import printable, wrapped
from hub.texts.sentences import sentences

_CONTENT = {
    Content.ERASED: "De sleutel van deze melding is vernietigd. Meer is er niet van te lezen.",
    Content.DAMAGED: "De melding zelf gaat niet open. Meer is er niet van te lezen.",
}


def add_parser(commands: Any) -> None:
    """The options of `hub meldingen`."""
    parser = commands.add_parser("meldingen", help="toon wat de hub zelf heeft gemeld")
    parser.add_argument("--json", action="store_true", help="toon de lijst als JSON")
    acts = parser.add_subparsers(dest="act", metavar="WAT")
    act = acts.add_parser("afgehandeld", help="zeg dat een melding is afgehandeld")
    act.add_argument("meldingen", nargs="+", metavar="ID", help="de melding, zoals zij in de lijst staat")
    act.add_argument("--operator", required=True, metavar="NAAM", help="wie dit doet: een bekende beheerder")


def run(options: argparse.Namespace) -> int:
    """0: something is open, or it was marked as done. 1: nothing is open."""
    with opened_hub() as hub:
        if options.act is not None:
            hub.notices.settle(options.meldingen, options.operator, hub.now())
            print("Vastgelegd.")
            return 0
        found = list(hub.notices.open())
    documents = [_document(one) for one in found]
    lines = [json.dumps(documents, ensure_ascii=False, indent=2)] if options.json else map(printable, _lines(found))
    print(*lines, sep="\n")
    return 0 if found else NO


def _document(one: Notice) -> dict[str, Any]:
    of_casus = {"casus": one.casus, "inhoud": one.content, "velden": one.fields, "heleCasus": one.whole,
                "bronnen": [{"partner": partner, "casus": name} for partner, name in one.sources]}  # fmt: skip
    about = {"partner": one.partner} if one.casus is None else of_casus
    return {"id": one.id, "soort": one.type, "sinds": one.since, **about, "watTeDoen": _to_do(one)}


def _lines(found: list[Notice]) -> Iterator[str]:
    yield f"Open: {len(found)}"
    for one in found:
        about = f"partner {one.partner}" if one.casus is None else f"casus {one.casus}"
        yield f"  {minute(one.since)} {one.type} {about}"
        yield f"      melding: {one.id}"
        yield from (line for told in _told(one) for line in wrapped(told, 6))


def _told(one: Notice) -> Iterator[str]:
    if one.content is not Content.OPEN:
        yield _CONTENT[one.content]
    elif one.casus is not None:
        yield f"velden die niet opengaan: {'alle' if one.whole else one.fields}"
    yield from (f"bron: {partner}, die de casus kent als {name}" for partner, name in one.sources)
    yield _to_do(one)


def _to_do(one: Notice) -> str:
    return sentences().text("notices", one.type)
