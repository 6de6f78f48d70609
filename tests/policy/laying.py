"""Laying down facts: bases, records, consents, exceptions and emergencies that make a ground word hold."""

from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.policy.oracle.cells import VITAAL_GROUPS, Alternative, cell_of, parse
from tests.policy.reading.articles import ARTICLES
from tests.policy.reading.catalogue import CARE_KINDS, FIELDS, INSURERS, Field
from tests.policy.reading.purposes import ELIGIBLE
from tests.policy.reading.regimes import COUNTS, LIFTED, PUBLIC, WGS_KINDS

Row = dict[str, Any]
AT = datetime(2027, 1, 10, 11, tzinfo=UTC)
SOURCES: dict[str, str] = {
    "G01": "college politie ggz om",
    "G02": "college ggz woningcorporatie wmo_aanbieder",
    "G03": "woningcorporatie politie burgemeester casusregisseur college",
    "G04": "ggz verslavingszorg",
    "G05": "ggz vg_lvb",
    "G06": "ggz",
    "G07": "ggz reclassering politie casusregisseur",
    "G08": "verslavingszorg politie",
    "G09": "vg_lvb politie ggz",
    "G10": "politie burgemeester",
    "G11": "om dji reclassering",
    "G12": "reclassering",
    "G13": "geneesheer_directeur om ggz college burgemeester ciz",
    "G14": "college wmo_aanbieder woningcorporatie ander",
    "G15": "college ggz casusregisseur naaste betrokkene politie",
    "G16": "politie ggz om casusregisseur woningcorporatie zvh_procesregisseur",
    "G17": "casusregisseur college wmo_aanbieder ggz politie",
    "G18": "ggz betrokkene casusregisseur wmo_aanbieder",
    "G19": "casusregisseur college ggz vg_lvb wmo_aanbieder",
    "G20": "hub zvh_procesregisseur ggz",
    "G21": "ggz college hub",
}


def instant(days: float = 0) -> str:
    """An instant so many days from `at`, in one of the forms that the contract allows."""
    return (AT + timedelta(days=days)).isoformat()


def chance(rng: Random, part: float) -> bool:
    return rng.random() < part


@dataclass
class Scene:
    """A document under construction."""

    rng: Random
    doc: Row
    kind: str
    focus: str = ""
    wide: bool = False
    alike: dict[str, Row] = with_default(default_factory=dict)

    @property
    def me(self) -> str:
        return f"{self.kind}-1"

    @property
    def purpose(self) -> str:
        return str(self.doc["purpose"])

    @property
    def regime(self) -> str | None:
        regime: str | None = self.doc["casus"]["regime"]
        return regime

    def new_id(self, prefix: str, key: str) -> str:
        return f"{prefix}-{self.rng.randrange(10)}{len(self.doc[key])}"

    def relate(self, relation: str) -> None:
        relations = self.doc["partner"]["relations"]
        if relation not in relations:
            relations.append(relation)

    def purposes(self) -> list[str]:
        return self.rng.choice([[self.purpose], [self.purpose, "D02"], [self.purpose, "D04", "D11"], ["*"]])

    def groups(self, field: Field | None) -> list[str]:
        if field is None or chance(self.rng, 0.6):
            return ["*"]
        return [field.group, self.rng.choice(["G01", "G16", "G20"])]


def _basis(scene: Scene, kind: str, field: Field | None = None) -> None:
    rng = scene.rng
    scene.doc["legal_bases"].append(
        {
            "id": scene.new_id("lb", "legal_bases"),
            "kind": kind,
            "partner": scene.me,
            "purposes": scene.purposes(),
            "groups": scene.groups(field),
            "valid_from": instant(-300),
            "valid_until": rng.choice([None, None, instant(60)]),
            "reason": "noodzakelijk",
            "rac_ref": rng.choice(["RAC-7", None]) if chance(rng, 0.4) else "RAC-3",
        }
    )


def generic_bases(scene: Scene) -> None:
    """A basis that counts in the regime for this partner, whatever the field."""
    kind, regime = scene.kind, scene.regime
    if kind in ("betrokkene", "toezicht"):
        return _basis(scene, "avg15" if kind == "betrokkene" else "toezicht")
    if scene.purpose == "D10":
        return _basis(scene, "wg27")
    if regime == "wgs_zvh":
        if kind == "vg_lvb" or scene.doc["partner"]["employer_kind"] == "vg_lvb":
            scene.relate("wmo_opdracht")
        return _basis(scene, "wgs" if kind in WGS_KINDS | {"vg_lvb"} else "derde")
    public = kind in PUBLIC or scene.doc["partner"]["employer_kind"] in PUBLIC
    generic = {"zorgteam": "avg6b", "wmo_lokaal": "avg6e", "oov": "avg6e"}
    generic["toestemming"] = "avg6e" if public else scene.rng.choice(["avg6a", "avg6b", "avg6f"])
    if regime in generic:
        return _basis(scene, generic[regime])
    return None


