"""Who may record what: the roles of casework as rules of the hub (Wgs 2.31, Wvggz 5:1-8:31, 7:450 BW, Wabvpz 15a).

Each rule gets a `Bench`: who records, what stands in the casus now, and the body. Where the law is silent the careful
reading is taken: nobody records for himself what opens another's secret.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from consent import dossier as kinds
from consent.dossier import Dossier
from hub.model.casus import BEFORE_ADMISSION, Phase, Regime
from hub.model.partner import CARE_KINDS, PUBLIC_KINDS, PartnerKind, Relation, Standing

TREATING_ROLES = frozenset(
    {
        "regiebehandelaar", "behandelaar", "psychiater", "psycholoog", "arts", "zorgverantwoordelijke",
        "geneesheer_directeur", "verpleegkundig_specialist",
    }
)  # fmt: skip
"""Roles of the treating professional (7:446 BW)."""

CRISIS_ROLE = "crisisdienst"
"""The service of a care provider that is there at night. It weighs a conflict of duties, and treats nobody by that."""

CARE_ROLES = TREATING_ROLES | {CRISIS_ROLE, "verpleegkundige"}
"""Roles of a care professional: who is there when a life is in danger (AVG 9(2)(c)), whoever treats."""

_K = PartnerKind
_CONTACT = frozenset({_K.COLLEGE, _K.BURGEMEESTER})
"""The contactpunt for the rights of the betrokkene (Bgs 1.1)."""
_WVGGZ = frozenset({_K.COLLEGE, _K.OM, _K.GENEESHEER_DIRECTEUR, _K.BURGEMEESTER})
_WZD = frozenset({_K.COLLEGE, _K.OM, _K.VG_LVB, _K.BURGEMEESTER})
_TREATS = frozenset({_K.GENEESHEER_DIRECTEUR, _K.GGZ})
_SUPPLIERS: Mapping[str, frozenset[PartnerKind]] = {
    "wv03": frozenset({_K.COLLEGE}),
    "wv08": frozenset({_K.OM, _K.POLITIE}),
    **dict.fromkeys(("wv11", "wv12", "wv13", "wv14", "wv15", "wv17", "wv24", "wv27"), _TREATS),
    "wv19": frozenset({_K.OM}),
    "wv21": frozenset({_K.BURGEMEESTER}),
    "wv23": frozenset({_K.BURGEMEESTER, _K.OM}),
    **dict.fromkeys(("wv25", "wv26", "wv29"), frozenset({_K.GENEESHEER_DIRECTEUR})),
    # Others are sources here too (8:29, 18c), but such a basis lifts the secret of care: so care says that it is due.
    **dict.fromkeys(("wv30", "wz01"), CARE_KINDS),
    "wz07": frozenset({_K.OM}),
}
"""Article of the Wvggz or Wzd -> the kinds that supply by it, and so record that it applies."""


_P = Phase
OPEN = (_P.TOEGELATEN, _P.TRAJECT, _P.OPGESCHAALD, _P.AFGESCHAALD)
FOLLOWING: Mapping[Phase, tuple[Phase, ...]] = {
    _P.AANGEMELD: (_P.TRIAGE,),
    _P.TRIAGE: (_P.TOEGELATEN, _P.AFGEWEZEN),
    **dict.fromkeys(OPEN, (*OPEN[1:], _P.AFGESLOTEN)),
    # A closed casus is shielded until its destruction; it opens again by a new judgement only (Wgs 2.31(2), (8)).
    _P.AFGESLOTEN: (_P.AFGESCHERMD, _P.TRIAGE),
    _P.AFGESCHERMD: (_P.TRIAGE,),
    _P.AFGEWEZEN: (),
    _P.VERNIETIGD: (),
}
"""The phases that may follow a phase (the steps of the levensloop process; Wgs 2.31, Bgs 1.16(1))."""

FIRST_TERM, RENEWAL = 5, 2
"""Years: at most five from the first processing, then at most two at a time (Wgs 1.8(7), Bgs 1.16(2)-(3))."""


@dataclass(frozen=True)
class Bench:
    """What a rule looks at."""

    partner: str
    kind: PartnerKind
    role: str | None
    dossier: Dossier
    at: str
    body: Mapping[str, Any]

    @property
    def regime(self) -> str | None:
        """The regime of the casus now."""
        standing = self.dossier.latest(kinds.REGIME, self.at)
        return standing.body["regime"] if standing else None

    @property
    def is_care(self) -> bool:
        """Whether the recorder is a care provider."""
        return self.kind in CARE_KINDS

    def has(self, *relations: Relation) -> bool:
        """Whether the recorder has one of these relations with the person now."""
        return any(relation.value in self.dossier.relations(self.partner, self.at) for relation in relations)


def leads(bench: Bench) -> bool:
    """Phase, involved partners, triage group: who carries the casus in its regime (table 1.13, Wgs 2.31(2)-(6)).

    Who leads has a seat, and stands as a deelnemer: whoever was put out of the casus does not let himself in again.
    """
    return _has_seat(bench) and _of_leading_kind(bench) and not _stands_as_derde(bench)


def _stands_as_derde(bench: Bench) -> bool:
    recorded = bench.dossier.latest(kinds.STANDING, bench.at, lambda body: body["partner"] == bench.partner)
    return recorded is not None and recorded.body["standing"] == Standing.DERDE


def _has_seat(bench: Bench) -> bool:
    dossier = bench.dossier
    if bench.partner in _seated(bench):
        return True
    nobody_yet = not dossier.of(kinds.INVOLVED) and not dossier.of(kinds.TRIAGE)
    return nobody_yet and bench.partner == dossier.aanmelder


def _seated(bench: Bench) -> list[str]:
    """The triage group judges until the admission, those involved lead after it (Wgs 2.31(2)-(4)).

    Where the one is empty the other stands in: no triage group, or an admission before anybody was involved.
    """
    dossier = bench.dossier
    involved, triage = (dossier.partners(kind, bench.at) for kind in (kinds.INVOLVED, kinds.TRIAGE))
    if _before_admission(bench):
        return triage or involved
    # Once somebody was involved, the triage group does not get it back.
    return involved if dossier.of(kinds.INVOLVED) else triage


def _of_leading_kind(bench: Bench) -> bool:
    match bench.regime:
        case Regime.WGS_ZVH:
            return bench.kind is _K.ZVH_PROCESREGISSEUR or bench.kind in PUBLIC_KINDS
        case Regime.WVGGZ:
            return bench.kind in _WVGGZ
        case Regime.WZD:
            return bench.kind in _WZD
        case Regime.ZORGTEAM:
            return bench.is_care
        case Regime.WMO_LOKAAL:
            return bench.kind is _K.COLLEGE
        case Regime.OOV:
            return bench.kind is _K.BURGEMEESTER
        case _:
            return bench.partner == bench.dossier.aanmelder


def may_send(bench: Bench) -> bool:
    """A push: a deelnemer that is involved sends; to a derde of a Zorg- en Veiligheidshuis only the public deelnemers
    and the procesregisseur who acts for them (Wgs 2.31(9)-(11), Bgs 2.21).

    The body says how sender and receiver stand in the casus: `sender`, `receiver`. Before admission the triage group
    stands in for who is involved (R04).
    """
    if bench.body["sender"] != Standing.DEELNEMER or not _at_the_table(bench):
        return False
    if bench.regime == Regime.WGS_ZVH and bench.body["receiver"] == Standing.DERDE:
        return bench.kind is _K.ZVH_PROCESREGISSEUR or bench.kind in PUBLIC_KINDS
    return True


def _at_the_table(bench: Bench) -> bool:
    kind = kinds.TRIAGE if _before_admission(bench) else kinds.INVOLVED
    return bench.partner in bench.dossier.partners(kind, bench.at)


def _before_admission(bench: Bench) -> bool:
    phase = bench.dossier.latest(kinds.PHASE, bench.at)
    return phase is not None and phase.body["phase"] in BEFORE_ADMISSION


def is_contact(bench: Bench) -> bool:
    """What the betrokkene is told: the contactpunt, or who leads the casus (Bgs 1.1-1.4, AVG 14).

    Of a Zorg- en Veiligheidshuis not whoever else leads: he would say of himself that he need not tell.
    """
    if bench.regime == Regime.WGS_ZVH and bench.kind is not _K.ZVH_PROCESREGISSEUR:
        return bench.kind in _CONTACT
    return bench.kind in _CONTACT or leads(bench)


def may_relate(bench: Bench) -> bool:
    """A relation is recorded by who can know it; most by the partner for itself, none that gives another's mandate."""
    own = bench.body["partner"] == bench.partner
    match Relation(bench.body["relation"]):
        case Relation.BEHANDELT:
            return own and bench.is_care
        case Relation.ZORGVERANTWOORDELIJKE:
            return bench.kind is _K.GENEESHEER_DIRECTEUR or (own and bench.kind is _K.GGZ)
        case Relation.WMO_OPDRACHT:
            return bench.kind is _K.COLLEGE
        case Relation.HOUDT_TOEZICHT:
            return bench.kind is _K.OM or (own and bench.kind is _K.RECLASSERING)
        case Relation.DETENTIE:
            return bench.kind is _K.OM or (own and bench.kind is _K.DJI)
        case Relation.VERHUURT:
            return leads(bench) or (own and bench.kind is _K.WONINGCORPORATIE)
        case Relation.VERZEKERT:
            return leads(bench) or (own and bench.kind in (_K.ZORGVERZEKERAAR, _K.ZORGKANTOOR))
        case Relation.NAASTE | Relation.VERTEGENWOORDIGT:
            return leads(bench) or bench.kind in _CONTACT or (bench.is_care and bench.has(Relation.BEHANDELT))


