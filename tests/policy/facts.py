"""Seeded random contract documents that are worth deciding: sound scenarios first, then one or more things go wrong.

A scenario picks a partner, a purpose he may act for, and for each asked field one alternative of his cell; the facts
that this alternative needs are then laid down (`laying.py`), and `mutations.py` spoils some of them afterwards.
"""

from functools import cache
from random import Random

from tests.policy.laying import Row, Scene, chance, extras, generic_bases, instant, lay_down
from tests.policy.mutations import mutate
from tests.policy.oracle.cells import COLUMNS, cell_of, parse
from tests.policy.reading import words
from tests.policy.reading.catalogue import CARE_KINDS, FIELDS, INSURERS
from tests.policy.reading.purposes import ELIGIBLE, NEED, PURPOSES
from tests.policy.reading.regimes import ALWAYS_DERDE, PUBLIC

KINDS = sorted({kind for kind, _ in ELIGIBLE})
RARE_ELIGIBILITY = words("crisis onderzoek wzd title derde support member")
RARE_GROUNDS = words("wzd wpg16 wpg18 wpg19 wjsg wjsg39e wjsg39f huur wmo zv01 cvp derde")


def document(seed: int) -> Row:
    """The random document of a seed."""
    rng = Random(seed)
    doc = scenario(rng)
    roll = rng.random()
    times = 0 if roll < 0.4 else 1 if roll < 0.7 else rng.randint(2, 4)
    for _ in range(times):
        mutate(rng, doc)
    return doc


def scenario(rng: Random) -> Row:
    """A document of which most parts are as they should be."""
    kind, purpose, key, word = _subject(rng)
    scene = Scene(rng, _skeleton(rng, kind, purpose), kind, word, wide=chance(rng, 0.12))
    _eligible(scene)
    generic_bases(scene)
    asked = _requested(scene)
    if key:
        scene.doc["requested"].append(key)
        asked = sorted({*asked, key})
    for key in asked:
        lay_down(scene, FIELDS[key])
    extras(scene)
    return scene.doc


