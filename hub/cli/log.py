"""`hub log`: verify a receipt without the hub, check the whole stored log, print its newest checkpoint or its records."""

import argparse
import os
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from hub.audit.note import NoteError, VerifierKey
from hub.audit.verify import Failure, Proven, verify_against, verify_receipt
from hub.cli.accounts import add_parsers, run_accounts
from hub.cli.ending import NO
from hub.cli.shown import WIDTH, printable
from hub.errors import ShapeError
from hub.model.canonical import canonical_json
from hub.texts.sentences import sentences

RECORDS = ("ldv", "nen7513", "adl")
"""The forms in which records of processing, and of decisions, are told."""

LARGEST = 1 << 22
"""Bytes of a file that is read, at most."""

_LEVELS = {"vol": "volledig", "sam": "samenvatting", "hit": "alleen dat het er is", "agg": "geteld"}


class StoredLog(Protocol):
    """The log of a store that is open for reading; made by the wiring."""

    def check(self, known: tuple[str, ...]) -> list[str]:
        """Every fault in Dutch (`hub.audit.log.Log.check`)."""

    def checkpoint(self) -> str:
        """The newest signed checkpoint."""

    def growth(self, old: int) -> str:
        """The proof of growth from `old` entries to the newest checkpoint."""


OpenLog = Callable[[], AbstractContextManager[StoredLog]]


def add_parser(sub: Any, open_log: OpenLog | None = None) -> None:
    """`hub log verify|check|checkpoint|ldv|nen7513|adl`. `open_log` opens a store (else the settings'); `verify` needs none."""
    parser = sub.add_parser("log", help="controleer een ontvangstbewijs of het logboek zelf")
    words = parser.add_subparsers(dest="log_word", metavar="WAT", required=True)
    verify = words.add_parser("verify", help="controleer een ontvangstbewijs, zonder verbinding met de hub")
    verify.add_argument("receipt", metavar="RECEIPT", help="bestand met het ontvangstbewijs, of - voor standaardinvoer")
    verify.add_argument("--sleutel", help="openbare sleutel van het logboek, of het bestand waarin die staat")
    verify.add_argument("--tegen", metavar="CHECKPOINT", help="bestand met een stand van het logboek van elders")
    verify.add_argument("--groei", metavar="BESTAND", help="bewijs van groei tussen die stand en het ontvangstbewijs")
    verify.set_defaults(run=run)
    check = words.add_parser("check", help="reken het hele logboek na")
    check.add_argument("--tegen", metavar="CHECKPOINT", action="append", default=[], help="stand die elders is bewaard")
    check.set_defaults(run=run, open_log=open_log)
    checkpoint = words.add_parser("checkpoint", help="toon de ondertekende stand van het logboek")
    checkpoint.add_argument("--vanaf", metavar="REGELS", type=int, help="met het bewijs van groei vanaf zoveel regels")
    checkpoint.set_defaults(run=run, open_log=open_log)
    add_parsers(words, run, RECORDS)


def run(args: argparse.Namespace) -> int:
    """0: proven, or no fault. 1: not proven, or faults. Raises ShapeError for a file or key that cannot be read."""
    if args.log_word == "verify":
        return _verify(args)
    if args.log_word in RECORDS:
        return run_accounts(args)
    return _check(args) if args.log_word == "check" else _checkpoint(args)


def _verify(args: argparse.Namespace) -> int:
    key = _key(args.sleutel)
    found = verify_receipt(_text(args.receipt, "RECEIPT"), key)
    if isinstance(found, Failure):
        return _failed(found)
    lines = list(_proven_lines(found))
    if args.tegen is not None:
        known = verify_against(found, _text(args.tegen, "--tegen"), _growth(args), key)
        if isinstance(known, Failure):
            return _failed(known)
        lines.append(f"Past bij de stand van elders met {known.size} regels.")
    print("\n".join(printable(line) for line in lines))
    return 0


def _growth(args: argparse.Namespace) -> str | None:
    return _text(args.groei, "--groei") if args.groei else None


def _failed(failure: Failure) -> int:
    print(f"NIET BEWEZEN ({failure.code}). {failure.sentence}")
    return NO


def _check(args: argparse.Namespace) -> int:
    known = tuple(_text(name, "--tegen") for name in args.tegen)
    with _opened(args) as log:
        faults = log.check(known)
    print("\n".join(printable(fault) for fault in faults) if faults else "Het logboek klopt.")
    return NO if faults else 0


