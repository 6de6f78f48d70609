"""Asking: looks at a casus, and searches for one. Both on the one path through the broker."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.api.answers import answer
from hub.api.caller import caller_of, hub_of
from hub.api.direct import DirectRoute
from hub.api.models import Raadpleging, Zoeking
from hub.api.schemas import RaadplegingUit, ZoekingUit
from hub.api.views import receipt_view, release_view
from hub.broker.search import Search
from hub.casework.person import by_name, reference_token
from hub.crypto.pseudonym import BSN
from hub.crypto.reference import own_reference
from hub.errors import NotFound, ShapeError
from hub.events.watching import step
from hub.model.purpose import Action
from hub.model.release import ReleaseRequest, Subject
from hub.model.shared import shared
from hub.wiring import Hub

router = APIRouter(route_class=DirectRoute)


@router.post(
    "/casussen/{casus}/raadplegingen",
    operation_id="vraagGegevens",
    tags=["Vragen"],
    summary="Vraag gegevens uit een casus",
    response_model=RaadplegingUit,
)
def ask(request: Request, casus: str, vraag: Raadpleging) -> Response:
    """De hub beslist per veld. U krijgt wat mag, en van de rest de reden. Elke vraag wordt vastgelegd."""
    hub, caller = hub_of(request), caller_of(request)
    release = hub.broker.release(
        ReleaseRequest(
            caller.subject,
            casus,
            vraag.doel,
            tuple(map(shared, vraag.velden)),
            Action(vraag.actie),
            proof_ids=caller.proof_ids,
        )
    )
    if release.concealed:
        raise NotFound
    with step("reply"):
        return answer(release_view(release, hub.tables_of(release)))


@router.post(
    "/zoekingen",
    operation_id="zoekCasus",
    tags=["Vragen"],
    summary="Zoek de casus van een persoon",
    response_model=ZoekingUit,
)
def search(request: Request, vraag: Zoeking) -> Response:
    """Zoek op burgerservicenummer, op naam met geboortedatum, of op uw eigen kenmerk. Ook een misser wordt vastgelegd."""
    hub, caller = hub_of(request), caller_of(request)
    token = _token(hub, caller.subject, vraag)
    pseudonym, release = hub.searching.search(
        Search(caller.subject, vraag.doel, token, vraag.bsn is not None, caller.proof_ids)
    )
    return answer({"casus": pseudonym, "ontvangstbewijs": receipt_view(release.receipt) if release.receipt else None})


def _token(hub: Hub, subject: Subject, vraag: Zoeking) -> bytes:
    given = [key for key in (vraag.bsn, vraag.persoon, vraag.kenmerk) if key is not None]
    if len(given) != 1:
        raise ShapeError("Zoek op één ding: bsn, persoon of kenmerk.", place="bsn")
    if vraag.bsn is not None:
        return hub.names.index_token(BSN, vraag.bsn, subject.partner)
    if vraag.persoon is not None:
        return hub.names.index_token(*by_name(vraag.persoon.naam, vraag.persoon.geboortedatum), subject.partner)
    reference = own_reference(vraag.kenmerk, "kenmerk")
    if reference is None:
        raise ShapeError(place="kenmerk")
    return reference_token(hub.names, subject.partner, reference)
