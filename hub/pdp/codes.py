"""The closed lists of the decision contract: what a word may be. A word that is not here is a wrong shape."""

from hub.model.casus import Phase, ProcedureStatus, Regime
from hub.model.obligations import OBLIGATIONS
from hub.model.partner import PartnerKind, Relation, Standing
from hub.model.purpose import PURPOSES, Action


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _numbered(prefix: str, last: int) -> frozenset[str]:
    return frozenset(f"{prefix}{number:02d}" for number in range(1, last + 1))


ACTIONS = frozenset(map(str, Action))
PARTNER_KINDS = frozenset(map(str, PartnerKind))
SOURCE_KINDS = PARTNER_KINDS | {"hub", "ciz", "ander"}
STANDINGS = frozenset(map(str, Standing))
RELATIONS = frozenset(map(str, Relation))
REGIMES = frozenset(map(str, Regime))
PHASES = frozenset(map(str, Phase))
STATUSES = frozenset(map(str, ProcedureStatus))
PERSONS = frozenset({"betrokkene", "gezinslid", "sociaal_contact", "ander"})
LEVELS_WRITTEN = frozenset({"sam", "vol"})
"""The forms a source can write; `hit` and `agg` are made by the hub."""
CONSENT_KINDS = frozenset({"toestemming", "toestemming_15a", "weigering"})
EMERGENCY_KINDS = frozenset({"conflict_van_plichten", "vitaal_belang"})
ANY = "*"
PURPOSE_LIST = frozenset(PURPOSES) | {ANY}
FULFILS = OBLIGATIONS | {ANY}
SECRECY_KINDS = _words(
    "gh_rechtstreeks_betrokken gh_wettelijke_plicht gh_wettelijk_recht gh_toestemming gh_goed_hulpverlenerschap "
    "gh_conflict_van_plichten gh_vitaal_belang"
)

BASIS_KINDS = frozenset(
    # AVG and UAVG; avg15 is the right of access that standing `betrokkene` acts on.
    _words(
        "avg5 avg6a avg6b avg6c avg6d avg6e avg6f avg9a avg9b avg9c avg9f avg9g avg9h avg9i avg9j avg10 avg15 avg22 "
        "avg26 avg28 avg30 avg32 avg33-34 avg35-36 uavg22 uavg23 uavg24 uavg30.1 uavg30.2b uavg30.2c uavg30.3a "
        "uavg30.3b uavg30.4 uavg31-33 uavg34-35 uavg40 uavg41 uavg44-45 uavg46"
    )
    # Secrecy, electronic exchange, municipality, forensic care.
    | _words(
        "bw446 bw448.3 bw450 bw453 bw454 bw455 bw456 bw457.1 bw457.2 bw457.3 bw458 bw465 465 big88 sr272 sv218 jw7311 "
        "wv8.34 wmo5.3.3 pw65 awb2:5 ambt9 wgs1.11 wabv1j wabv4-9 wabv15a wabv15c-e wabv15f wabv15g begz3 begz5 "
        "wgs1.8.8 wpg6-33 ehds wegiz jw01 pw01 sh01 wpub brp"
    )
    | SECRECY_KINDS
    | _numbered("wv", 33)
    | _numbered("wz", 11)
    | _numbered("wf", 3)
    | _numbered("zv", 6)
    | _numbered("wm", 13)
    | _numbered("wp", 17)
    | _numbered("wj", 10)
    | _numbered("wg", 30)
    | _numbered("wo", 13)
    # Ground words of the matrix.
    | _words(
        "eigen wgs 457.2 toest wvggz wzd wpg16 wpg18 wpg19 wpg20_3 wpg25 wjsg8b wjsg18 wjsg39e wjsg39f wjsg39fa "
        "wjsg39i wjsg51ca derde cvp vitaal huur wmo toezicht"
    )
)
"""Kinds of a legal basis: the ids of the law that the hub knows, and the ground words of the decision matrix."""

LEVELS_RELEASED = frozenset({"hit", "sam", "vol", "agg"})
ABOUT = frozenset({"request", "field", "record"})
REQUEST_CODES = _words(
    "E_GEBRUIKER E_LEEFTIJD E_DOEL E_REGIME E_FASE E_TERMIJN E_NIET_BETROKKEN E_DERDE_GEEN_TOEGANG E_GEEN_VERKLARING "
    "E_INVOER"
)
"""Codes that may stand under `"*"`."""
CODES = REQUEST_CODES | _words(
    "E_VELD E_GEEN_GEGEVEN E_NIET_NODIG E_PLAFOND E_GRONDSLAG E_BEROEPSGEHEIM E_TOESTEMMING E_GEEN_SAMENVATTING "
    "E_AANTAL E_VERPLICHTING E_WEIGERING E_NOOIT E_WPG E_WJSG E_BSN E_829 E_18C E_VITAAL E_NOOD E_15A E_BRON E_BEPERKT "
    "E_EXPORT E_MELDER E_KRING"
)
"""All reason codes that the engine may give. E_HIT, E_BELEID and E_ONBEKEND are not the engine's (R16, R33, R15)."""
