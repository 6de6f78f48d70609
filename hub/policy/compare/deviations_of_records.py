"""Deviations of records, consents, legal bases, secrecy exceptions and emergencies."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from hub.policy.compare.actors import Actor
from hub.policy.compare.deviations import ONE, WIDE, Deviation, running
from hub.policy.compare.facts import Draft, basis, consent, emergency, exception
from hub.policy.compare.laws import Laws

_FLAGS: Final = {
    "restricted": "het gegeven is beperkt",
    "disputed": "het gegeven is betwist",
    "objected": "bezwaar is gemaakt tegen het gegeven",
    "vetoed": "de bron een veto heeft",
    "uavg41": "voor het gegeven een uitzondering geldt (UAVG 41)",
}
_SUPPLY: Final[tuple[tuple[str, str, dict[str, Any] | None], ...]] = (
    ("het leveringsbewijs ontbreekt", "none", None),
    ("het leveringsbewijs geen artikel noemt", "article", {"article": None}),
    ("het leveringsbewijs een artikel noemt dat wgs niet opent", "article", {"article": "39f(1)"}),
    ("het leveringsbewijs anderen noemt", "receivers", {"receivers": ["iemand"]}),
    ("het leveringsbewijs alle betrokkenen noemt", "receivers", {"receivers": ["*"]}),
)
_POLICE: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("het politiegegeven categorie 13 is", {"category": "13"}),
    ("het politiegegeven categorie 9 is", {"category": "9"}),
    ("het politiegegeven geen categorie heeft", {"category": None}),
    ("het bevoegd gezag niet instemt", {"authority_agreed": False}),
)


def of_records() -> Iterator[Deviation]:
    """What a source says of its record, or leaves unsaid."""
    for key, words in _FLAGS.items():
        yield Deviation(words, _rows(key, True))
    for key in (*_FLAGS, "supplier_agreed", "person", "source_kind"):
        yield Deviation(f"{key} van het gegeven niet bekend is", _rows(key, None), ONE)
    yield Deviation("de bron de vrager uitsluit", lambda made: _each(made, "denied_to", [made.me]))
    yield Deviation("de bron dit soort partner uitsluit", lambda made: _each(made, "denied_to", [made.partner["kind"]]))
    for person in ("gezinslid", "sociaal_contact", "ander"):
        yield Deviation(f"het gegeven over een ander gaat ({person})", _rows("person", person))
    yield Deviation("het gegeven al vernietigd moest zijn", lambda made: _each(made, "destroy_on", made.day(-1)))
    yield Deviation("destroy_on de eerste datum is", lambda made: _each(made, "destroy_on", made.day(1)))
    yield Deviation("het gegeven onder een ander regime is geleverd", _other_regime)
    for words, levels in (("alleen vol", ["vol"]), ("alleen sam", ["sam"]), ("niets", [])):
        for agreed in (False, True):
            yield Deviation(f"de bron {words} schreef", _rows("levels", levels), breadth=WIDE, consent=agreed)
    yield Deviation("de bron niet instemt met doorgeven", _rows("supplier_agreed", False), breadth=WIDE)
    yield Deviation("het gegeven door een ander wordt betaald", _rows("financed_by", []), breadth=WIDE)
    yield Deviation("de melding aan een ander is gedaan", _rows("melding_receiver", "iemand"), breadth=WIDE)
    yield Deviation("er van een paar gegevens twee zijn", _doubled)
    yield Deviation("de vrager zelf de bron is", _own, consent=True)
    yield Deviation("elk soort bron levert", lambda _: None, every_source=True)
    yield Deviation("elk soort bron levert", lambda _: None, every_source=True, consent=True)
    for words, _, change in _SUPPLY:
        yield Deviation(words, partial(_supply, ("wpg", "wjsg"), change), breadth=WIDE)
    for words, change in _POLICE:
        yield Deviation(words, partial(_supply, ("wpg",), change))


def of_consents() -> Iterator[Deviation]:
    """Consents that lack something, and refusals."""
    for key, words in {
        "capable": "de betrokkene niet wilsbekwaam was",
        "voluntary": "de toestemming niet vrij was",
        "recorded_by_treating": "een ander dan de behandelaar de toestemming vastlegde",
    }.items():
        yield Deviation(words, _consents(key, False), consent=True)
    for words, key, days in (
        ("de toestemming is ingetrokken", "withdrawn_at", -1.0),
        ("de toestemming straks ophoudt (withdrawn_at)", "withdrawn_at", 1.0),
        ("de toestemming is verlopen", "valid_until", -1.0),
        ("de toestemming straks ophoudt (valid_until)", "valid_until", 1.0),
        ("de toestemming precies nu ophoudt", "valid_until", 0.0),
        ("de toestemming precies nu begint", "given_at", 0.0),
        ("de toestemming ouder is dan een jaar", "given_at", -370.0),
        ("de toestemming nog niet geldt", "given_at", 1.0),
    ):
        yield Deviation(words, partial(_consent_day, key, days), consent=True)
    yield Deviation("de toestemming elk doel noemt (*)", _consents("purposes", ["*"]), breadth=WIDE, consent=True)
    yield Deviation("de toestemming een ander doel noemt", _consents("purposes", ["D12"]), consent=True)
    yield Deviation("de toestemming een ander noemt", _consents("receivers", ["iemand"]), consent=True)
    yield Deviation("de toestemming de groepen een voor een noemt", _by_group, consent=True)
    yield Deviation("de toestemming alleen enkele velden noemt", _by_field, consent=True)
    yield Deviation("niet bekend is wie toestemming gaf", _consents("given_by", None), consent=True)
    for words, start, end in (
        ("een mentor met gezag toestemming gaf", -300.0, 300.0),
        ("een mentor te vroeg toestemming gaf", -1.0, 300.0),
        ("een mentor van wie het gezag voorbij is toestemming gaf", -300.0, -1.0),
    ):
        yield Deviation(words, partial(_mentor, start, end), consent=True)
    for agreed in (True, False):
        yield Deviation("er een weigering is", partial(_refused, {}), breadth=WIDE, consent=agreed)
    yield Deviation("er een weigering van alle bronnen voor iedereen is", _refused_all, consent=True)
    yield Deviation("er een weigering voor één groep is", partial(_refused, {"groups": ["G04"]}), consent=True)
    yield Deviation("er een weigering is voor een ander doel", partial(_refused, {"purposes": ["D12"]}), consent=True)
    yield Deviation("een weigering is ingetrokken", partial(_refused, {"withdrawn_at": -1.0}), consent=True)
    yield Deviation("een weigering nog niet geldt", partial(_refused, {"given_at": 1.0}), consent=True)
    yield Deviation("de toestemming voor elektronische inzage ontbreekt", _without_15a, breadth=WIDE, fits=_care)
    yield Deviation(
        "de toestemming voor elektronische inzage ontbreekt", _without_15a, breadth=WIDE, consent=True, fits=_care
    )


def of_bases(laws: Laws) -> Iterator[Deviation]:
    """Legal bases that lack something."""
    yield Deviation("er geen enkele grondslag is", lambda made: made.doc["legal_bases"].clear(), breadth=WIDE)
    yield Deviation("de grondslag nergens telt", lambda made: made.doc.update(legal_bases=[basis(made, "avg5")]))
    for words, key, days in (
        ("de grondslag is verlopen", "valid_until", -1.0),
        ("de grondslag nog niet geldt", "valid_from", 1.0),
        ("de grondslag bijna verloopt", "valid_until", 1.0),
        ("de grondslag precies nu verloopt", "valid_until", 0.0),
        ("de grondslag precies nu begint", "valid_from", 0.0),
    ):
        yield Deviation(words, partial(_basis_day, key, days))
    for words, key, value in (
        ("de grondslag een ander noemt", "partner", "iemand"),
        ("de grondslag een ander doel noemt", "purposes", ["D12"]),
        ("de grondslag elk doel noemt (*)", "purposes", ["*"]),
        ("de grondslag geen reden heeft", "reason", ""),
    ):
        yield Deviation(words, partial(_bases, key, value))
    yield Deviation("het advies (RAC) ontbreekt", partial(_bases, "rac_ref", None), breadth=WIDE)
    half = list(laws.groups[::2])
    yield Deviation("de grondslag de helft van de groepen noemt", partial(_bases, "groups", half))
    yield Deviation("er van de grondslag twee zijn", _two_bases)


def of_exceptions(laws: Laws, actor: Actor) -> Iterator[Deviation]:
    """Recorded secrecy exceptions, each beside the plain ground of the asker."""
    good = "gh_goed_hulpverlenerschap"
    yield Deviation("goed hulpverlenerschap is vastgelegd", partial(_excepted, good, None, {}))
    for words, change in (
        ("zonder poging tot toestemming", {"consent_attempted": False}),
        ("zonder reden", {"reason": ""}),
        ("voor een ander", {"receivers": ["iemand"]}),
        ("voor een ander doel", {"purposes": ["D12"]}),
        ("voor elk doel (*)", {"purposes": ["*"]}),
    ):
        yield Deviation(f"goed hulpverlenerschap is vastgelegd {words}", partial(_excepted, good, None, change))
    for words, days in (("verlopen", -1.0), ("bijna verlopen", 1.0)):
        yield Deviation(f"goed hulpverlenerschap is {words}", partial(_excepted, good, None, {"valid_until": days}))
    yield Deviation("goed hulpverlenerschap is vastgelegd naast een weigering", _good_but_refused)
    for kind in ("gh_conflict_van_plichten", "gh_vitaal_belang", "gh_toestemming"):
        yield Deviation(f"{kind} als uitzondering is vastgelegd", partial(_excepted, kind, None, {}))
    for article in [*laws.addressed(actor.kind), "zv01", "wm05"]:
        kind = "gh_wettelijk_recht" if article in {"zv01", "wm05"} else "gh_wettelijke_plicht"
        yield Deviation(
            f"een uitzondering op {article} is vastgelegd", partial(_excepted, kind, article, {}), every_source=True
        )


def of_emergencies() -> Iterator[Deviation]:
    """Emergencies, whole and with something lacking."""
    for kind in ("vitaal_belang", "conflict_van_plichten"):
        yield Deviation(f"er een noodgeval is ({kind})", partial(_urgent, kind, {}), breadth=WIDE)
        for words, change in (
            ("zonder reden", {"reason": ""}),
            ("dat voorbij is", {"started_at": -1.1}),
            ("dat nog moet beginnen", {"started_at": 0.1}),
            ("zonder tweede professional", {"second_professional": None}),
            ("voor een ander", {"receivers": ["iemand"]}),
            ("voor elk doel (*)", {"purposes": ["*"]}),
            ("voor enkele velden", {"fields": ["bejegeningsadvies", "naam", "crisiscontact_24_7"]}),
            ("vastgelegd door de politie", {"source_kind": "politie"}),
            ("waarin toestemming wel kon", {"unable_to_consent": False}),
        ):
            yield Deviation(f"er een noodgeval is ({kind}) {words}", partial(_urgent, kind, change))


def _care(actor: Actor) -> bool:
    return actor.care


def _each(made: Draft, key: str, value: Any) -> None:
    for row in made.records:
        row[key] = list(value) if isinstance(value, list) else value


def _rows(key: str, value: Any) -> Any:
    return lambda made: _each(made, key, value)


def _other_regime(made: Draft) -> None:
    _each(made, "regime", "zorgteam" if made.casus["regime"] != "zorgteam" else "wgs_zvh")


def _doubled(made: Draft) -> None:
    made.records.extend([{**row, "fields": row["fields"][:2], "levels": ["vol"]} for row in made.records])


def _own(made: Draft) -> None:
    rest = made.records[1:]
    fields = [key for key in made.laws.sources if key not in made.records[0]["fields"]]
    row = {**made.records[0], "source": made.me, "source_kind": made.partner["kind"], "fields": fields}
    made.records[:] = [row, *rest] if fields else rest


def _supply(papers: tuple[str, ...], change: dict[str, Any] | None, made: Draft) -> None:
    for row in made.records:
        for paper in papers:
            if row[paper] is not None:
                row[paper] = {**row[paper], **change} if change is not None else None


def _consents(key: str, value: Any) -> Any:
    def change(made: Draft) -> None:
        for row in made.doc["consents"]:
            row[key] = value

    return change


def _consent_day(key: str, days: float, made: Draft) -> None:
    for row in made.doc["consents"]:
        row[key] = made.day(days)


def _by_group(made: Draft) -> None:
    _consents("groups", list(made.laws.groups))(made)


def _by_field(made: Draft) -> None:
    _consents("groups", list(made.laws.sources)[::3])(made)


def _mentor(start: float, end: float, made: Draft) -> None:
    giver = {"role": "mentor", "authority_from": made.day(start), "authority_until": made.day(end)}
    _consents("given_by", giver)(made)


def _refused(change: dict[str, Any], made: Draft) -> None:
    dated = {key: made.day(value) if isinstance(value, float) else value for key, value in change.items()}
    for row in list(made.records):
        made.doc["consents"].append({**consent(made, "weigering", row["source"]), **dated})


def _refused_all(made: Draft) -> None:
    made.doc["consents"].append({**consent(made, "weigering", "*"), "receivers": ["*"]})


def _without_15a(made: Draft) -> None:
    made.doc["consents"] = [row for row in made.doc["consents"] if row["kind"] != "toestemming_15a"]


def _bases(key: str, value: Any, made: Draft) -> None:
    for row in made.doc["legal_bases"]:
        row[key] = value


def _basis_day(key: str, days: float, made: Draft) -> None:
    _bases(key, made.day(days), made)


def _two_bases(made: Draft) -> None:
    made.doc["legal_bases"] += [{**row, "id": f"a-{row['id']}"} for row in made.doc["legal_bases"]]


def _excepted(kind: str, article: str | None, change: dict[str, Any], made: Draft) -> None:
    if article:
        running(made)
    dated = {key: made.day(value) if isinstance(value, float) else value for key, value in change.items()}
    for row in made.records:
        made.doc["secrecy_exceptions"].append(
            {**exception(made, kind, article), "id": f"se-{row['source_kind']}", "source": row["source"], **dated}
        )


def _good_but_refused(made: Draft) -> None:
    _excepted("gh_goed_hulpverlenerschap", None, {}, made)
    _refused({}, made)


def _urgent(kind: str, change: dict[str, Any], made: Draft) -> None:
    dated = {key: made.day(value) if isinstance(value, float) else value for key, value in change.items()}
    made.doc["emergency"] = {**emergency(made, kind, "ggz"), **dated}
