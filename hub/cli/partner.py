"""`hub partner …`: the register of partners, systems and users. Every change names its operator and is entered."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hub.casework.authorised import SYSTEM_ROLE
from hub.casework.rules import CARE_ROLES, TREATING_ROLES
from hub.cli.opening import opened_hub
from hub.errors import ShapeError
from hub.identity import register
from hub.identity.certificate import certificate_print_of_pem
from hub.identity.client_keys import ClientKeys
from hub.identity.register import NewPartner, UserChange, operator
from hub.model.instant import to_text
from hub.model.partner import CARE_KINDS, PartnerKind
from hub.pdp.strict_json import loads_strict
from hub.store import partners as rows
from hub.store.engine import Store
from hub.store.units import Tx

_LIMIT = 65_536
_TRUTH: Mapping[str, str | None] = {"ja": "true", "nee": "false", "onbekend": None}
_FLAGS = {
    "aangewezen": "designated",
    "gescreend": "screened",
    "opgeleid": "trained",
    "geheimhouding": "bound_to_secrecy",
    "geeindigd": "ended",
    "beleid_toetsen": rows.TESTS_POLICY,
}
_OPTIONS = {
    "name": "--naam", "employer_kind": "--werkgever", "fulfils": "--vervult", "role": "--rol", "valid_until": "--tot",
    **{attribute: f"--{option.replace('_', '-')}" for option, attribute in _FLAGS.items()},
}  # fmt: skip
"""Place in the register -> the option in which it is typed; what has no other name is called as in the register."""
_NEW = {"toevoegen": "partner", "client": "client", "gebruiker": "gebruiker"}
"""Act -> what gets an id by it."""


def add_parser(sub: Any) -> None:
    """`hub partner toevoegen|client|roteren|schorsen|hervatten|gebruiker|toon`."""
    parser = sub.add_parser("partner", help="beheer partners, hun systemen en hun gebruikers")
    acts = parser.add_subparsers(dest="act", required=True, metavar="WAT")
    _add_partner_parser(_act(acts, "toevoegen", "zet een partner in het register"))
    _add_client_parser(_act(acts, "client", "zet een systeem van een partner in het register"))
    _add_rotation_parser(_act(acts, "roteren", "vervang de sleutels van een systeem"))
    _add_named_parser(_act(acts, "schorsen", "laat een partner of systeem niet meer toe, vanaf het volgende verzoek"))
    _add_named_parser(_act(acts, "hervatten", "laat een partner of systeem weer toe"))
    _add_user_parser(_act(acts, "gebruiker", "leg vast wat van een gebruiker geldt, met data"))
    shown = acts.add_parser("toon", help="laat het register zien")
    shown.add_argument("partner", nargs="?", help="alleen deze partner, met systemen en gebruikers")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: done. Raises HubError; what is wrong with an option is told with the name of that option."""
    try:
        with opened_hub() as hub:
            for line in carry_out(args, hub.store, hub.now()):
                print(line)
    except ShapeError as error:
        raise ShapeError(error.sentence, place=_option(error.place, args.act)) from None
    return 0


def carry_out(args: argparse.Namespace, store: Store, at: datetime) -> list[str]:
    """Do what was asked, in one unit of work; gives the lines to print. Raises `HubError`."""
    if args.act == "toon":
        with store.snapshot() as conn:
            return list(_shown(conn, args.partner, at))
    change = _CHANGES[args.act](args, at)
    store.commit(change)
    return ["Vastgelegd.", *(_told_of_role(args, store) if args.act == "gebruiker" else [])]


def _told_of_role(args: argparse.Namespace, store: Store) -> Iterator[str]:
    """A role is a free word. One that is mistyped says nothing and shuts the doors of who treats, so it is told."""
    with store.snapshot() as conn:
        partner = rows.partner_row(conn, args.partner)
    if args.rol in {None, "onbekend", SYSTEM_ROLE, *CARE_ROLES} or partner is None or partner.kind not in CARE_KINDS:
        return
    yield "Let op: wie deze rol heeft legt geen toestemming of noodsituatie vast."
    emergencies_alone = ", ".join(sorted(CARE_ROLES - TREATING_ROLES))
    yield f"Dat doen deze rollen: {', '.join(sorted(TREATING_ROLES))}. Alleen een noodsituatie: {emergencies_alone}."


