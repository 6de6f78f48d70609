"""The partners of the demonstration region: offices, no people."""

from dataclasses import dataclass

from hub.model.partner import PartnerKind

_K = PartnerKind


@dataclass(frozen=True)
class DemoPartner:
    """One partner: its id, kind, name, and the user and role that `hub ask --als` speaks as."""

    id: str
    kind: PartnerKind
    name: str
    role: str
    employer_kind: PartnerKind | None = None

    @property
    def user(self) -> str:
        """The id of its first user."""
        return f"{self.id}-1"


PARTNERS: tuple[DemoPartner, ...] = (
    DemoPartner("ggz-noord", _K.GGZ, "GGZ Noord", "regiebehandelaar"),
    DemoPartner("forfact-noord", _K.GGZ, "ForFACT-team Noord", "regiebehandelaar"),
    DemoPartner("gd-noord", _K.GENEESHEER_DIRECTEUR, "Geneesheer-directeur GGZ Noord", "geneesheer_directeur"),
    DemoPartner("verslavingszorg-noord", _K.VERSLAVINGSZORG, "Verslavingszorg Noord", "behandelaar"),
    DemoPartner("lvb-noord", _K.VG_LVB, "LVB-zorg Noord", "behandelaar"),
    DemoPartner("politie-noord", _K.POLITIE, "Politie, basisteam Noord", "accounthouder_zvh"),
    DemoPartner("om-noord", _K.OM, "Arrondissementsparket Noord", "parketsecretaris"),
    DemoPartner("reclassering-noord", _K.RECLASSERING, "Reclassering Noord", "reclasseringswerker"),
    DemoPartner("dji-noord", _K.DJI, "Penitentiaire inrichting Noord", "casemanager"),
    DemoPartner("gemeente-noord", _K.COLLEGE, "Gemeente Noord, team Wmo", "wmo_consulent"),
    DemoPartner("burgemeester-noord", _K.BURGEMEESTER, "Burgemeester van Noord", "oov_adviseur"),
    DemoPartner("ggd-noord", _K.GGD, "GGD Noord", "oggz_medewerker"),
    DemoPartner("zvh-noord", _K.ZVH_PROCESREGISSEUR, "Zorg- en Veiligheidshuis Noord", "procesregisseur"),
    DemoPartner("regie-noord", _K.CASUSREGISSEUR, "Casusregie gemeente Noord", "casusregisseur", _K.COLLEGE),
    DemoPartner("wonen-noord", _K.WONINGCORPORATIE, "Woningcorporatie Noord", "woonconsulent"),
    DemoPartner("begeleiding-noord", _K.WMO_AANBIEDER, "Begeleid Wonen Noord", "begeleider"),
    DemoPartner("verzekeraar-noord", _K.ZORGVERZEKERAAR, "Zorgverzekeraar Noord", "medewerker"),
    DemoPartner("fg-noord", _K.TOEZICHT, "Functionaris gegevensbescherming Noord", "fg"),
)

BY_ID = {partner.id: partner for partner in PARTNERS}
