"""Phases follow each other, terms stay within the law, and who was put out of a casus does not let himself in."""

import pytest

from tests.region import OPEN, World

LEAD, PUBLIC = "zvh-noord", "gemeente-noord"


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ((), "triage"),
        ((), "toegelaten"),
        ((), "afgeschermd"),
        (("afgesloten",), "traject"),
        (("afgesloten", "afgeschermd"), "traject"),
        (("afgesloten", "triage", "afgewezen"), "triage"),
    ],
)
def test_a_phase_that_cannot_follow_is_refused(region: World, steps: tuple[str, ...], refused: str) -> None:
    for step in steps:
        region.recorded(LEAD, "fasen", {"fase": step})
    answer = region.on(LEAD, "fasen", {"fase": refused})
    assert (answer.status_code, answer.json()["code"]) == (409, "strijdig")


def test_a_closed_casus_opens_again_by_a_new_judgement(region: World) -> None:
    for step in ("afgesloten", "afgeschermd", "triage", "toegelaten"):
        region.recorded(LEAD, "fasen", {"fase": step})
    assert region.ask("ggz-noord", "brp_adres").status_code == 200


@pytest.mark.parametrize(("year", "status"), [("2031-01-01", 201), ("2034-01-01", 409), ("2999-01-01", 409)])
def test_a_term_is_renewed_by_two_years_at_most(region: World, year: str, status: int) -> None:
    body = {"eindigtOp": f"{year}T00:00:00Z", "reden": "nog open, hoog risico op terugval"}
    assert region.on(LEAD, "termijnen", body).status_code == status


def test_who_was_put_out_does_not_let_himself_in(region: World) -> None:
    for what in ("betrokkenen", "triagegroepleden"):
        for record in _records_of(region, what, PUBLIC):
            region.recorded(LEAD, f"{what}/{record}/beeindigingen", {})
    assert region.on(PUBLIC, "betrokkenen", {"partner": PUBLIC}).status_code in (403, 404)
    assert region.on(PUBLIC, "triagegroepleden", {"partner": PUBLIC}).status_code in (403, 404)
    assert region.ask(PUBLIC, "brp_adres").json().get("gegevens", []) == []


def _records_of(region: World, what: str, partner: str) -> list[str]:
    from hub.casework.kinds import KINDS

    kind = next(one.kind for one in KINDS if one.path == what)
    casus = region.casus_id(OPEN)
    with region.hub.store.snapshot() as moment:
        state = region.hub.broker.judging.facts._states.of(moment, casus, partner)
    return [s.record.id for s in state.dossier.of(kind) if s.body["partner"] == partner and s.ended_at is None]
