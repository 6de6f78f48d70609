"""What is to be followed up: the list, what became of it, and asking for an emergency."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.api.answers import answer
from hub.api.caller import Body, IdempotencyKey, call_of, hub_of, writing_of
from hub.api.models import Afhandeling, Id, Noodverzoek
from hub.api.pushing import Count, Cursor
from hub.api.schemas import AfhandelingUit, VastleggingUit, VerplichtingenUit
from hub.api.strict import StrictRoute
from hub.casework.obligations import Open, Outcome
from hub.casework.paging import Turn
from hub.texts.sentences import sentences

router = APIRouter(route_class=StrictRoute)


@router.get(
    "/verplichtingen",
    operation_id="toonVerplichtingen",
    tags=["Verplichtingen"],
    summary="Toon wat u nog moet doen",
    response_model=VerplichtingenUit,
)
def obligations(request: Request, cursor: Cursor = None, aantal: Count = 25) -> Response:
    """Wat uw organisatie nog moet doen, het nieuwste eerst, met wanneer het klaar moet zijn."""
    hub, call = hub_of(request), call_of(request, "")
    page = hub.obligations.open(call, Turn(cursor, aantal))
    return answer({"verplichtingen": [_view(one) for one in page.items], "volgende": page.following})


@router.post(
    "/verplichtingen/{verplichting}/afhandelingen",
    status_code=201,
    operation_id="handelVerplichtingAf",
    tags=["Verplichtingen"],
    summary="Zeg dat het gedaan is",
    response_model=AfhandelingUit,
)
def done(request: Request, verplichting: Id, afhandeling: Afhandeling, key: IdempotencyKey, body: Body) -> Response:
    """Het komt met uw naam in het logboek. Kies een van de `keuzes` van deze verplichting."""
    hub, call, once = writing_of(request, "", key, body)
    outcome = Outcome(afhandeling.uitkomst, afhandeling.nogInGebruik)
    return answer(hub.obligations.done(call, once, verplichting, outcome), 201)


@router.post(
    "/casussen/{casus}/noodverzoeken",
    status_code=201,
    operation_id="vraagOmNoodsituatie",
    tags=["Verplichtingen"],
    summary="Vraag de bron een noodsituatie vast te leggen",
    response_model=VastleggingUit,
)
def ask(request: Request, casus: str, noodverzoek: Noodverzoek, key: IdempotencyKey, body: Body) -> Response:
    """De bron vindt dit meteen bij haar verplichtingen en beslist zelf. Het beheer krijgt een alarm.

    Bel ook: dit vertelt niet waarom u het vraagt.
    """
    hub, call, once = writing_of(request, casus, key, body)
    asked = {
        "emergency": noodverzoek.soort, "source": noodverzoek.bron, "purpose": noodverzoek.doel,
        "fields": noodverzoek.velden,
    }  # fmt: skip
    return answer(hub.asking.ask(call, once, asked), 201)


def _view(one: Open) -> dict[str, Any]:
    due = one.due
    return {
        "id": one.id,
        "soort": due.type,
        "uitleg": sentences().task(due.type),
        "sinds": one.since,
        "uiterlijk": due.due_at,
        "teLaat": one.overdue,
        "casus": one.casus,
        "zending": one.sending,
        "over": due.about,
        "doel": due.purpose,
        "velden": list(due.fields),
        "noodsituatie": due.emergency,
        "uitkomst": due.outcome,
        "keuzes": list(one.choices),
    }
