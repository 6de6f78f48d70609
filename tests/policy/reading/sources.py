"""Who delivers a field: the words of the column `source` (section 3) and the partner kinds that they stand for."""

from tests.policy.reading import words
from tests.policy.reading.catalogue import CARE_KINDS

_PUBLIC = words("burgemeester college dji ggd om politie")
_WITH_BSN = _PUBLIC | CARE_KINDS | {"reclassering", "wmo_aanbieder"}
_EVERYONE = _WITH_BSN | words("betrokkene casusregisseur naaste woningcorporatie zvh_procesregisseur")
_MEETING = words("casusregisseur zvh_procesregisseur")

WORDS: dict[str, frozenset[str]] = {
    "hub": words("hub zvh_procesregisseur"),
    "procesregisseur": words("zvh_procesregisseur"),
    "deelnemers with legal basis": _WITH_BSN,
    "aanmelder": _WITH_BSN | {"zvh_procesregisseur"},
    "triage group": _PUBLIC | {"zvh_procesregisseur"},
    "public deelnemers": _PUBLIC | {"zvh_procesregisseur"},
    "all": _EVERYONE,
    "partners": _EVERYONE,
    "source": _EVERYONE,
    "source professional": _EVERYONE,
    "controller": _EVERYONE,
    "contactpunt": words("burgemeester college"),
    "casusoverleg": _MEETING,
    "overleg": _MEETING,
    "corporatie": words("woningcorporatie"),
    "ggz": CARE_KINDS,
    "vg": words("vg_lvb"),
    "zorgaanbieder": CARE_KINDS,
    "GD": words("geneesheer_directeur"),
    "ZV": words("ggz"),
    "OvJ": words("om"),
    "CIZ": words("ciz"),
    "apotheek": words("ander"),
    "bewindvoerder": words("ander"),
    "idem": CARE_KINDS | {"reclassering"},
}
"""Word of the column -> kinds. A word that is a kind itself stands for that kind."""


def kinds_of(column: str) -> frozenset[str]:
    """The kinds of a cell such as `GD, OvJ` or `college / OvJ / GD each own step`; brackets are comment."""
    plain = column.partition("(")[0].replace("each own step", "").replace(" with betrokkene", "")
    parts = plain.replace("/", ",").replace("+", ",").split(",")
    return frozenset().union(*(WORDS.get(part.strip(), frozenset({part.strip()})) for part in parts))
