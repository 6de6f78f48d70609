"""What goes wrong in a random document: each mutation changes one thing, in place."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.policy.reading.articles import ARTICLES
from tests.policy.reading.catalogue import FIELDS
from tests.policy.reading.purposes import ELIGIBLE, PURPOSES
from tests.policy.reading.regimes import COUNTS

Row = dict[str, Any]
AT = datetime(2027, 1, 10, 11, tzinfo=UTC)
PHASES = [
    "aangemeld",
    "triage",
    "toegelaten",
    "traject",
    "opgeschaald",
    "afgeschaald",
    "afgesloten",
    "afgeschermd",
    "afgewezen",
    "vernietigd",
]
STATUSES = [
    "geen",
    "melding",
    "verkennend_onderzoek",
    "aanvraag",
    "voorbereiding",
    "crisismaatregel",
    "verzoek",
    "titel_actief",
    "evaluatie_beeindiging",
]
RELATIONS = [
    "behandelt",
    "zorgverantwoordelijke",
    "verhuurt",
    "verzekert",
    "houdt_toezicht",
    "detentie",
    "wmo_opdracht",
    "naaste",
    "vertegenwoordigt",
]
FLAGS = ("restricted", "disputed", "objected", "vetoed", "uavg41", "supplier_agreed")
KINDS = sorted({kind for kind, _ in ELIGIBLE})
SOURCE_KINDS = [*KINDS, "hub", "ciz", "ander"]


def _when(rng: Random) -> str:
    """Before, at, or after the moment of the request, also by a hair."""
    seconds = rng.choice([0, 0, -0.000001, 0.000001, -3600, 86400, -86400, -90000, 40 * 86400, -500 * 86400])
    moment = AT + timedelta(seconds=seconds)
    return moment.isoformat().replace("+00:00", rng.choice(["Z", "+00:00"]))


def _when_or_null(rng: Random) -> str | None:
    return rng.choice([None, _when(rng), _when(rng)])


def _row(rng: Random, doc: Row, key: str) -> Row:
    """A row of a list, or a loose one where there is none."""
    rows: list[Row] = doc[key]
    return rng.choice(rows) if rows else {}


def _set(row: Row, key: str, value: Any) -> None:
    if row:
        row[key] = value


def _casus(rng: Random, doc: Row) -> None:
    casus = doc["casus"]
    key = rng.choice([*sorted(casus.keys() - {"id"}), "phase", "phase"])
    choices: dict[str, Callable[[], Any]] = {
        "regime": lambda: rng.choice([*COUNTS, None]),
        "phase": lambda: rng.choice([*PHASES, "vernietigd", None, None]),
        "aanmelder": lambda: rng.choice([None, "politie-1"]),
        "wvggz_status": lambda: rng.choice([*STATUSES, None]),
        "wzd_status": lambda: rng.choice([*STATUSES, None]),
        "subject_age": lambda: rng.choice([17, 18, None]),
        "unauthorised_absence": lambda: rng.choice([True, False, None]),
        "group_size": lambda: rng.choice([9, 10, None]),
        "involved": lambda: rng.choice([[], ["ggz-2"], [doc["partner"]["id"], "a", "a"]]),
        "triage_group": lambda: rng.choice([[], ["ggz-2"], [doc["partner"]["id"]]]),
        "informed_of": lambda: rng.choice([[], [doc["partner"]["id"]]]),
    }
    casus[key] = choices.get(key, lambda: _when_or_null(rng))()


def _partner(rng: Random, doc: Row) -> None:
    partner = doc["partner"]
    key = rng.choice(
        ["kind", "standing", "standing", "relations", "statement", "employer_kind", "authority", "fulfils"]
    )
    if key == "kind":
        partner["kind"] = rng.choice(KINDS)
    elif key == "standing":
        partner["standing"] = rng.choice(["deelnemer", "derde", "derde", "betrokkene", "toezicht"])
    elif key == "relations":
        partner["relations"] = rng.sample(RELATIONS, rng.randint(0, 3))
    elif key == "statement":
        partner["secrecy_statement_until"] = _when_or_null(rng)
    elif key == "employer_kind":
        partner["employer_kind"] = rng.choice([None, *KINDS])
    elif key == "authority":
        partner[rng.choice(["authority_from", "authority_until"])] = _when_or_null(rng)
    else:
        types = ["log_dataverwerking", "log_nen7513", "inform_betrokkene", "no_export", "watermark", "expires_at"]
        partner["fulfils"] = rng.sample(types, rng.randint(0, 6))


def _request(rng: Random, doc: Row) -> None:
    key = rng.choice(["purpose", "action", "started_by", "user", "requested"])
    if key == "purpose":
        doc["purpose"] = rng.choice([*PURPOSES, "D13"])
    elif key == "action":
        doc["action"] = rng.choice(["lezen", "verstrekken", "zoeken", "export"])
    elif key == "started_by":
        doc["started_by"] = rng.choice([None, doc["partner"]["id"], "pol-7"])
    elif key == "user":
        flag = rng.choice(["designated", "screened", "trained", "bound_to_secrecy"])
        doc["user"][flag] = rng.choice([False, None])
    else:
        word = rng.choice(["onbekend_veld", "bsn", "melder_gegevens", "diagnose_dsm", "weigering"])
        doc["requested"] = rng.choice([[], ["geloof"], *[[*doc["requested"], word]] * 4])


def _record(rng: Random, doc: Row) -> None:
    record = _row(rng, doc, "records")
    if not record:
        return
    key = rng.choice(["flag", "flag", "flag", "missing", *sorted(record.keys() - {"field", *FLAGS})])
    me = doc["partner"]["id"]
    choices: dict[str, Callable[[], Any]] = {
        "regime": lambda: rng.choice([*COUNTS, None]),
        "levels": lambda: rng.choice([[], ["vol"], ["sam"], None]),
        "person": lambda: rng.choice(["ander", "gezinslid", None]),
        "source": lambda: rng.choice([me, "ggz-2", "politie-1"]),
        "source_kind": lambda: rng.choice([*SOURCE_KINDS, None]),
        "destroy_on": lambda: _when_or_null(rng),
        "denied_to": lambda: rng.choice([[me], [doc["partner"]["kind"]], ["iemand"]]),
        "treating_with": lambda: rng.choice([[], [me]]),
        "financed_by": lambda: rng.choice([[], [me]]),
        "melding_receiver": lambda: rng.choice([None, me, "college-1"]),
        "wpg": lambda: _wpg(rng, record, me),
        "wjsg": lambda: _wjsg(rng, record, me),
    }
    if key == "flag":
        record[rng.choice(FLAGS)] = rng.choice([True, True, False, None])
    elif key == "missing":
        record.pop(rng.choice(sorted(record.keys() - {"field", "source"})))
    else:
        record[key] = choices[key]()


def _wpg(rng: Random, record: Row, me: str) -> Row | None:
    supply = {
        "article": rng.choice(["20(3)", "20(1)", "19", "16(1)(a)", "18(1)", None]),
        "category": rng.choice(["8", "13", "9", None]),
        "decision": None,
        "receivers": rng.choice([[me], ["*"], [], ["ggz-2"]]),
        "authority_agreed": rng.choice([True, True, False, None]),
    }
    return rng.choice([None, supply, supply])


def _wjsg(rng: Random, record: Row, me: str) -> Row | None:
    article = rng.choice(["8b", "39e(4)", "39f(1)", "39fa", "51ca", "", None])
    supply = {"article": article or None, "receivers": rng.choice([[me], ["*"], []])}
    return rng.choice([None, supply, supply])


def _rows(rng: Random, doc: Row) -> None:
    """A basis, exception or consent that ends, starts later, is for another, or goes."""
    key = rng.choice(["legal_bases", "legal_bases", "secrecy_exceptions", "consents", "consents"])
    rows: list[Row] = doc[key]
    if not rows:
        return
    row = rng.choice(rows)
    start, end = ("given_at", "withdrawn_at") if key == "consents" else ("valid_from", "valid_until")
    change = rng.choice(["start", "end", "valid_until", "purposes", "scope", "for", "kind", "drop", "own"])
    scope = "fields" if key == "secrecy_exceptions" else "groups"
    if change == "drop":
        rows.remove(row)
    elif change == "start":
        row[start] = _when(rng)
    elif change in ("end", "valid_until"):
        row[end if change == "end" else "valid_until"] = _when_or_null(rng)
    elif change == "purposes":
        row["purposes"] = rng.choice([["D12"], ["*"], [doc["purpose"]] if doc["purpose"] in PURPOSES else []])
    elif change == "scope":
        row[scope] = rng.choice([["G12"], ["*"], ["bsn"], ["geloof"], *([group] for group in _groups_asked(doc))])
    elif change == "for" and key == "legal_bases":
        row["partner"] = "iemand"
    elif change == "for":
        row["receivers"] = rng.choice([["iemand"], ["*"]])
    else:
        _own_keys(rng, key, row)


def _groups_asked(doc: Row) -> list[str]:
    return sorted({FIELDS[key].group for key in doc["requested"] if key in FIELDS})


def _own_keys(rng: Random, key: str, row: Row) -> None:
    if key == "legal_bases":
        row["kind"] = rng.choice([*ARTICLES, "wgs", "derde", "avg6a", "avg6e", "wvggz", "wpg20_3", "wjsg39fa", "wv01"])
        row["reason"] = rng.choice(["", "  ", "wel", None])
        row["rac_ref"] = rng.choice([None, "RAC-1"])
    elif key == "secrecy_exceptions":
        row["article"] = rng.choice([*ARTICLES, "zv01", "wm05", None])
        row["consent_attempted"] = rng.choice([True, False, None])
        row["reason"] = rng.choice(["", "wel"])
        row["source"] = rng.choice([row["source"], row["source"], "iemand"])
    else:
        choice = rng.choice(["kind", "flag", "giver", "source"])
        if choice == "kind":
            row["kind"] = rng.choice(["toestemming", "toestemming_15a", "weigering"])
        elif choice == "flag":
            row[rng.choice(["capable", "voluntary", "recorded_by_treating"])] = rng.choice([False, None])
        elif choice == "source":
            row["source"] = rng.choice(["iemand", "*"])
        elif row["given_by"]:
            giver = row["given_by"]
            giver[rng.choice(["authority_from", "authority_until"])] = _when_or_null(rng)
            giver["role"] = rng.choice(["betrokkene", "mentor", None])


def _emergency(rng: Random, doc: Row) -> None:
    emergency = doc["emergency"]
    if emergency is None:
        return
    key = rng.choice(sorted(emergency))
    choices: dict[str, Callable[[], Any]] = {
        "kind": lambda: rng.choice(["conflict_van_plichten", "vitaal_belang"]),
        "source": lambda: rng.choice(["iemand", "ggz-1", "ggz-2"]),
        "source_kind": lambda: rng.choice(["ggz", "politie", None]),
        "receivers": lambda: [rng.choice(["iemand", "*"])],
        "purposes": lambda: [rng.choice(["D04", "*"])],
        "fields": lambda: [rng.choice(["*", "bejegeningsadvies", *_groups_asked(doc)])],
        "reason": lambda: "",
        "second_professional": lambda: rng.choice([None, "x"]),
        "started_at": lambda: _when(rng),
        "unable_to_consent": lambda: rng.choice([True, False, None]),
    }
    emergency[key] = choices[key]()


def _double(rng: Random, doc: Row) -> None:
    record = _row(rng, doc, "records")
    if record and rng.random() < 0.3:
        doc["records"].append(dict(record))


MUTATIONS = (_casus, _partner, _request, _record, _record, _record, _rows, _rows, _rows, _emergency, _double)


def mutate(rng: Random, doc: Row) -> None:
    """Spoil one thing."""
    rng.choice(MUTATIONS)(rng, doc)