def may_state_procedure(bench: Bench) -> bool:
    """Each records its own step of the procedure (Wvggz ch. 5, 7, 8; Wzd ch. 3)."""
    return bench.kind in (_WVGGZ if bench.body["law"] == "wvggz" else _WZD)


def holds_title(bench: Bench) -> bool:
    """Unauthorised absence is known to who carries out the title (Wvggz 8:1(5), 8:10)."""
    return bench.kind is _K.GENEESHEER_DIRECTEUR or (bench.is_care and bench.has(Relation.ZORGVERANTWOORDELIJKE))


def may_base(bench: Bench) -> bool:
    """A legal basis: the public deelnemers for the Wgs; the source where it lifts a secret; else the partner itself."""
    basis: str = bench.body["basis"]
    own: bool = bench.body["partner"] == bench.partner
    if basis in ("wgs", "derde", "wg27", "toezicht"):
        return bench.kind in PUBLIC_KINDS
    if basis == "avg15":
        return bench.kind in _CONTACT
    if basis == "wmo":
        return bench.kind is _K.COLLEGE
    if basis.startswith("wpg"):
        return bench.kind is _K.POLITIE
    if basis.startswith("wjsg"):
        return bench.kind in (_K.OM, _K.DJI)
    if basis.startswith(("wv", "wz")):
        supplies = bench.kind in _SUPPLIERS.get(basis, frozenset())
        return not own and supplies and _answers_for_secrecy(bench)
    return own