def _record(scene: Scene, field: Field, source_kind: str, own: bool) -> Row:
    """A record; in a wide scene those of one source are alike but for their field, as a delivery makes them."""
    if not scene.wide:
        return _one_record(scene, field, source_kind, own)
    row = scene.alike.setdefault("own" if own else source_kind, _one_record(scene, field, source_kind, own))
    return deepcopy(row) | {"field": field.key}


def _one_record(scene: Scene, field: Field, source_kind: str, own: bool) -> Row:
    rng, me = scene.rng, scene.me
    levels = rng.choice([["vol", "sam"], ["vol", "sam"], ["sam"], ["vol"]])
    everyone = scene.doc["partner"]["standing"] == "deelnemer" and chance(rng, 0.4)
    receivers = ["*"] if everyone else [me, "ggz-2"]
    wgs = scene.regime == "wgs_zvh"
    wpg = {"article": "20(3)" if wgs else "19", "category": rng.choice(["8", "13"]), "decision": "PV-1"}
    wjsg = {"article": rng.choice(["8b", "39fa", "51ca"]) if wgs else "39f", "receivers": receivers}
    record = {
        "field": field.key,
        "source": me if own else f"{source_kind}-{'2' if source_kind == scene.kind else '1'}",
        "source_kind": scene.kind if own else source_kind,
        "regime": scene.regime,
        "levels": levels,
        "person": rng.choice(["betrokkene", "betrokkene", "betrokkene", "gezinslid", "sociaal_contact"]),
        "destroy_on": rng.choice([None, None, instant(40)]),
        "denied_to": [],
        "treating_with": [me] if chance(rng, 0.5) else [],
        "financed_by": [me] if chance(rng, 0.8) else [],
        "melding_receiver": me if chance(rng, 0.5) else None,
        "wpg": wpg | {"receivers": receivers, "authority_agreed": True},
        "wjsg": wjsg,
        **dict.fromkeys(("restricted", "disputed", "objected", "vetoed", "uavg41"), False),
        "supplier_agreed": True,
    }
    if record["source_kind"] != "politie" and chance(rng, 0.9):
        record["wpg"] = None
    if record["source_kind"] not in ("om", "dji") and chance(rng, 0.9):
        record["wjsg"] = None
    return record


def lay_down(scene: Scene, field: Field) -> None:
    """Records of a field, and the facts that one alternative of the cell needs for the first of them."""
    rng = scene.rng
    if chance(rng, 0.1):
        return
    column = "ggz" if scene.doc["partner"]["employer_kind"] in CARE_KINDS and field.group != "G20" else scene.kind
    cell = cell_of(column, field)
    alternatives = parse(cell[0]) if cell else ()
    if alternatives and column in CARE_KINDS and field.group in VITAAL_GROUPS:
        alternatives += (Alternative("vol", ("vitaal",)),)
    chosen = _one_of(scene, alternatives) if alternatives else Alternative("hit")
    article = _article(scene, chosen)
    own = "eigen" in chosen.words or ELIGIBLE[scene.kind, scene.purpose] == "own" or chance(rng, 0.06)
    record = _record(scene, field, _source_kind(scene, field, chosen, article), own)
    scene.doc["records"].append(record)
    for word in chosen.words:
        _fulfil(scene, field, record, word, article)
    _second_lock(scene, field, record, chosen)
    if chance(rng, 0.15):
        other = _record(scene, field, rng.choice(SOURCES[field.group].split()), False)
        if other["source"] != record["source"]:
            scene.doc["records"].append(other)


def _one_of(scene: Scene, alternatives: tuple[Alternative, ...]) -> Alternative:
    """An alternative: the one the scene is about, else the rarer grounds more often."""
    about = [alternative for alternative in alternatives if scene.focus in alternative.words]
    if about:
        return about[0]
    common = {"wgs", "toest", "eigen"}
    weights = [1 if common & set(alternative.words) else 3 for alternative in alternatives]
    return scene.rng.choices(alternatives, weights)[0]


