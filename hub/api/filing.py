"""Filing a casus and delivering into it."""

import hashlib
import json
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from connectors.context import MAX_VALUES, ParseContext
from connectors.json_text import Document, Unchecked, read
from connectors.table import FORMATS, parse
from hub.api.answers import answer
from hub.api.caller import Body, IdempotencyKey, call_of, hub_of, writing_of
from hub.api.models import AanmeldingIn, Bronvoorwaarde, Terugname, Vlag
from hub.api.schemas import AanmeldingUit, LeveringUit, ReeksUit, TerugnameUit, VoorwaardeUit
from hub.api.strict import StrictRoute
from hub.casework.filing import Aanmelding
from hub.casework.moment import Answer, Call
from hub.casework.writing import Once
from hub.crypto.reference import own_reference
from hub.errors import HubError, NotAuthenticated, ShapeError, TooLarge
from hub.model.delivery import Parsed
from hub.model.instant import to_text
from hub.model.strict_json import number_of_values
from hub.store.partners import partner_row
from hub.wiring import Hub

router = APIRouter(route_class=StrictRoute)
OWN_FORM = "application/vnd.hub.levering+json"
MAX_LINES = 1000
MAX_SERIES = 2 * 1024 * 1024
"""Bytes of a series at most: all of it is read before the first line is written."""
MAX_SERIES_VALUES = 250_000
"""Values in all lines together: the hub's own form, the densest of all, takes over ten bytes for each of them."""


@router.post(
    "/casussen",
    status_code=201,
    operation_id="meldAan",
    tags=["Casussen"],
    summary="Meld een casus aan",
    response_model=AanmeldingUit,
)
def file_casus(request: Request, aanmelding: AanmeldingIn, key: IdempotencyKey, body: Body) -> Response:
    """U krijgt uw eigen pseudoniem van de casus. Alleen u kunt dat gebruiken."""
    hub, call, once = writing_of(request, "", key, body)
    person = aanmelding.persoon
    first = json.dumps(aanmelding.levering).encode() if aanmelding.levering is not None else None
    filed = Aanmelding(
        person={
            "family_name": person.naam,
            "given_names": person.voornamen,
            "birth_date": person.geboortedatum,
            "bsn": person.bsn,
        },
        criteria=aanmelding.criteria.model_dump(),
        regime=aanmelding.regime,
        triage_group=aanmelding.triagegroep,
        reference=own_reference(aanmelding.kenmerk, "kenmerk"),
        first=_parsed(hub, call, OWN_FORM, first) if first is not None else None,
    )
    return answer(hub.filing.file(call, once, filed), 201)


@router.post(
    "/casussen/{casus}/leveringen",
    status_code=201,
    operation_id="leverGegevens",
    tags=["Leveringen"],
    summary="Lever gegevens aan",
    response_model=LeveringUit,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {media: {"schema": {"type": "object"}} for each in FORMATS for media in each.media_types},
        }
    },
)
def deliver(
    request: Request,
    casus: str,
    key: IdempotencyKey,
    body: Body,
) -> Response:
    """Een document wordt helemaal opgenomen of helemaal niet. Het antwoord noemt elk onderdeel."""
    hub, call, once = writing_of(request, casus, key, body)
    parsed = _parsed(hub, call, request.headers.get("content-type", ""), body)
    return answer(hub.delivering.deliver(call, once, parsed), 201)


@router.post(
    "/leveringsreeksen",
    status_code=201,
    operation_id="leverReeks",
    tags=["Leveringen"],
    summary="Lever veel documenten in één keer",
    response_model=ReeksUit,
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {"type": "string"}}}}
    },
)
def deliver_many(request: Request, key: IdempotencyKey, body: Body) -> Response:
    """Per regel `{"casus": …, "document": …}`, hooguit duizend en 2 MiB. Elke regel wordt apart opgenomen of geweigerd."""
    hub, call = hub_of(request), call_of(request, "")
    if len(body) > MAX_SERIES:
        raise TooLarge("Deze reeks is te groot. Verdeel haar over meer aanroepen.", place="body")
    rows = [_line(hub, call, line) for line in _lines(body)]
    jobs = [
        (
            replace(call, casus=row[0], proof_ids=()),
            Once(f"{key}:{number}", row[2]),
            row[1],
        )
        for number, row in enumerate(rows)
        if not isinstance(row, HubError)
    ]
    done = iter(hub.delivering.deliver_many(call, jobs))
    return answer({"regels": [_result(row if isinstance(row, HubError) else next(done)) for row in rows]}, 201)


