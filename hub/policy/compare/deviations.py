"""What can be otherwise than in order: each deviation changes one thing of the facts, and has words that complete "als ...".

Here those of the request, the asker and the casus; `deviations_of_records` has those of records, consents and papers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from hub.model.casus import Phase, ProcedureStatus
from hub.model.obligations import OBLIGATIONS
from hub.policy.compare.actors import RELATIONS, Actor
from hub.policy.compare.facts import RUNNING, Draft

ONE, FEW, WIDE, STATUS = 1, 2, 3, 4
"""Breadth of a deviation; `STATUS`: for the purposes in which a status decides who may act, and for one more."""

_DUTIES: Final = tuple(sorted(OBLIGATIONS))


def everyone(_: Actor) -> bool:
    """It can matter for any partner."""
    return True


@dataclass(frozen=True)
class Deviation:
    """One change. `breadth`: for how many purposes of a partner it is looked at; `WIDE` are also all that rules name.

    `consent`: beside a consent, else without. `fits`: for whom it can matter. `every_source`: each kind of source has
    its record.
    """

    words: str
    change: Callable[[Draft], None] = field(compare=False)
    breadth: int = FEW
    consent: bool = False
    fits: Callable[[Actor], bool] = field(default=everyone, compare=False)
    every_source: bool = False


def of_request() -> Iterator[Deviation]:
    """Action, starter, user, and what is asked."""
    for action in ("lezen", "verstrekken", "zoeken", "export"):
        yield Deviation(f"de actie {action} is", partial(_set, "doc", "action", action), breadth=WIDE)
        yield Deviation(f"de actie {action} is", partial(_set, "doc", "action", action), breadth=WIDE, consent=True)
    for words, starter in (("niemand anders", None), ("de vrager zelf", "me")):
        yield Deviation(f"er wordt verstrekt en {words} het startte", partial(_pushed, starter))
    for key, words in {
        "designated": "aangewezen",
        "screened": "gescreend",
        "trained": "opgeleid",
        "bound_to_secrecy": "gebonden aan geheimhouding",
    }.items():
        yield Deviation(f"de gebruiker niet {words} is", partial(_user, key, False), ONE)
        yield Deviation(f"niet bekend is of de gebruiker {words} is", partial(_user, key, None), ONE)
    yield Deviation("ook een onbekend veld is gevraagd", lambda made: made.doc["requested"].append("onbekend_veld"))
    yield Deviation("het doel niet bestaat", partial(_set, "doc", "purpose", "D13"))


def of_asker() -> Iterator[Deviation]:
    """What the asker is, can and has signed."""
    yield Deviation("de vrager geen enkele relatie heeft", partial(_set, "partner", "relations", []), breadth=WIDE)
    yield Deviation(
        "de vrager geen enkele relatie heeft", partial(_set, "partner", "relations", []), breadth=WIDE, consent=True
    )
    for relation in RELATIONS:
        rest = [one for one in RELATIONS if one != relation]
        change = partial(_set, "partner", "relations", rest)
        yield Deviation(f"de vrager de relatie {relation} niet heeft", change, consent=True)
    for words, until in (("niet is getekend", None), ("is verlopen", -1)):
        yield Deviation(
            f"de geheimhoudingsverklaring {words}",
            partial(_dated, "partner", "secrecy_statement_until", until),
            fits=lambda actor: actor.standing == "derde",
        )
    for words, start, end in (
        ("niet bekend is sinds wanneer hij mag vertegenwoordigen", None, 300),
        ("hij nog niet mag vertegenwoordigen", 10, 300),
        ("hij niet meer mag vertegenwoordigen", -300, -1),
    ):
        yield Deviation(words, partial(_authority, start, end), breadth=WIDE, fits=lambda actor: actor.represents)
    yield Deviation(
        "zijn werkgever niet bekend is",
        partial(_set, "partner", "employer_kind", None),
        fits=lambda actor: actor.kind == "casusregisseur",
    )
    for lacking in _DUTIES:
        yield Deviation(f"de vrager {lacking} niet kan nakomen", partial(_unable, lacking), ONE, consent=True)
        yield Deviation(f"de vrager {lacking} niet kan nakomen", partial(_unable, lacking), ONE)
    yield Deviation("de vrager geen verplichting kan nakomen", partial(_set, "partner", "fulfils", []))


def of_casus() -> Iterator[Deviation]:
    """Phase, terms, statuses, involvement, and what is known of the person."""
    yield Deviation("geen regime is gekozen", partial(_set, "casus", "regime", None))
    for phase in [*map(str, Phase), None]:
        words = f"de fase {phase} is" if phase else "de fase niet bekend is"
        yield Deviation(words, partial(_set, "casus", "phase", phase), breadth=WIDE)
    yield Deviation("de casus in een open fase al is gesloten", partial(_dated, "casus", "closed_at", -1), breadth=WIDE)
    yield Deviation("de bewaartermijn voorbij is", partial(_dated, "casus", "term_ends_at", -1), breadth=WIDE)
    yield Deviation("de bewaartermijn precies nu afloopt", partial(_dated, "casus", "term_ends_at", 0))
    yield Deviation("de bewaartermijn niet bekend is", partial(_set, "casus", "term_ends_at", None), breadth=WIDE)
    yield Deviation("de vrager niet is betrokken", partial(_set, "casus", "involved", []), breadth=WIDE)
    yield Deviation(
        "de vrager niet in de triagegroep zit", partial(_set, "casus", "triage_group", ["iemand"]), breadth=WIDE
    )
    yield Deviation("de vrager niet is betrokken en niet in de triagegroep zit", _outsider, breadth=WIDE)
    yield Deviation("de zaak is aangemeld door de politie, en nog in aanmelding", _announced)
    for law in ("wvggz", "wzd"):
        for status in ProcedureStatus:
            change = partial(_set, "casus", f"{law}_status", str(status))
            yield Deviation(f"de status {law} {status} is", change, STATUS)
        yield Deviation(f"de status {law} niet bekend is", partial(_set, "casus", f"{law}_status", None), STATUS)
    yield Deviation("de betrokkene is weggelopen", partial(_set, "casus", "unauthorised_absence", True), breadth=WIDE)
    for age in (17, 18, None):
        words = f"de betrokkene {age} jaar is" if age else "de leeftijd niet bekend is"
        yield Deviation(words, partial(_set, "casus", "subject_age", age))
    for size in (9, 10, None):
        words = f"de groep {size} personen telt" if size else "de grootte van de groep niet bekend is"
        yield Deviation(words, partial(_set, "casus", "group_size", size), breadth=WIDE)
    yield Deviation("de betrokkene al is geïnformeerd", lambda made: made.casus["informed_of"].append(made.me))
    for words, days in (("is uitgesteld", 30), ("was uitgesteld", -1)):
        yield Deviation(f"informeren {words}", partial(_dated, "casus", "uavg41_until", days))


def of_dates() -> Iterator[Deviation]:
    """The dates on which a decision ends: each in turn the nearest, so that `valid_until` is told by it."""
    for place, key in (
        ("partner", "secrecy_statement_until"),
        ("partner", "authority_from"),
        ("partner", "authority_until"),
        ("casus", "first_processed_at"),
        ("casus", "term_ends_at"),
        ("casus", "closed_at"),
        ("casus", "uavg41_until"),
    ):
        yield Deviation(f"{key} de eerste datum is", partial(_dated, place, key, 1), ONE, consent=True)


def _set(place: str, key: str, value: Any, made: Draft) -> None:
    part: Any = getattr(made, place)
    part[key] = list(value) if isinstance(value, list) else value


def _dated(place: str, key: str, days: float | None, made: Draft) -> None:
    _set(place, key, None if days is None else made.day(days), made)


def _user(key: str, value: bool | None, made: Draft) -> None:
    made.doc["user"][key] = value


def _pushed(starter: str | None, made: Draft) -> None:
    made.doc["action"], made.doc["started_by"] = "verstrekken", made.me if starter else None


def _authority(start: float | None, end: float, made: Draft) -> None:
    _dated("partner", "authority_from", start, made)
    _dated("partner", "authority_until", end, made)


def _unable(duty: str, made: Draft) -> None:
    made.partner["fulfils"] = [one for one in _DUTIES if one != duty]


def _outsider(made: Draft) -> None:
    made.casus["involved"], made.casus["triage_group"] = [], []


def _announced(made: Draft) -> None:
    made.casus["phase"], made.casus["aanmelder"] = "aangemeld", "bron-politie"


def running(made: Draft) -> None:
    """Both procedures run, so that articles can hold."""
    made.casus["wvggz_status"] = made.casus["wzd_status"] = RUNNING