def _opened(args: argparse.Namespace) -> AbstractContextManager[StoredLog]:
    if args.open_log is not None:
        chosen: OpenLog = args.open_log
        return chosen()
    from hub.cli.stored_log import open_log

    return open_log()


def _checkpoint(args: argparse.Namespace) -> int:
    with _opened(args) as log:
        text = log.checkpoint() if args.vanaf is None else log.growth(args.vanaf)
    sys.stdout.write(text)
    return 0


# --- what a receipt proves, in words ---


def _proven_lines(proven: Proven) -> Iterator[str]:
    told = dict(proven.told)
    yield "Bewezen: dit staat in het logboek van de hub en kan daar niet ongemerkt uit verdwijnen."
    yield f"Logboek:   {proven.checkpoint.origin}"
    yield f"Regel:     {proven.index} (stand met {proven.checkpoint.size} regels)"
    yield f"Soort:     {told.pop('soort')}"
    yield f"Tijdstip:  {told.pop('tijdstip')}"
    yield f"Doel:      {told.pop('doel', 'geen')}"
    yield from _listed("Vrijgegeven", told.pop("gegevens", []), _released)
    yield from _listed("Geweigerd", told.pop("geweigerd", []), _withheld, together=True)
    yield from _listed("Wat erbij hoort", told.pop("verplichtingen", []), _duty)
    for name in sorted(name for name, value in told.items() if value is not None):
        yield f"{name.capitalize()}: {_plain(told[name])}"


def _listed(
    title: str, items: object, words: Callable[[Mapping[str, Any]], tuple[str, str]], *, together: bool = False
) -> Iterator[str]:
    """Each item as (field, what of it) on a line; with `together` the fields of which the same is said share one."""
    known = items if isinstance(items, list) else [items]
    yield f"{title} ({len(known)}):" if known else f"{title}: niets"
    alike: dict[str, list[str]] = {}
    for item in known:
        field, what = words(item) if isinstance(item, dict) else (_plain(item), "")
        if together:
            alike.setdefault(what, []).append(field)
        else:
            yield "  " + ": ".join(filter(None, (field, what)))
    for what, fields in alike.items():
        yield from textwrap.wrap(
            ": ".join(filter(None, (what, ", ".join(fields)))), WIDTH, initial_indent="  ", subsequent_indent="      ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def _released(item: Mapping[str, Any]) -> tuple[str, str]:
    level = str(item.get("niveau"))
    source = f", van {_plain(item['bron'])}" if "bron" in item else ""
    basis = f", op grond van vastlegging {_plain(item['grondslag'])}" if item.get("grondslag") else ""
    return _plain(item.get("veld")), f"{_LEVELS.get(level, level)} ({level}){source}{basis}"


def _withheld(item: Mapping[str, Any]) -> tuple[str, str]:
    law = item.get("wet")
    articles = f" ({'; '.join(map(str, law))})" if isinstance(law, list) and law else ""
    return _plain(item.get("veld")), f"{', '.join(map(str, item.get('codes', [])))}{articles}"


def _duty(item: Mapping[str, Any]) -> tuple[str, str]:
    kind = str(item.get("type"))
    until = f", {item['at']}" if item.get("at") else ""
    return sentences().text("duties", kind).rstrip("."), f"{kind}{until}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else canonical_json(value).decode()


# --- files ---


def _key(given: str | None) -> VerifierKey:
    text = given if given and "+" in given and not Path(given).exists() else _key_file(given)
    try:
        return VerifierKey.parse(text)
    except NoteError:
        raise ShapeError("Dit is geen openbare sleutel van een logboek.", place="--sleutel") from None


def _key_file(given: str | None) -> str:
    path = Path(given or Path(os.environ.get("HUB_HOME", "var")) / "log.vkey")
    if not path.exists():
        raise ShapeError("De openbare sleutel van het logboek is er niet. Geef hem met --sleutel.")
    return _text(str(path), "--sleutel")


def _text(name: str, place: str) -> str:
    """What a file holds. `place` is the option or argument that names it: the name itself may say too much."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(LARGEST + 1)
        text = raw.decode()
    except (OSError, ValueError):
        raise ShapeError("Dit bestand kan niet worden gelezen.", place=place) from None
    if len(raw) > LARGEST:
        raise ShapeError("Dit bestand is te groot.", place=place)
    return text