def _answers_for_secrecy(bench: Bench) -> bool:
    """Who lifts the secret of care is who treats (7:457 BW, 88 Wet BIG); others carry no such secret, and each of them
    records what the law has it supply."""
    return not bench.is_care or bench.role in TREATING_ROLES


def may_treat(bench: Bench) -> bool:
    """Consent and refusal: the treating professional of a care source; of another source the source itself (R22)."""
    if not bench.is_care:
        return True
    return bench.role in TREATING_ROLES and bench.has(Relation.BEHANDELT)


def may_represent(bench: Bench) -> bool:
    """Representation is seen in papers: the college or the treating professional records it (7:450, 7:465 BW)."""
    return bench.kind in _CONTACT or (bench.is_care and bench.has(Relation.BEHANDELT))


def may_sound_alarm(bench: Bench) -> bool:
    """An emergency: a conflict of duties by a professional of its source (of care who treats, at night its crisis service),
    vital interest by a care professional (R20, R21). A naaste and the betrokkene are no professionals."""
    if bench.kind in (_K.NAASTE, _K.BETROKKENE):
        return False
    own_duties = bench.body.get("emergency") == "conflict_van_plichten"
    if not bench.is_care:
        return own_duties
    return bench.role in (TREATING_ROLES | {CRISIS_ROLE} if own_duties else CARE_ROLES)


def may_confirm_emergency(bench: Bench) -> bool:
    """The second professional (R21): a care professional, or a colleague of who recorded a conflict of duties."""
    if bench.is_care:
        return bench.role in TREATING_ROLES
    known = bench.dossier.by_id.get(bench.body["record"])
    return known is not None and known.record.recorder.partner == bench.partner


def may_lift(bench: Bench) -> bool:
    """An exception to secrecy: whoever records is the source of what he records about; of care it is the reasoned note
    of its professional (Wgs 2.29(2); law of 1.3, order 2, 3 and 5)."""
    return _answers_for_secrecy(bench)


RULES: Mapping[str, Callable[[Bench], bool]] = {
    "lead": leads,
    "contact": is_contact,
    "relation": may_relate,
    "procedure": may_state_procedure,
    "title": holds_title,
    "basis": may_base,
    "treating": may_treat,
    "representation": may_represent,
    "emergency": may_sound_alarm,
    "second": may_confirm_emergency,
    "source": may_lift,
}
