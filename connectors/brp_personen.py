"""The answer of the BRP (Haal Centraal BRP Personen Bevragen 2.x) about one person.

`fields`, the list of the query, stands beside the answer: what the supplier gave beyond it is not kept (AVG 5(1)(c)),
and without it nothing is taken in.
Of partner, parents and children nothing is read. What the municipality investigates goes with its mark (AVG 5(1)(d));
where a BSN is in doubt it is not taken. A date is as precise as it is known. The shape is
`schemas/brp-personen.schema.json`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors import json_text, rsgb, shapes
from connectors.context import ParseContext
from connectors.reasons import Reason
from connectors.rule import Outcome, Rule, settled
from hub.errors import ShapeError
from hub.model.delivery import Closing, DeliveredField, NotTaken, Parsed, PersonClaim
from hub.model.partner import PUBLIC_KINDS, PartnerKind

PLACE = "personen[0]"
UNREAD: dict[str, Reason] = {
    "aNummer": Reason.NOT_IN_HUB,
    "nationaliteiten": Reason.NOT_IN_HUB,
    "immigratie": Reason.NOT_IN_HUB,
    "verblijfstitel": Reason.NOT_IN_HUB,
    "europeesKiesrecht": Reason.NOT_IN_HUB,
    "uitsluitingKiesrecht": Reason.NOT_IN_HUB,
    "geboorte.land": Reason.NOT_IN_HUB,
    "geboorte.plaats": Reason.NOT_IN_HUB,
    "partners": Reason.OTHER_PERSON,
    "kinderen": Reason.OTHER_PERSON,
    "ouders": Reason.OTHER_PERSON,
    "gezag": Reason.OTHER_PERSON,
    "indicatieCurateleRegister": Reason.NO_FIELD,
    "indicatieGezagMinderjarige": Reason.NO_FIELD,
    "leeftijd": Reason.NO_FIELD,
    "datumEersteInschrijvingGBA": Reason.NO_FIELD,
    "datumInschrijvingInGemeente": Reason.NO_FIELD,
    "overlijden": Reason.NO_FIELD,
    "rni": Reason.NO_FIELD,
    "verificatie": Reason.NO_FIELD,
}
"""What is never read, and why."""

AUTOMATIC = frozenset({"geheimhoudingPersoonsgegevens", "inOnderzoek", "opschortingBijhouding", "rni", "verificatie"})
"""What the BRP sends along unasked, for safety."""

NOT_WHEN_SECRET = tuple(
    sorted(
        frozenset(PartnerKind)
        - PUBLIC_KINDS
        - {PartnerKind.ZVH_PROCESREGISSEUR, PartnerKind.BETROKKENE, PartnerKind.TOEZICHT}
    )
)
"""Who gets no address that the person asked to keep from others: all but public bodies and himself (Wet BRP 2.59)."""

_MISTAKEN = frozenset({"F", "W"})
_DECEASED = "O"
_FUNCTIONS = {"W": "woonadres", "B": "briefadres"}
_ADDRESSES = frozenset({"brp_adres", "briefadres"})
"""What is not for all where the address is secret."""


@dataclass(frozen=True)
class Answer:
    """The one person of an answer, and what was asked."""

    person: Mapping[str, Any]
    asked: tuple[str, ...]

    def get(self, path: str) -> Any:
        """What stands at a dotted path, if it was asked."""
        return self.held(path) if self.is_asked(path) else None

    def held(self, path: str) -> Any:
        """What stands at a dotted path, asked or not."""
        found: Any = self.person
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def is_asked(self, path: str) -> bool:
        """Whether the query named this element, a part of it or the whole that it is in."""
        return path in AUTOMATIC or any(_within(path, name) or _within(name, path) for name in self.asked)

    def doubted(self, *paths: str) -> list[str]:
        """Names of elements that are investigated, by the marks at these paths."""
        marks = [self.held(path) or {} for path in paths]
        return sorted({name for mark in marks for name, said in mark.items() if said is True})

    @property
    def deceased(self) -> bool:
        """Whether the BRP says that the person died: what he is registered with is then no longer so."""
        return "overlijden" in self.person or self.held("opschortingBijhouding.reden.code") == _DECEASED


def parse(document: json_text.Document, context: ParseContext) -> Parsed:  # noqa: ARG001 (one signature for all formats)
    """The answer in `document`. Raises `ShapeError` with the place of each fault."""
    shape = shapes.shape("brp-personen")
    form = json_text.read(document, shape.known)
    shape.check(form)
    answer = Answer(form["personen"][0], tuple(form["fields"]))
    person = _claim(answer)
    if answer.held("opschortingBijhouding.reden.code") in _MISTAKEN:
        return Parsed((person,), (), (NotTaken(PLACE, Reason.MISTAKEN),))
    fields, left = settled(_outcomes(answer))
    left = (*left, *_not_asked(answer), *_unread(answer))
    # Who hears of the secrecy alone may hold an address of before.
    closings = (Closing(tuple(sorted(_ADDRESSES)), secret),) if (secret := _kept_from(answer)) else ()
    return Parsed((person,), fields, left, closings=closings)


def _kept_from(answer: Answer) -> tuple[str, ...]:
    """To whom the address is not told."""
    return NOT_WHEN_SECRET if answer.held("geheimhoudingPersoonsgegevens") else ()


def _claim(answer: Answer) -> PersonClaim:
    """Who it is, also by what was not asked: that is compared and not kept."""
    bsn = rsgb.bsn(answer.held("burgerservicenummer"), f"{PLACE}.burgerservicenummer")
    name, birth = _family(answer.held), _date(answer.held("geboorte.datum"))
    if bsn is None and not (name and birth):
        raise ShapeError("Er staat niet om wie het gaat.", place=PLACE)
    return PersonClaim(bsn, name, answer.held("naam.voornamen"), birth)


def _outcomes(answer: Answer) -> Iterator[Outcome]:
    """What each rule gives: a value; a `Reason` where the elements are there and not taken; null where they are not."""
    secret = _kept_from(answer)
    for rule in RULES:
        value = rule.value(answer)
        place = f"{PLACE}.{rule.element.split(',', maxsplit=1)[0]}"
        if isinstance(value, Reason):
            yield NotTaken(place, value)
        elif value is not None:
            denied = secret if rule.field in _ADDRESSES else ()
            yield DeliveredField(rule.field, {"vol": value}, denied_to=denied, place=place)


def _not_asked(answer: Answer) -> Iterator[NotTaken]:
    for element in sorted(answer.person):
        if not answer.is_asked(element):
            yield NotTaken(f"{PLACE}.{element}", Reason.NOT_ASKED)


def _unread(answer: Answer) -> Iterator[NotTaken]:
    for path, reason in UNREAD.items():
        if answer.held(path) not in (None, [], {}) and answer.is_asked(path.split(".", maxsplit=1)[0]):
            yield NotTaken(f"{PLACE}.{path}", reason)


def _within(path: str, whole: str) -> bool:
    return path == whole or path.startswith(f"{whole}.")


def _date(told: Any) -> str | None:
    """`YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or null where nothing of the date is known."""
    parts = {"Datum": ("datum",), "JaarMaandDatum": ("jaar", "maand"), "JaarDatum": ("jaar",)}
    known = [told[part] for part in parts.get(told["type"], ())] if told else []
    if not known or isinstance(known[0], str):
        return known[0] if known else None
    return "-".join(f"{part:0{width}d}" for part, width in zip(known, (4, 2), strict=False))


def _bsn(answer: Answer) -> Any:
    value = answer.get("burgerservicenummer")
    return Reason.IN_DOUBT if value and "burgerservicenummer" in answer.doubted("inOnderzoek") else value


def _family(get: Callable[[str], Any]) -> str | None:
    """The family name of birth with its prefix."""
    return rsgb.family_name(get("naam.voorvoegsel"), get("naam.geslachtsnaam"))


def _name(answer: Answer) -> Any:
    value = rsgb.compact(
        geslachtsnaam=_family(answer.get),
        voornamen=answer.get("naam.voornamen"),
        volledig=answer.get("naam.volledigeNaam"),
    )
    return value and {**value, **(rsgb.compact(inOnderzoek=answer.doubted("naam.inOnderzoek")) or {})}


def _marked(value: str | None, doubted: bool) -> Any:
    """A single value; with its mark where it is investigated."""
    return {"waarde": value, "inOnderzoek": True} if value and doubted else value


def _birth(answer: Answer) -> Any:
    told = answer.get("geboorte.datum")
    value = _marked(_date(told), "datum" in answer.doubted("geboorte.inOnderzoek"))
    return value or (Reason.EMPTY if told else None)


def _gender(answer: Answer) -> Any:
    told = answer.get("geslacht") or {}
    value = rsgb.GENDERS.get(str(told.get("code")).lower(), told.get("omschrijving"))
    return _marked(value, "geslacht" in answer.doubted("inOnderzoek"))


def _function(answer: Answer) -> str | None:
    told = answer.get("verblijfplaats.functieAdres") or {}
    return _FUNCTIONS.get(str(told.get("code")), told.get("omschrijving"))


def _address(answer: Answer) -> Any:
    """The registered address as far as it was asked, with what a reader must know of it."""
    lines, rest = _lines(answer)
    unknown = answer.is_asked("verblijfplaats") and answer.held("verblijfplaats.type") == "VerblijfplaatsOnbekend"
    if not lines and not rest and not unknown:
        return Reason.EMPTY if answer.get("verblijfplaats") else None
    if answer.deceased:
        return Reason.NOT_CURRENT
    away = "indicatieVastgesteldVerblijftNietOpAdres"
    return rsgb.compact(
        regels=lines,
        **rest,
        gemeente=answer.get("gemeenteVanInschrijving.omschrijving"),
        gebruik=_function(answer),
        periode=rsgb.compact(van=_date(answer.get("verblijfplaats.datumVan"))),
        onbekend=unknown or None,
        verblijftNietOpAdres=answer.held(f"verblijfplaats.{away}") or answer.held(f"adressering.{away}") or None,
        geheimhouding=answer.held("geheimhoudingPersoonsgegevens") or None,
        inOnderzoek=_doubts_of_address(answer),
    )


def _doubts_of_address(answer: Answer) -> list[str]:
    places = ("verblijfplaats.inOnderzoek", "verblijfplaats.verblijfadres.inOnderzoek", "adressering.inOnderzoek")
    municipality = "gemeenteVanInschrijving"
    own = [municipality] if municipality in answer.doubted("inOnderzoek") else []
    return [*answer.doubted(*places), *own]


def _lines(answer: Answer) -> tuple[list[str], dict[str, Any]]:
    """Lines of the address, and its parts that stand apart; from `adressering` where no address stands in parts."""

    def part(name: str) -> Any:
        return answer.get(f"verblijfplaats.verblijfadres.{name}")

    near = (part("officieleStraatnaam") or part("korteStraatnaam"), part("aanduidingBijHuisnummer.omschrijving"))
    number = (part("huisnummer"), part("huisletter"), part("huisnummertoevoeging"))
    first = rsgb.street(" ".join(filter(None, near)), *number)
    lines = [first, part("locatiebeschrijving"), part("regel1"), part("regel2"), part("regel3")]
    rest = {"postcode": part("postcode"), "plaats": part("woonplaats"), "land": part("land.omschrijving")}
    if not any(lines) and not any(rest.values()):
        lines = [answer.get(f"adressering.adresregel{number}") for number in (1, 2, 3)]
        rest = {"land": answer.get("adressering.land.omschrijving")}
    return [line for line in lines if line], {name: value for name, value in rest.items() if value}


def _letter_address(answer: Answer) -> Any:
    function = _function(answer)
    if function is None:
        return None
    if answer.deceased:
        return Reason.NOT_CURRENT
    doubts = {"functieAdres", "gemeenteVanInschrijving"} & set(_doubts_of_address(answer))
    municipality = answer.get("gemeenteVanInschrijving.omschrijving")
    marks = rsgb.compact(gemeente=municipality, inOnderzoek=sorted(doubts)) or {}
    return {"briefadres": function == "briefadres", **marks}


RULES: tuple[Rule[Answer], ...] = (
    Rule(PLACE, "burgerservicenummer", "bsn", _bsn, "not while it is investigated (inOnderzoek)"),
    Rule(PLACE, "naam", "naam", _name),
    Rule(PLACE, "geboorte.datum", "geboortedatum", _birth, "as precise as it is known"),
    Rule(PLACE, "geslacht", "geslacht", _gender),
    Rule(
        PLACE,
        "verblijfplaats, adressering, gemeenteVanInschrijving",
        "brp_adres",
        _address,
        "the person lives; `adressering` where `verblijfplaats` has no address",
    ),
    Rule(
        PLACE,
        "verblijfplaats.functieAdres, gemeenteVanInschrijving",
        "briefadres",
        _letter_address,
        "the person lives",
    ),
)