def _article(scene: Scene, alternative: Alternative) -> str | None:
    word = next((w for w in alternative.words if w in ("wvggz", "wzd")), None)
    if word is None:
        return None
    laws = "wz" if word == "wzd" or scene.regime == "wzd" else "wv"
    fitting = [
        name
        for name, article in ARTICLES.items()
        if name.startswith(laws)
        and scene.kind in article.receivers
        and (not alternative.articles or name in alternative.articles)
    ]
    return scene.rng.choice(sorted(fitting)) if fitting else None


def _source_kind(scene: Scene, field: Field, alternative: Alternative, article: str | None) -> str:
    usual = SOURCES[field.group].split()
    if article:
        named = [kind for kind in sorted(ARTICLES[article].sources) if kind != scene.kind]
        return scene.rng.choice([kind for kind in named if kind in usual] or named or usual)
    if "457.2" in alternative.words:
        return scene.rng.choice([kind for kind in usual if kind in CARE_KINDS] or ["ggz"])
    if any(word.startswith("wpg") for word in alternative.words):
        return "politie"
    if any(word.startswith("wjsg") for word in alternative.words):
        return scene.rng.choice(["om", "dji"])
    return scene.rng.choice(usual)


def _fulfil(scene: Scene, field: Field, record: Row, word: str, article: str | None) -> None:
    """The facts by which a ground word holds for a record."""
    rng, casus = scene.rng, scene.doc["casus"]
    relation = {"huur": "verhuurt", "wmo": "wmo_opdracht", "zv01": "verzekert"}.get(word)
    if relation:
        scene.relate(relation)
        _basis(scene, word, field)
    elif article and word in ("wvggz", "wzd"):
        casus["wvggz_status" if article.startswith("wv") else "wzd_status"] = "titel_actief"
        scene.relate("zorgverantwoordelijke")
        _basis(scene, article, field)
    elif word == "457.2":
        scene.relate("behandelt")
        record["treating_with"] = [scene.me]
    elif word == "toest":
        _consent(scene, field, record, "toestemming")
    elif word.startswith("wpg"):
        (record["wpg"] or {})["article"] = word.removeprefix("wpg") + rng.choice(["", "(1)(b)"])
        _basis(scene, word, field)
    elif word.startswith("wjsg"):
        kind = word if word != "wjsg" else rng.choice(["wjsg39f", "wjsg8b"])
        (record["wjsg"] or {})["article"] = kind.removeprefix("wjsg") + rng.choice(["", "(1)"])
        _basis(scene, kind, field)
    elif word in ("cvp", "vitaal"):
        _emergency(scene, record, "conflict_van_plichten" if word == "cvp" else "vitaal_belang")


def _consent(scene: Scene, field: Field, record: Row, kind: str) -> None:
    rng = scene.rng
    refusal = kind == "weigering"
    acts = chance(rng, 0.2)
    giver = {
        "role": rng.choice(["mentor", "curator"]) if acts else "betrokkene",
        "authority_from": instant(rng.choice([-900, -900, -900, -2])) if acts else None,
        "authority_until": rng.choice([None, instant(30)]) if acts else None,
    }
    scene.doc["consents"].append(
        {
            "id": scene.new_id("co", "consents"),
            "kind": kind,
            "source": "*" if refusal and chance(rng, 0.2) else record["source"],
            "receivers": ["*"] if refusal and chance(rng, 0.3) else [scene.me],
            "purposes": scene.purposes(),
            "groups": rng.choice([["*"], [field.group], [field.key], [field.key, "G20"]]),
            "given_at": instant(rng.choice([-3, -100, -360])),
            "valid_until": rng.choice([None, None, instant(45)]),
            "withdrawn_at": rng.choice([None, None, None, instant(15)]),
            "capable": True,
            "voluntary": True,
            "recorded_by_treating": True,
            "given_by": giver,
        }
    )


def _named(scene: Scene, keys: list[str]) -> list[str]:
    """The fields that a fact names; sometimes by words that name none: a group, `*`, what the catalogue does not have."""
    rng = scene.rng
    if not chance(rng, 0.2):
        return keys
    for key in keys if chance(rng, 0.5) else []:
        # Another source's consent names the field by its key: for this one it is of no account.
        _consent(scene, FIELDS[key], {"source": "elders-1"}, "toestemming")
        scene.doc["consents"][-1]["groups"] = [key]
    return [rng.choice([group, group, group, "*", "geloof"]) for group in (FIELDS[key].group for key in keys)]