@cache
def _rare() -> dict[str, list[tuple[str, str, str]]]:
    """Words of grounds and eligibility that chance alone seldom reaches: word -> kind, purpose and field (or none)."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for (kind, purpose), word in ELIGIBLE.items():
        if word in RARE_ELIGIBILITY:
            found.setdefault(word, []).append((kind, purpose, ""))
        if word in ("-", "support", "own") or purpose in ("D10", "D11"):
            continue
        for key, field in FIELDS.items():
            cell = cell_of(kind, field) if NEED[purpose, field.group] != "-" else None
            for ground in {w for one in parse(cell[0] if cell else "-") for w in one.words} & RARE_GROUNDS:
                found.setdefault(ground, []).append((kind, purpose, key))
    return found


def _subject(rng: Random) -> tuple[str, str, str, str]:
    """Partner kind, purpose, a field to ask for, and the ground it should open by (empty: whatever comes)."""
    if chance(rng, 0.3):
        word = rng.choice(sorted(_rare()))
        return *rng.choice(_rare()[word]), word
    kind = rng.choice(KINDS)
    may = [p for p in PURPOSES if ELIGIBLE[kind, p] != "-"]
    return kind, rng.choice(may) if may and chance(rng, 0.93) else rng.choice(PURPOSES), "", ""


# ---- the frame ----


def _standing(rng: Random, kind: str) -> str:
    if kind in ALWAYS_DERDE:
        return "derde"
    if kind in ("betrokkene", "toezicht"):
        return kind
    return "derde" if chance(rng, 0.06) else "deelnemer"


def _regime(rng: Random, kind: str) -> str | None:
    if kind in ("betrokkene", "toezicht", "beleidsanalist") and chance(rng, 0.2):
        return None
    if chance(rng, 0.5):
        return "wgs_zvh"
    fitting = {
        "zorgteam": kind in CARE_KINDS | INSURERS | {"naaste", "casusregisseur"},
        "wvggz": kind in CARE_KINDS | PUBLIC,
        "wzd": kind in CARE_KINDS | {"om", "burgemeester"},
        "wmo_lokaal": kind in {"college", "wmo_aanbieder", "woningcorporatie", "ggz", "ggd", "casusregisseur"},
        "oov": kind in {"burgemeester", "politie", "om"},
        "toestemming": True,
        "wgs_zvh": True,
    }
    return rng.choice([regime for regime, fits in fitting.items() if fits])


def _phase(rng: Random, purpose: str) -> str:
    if purpose == "D01":
        return rng.choice(["aangemeld", "triage", "triage", "traject"])
    if purpose in ("D11", "D12") and chance(rng, 0.5):
        return rng.choice(["aangemeld", "triage", "afgesloten", "afgeschermd", "afgewezen"])
    if purpose == "D10" and chance(rng, 0.4):
        return rng.choice(["afgesloten", "afgeschermd"])
    return rng.choice(["toegelaten", "traject", "traject", "opgeschaald", "afgeschaald"])


def _action(rng: Random, kind: str, standing: str) -> str:
    if standing == "derde" and chance(rng, 0.85):
        return "verstrekken"
    return rng.choices(["lezen", "verstrekken", "zoeken", "export"], [60, 25, 8, 7])[0]


def _partner(rng: Random, kind: str, standing: str) -> Row:
    acts = kind == "betrokkene" and chance(rng, 0.3)
    care = rng.choice(["ggz", "verslavingszorg", "vg_lvb"])
    employer = rng.choice([care, "college", "wmo_aanbieder", rng.choice(KINDS)])
    return {
        "id": f"{kind}-1",
        "kind": kind,
        "standing": standing,
        "relations": ["vertegenwoordigt"] if acts else [],
        "secrecy_statement_until": instant(90) if standing == "derde" else None,
        "employer_kind": employer if kind == "casusregisseur" else None,
        "authority_from": instant(-400) if acts else None,
        "authority_until": rng.choice([None, instant(200)]) if acts else None,
        "fulfils": ["*"],
    }


def _skeleton(rng: Random, kind: str, purpose: str) -> Row:
    standing, me = _standing(rng, kind), f"{kind}-1"
    action = _action(rng, kind, standing)
    return {
        "at": instant(),
        "action": action,
        "started_by": "hub-9" if action == "verstrekken" else None,
        "purpose": purpose,
        "requested": [],
        "user": dict.fromkeys(("designated", "screened", "trained", "bound_to_secrecy"), True)
        | {"id": "u-1", "role": "medewerker"},
        "partner": _partner(rng, kind, standing),
        "casus": {
            "id": "c-1",
            "regime": _regime(rng, kind),
            "phase": _phase(rng, purpose),
            "aanmelder": rng.choice(["politie-1", "ggz-2", me]),
            "involved": [me, "ggz-2", "college-1"] if standing == "deelnemer" else ["ggz-2"],
            "triage_group": [me, "college-1"] if standing == "deelnemer" else ["college-1"],
            "first_processed_at": instant(-500),
            "term_ends_at": instant(700),
            "closed_at": None,
            "wvggz_status": rng.choice(["geen", "titel_actief", "crisismaatregel", "verkennend_onderzoek", None]),
            "wzd_status": rng.choice(["geen", "titel_actief", "aanvraag", None]),
            "subject_age": rng.choice([18, 34, 71]),
            "unauthorised_absence": rng.choice([True, False, None]),
            "group_size": rng.choice([10, 40, 9, None]) if purpose == "D10" else None,
            "informed_of": [me] if chance(rng, 0.5) else [],
            "uavg41_until": rng.choice([None, None, instant(20), instant(-20)]),
        },
        "records": [],
        "legal_bases": [],
        "secrecy_exceptions": [],
        "consents": [],
        "emergency": None,
    }


def _eligible(scene: Scene) -> None:
    """What the word of the eligibility table and the column ask, most of the time."""
    rng, casus = scene.rng, scene.doc["casus"]
    word = ELIGIBLE[scene.kind, scene.purpose]
    if chance(rng, 0.08):
        return
    if word == "title" or scene.kind == "reclassering":
        scene.relate("houdt_toezicht")
    if scene.kind == "dji":
        scene.relate("detentie")
    if word == "onderzoek":
        casus["wvggz_status"] = "verkennend_onderzoek"
    if word == "wzd":
        casus["wzd_status"] = "titel_actief"
    if word == "crisis" and chance(rng, 0.7):
        casus["wvggz_status"] = "crisismaatregel"
    if word in ("triage", "member"):
        casus["phase"] = rng.choice(["aangemeld", "triage"])
    for relation in ("behandelt", "wmo_opdracht", "verhuurt", "verzekert", "zorgverantwoordelijke", "naaste"):
        if chance(rng, 0.25):
            scene.relate(relation)


def _requested(scene: Scene) -> list[str]:
    """Which fields are asked: mostly such as the purpose needs and the column opens."""
    rng = scene.rng
    column = COLUMNS[scene.kind]
    word = ELIGIBLE[scene.kind, scene.purpose]
    useful = [
        key
        for key, field in FIELDS.items()
        if NEED[scene.purpose, field.group] != "-"
        and (cell_of(scene.kind, field) or ("x", ""))[0] != "-"
        and (word != "support" or field.group in ("G20", "G21"))
        and (word != "g19" or field.group == "G19")
    ]
    pool = useful if useful and chance(rng, 0.8) else sorted(FIELDS)
    number = rng.choice([8, 12, 20] if scene.wide else [1, 1, 2, 3, 4, 6])
    found = rng.sample(pool, min(len(pool), number))
    if "G21" not in column and chance(rng, 0.1):
        found.append(rng.choice(["toestemming", "weigering"]))
    scene.doc["requested"] = list(found)
    if chance(rng, 0.02):
        scene.doc["requested"] = ["*"]
    if chance(rng, 0.03):
        scene.doc["requested"].append("geloof")
    return sorted(set(found))
