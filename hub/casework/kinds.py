"""What can be put on file about a casus: one line a kind, with its path, its keys and who may record it.

The keys of a body stand once, here: the HTTP door makes its models of them. `type` of a key:
partner, partners, purposes, groups, fields, instant, flag, text (sealed; the policy sees only whether it is filled),
id, code, giver, or a tuple of words.
"""

from dataclasses import dataclass

from consent import dossier as kinds
from hub.model.casus import Phase, ProcedureStatus, Regime
from hub.model.partner import Relation

Words = tuple[str, ...]


@dataclass(frozen=True)
class Key:
    """One key of a body: its Dutch name on the wire, its name on file, its type, and whether it may be left out."""

    wire: str
    name: str
    type: str | Words
    optional: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of record. `path` is the Dutch plural in the URL; `rule` names who may record it (hub.casework.rules)."""

    path: str
    kind: str
    title: str
    rule: str
    keys: tuple[Key, ...]
    endable: bool = True


_PARTNER = Key("partner", "partner", "partner")
_FROM = Key("vanaf", "valid_from", "instant", optional=True)
_UNTIL = Key("tot", "valid_until", "instant", optional=True)
_REASON = Key("reden", "reason", "text", optional=True)
_RECEIVERS = Key("ontvangers", "receivers", "partners")
_PURPOSES = Key("doelen", "purposes", "purposes")
_GROUPS = Key("groepen", "groups", "groups")
_FIELDS = Key("velden", "fields", "fields")

_BASES = (
    "wgs", "derde", "huur", "wmo", "zv01", "avg15", "toezicht", "wg27",
    "avg6a", "avg6b", "avg6c", "avg6e", "avg6f", "uavg30.1", "uavg30.3a",
    "wpg16", "wpg18", "wpg19", "wpg20_3", "wjsg8b", "wjsg39e", "wjsg39f", "wjsg39fa", "wjsg51ca",
    "wv03", "wv08", "wv11", "wv12", "wv13", "wv14", "wv15", "wv17", "wv19", "wv21", "wv23", "wv24", "wv25", "wv26",
    "wv27", "wv29", "wv30", "wz01", "wz07",
)  # fmt: skip
_EXCEPTIONS = ("gh_wettelijke_plicht", "gh_wettelijk_recht", "gh_goed_hulpverlenerschap")
"""What may be recorded. 7:457(2) follows from `treating_with`, consent from the consents, the emergencies from theirs."""

_CONSENT_KEYS = (
    _RECEIVERS,
    _PURPOSES,
    _GROUPS,
    Key("gegevenOp", "given_at", "instant"),
    Key("tot", "valid_until", "instant", optional=True),
    Key("wilsbekwaam", "capable", "flag"),
    Key("vrijwillig", "voluntary", "flag"),
    Key("gegevenDoor", "given_by", "giver"),
    Key("toelichting", "note", "text", optional=True),
)

KINDS: tuple[Kind, ...] = (
    Kind("regimes", kinds.REGIME, "Juridisch regime", "lead", (Key("regime", "regime", tuple(Regime)), _REASON)),
    Kind(
        "fasen", kinds.PHASE, "Fase", "lead",
        (Key("fase", "phase", tuple(p for p in Phase if p is not Phase.VERNIETIGD)), _REASON), endable=False,
    ),
    Kind("betrokkenen", kinds.INVOLVED, "Betrokken deelnemer", "lead", (_PARTNER, _FROM, _UNTIL)),
    Kind("triagegroepleden", kinds.TRIAGE, "Lid van de triagegroep", "lead", (_PARTNER, _FROM, _UNTIL)),
    Kind("relaties", kinds.RELATION, "Relatie van een partner met de persoon", "relation",
         (_PARTNER, Key("relatie", "relation", tuple(Relation)), _FROM, _UNTIL)),
    Kind("posities", kinds.STANDING, "Positie van een partner: deelnemer of derde", "lead",
         (_PARTNER, Key("positie", "standing", ("deelnemer", "derde")), _FROM, _UNTIL)),
    Kind("geheimhoudingsverklaringen", kinds.STATEMENT, "Geheimhoudingsverklaring van een derde", "lead",
         (_PARTNER, Key("tot", "valid_until", "instant"))),
    Kind("informeringen", kinds.INFORMED, "De betrokkene is verteld van gegevens aan een partner", "contact", (_PARTNER,)),
    Kind("uitstellen", kinds.POSTPONED, "Uitstel van het informeren van de betrokkene", "contact",
         (Key("tot", "until", "instant"), Key("reden", "reason", "text"))),
    Kind("procedurestatussen", kinds.PROCEDURE, "Stand van een procedure voor verplichte zorg", "procedure",
         (Key("wet", "law", ("wvggz", "wzd")), Key("status", "status", tuple(ProcedureStatus)))),
    Kind("afwezigheden", kinds.ABSENCE, "Ongeoorloofde afwezigheid", "title", (Key("afwezig", "absent", "flag"),)),
    Kind("termijnen", kinds.TERM, "Einde van de bewaartermijn", "lead",
         (Key("eindigtOp", "term_ends_at", "instant"), Key("reden", "reason", "text"))),
    Kind("grondslagen", kinds.BASIS, "Grondslag", "basis",
         (Key("grondslag", "basis", _BASES), _PARTNER, _PURPOSES, _GROUPS, _FROM, _UNTIL, _REASON,
          Key("racKenmerk", "rac_ref", "code", optional=True))),
    Kind("geheimuitzonderingen", kinds.EXCEPTION, "Uitzondering op het beroepsgeheim", "source",
         (Key("uitzondering", "exception", _EXCEPTIONS), Key("artikel", "article", "code", optional=True), _RECEIVERS,
          _PURPOSES, _FIELDS, _FROM, _UNTIL, Key("reden", "reason", "text"),
          Key("tweedeProfessional", "second_professional", "id", optional=True),
          Key("toestemmingGevraagd", "consent_attempted", "flag"))),
    Kind("toestemmingen", kinds.CONSENT, "Toestemming", "treating", _CONSENT_KEYS),
    Kind("uitwisseltoestemmingen", kinds.CONSENT_15A, "Toestemming voor inzage tussen zorgaanbieders (Wabvpz 15a)",
         "treating", _CONSENT_KEYS),
    Kind("weigeringen", kinds.REFUSAL, "Weigering", "treating", _CONSENT_KEYS),
    Kind("vertegenwoordigingen", kinds.REPRESENTATION, "Vertegenwoordiging van de betrokkene", "representation",
         (_PARTNER, Key("soort", "form", ("mentor", "curator", "gemachtigde", "partner", "familie")),
          Key("vanaf", "authority_from", "instant"), Key("tot", "authority_until", "instant", optional=True))),
    Kind("noodsituaties", kinds.EMERGENCY, "Noodsituatie", "emergency",
         (Key("soort", "emergency", ("conflict_van_plichten", "vitaal_belang")), _RECEIVERS, _PURPOSES, _FIELDS,
          Key("reden", "reason", "text"), Key("kanNietToestemmen", "unable_to_consent", "flag"))),
    Kind("tweede-professionals", kinds.SECOND_PROFESSIONAL, "Tweede professional bij een noodsituatie", "second",
         (Key("noodsituatie", "record", "id"), Key("tweedeProfessional", "second_professional", "id")), endable=False),
)  # fmt: skip

BY_KIND = {kind.kind: kind for kind in KINDS}