def _emergency(scene: Scene, record: Row, kind: str) -> None:
    rng = scene.rng
    emergency = scene.doc["emergency"]
    if emergency is not None:
        emergency["fields"] += _named(scene, [record["field"]])
        return
    scene.doc["emergency"] = {
        "kind": kind,
        "source": record["source"],
        "source_kind": "ggz" if kind == "vitaal_belang" else record["source_kind"],
        "receivers": [scene.me],
        "purposes": [scene.purpose],
        "fields": _named(scene, [record["field"], *(key for key in scene.doc["requested"][:2] if key in FIELDS)]),
        "reason": "acuut gevaar",
        "second_professional": rng.choice([None, "prof-2"]),
        "started_at": instant(-0.2),
        "unable_to_consent": True if kind == "vitaal_belang" else rng.choice([None, False]),
    }


def _second_lock(scene: Scene, field: Field, record: Row, alternative: Alternative) -> None:
    """What lifts secrecy beside the alternative itself, and the consent of the regime and of a pull."""
    rng = scene.rng
    if scene.regime == "toestemming" and chance(rng, 0.8):
        _consent(scene, field, record, "toestemming")
    if record["source_kind"] in CARE_KINDS and scene.kind in CARE_KINDS | {"casusregisseur"} and chance(rng, 0.7):
        _consent(scene, field, record, "toestemming_15a")
    if {"toest", "457.2", "cvp", "vitaal", "wvggz", "wzd", "eigen"} & set(alternative.words):
        return
    way = rng.choice(["consent", "consent", "recorded", "good care", "emergency", "none", "none"])
    if field.key in LIFTED and chance(rng, 0.6):
        way = "good care"
    if way == "consent":
        _consent(scene, field, record, "toestemming")
    elif way == "emergency":
        care = scene.kind in CARE_KINDS and chance(rng, 0.6)
        _emergency(scene, record, "vitaal_belang" if care else "conflict_van_plichten")
    elif way in ("recorded", "good care"):
        _exception(scene, field, record, way)


def _exception(scene: Scene, field: Field, record: Row, way: str) -> None:
    rng = scene.rng
    named = [name for name, article in ARTICLES.items() if scene.kind in article.receivers]
    named += ["zv01"] if scene.kind in INSURERS else []
    named += ["wm05"] * 4 if scene.kind == "college" else []
    article = rng.choice([*sorted(named), *sorted(named), "wv30", "wv99"])
    legal = rng.choice(["gh_wettelijke_plicht", "gh_wettelijk_recht"])
    scene.doc["secrecy_exceptions"].append(
        {
            "id": scene.new_id("se", "secrecy_exceptions"),
            "kind": "gh_goed_hulpverlenerschap" if way == "good care" else legal,
            "article": None if way == "good care" else article + rng.choice(["", "(2)"]),
            "source": record["source"],
            "receivers": [scene.me],
            "purposes": scene.purposes(),
            "fields": _named(scene, [field.key]),
            "valid_from": instant(-30),
            "valid_until": rng.choice([None, instant(33)]),
            "reason": "afgewogen",
            "second_professional": None,
            "consent_attempted": True,
        }
    )


def extras(scene: Scene) -> None:
    """Facts that only sometimes matter: a second basis, a refusal, an emergency, a duty that cannot be carried out."""
    rng, doc = scene.rng, scene.doc
    if chance(rng, 0.25):
        listed = sorted(COUNTS.get(scene.regime or "", {"wgs"}) - {"wv*", "wz*"}) + sorted(ARTICLES)
        _basis(scene, rng.choice(listed))
    for record in doc["records"]:
        if chance(rng, 0.04):
            _consent(scene, FIELDS[record["field"]], record, "weigering")
        if chance(rng, 0.05):
            _consent(scene, FIELDS[record["field"]], record, "toestemming")
    if doc["records"] and chance(rng, 0.05 if scene.kind != "naaste" else 0.3):
        kind = rng.choice(["conflict_van_plichten", "vitaal_belang"])
        _emergency(scene, rng.choice(doc["records"]), kind)
    _seldom(scene)
    if chance(rng, 0.04):
        doc["partner"]["fulfils"] = rng.choice([[], ["log_dataverwerking"], ["log_dataverwerking", "log_nen7513"]])


def _seldom(scene: Scene) -> None:
    """Facts that mutations hit too seldom for a small run."""
    rng, doc = scene.rng, scene.doc
    if chance(rng, 0.02):
        doc["casus"]["phase"] = rng.choice([None, "vernietigd"])
    if chance(rng, 0.02):
        doc["casus"]["involved"] = doc["casus"]["triage_group"] = []
    if chance(rng, 0.02):
        doc["partner"]["secrecy_statement_until"] = rng.choice([None, instant(), instant(-9)])
    if doc["emergency"] and chance(rng, 0.2):
        doc["emergency"]["unable_to_consent"] = None
