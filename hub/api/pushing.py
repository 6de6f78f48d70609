"""Sending to another partner, the postvak, and what a partner put on file itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hub.api.answers import answer
from hub.api.caller import Body, IdempotencyKey, call_of, hub_of, writing_of
from hub.api.models import Id, Schema, Verstrekking
from hub.api.schemas import OntvangstUit, PostvakUit, VastleggingenUit, VerstrekkingUit
from hub.api.strict import StrictRoute
from hub.api.views import duties_view, receipt_view, release_view, withheld_view
from hub.casework.listing import OwnRecord
from hub.casework.paging import Page, Turn
from hub.casework.pushing import Push, Waiting
from hub.casework.sent import Sent
from hub.events.watching import step
from hub.model.instant import to_text
from hub.model.release import Content
from hub.texts.sentences import of_receiver
from hub.wiring import Hub

router = APIRouter(route_class=StrictRoute)
MOST = 100

Cursor = Annotated[
    str | None,
    Query(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$", description="Waar de vorige bladzijde ophield: `volgende`."),
]
Count = Annotated[int, Query(ge=1, le=MOST, description="Hoeveel regels u hooguit wilt.")]


class NietsErbij(Schema):
    """Nothing: fetching needs no more than the call itself."""


@router.post(
    "/casussen/{casus}/verstrekkingen",
    status_code=201,
    operation_id="verstrek",
    tags=["Verstrekkingen"],
    summary="Stuur gegevens naar een andere partner",
    response_model=VerstrekkingUit,
)
def push(request: Request, casus: str, verstrekking: Verstrekking, key: IdempotencyKey, body: Body) -> Response:
    """De hub beslist per veld wat de ontvanger mag krijgen. U leest welke velden dat zijn, nooit wat erin staat.

    De ontvanger haalt het op uit zijn postvak. Dan beslist de hub opnieuw: wat is ingetrokken, gaat niet meer mee.
    """
    hub, call, once = writing_of(request, casus, key, body)
    asked = Push(verstrekking.ontvanger, verstrekking.doel, tuple(verstrekking.velden))
    return answer(_sent_view(hub, hub.pushing.push(call, once, asked)), 201)


@router.get(
    "/postvak",
    operation_id="toonPostvak",
    tags=["Verstrekkingen"],
    summary="Toon wat naar u is gestuurd",
    response_model=PostvakUit,
)
def postvak(request: Request, cursor: Cursor = None, aantal: Count = 25) -> Response:
    """Wat voor u klaarligt, het nieuwste eerst. Over wie het gaat ziet u pas als u het ophaalt."""
    hub, call = hub_of(request), call_of(request, "")
    return answer(_postvak_view(hub.pushing.postvak(call, Turn(cursor, aantal))))


@router.post(
    "/postvak/{zending}/ontvangsten",
    status_code=201,
    operation_id="haalZendingOp",
    tags=["Verstrekkingen"],
    summary="Haal op wat naar u is gestuurd",
    response_model=OntvangstUit,
)
def fetch(request: Request, zending: Id, key: IdempotencyKey, body: Body, niets: NietsErbij | None = None) -> Response:  # noqa: ARG001 - read for its shape
    """U kunt een zending één keer ophalen, en niet meer als zij is verlopen. U krijgt wat nu nog mag.

    Raakte het antwoord zoek? Herhaal de aanroep binnen tien minuten met dezelfde sleutel.
    """
    hub, call, once = writing_of(request, "", key, body)
    release = hub.pushing.fetch(call, once, zending)
    with step("reply"):
        view = release_view(release, hub.tables_of(release))
        return answer({"zending": zending, "inhoud": _content_view(release.content), **view}, 201)


@router.get(
    "/casussen/{casus}/vastleggingen",
    operation_id="toonVastleggingen",
    tags=["Vastleggingen"],
    summary="Toon wat u zelf hebt vastgelegd",
    response_model=VastleggingenUit,
)
def own_records(request: Request, casus: str, cursor: Cursor = None, aantal: Count = 25) -> Response:
    """Alleen vastleggingen van uw eigen organisatie, de nieuwste eerst. Zo kunt u ze beëindigen of corrigeren."""
    hub, call = hub_of(request), call_of(request, casus)
    return answer(_own_view(hub.listing.own(call, Turn(cursor, aantal))))


def _sent_view(hub: Hub, sent: Sent) -> dict[str, Any]:
    """Names and levels alone: whoever sends hears no value, and not since when a field stands."""
    release, tables = sent.release, hub.tables_of(sent.release)
    return {
        "zending": sent.id if release.fields else None,
        "tijdstip": to_text(release.at),
        "gegevens": [
            {
                "veld": line.field,
                "niveau": line.level,
                "bron": line.source,
                "grondslag": line.legal_basis,
                "geheimUitzondering": line.secrecy_exception,
            }
            for line, _ in release.fields
        ],
        "geweigerd": [withheld_view(withheld, tables, to_sender=True) for withheld in release.withheld],
        "verplichtingen": duties_view(release, of_receiver()),
        "beleid": release.policy_revision,
        "ontvangstbewijs": receipt_view(release.receipt) if release.receipt else None,
    }


def _content_view(content: Content | None) -> dict[str, str] | None:
    return None if content is None else {"hash": content.digest, "zout": content.salt}


def _postvak_view(page: Page[Waiting]) -> dict[str, Any]:
    lines = [
        {"id": w.id, "sinds": w.since, "afzender": w.sender, "doel": w.purpose, "verlooptOp": w.until}
        for w in page.items
    ]
    return {"zendingen": lines, "volgende": page.following}


def _own_view(page: Page[OwnRecord]) -> dict[str, Any]:
    lines = [
        {"id": r.id, "soort": r.kind, "vastgelegdOp": r.recorded_at, "beeindigdOp": r.ended_at} for r in page.items
    ]
    return {"vastleggingen": lines, "volgende": page.following}