def _option(place: str | None, act: str) -> str | None:
    """How a person who does `act` calls what the register calls `place`."""
    if place == "id":
        return _NEW.get(act)
    if place is not None and place.partition(".")[0] == "keys":
        return f"--jwks, {place}"
    return _OPTIONS.get(place or "", place)


Change = Callable[[Tx], None]


# --- what was asked ------------------------------------------------------------------------------


def _added(args: argparse.Namespace, at: datetime) -> Change:
    employer = None if args.werkgever is None else PartnerKind(args.werkgever)
    new = NewPartner(args.partner, PartnerKind(args.soort), tuple(args.vervult), args.naam, employer)
    return lambda tx: register.add_partner(tx, new, operator(args.operator), at)


def _client(args: argparse.Namespace, at: datetime) -> Change:
    jwks, certificate, by = _jwks(args.jwks), _certificate(args.certificaat), operator(args.operator)
    return lambda tx: register.add_client(tx, args.partner, args.client, jwks, by=by, at=at, certificate=certificate)


def _rotated(args: argparse.Namespace, at: datetime) -> Change:
    jwks, certificate, by = _jwks(args.jwks), _certificate(args.certificaat), operator(args.operator)
    overlap = timedelta(0) if args.direct else register.OVERLAP

    def change(tx: Tx) -> None:
        register.rotate_client(tx, args.client, jwks, by, at, overlap=overlap)
        if certificate is not None:
            register.pin_client(tx, args.client, certificate, by, at)

    return change


def _suspended(args: argparse.Namespace, at: datetime) -> Change:
    act = register.suspend_client if args.client else register.suspend_partner
    return lambda tx: act(tx, args.naam, operator(args.operator), at)


def _resumed(args: argparse.Namespace, at: datetime) -> Change:
    act = register.resume_client if args.client else register.resume_partner
    return lambda tx: act(tx, args.naam, operator(args.operator), at)


def _user(args: argparse.Namespace, at: datetime) -> Change:
    given = {attribute: getattr(args, option) for option, attribute in _FLAGS.items()}
    values: dict[str, str | None] = {name: _TRUTH[word] for name, word in given.items() if word is not None}
    if args.rol is not None:
        values["role"] = None if args.rol == "onbekend" else args.rol
    change = UserChange(values, args.vanaf, args.tot)
    return lambda tx: register.record_user(tx, args.partner, args.gebruiker, change, by=operator(args.operator), at=at)


_CHANGES: Mapping[str, Callable[[argparse.Namespace, datetime], Change]] = {
    "toevoegen": _added,
    "client": _client,
    "roteren": _rotated,
    "schorsen": _suspended,
    "hervatten": _resumed,
    "gebruiker": _user,
}


# --- what is shown -------------------------------------------------------------------------------


def _shown(conn: rows.Connection, partner: str | None, at: datetime) -> Iterator[str]:
    if partner is None:
        for row in rows.all_partners(conn):
            yield _partner_line(row)
        return
    found = rows.partner_row(conn, partner)
    if found is None:
        raise ShapeError("Deze partner staat niet in het register.")
    yield _partner_line(found)
    for client in rows.clients_of(conn, partner):
        yield f"  systeem {client.id}{_state(client.suspended_at)}: {_kids(client.keys, at)}"
    for user in rows.users_of(conn, partner):
        yield f"  gebruiker {user}: {_user_line(conn, partner, user, at)}"


def _partner_line(row: rows.PartnerRow) -> str:
    employer = f" (werkgever {row.employer_kind})" if row.employer_kind else ""
    return f"{row.id}: {row.kind}{employer}{_state(row.suspended_at)} {row.name}".rstrip()


def _state(suspended_at: str | None) -> str:
    return "" if suspended_at is None else f" [geschorst sinds {suspended_at}]"


def _kids(keys: str, at: datetime) -> str:
    live = sorted(key.kid for key in ClientKeys.stored(keys).keys if key.live(to_text(at)))
    return ", ".join(live) or "geen sleutel in gebruik"


