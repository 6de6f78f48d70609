"""A document in which everything is as good as it can be: what then does not leave, no fact can open."""

from hub.policy.at_most import CARE, Viewer
from tests.policy.documents import Row, basis, consent, record, request
from tests.policy.oracle.at_most import SOURCES
from tests.policy.reading.articles import ARTICLES
from tests.policy.reading.catalogue import FIELDS
from tests.policy.reading.purposes import ELIGIBLE
from tests.policy.reading.regimes import ALWAYS, ALWAYS_DERDE, COUNTS

RELATIONS = [
    "behandelt",
    "zorgverantwoordelijke",
    "verhuurt",
    "verzekert",
    "houdt_toezicht",
    "detentie",
    "wmo_opdracht",
    "naaste",
]
SUPPLIED = {
    "politie": ["20(3)", "16(1)(b)", "18(1)", "19"],
    "om": ["8b", "39e", "39f", "39fa", "51ca"],
    "dji": ["8b", "39e", "39f", "39fa", "51ca"],
}
"""Article of the supply record, one source each."""
REFUSED = "geslacht"
KEYS = sorted(set(FIELDS) - {REFUSED})
"""All fields but one, that a refusal speaks of."""


BASES = sorted((frozenset().union(*COUNTS.values()) | set(ARTICLES) | set(ALWAYS)) - {"wv*", "wz*"})
"""Every kind of basis that counts somewhere."""


def favourable(viewer: Viewer, purpose: str, regime: str, keys: list[str], emergency: str) -> Row:
    """Fields of every kind of source, on every kind of basis, with every consent and one kind of emergency."""
    document = request(viewer.kind, purpose, keys, action="verstrekken", started_by="hub-9")
    me = document["partner"]["id"]
    document["partner"] |= {
        "standing": _standing(viewer.kind),
        "relations": RELATIONS,
        "secrecy_statement_until": "2028-01-01T00:00:00+01:00",
        "employer_kind": {CARE: "ggz", "elders": "college"}.get(viewer.employer),
    }
    word = ELIGIBLE[viewer.kind, purpose]
    document["casus"] |= {
        "regime": regime,
        "phase": "triage" if word in ("triage", "member") else "traject",
        "wvggz_status": "verkennend_onderzoek" if word == "onderzoek" else "crisismaatregel",
        "wzd_status": "titel_actief",
        "unauthorised_absence": True,
        "group_size": 40,
    }
    sources = [(kind, article) for kind in SOURCES for article in SUPPLIED.get(kind, [""])]
    document["records"] = [_record(key, kind, article, me, regime) for key in keys for kind, article in sources]
    document["legal_bases"] = [basis(kind, me, purpose, rac_ref="RAC-1") for kind in BASES]
    document["consents"] = [
        row for n, source in enumerate(sources) for row in _consents(n, _source(*source), me, purpose)
    ]
    document["emergency"] = _emergency(emergency, me, purpose, keys)
    return document


def _standing(kind: str) -> str:
    return "derde" if kind in ALWAYS_DERDE else kind if kind in ("betrokkene", "toezicht") else "deelnemer"


def _source(kind: str, article: str) -> str:
    return f"{kind}-{article or '2'}"


def _record(key: str, kind: str, article: str, me: str, regime: str) -> Row:
    supply: Row = {"article": article, "receivers": [me]}
    police = {"category": "8", "decision": "PV-1", "authority_agreed": True}
    return record(
        key,
        _source(kind, article),
        kind,
        regime=regime,
        treating_with=[me],
        financed_by=[me],
        melding_receiver=me,
        supplier_agreed=True,
        wpg=supply | police if kind == "politie" else None,
        wjsg=supply if kind in ("om", "dji") else None,
    )


def _consents(n: int, source: str, me: str, purpose: str) -> list[Row]:
    """Both consents, and a refusal of one field alone that names the asker, so that `weigering` shows."""
    both = [consent(source, me, purpose, id=f"co-{n}-{kind}", kind=kind) for kind in ("toestemming", "toestemming_15a")]
    return [*both, consent(source, me, purpose, id=f"co-{n}-nee", kind="weigering", groups=[REFUSED])]


def _emergency(kind: str, me: str, purpose: str, keys: list[str]) -> Row:
    return {
        "kind": kind,
        "source": "ggz-2",
        "source_kind": "ggz",
        "receivers": [me],
        "purposes": [purpose],
        "fields": keys,
        "reason": "acuut gevaar",
        "second_professional": "prof-2",
        "started_at": "2027-01-10T10:00:00+01:00",
        "unable_to_consent": True,
    }
