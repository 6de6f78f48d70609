"""Regimes (1.13): which kinds of basis count in each, who stays outside, and where secrecy words come from."""

from tests.policy.reading import words
from tests.policy.reading.catalogue import CARE_KINDS, INSURERS

WPG_KINDS = frozenset({"wpg16", "wpg18", "wpg19", "wpg20_3"})
WJSG_KINDS = frozenset({"wjsg8b", "wjsg39e", "wjsg39f", "wjsg39fa", "wjsg51ca"})
CONSENT_KINDS = frozenset({"avg6a", "avg6b", "avg6f"})
"""AVG bases on which a public body cannot stand alone (R23)."""

WGS_KINDS = words("""
    dji politie om college burgemeester ggd reclassering ggz geneesheer_directeur verslavingszorg wmo_aanbieder
    zvh_procesregisseur casusregisseur
""")
"""Partner kinds of whom `wgs` counts; of `vg_lvb` with `wmo_opdracht` (C2)."""
PUBLIC = words("politie om dji college burgemeester ggd reclassering zvh_procesregisseur")

# A word that ends on a star stands for every article of that law (`wv01`, `wz01`).
COUNTS: dict[str, frozenset[str]] = {
    "wgs_zvh": frozenset({"wgs", "derde", "wv*", "wz*", "huur", "wmo", "zv01"}) | WPG_KINDS | WJSG_KINDS,
    "wvggz": frozenset({"wv*", "wpg16", "wpg18", "wjsg39e"}),
    "wzd": frozenset({"wz*", "wjsg39e"}),
    "zorgteam": frozenset({"avg6b", "avg6c", "uavg30.3a", "zv01"}),
    "wmo_lokaal": frozenset({"avg6e", "uavg30.1", "wmo", "huur"}),
    "oov": frozenset({"avg6e", "wpg16", "wpg19"}),
    "toestemming": CONSENT_KINDS | {"avg6e"},
}
ALWAYS = {"avg15": "betrokkene", "toezicht": "toezicht", "wg27": "D10"}

EXCLUDED: dict[str, frozenset[str]] = {
    "wvggz": INSURERS | {"woningcorporatie", "wmo_aanbieder"},
    "wzd": INSURERS | {"woningcorporatie", "wmo_aanbieder", "politie"},
    "wmo_lokaal": frozenset({"politie", "om", "reclassering", "dji"}),
}
ONLY: dict[str, frozenset[str]] = {
    "zorgteam": CARE_KINDS | INSURERS | {"naaste"},
    "oov": frozenset({"burgemeester", "politie", "om"}),
}
SHUT_GROUPS: dict[str, frozenset[str]] = {
    "zorgteam": frozenset({"G10", "G11", "G12"}),
    "wmo_lokaal": frozenset({"G10", "G11", "G12"}),
    "oov": frozenset({"G04", "G05", "G06", "G07", "G08", "G09", "G13", "G18"}),
}

SOURCE_WORD: dict[str, str] = {
    **dict.fromkeys(CARE_KINDS, "BG"),
    "politie": "PG",
    "om": "JG",
    "dji": "JG",
    "college": "WM",
    "wmo_aanbieder": "WM",
    "woningcorporatie": "HU",
}
"""`per source`: the secrecy word of a source's kind; others WG."""
FIRST_WORDS = ("BG", "WV", "WZ", "WM", "PW")
"""Priority where none of `X/Y` fits the source."""
NOT_CARE = frozenset({"naam", "geboortedatum", "geslacht", "telefoon_email", "wijkagent"})
"""Fields that stay what they are when a care provider wrote them, with the groups of NOT_CARE_GROUPS."""
NOT_CARE_GROUPS = frozenset({"G16", "G20"})
LOCKED_WORDS = frozenset({"BG", "WV", "WZ", "WM", "PW"})
"""Words that ask a secrecy exception."""

LIFTED = frozenset({"bejegeningsadvies", "crisiscontact_24_7", "risico_uitkomstklasse"})
"""Fields of C5 (goed hulpverlenerschap)."""
NEVER_HOUSING = frozenset({"G05", "G06", "G07", "G08", "G09", "G10", "G11", "G12", "G13"})
NEVER_HOUSING_BUT = frozenset({"communicatie_aanpassing"})
NEVER_POLICE = frozenset({"G05", "G06"})
BSN_KINDS = CARE_KINDS | {"college", "burgemeester", "om"}
"""R14, beside every deelnemer: care (Wabvpz 4-9), college (Wmo 5.2.9), actors of Wzd 18c(2)."""
NO_DEELNEMER = frozenset({"beleidsanalist"})
"""May have the standing, but is none of Wgs 2.27: no BSN."""
NO_EXPORT_KINDS = frozenset({"politie", "woningcorporatie", "naaste"})
ALWAYS_DERDE = INSURERS | {"woningcorporatie", "naaste", "ander_samenwerkingsverband"}
