"""Which casussen the region holds: the first is wide, the others differ in regime, phase and who takes part."""

from collections.abc import Iterator, Sequence

from hub.pdp.tables import LawTables
from hub.run.region.casus import Plan
from hub.run.region.partners import BY_ID
from hub.run.region.values import texts

WIDE_SOURCES = (
    "ggz-noord",
    "verslavingszorg-noord",
    "gemeente-noord",
    "politie-noord",
    "om-noord",
    "reclassering-noord",
)
WIDE_FIELDS = 72
SHOWN = "zvh-traject"
"""The casus that a newcomer is shown first: small enough to read in one go."""

_ALL_OPEN = ("triage", "toegelaten", "traject")
_TABLE = ("ggz-noord", "forfact-noord", "verslavingszorg-noord", "politie-noord", "om-noord", "reclassering-noord",
          "gemeente-noord", "ggd-noord", "regie-noord", "begeleiding-noord", "zvh-noord")  # fmt: skip
_SMALL_TABLE = ("ggz-noord", "politie-noord", "gemeente-noord", "regie-noord", "zvh-noord")
_BASIC: dict[str, Sequence[str]] = {
    "gemeente-noord": ("naam", "geboortedatum", "brp_adres", "woonvorm", "wmo_voorziening"),
    "ggz-noord": ("bejegeningsadvies", "crisiscontact_24_7", "crisisplan_kort", "zorgcontact_status", "diagnose_dsm"),
    "politie-noord": ("politie_mutaties_samenvatting", "politie_gevaarsindicatie", "wijkagent"),
}
_LIFTED = ("bejegeningsadvies", "crisiscontact_24_7", "crisisplan_kort", "zorgcontact_status")


_USUAL = {
    "G01": "gemeente-noord", "G02": "gemeente-noord", "G05": "ggz-noord", "G06": "ggz-noord",
    "G07": "reclassering-noord", "G17": "gemeente-noord", "G18": "ggz-noord",
}  # fmt: skip
"""Who usually writes a group of fields that many may deliver."""
_RECORDS = "G21"
"""What is on record about consent and rights: the hub tells of those itself."""


def wide_supplies(tables: LawTables, count: int = WIDE_FIELDS) -> dict[str, list[str]]:
    """`count` fields of the catalogue, dealt out over `WIDE_SOURCES` by what each may deliver and usually does."""
    supplies: dict[str, list[str]] = {source: [] for source in WIDE_SOURCES}
    for field in tables.expand(["*"]):
        group = tables.groups[field]
        able = [source for source in WIDE_SOURCES if tables.may_deliver(field, BY_ID[source].kind.value, None)]
        usual = [source for source in able if source == _USUAL.get(group)] or able
        if field in texts() and group != _RECORDS and usual and sum(map(len, supplies.values())) < count:
            supplies[min(usual, key=lambda source: len(supplies[source]))].append(field)
    return supplies


def plans(tables: LawTables) -> Iterator[Plan]:
    """The casussen of the region, in the order in which they are made."""
    yield wide_plan(tables)
    basic = {**_BASIC, "wonen-noord": ("overlast_meldingen", "huurovereenkomst_status")}
    consent = [("ggz-noord", ("politie-noord", "regie-noord"), _LIFTED)]
    housing = [*consent, ("ggz-noord", ("wonen-noord",), ("crisiscontact_24_7",))]
    supplies = {**basic, "regie-noord": ("veiligheidsafspraak",)}
    agreed = {
        "gemeente-noord": ("naam", "geboortedatum", "brp_adres"),
        "ggz-noord": ("crisiscontact_24_7",),
        "regie-noord": ("veiligheidsafspraak",),
    }
    yield Plan(
        SHOWN, "wgs_zvh", "gemeente-noord", (*_SMALL_TABLE, "forfact-noord"), _ALL_OPEN, supplies, housing,
        derde="wonen-noord", agreed=agreed,
    )  # fmt: skip
    yield Plan("zvh-aangemeld", "wgs_zvh", "politie-noord", (), (), {"politie-noord": _BASIC["politie-noord"]})
    yield Plan("zvh-triage", "wgs_zvh", "gemeente-noord", (), ("triage",), {"gemeente-noord": _BASIC["gemeente-noord"]})
    paid = {"gemeente-noord": (*basic["gemeente-noord"], "indicatie"), "regie-noord": ("financier",)}
    yield Plan(
        "zvh-opgeschaald", "wgs_zvh", "gemeente-noord", (*_SMALL_TABLE, "om-noord", "ggd-noord"),
        (*_ALL_OPEN, "opgeschaald"), {**basic, **paid}, consent,
    )  # fmt: skip
    yield Plan(
        "zvh-afgeschaald", "wgs_zvh", "gemeente-noord", (*_SMALL_TABLE, "begeleiding-noord"),
        (*_ALL_OPEN, "afgeschaald"), _BASIC, consent,
    )  # fmt: skip
    yield Plan("zvh-afgewezen", "wgs_zvh", "gemeente-noord", (), ("triage", "afgewezen"), {})
    yield Plan("zvh-zonder-toestemming", "wgs_zvh", "gemeente-noord", _SMALL_TABLE, _ALL_OPEN, _BASIC)
    yield Plan(
        "zorgteam", "zorgteam", "ggz-noord", ("ggz-noord", "forfact-noord", "verslavingszorg-noord"), _ALL_OPEN,
        {"ggz-noord": ("diagnose_dsm", "medicatie_actueel", "signaleringsplan", "crisiscontact_24_7"),
         "verslavingszorg-noord": ("middelengebruik", "verslavingsbehandeling")},
        [("ggz-noord", ("forfact-noord", "verslavingszorg-noord"), ("G04", "G05", "G06", "G18"))],
        {"ggz-noord": ("forfact-noord",)},
    )  # fmt: skip
    yield Plan(
        "wmo-lokaal", "wmo_lokaal", "gemeente-noord", ("gemeente-noord", "begeleiding-noord", "ggd-noord"), _ALL_OPEN,
        {"gemeente-noord": _BASIC["gemeente-noord"], "begeleiding-noord": ("dagbesteding_werk", "leefgebied_score")},
    )  # fmt: skip
    yield Plan(
        "oov", "oov", "burgemeester-noord", ("burgemeester-noord", "politie-noord"), _ALL_OPEN,
        {"burgemeester-noord": ("bestuurlijke_maatregel",), "politie-noord": ("overlast_meldingen", "wijkagent")},
    )  # fmt: skip
    yield Plan(
        "op-toestemming", "toestemming", "ggz-noord", ("ggz-noord", "begeleiding-noord"), _ALL_OPEN,
        {"ggz-noord": ("bejegeningsadvies", "crisiscontact_24_7")},
        [("ggz-noord", ("begeleiding-noord",), _LIFTED)],
    )  # fmt: skip


def wide_plan(tables: LawTables) -> Plan:
    """The casus for 72 fields from 6 sources, in the middle of its traject."""
    care = ("ggz-noord", "verslavingszorg-noord")
    groups = [f"G{number:02d}" for number in range(1, 22)]
    receivers = (
        "ggz-noord",
        "forfact-noord",
        "verslavingszorg-noord",
        "politie-noord",
        "regie-noord",
        "gemeente-noord",
    )
    consents = [(source, [one for one in receivers if one != source], groups) for source in care]
    treating = dict.fromkeys(care, ("ggz-noord", "forfact-noord", "verslavingszorg-noord"))
    return Plan("zvh-breed", "wgs_zvh", "gemeente-noord", _TABLE, _ALL_OPEN, wide_supplies(tables), consents, treating)
