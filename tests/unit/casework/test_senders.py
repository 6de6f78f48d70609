"""Who may send: the table of regimes, standings and kinds (Wgs 2.31(9)-(11), Bgs 2.21)."""

import pytest

from consent.dossier import INVOLVED, PHASE, REGIME, TRIAGE, Dossier, dossier_of
from hub.casework.rules import Bench, may_send
from hub.model.partner import PUBLIC_KINDS, PartnerKind
from hub.model.registry import Record, Recorder

AT = "2027-01-10T11:00:00.000000Z"
BY = Recorder("gem", "college", "gem-1")
TO_DERDE = {"sender": "deelnemer", "receiver": "derde"}
TO_DEELNEMER = {"sender": "deelnemer", "receiver": "deelnemer"}


def dossier(regime: str, phase: str, *, involved: str | None = "p", triage: str | None = None) -> Dossier:
    bodies: list[tuple[str, dict[str, object]]] = [(REGIME, {"regime": regime}), (PHASE, {"phase": phase})]
    bodies += [(INVOLVED, {"partner": involved})] if involved else []
    bodies += [(TRIAGE, {"partner": triage})] if triage else []
    return dossier_of([Record(str(n), kind, AT, BY, body) for n, (kind, body) in enumerate(bodies)])


def bench(kind: PartnerKind, body: dict[str, str], found: Dossier) -> Bench:
    return Bench("p", kind, None, found, AT, body)


@pytest.mark.parametrize("kind", list(PartnerKind))
def test_to_a_derde_of_a_veiligheidshuis(kind: PartnerKind) -> None:
    may = kind in PUBLIC_KINDS or kind is PartnerKind.ZVH_PROCESREGISSEUR
    assert may_send(bench(kind, TO_DERDE, dossier("wgs_zvh", "traject"))) is may


@pytest.mark.parametrize("regime", ["zorgteam", "wmo_lokaal", "oov", "toestemming", "wvggz", "wzd"])
def test_elsewhere_any_deelnemer_that_is_involved(regime: str) -> None:
    assert may_send(bench(PartnerKind.GGZ, TO_DERDE, dossier(regime, "traject")))
    assert not may_send(bench(PartnerKind.GGZ, TO_DERDE, dossier(regime, "traject", involved=None)))


@pytest.mark.parametrize("standing", ["derde", "betrokkene", "toezicht"])
def test_who_is_no_deelnemer_sends_nothing(standing: str) -> None:
    body = {"sender": standing, "receiver": "deelnemer"}
    assert not may_send(bench(PartnerKind.COLLEGE, body, dossier("wgs_zvh", "traject")))


@pytest.mark.parametrize(
    ("phase", "involved", "triage", "may"),
    [
        ("traject", "p", None, True),
        ("traject", None, "p", False),
        ("triage", None, "p", True),
        ("aangemeld", "p", None, False),
        ("afgewezen", None, "p", True),
        ("afgeschaald", "ander", "p", False),
    ],
)
def test_before_admission_the_triage_group_stands_in(
    phase: str, involved: str | None, triage: str | None, may: bool
) -> None:
    found = dossier("wgs_zvh", phase, involved=involved, triage=triage)
    assert may_send(bench(PartnerKind.COLLEGE, TO_DEELNEMER, found)) is may