def _user_line(conn: rows.Connection, partner: str, user: str, at: datetime) -> str:
    if rows.user_ended(conn, partner, user, to_text(at)):
        return "geëindigd"
    facts = rows.user_facts(conn, partner, user, to_text(at))
    # A right is told of who has it.
    known = {**facts.document(), **({rows.TESTS_POLICY: True} if facts.tests_policy else {})}
    words: Mapping[object, str] = {True: "ja", False: "nee", None: "onbekend"}
    flags = (f"{option.replace('_', ' ')} {words[known[name]]}" for option, name in _FLAGS.items() if name in known)
    return ", ".join((f"rol {facts.role or 'onbekend'}", *flags))


# --- the words of the command line ---------------------------------------------------------------


def _act(acts: Any, name: str, what: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=what)
    parser.add_argument("--operator", required=True, metavar="NAAM", help="wie dit doet: een bekende beheerder")
    return parser


def _add_partner_parser(parser: argparse.ArgumentParser) -> None:
    kinds = sorted(map(str, PartnerKind))
    parser.add_argument("partner", help="kenmerk van de partner, zoals ggz-noord")
    parser.add_argument("--soort", required=True, choices=kinds, metavar="SOORT", help=", ".join(kinds))
    parser.add_argument("--naam", default="", help="naam van de organisatie (niet van een persoon)")
    parser.add_argument("--werkgever", choices=kinds, metavar="SOORT", help="van een casusregisseur")
    parser.add_argument(
        "--vervult",
        action="append",
        required=True,
        metavar="PLICHT",
        help="een verplichting die deze kan uitvoeren, of *",
    )


def _add_client_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("partner")
    parser.add_argument("client", help="kenmerk van het systeem")
    _add_key_arguments(parser)


def _add_rotation_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("client", help="kenmerk van het systeem")
    parser.add_argument("--direct", action="store_true", help="de oude sleutels gelden meteen niet meer")
    _add_key_arguments(parser)


def _add_key_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jwks", required=True, type=Path, metavar="BESTAND", help="de publieke sleutels (JWKS)")
    parser.add_argument("--certificaat", type=Path, metavar="BESTAND", help="het certificaat van het systeem (PEM)")


def _add_named_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("naam", help="kenmerk van de partner, of met --client van het systeem")
    parser.add_argument("--client", action="store_true", help="het gaat om een systeem")


def _add_user_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("partner")
    parser.add_argument("gebruiker", help="kenmerk van de gebruiker; geen naam en geen nummer van een persoon")
    parser.add_argument("--rol", help="rol van de gebruiker, of onbekend")
    for option in _FLAGS:
        parser.add_argument(f"--{option.replace('_', '-')}", choices=list(_TRUTH))
    parser.add_argument(
        "--vanaf", type=_instant, metavar="TIJDSTIP", help="vanaf wanneer (standaard: nu; een datum begint om 0:00 UTC)"
    )
    parser.add_argument("--tot", type=_instant, metavar="TIJDSTIP", help="tot wanneer (standaard: zonder einde)")


def _instant(text: str) -> datetime:
    """A date (from 0:00 UTC) or an instant with an offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("geef een datum, of een tijdstip met zone (2027-01-10T12:00+01:00)") from None
    if instant.tzinfo is None:
        if len(text) > len("2027-01-10"):
            raise argparse.ArgumentTypeError("geef bij een tijdstip ook de zone (+01:00)")
        instant = instant.replace(tzinfo=UTC)
    return instant


def _jwks(path: Path) -> object:
    try:
        return loads_strict(_read(path, "--jwks"))
    except ShapeError as fault:
        sentence = fault.sentence if fault.place == "--jwks" else "Dit bestand is geen JWKS (JSON)."
        raise ShapeError(sentence, place="--jwks") from None


def _certificate(path: Path | None) -> str | None:
    return None if path is None else certificate_print_of_pem(_read(path, "--certificaat").decode("ascii", "replace"))


def _read(path: Path, option: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LIMIT + 1)
    except OSError:
        raise ShapeError("Dit bestand kan niet worden gelezen.", place=option) from None
    if len(content) > _LIMIT:
        raise ShapeError("Dit bestand is te groot.", place=option)
    return content
