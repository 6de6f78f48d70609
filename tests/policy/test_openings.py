"""What is told to open a field does open it, nothing that opens a field is left out, and no record shows in it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from hub.broker.decided import asking_of
from hub.model.purpose import PURPOSES
from hub.model.release import Asking
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.canonical import canonical
from hub.pdp.opening import Openings
from hub.pdp.tables import LawTables
from tests.policy.documents import AFTER, BEFORE, Row, basis, consent, police_supply, record, request
from tests.policy.engine import answer, engine
from tests.policy.facts import KINDS, document
from tests.policy.reading.regimes import ALWAYS_DERDE

BUNDLE = read_bundle(default_directory())
TABLES: Mapping[str, Any] = BUNDLE.reference["hub"]["tables"]
SOURCES = {key: field["sources"] for key, field in BUNDLE.reference["hub"]["catalog"]["fields"].items()}
REGIMES = sorted(TABLES["regimes"]["rows"])
RELATIONS = {
    "457.2": "behandelt", "huur": "verhuurt", "wmo": "wmo_opdracht", "zv01": "verzekert", "wmo_opdracht": "wmo_opdracht",
    "zorgverantwoordelijke": "zorgverantwoordelijke", "houdt_toezicht": "houdt_toezicht", "detentie": "detentie",
}  # fmt: skip

AT = "2027-01-10T11:00:00.000000Z"


@cache
def openings() -> Openings:
    return Openings(engine(), AT)


@cache
def tables() -> LawTables:
    return LawTables(BUNDLE, openings())


def asking(kind: str, purpose: str, regime: str) -> Asking:
    """Such a partner, as he takes part."""
    derde = kind in ALWAYS_DERDE
    standing = kind if kind in ("betrokkene", "toezicht") else "derde" if derde else "deelnemer"
    employer = "college" if kind == "casusregisseur" else None
    return Asking(kind, employer, standing, "verstrekken" if derde else "lezen", regime, purpose)


def every_basis(regime: str) -> set[str]:
    row = TABLES["regimes"]["rows"][regime]
    return {*row["kinds"], *row.get("public_kinds", ()), "wgs", "avg15", "toezicht", "wg27"}


def named_bases(words: set[str], regime: str) -> set[str]:
    """The bases that the words name."""
    named = {kind for kind in every_basis(regime) if kind in words}
    for family, word in (("wv", "wvggz"), ("wz", "wvggz"), ("wz", "wzd"), ("wjsg", "wjsg")):
        named |= {kind for kind in every_basis(regime) if word in words and kind.startswith(family)}
    return named


def laid_down(who: Asking, fields: list[str], way: str) -> Row:
    """A request for `fields` in which what `way` says is so, with a record of every source that each can have."""
    words = {*way.split("+"), *openings().asks(who)}
    me = f"{who.kind}-1"
    doc = request(who.kind, who.purpose, fields, action=who.action, started_by="gem-1")
    doc["partner"] |= {"standing": who.standing, "employer_kind": who.employer_kind, "secrecy_statement_until": AFTER}
    named = named_bases(words, str(who.regime))
    # A basis in general may be one that asks a relation; a basis that the words name has it among them.
    relations = words & RELATIONS.keys() if named else RELATIONS.keys()
    doc["partner"]["relations"] = sorted({RELATIONS[word] for word in relations})
    doc["casus"] |= {"regime": who.regime, "group_size": 10, "involved": [me]}
    doc["casus"]["phase"] = "triage" if who.purpose == "D01" else "traject"
    if words & {"wvggz", "wzd"}:
        doc["casus"] |= {"wvggz_status": "titel_actief", "wzd_status": "titel_actief"}
    doc["casus"]["unauthorised_absence"] = "titel_of_afwezig" in words
    if "wzd_loopt" in words:
        doc["casus"]["wzd_status"] = "verzoek"
    for word, status in (("crisis", "crisismaatregel"), ("verkennend_onderzoek", "verkennend_onderzoek")):
        doc["casus"]["wvggz_status"] = status if word in words else doc["casus"]["wvggz_status"]
    doc["legal_bases"] = [
        basis(kind, me, who.purpose, rac_ref="RAC-1") for kind in sorted(named or every_basis(str(who.regime)))
    ]
    doc["records"] = [_record(field, source, me, words | named) for field in fields for source in SOURCES[field]]
    for source in sorted({row["source"] for row in doc["records"]}):
        _open_secrets(doc, source, words, fields)
    if words & {"cvp", "vitaal"}:
        doc["emergency"] = _emergency(doc, me, "vitaal" in words, fields)
    return doc


def _record(field: str, kind: str, me: str, words: set[str]) -> Row:
    row = record(field, f"{kind}-2", kind, supplier_agreed=True, financed_by=[me], melding_receiver=me)
    row["treating_with"] = [me] if "457.2" in words else []
    wpg = next((word.removeprefix("wpg") for word in sorted(words) if word.startswith("wpg")), "20(3)")
    wjsg = next(
        (word.removeprefix("wjsg") for word in sorted(words) if word.startswith("wjsg") and word != "wjsg"), "39fa"
    )
    if kind == "politie":
        row["wpg"] = police_supply(me, wpg)
    elif kind in ("om", "dji"):
        row["wjsg"] = {"article": wjsg, "receivers": [me]}
    return row


def _open_secrets(doc: Row, source: str, words: set[str], fields: list[str]) -> None:
    me = doc["partner"]["id"]
    for word, kind in (("toest", "toestemming"), ("named", "toestemming"), ("toest_15a", "toestemming_15a"),
                       ("noemt_vrager", "toestemming")):  # fmt: skip
        if word in words:
            doc["consents"].append(consent(source, me, doc["purpose"], kind=kind, id=f"co-{word}-{source}"))
    if "goed_hulpverlenerschap" in words:
        doc["secrecy_exceptions"].append({
            "id": f"se-{source}", "kind": "gh_goed_hulpverlenerschap", "article": None, "source": source,
            "receivers": [me], "purposes": [doc["purpose"]], "fields": fields, "valid_from": BEFORE,
            "valid_until": None, "reason": "...", "second_professional": None, "consent_attempted": True,
        })  # fmt: skip


def _emergency(doc: Row, me: str, vital: bool, fields: list[str]) -> Row:
    return {
        "kind": "vitaal_belang" if vital else "conflict_van_plichten", "source": "ggz-2", "source_kind": "ggz",
        "receivers": [me], "purposes": [doc["purpose"]], "fields": fields, "reason": "...",
        "second_professional": "arts", "started_at": "2027-01-10T06:00:00+01:00", "unable_to_consent": True,
    }  # fmt: skip


def ways_of(kind: str, regime: str) -> Iterator[tuple[Asking, str, list[str]]]:
    """Each way of each purpose, with the fields that it opens."""
    for purpose in PURPOSES:
        who = asking(kind, purpose, regime)
        fields = defaultdict(list)
        for field in SOURCES:
            for way in openings().ways(who, field, without_basis=False):
                fields[way].append(field)
        for way, opened in sorted(fields.items()):
            yield who, way, opened


def opened(who: Asking, fields: list[str], way: str) -> set[str]:
    """The fields that are released when the way is laid down; a conflict of duties is of one source at a time."""
    doc = laid_down(who, fields, way)
    for row in doc["records"]:
        row["regime"] = who.regime
    sources = {row["source"] for row in doc["records"]} if "cvp" in way.split("+") else {"ggz-2"}
    released = set()
    for source in sources:
        if doc["emergency"]:
            doc["emergency"]["source"] = source
        released |= {row["field"] for row in answer(canonical(doc))["released"]}
    return released


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_told_to_open_a_field_opens_it(kind: str) -> None:
    wrong = []
    for regime in REGIMES:
        for who, way, fields in ways_of(kind, regime):
            # The refusal is told to whom it names; here the betrokkene refused nothing.
            told_of = set(fields) - ({"weigering"} if "noemt_vrager" in way else set())
            lost = told_of - opened(who, fields, way)
            wrong += [f"{regime} {who.purpose} {way}: {', '.join(sorted(lost)[:4])}"] if lost else []
    assert wrong == []


def test_nothing_that_opens_a_field_is_left_out() -> None:
    seen = 0
    for seed in range(400):
        facts = canonical(document(seed))
        kinds = {row["source"]: row["source_kind"] for row in facts["rows"]}
        for row in answer(facts)["released"]:
            # The documents have sources too that the hub takes no such field from.
            if row["source"] != facts["partner"]["id"] and kinds[row["source"]] in SOURCES[row["field"]]:
                ways = openings().ways(asking_of(facts), row["field"], without_basis=False)
                assert ways != (), (seed, row["field"])
                seen += 1
    assert seen > 150


def test_a_purpose_is_told_where_it_helps() -> None:
    who = asking("college", "D01", "wgs_zvh")
    assert "D03" in openings().purposes(who, ["evaluatie_datum"])
    assert openings().purposes(asking("politie", "D02", "wgs_zvh"), ["diagnose_dsm"]) == ()
    assert openings().asks(asking("reclassering", "D02", "wgs_zvh")) == ("houdt_toezicht",)