def _lines(body: bytes) -> list[bytes]:
    """The lines that say something, counted before any is read."""
    # Empty ones may stand between them, but not without end.
    lines = [line for line in body.split(b"\n") if line.strip()] if body.count(b"\n") <= 2 * MAX_LINES else []
    if not 0 < len(lines) <= MAX_LINES:
        raise ShapeError(f"Geef 1 tot {MAX_LINES} regels.", place="body")
    if sum(number_of_values(line, MAX_VALUES) for line in lines) > MAX_SERIES_VALUES:
        raise TooLarge(place="body")
    return lines


def _line(hub: Hub, call: Call, line: bytes) -> tuple[str, Parsed, bytes] | HubError:
    try:
        found = read(line)
        casus, document = found["casus"], found["document"]
        if not isinstance(casus, str) or set(found) != {"casus", "document"}:
            return ShapeError(place="casus")
        return casus, _parsed(hub, call, "application/json", Unchecked(document)), hashlib.sha256(line).digest()
    except (ValueError, KeyError, TypeError, RecursionError):
        return ShapeError(place="regel")
    except HubError as error:
        return error


def _result(found: Answer | Exception) -> dict[str, Any]:
    if isinstance(found, HubError):
        return {"code": found.code, "reden": found.sentence, "plaats": found.place}
    if isinstance(found, Exception):
        return {"code": HubError.code, "reden": HubError.sentence, "plaats": None}
    return found


@router.post(
    "/casussen/{casus}/terugnames",
    status_code=201,
    operation_id="neemTerug",
    tags=["Leveringen"],
    summary="Neem geleverde gegevens terug",
    response_model=TerugnameUit,
)
def take_back(request: Request, casus: str, terugname: Terugname, key: IdempotencyKey, body: Body) -> Response:
    """Alleen uw eigen gegevens. Zij zijn daarna weg."""
    hub, call, once = writing_of(request, casus, key, body)
    return answer(hub.delivering.take_back(call, once, terugname.velden), 201)


@router.post(
    "/casussen/{casus}/bronvoorwaarden",
    status_code=201,
    operation_id="stelBronvoorwaarde",
    tags=["Leveringen"],
    summary="Stel een voorwaarde aan uw gegevens",
    response_model=VoorwaardeUit,
)
def set_condition(
    request: Request, casus: str, voorwaarde: Bronvoorwaarde, key: IdempotencyKey, body: Body
) -> Response:
    """Alleen voor uw eigen gegevens. De voorwaarde geldt vanaf de volgende vraag (Wgs 2.29 lid 3)."""
    hub, call, once = writing_of(request, casus, key, body)
    conditions = {name: value for name, value in _conditions(voorwaarde).items() if value is not None}
    if not conditions:
        raise ShapeError("Noem een voorwaarde.", place="velden")
    return answer(hub.delivering.mark(call, once, None, voorwaarde.velden, conditions), 201)


def _flag_route(path: str, condition: str, title: str, article: str) -> None:
    def set_flag(request: Request, casus: str, vlag: Vlag, key: IdempotencyKey, body: Body) -> Response:
        hub, call, once = writing_of(request, casus, key, body)
        return answer(hub.delivering.mark(call, once, vlag.bron, vlag.velden, {condition: vlag.aan}), 201)

    set_flag.__doc__ = f"Geldt vanaf de volgende vraag ({article}). Met `aan: false` eindigt het."
    router.add_api_route(
        f"/casussen/{{casus}}/{path}",
        set_flag,
        methods=["POST"],
        status_code=201,
        operation_id=f"leg{path.capitalize()}Vast",
        tags=["Rechten"],
        summary=title,
        response_model=VoorwaardeUit,
    )


_flag_route("beperkingen", "restricted", "Scherm velden af op verzoek van de betrokkene", "AVG 18")
_flag_route("betwistingen", "disputed", "De betrokkene betwist velden", "AVG 16")
_flag_route("bezwaren", "objected", "De betrokkene maakt bezwaar", "AVG 21")


def _conditions(voorwaarde: Bronvoorwaarde) -> dict[str, Any]:
    return {
        "denied_to": voorwaarde.geweigerdAan,
        "vetoed": voorwaarde.veto,
        "supplier_agreed": voorwaarde.akkoordDoorgeven,
        "treating_with": voorwaarde.medebehandelaars,
        "financed_by": voorwaarde.gefinancierdDoor,
        "destroy_on": to_text(voorwaarde.vernietigOp) if voorwaarde.vernietigOp else None,
    }


def _parsed(hub: Hub, call: Call, media_type: str, document: Document) -> Parsed:
    with hub.store.snapshot() as moment:
        partner = partner_row(moment, call.subject.partner)
    if partner is None:
        raise NotAuthenticated
    return parse(media_type, document, ParseContext(partner.kind, partner.id, call.at))
