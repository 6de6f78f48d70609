"""The registry's routes: one set a kind of record, made from the table of kinds. Recording, ending, correcting."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.api.answers import answer
from hub.api.caller import Body, IdempotencyKey, writing_of
from hub.api.models import Id, Schema, body_model, on_file
from hub.api.schemas import VastleggingUit
from hub.api.strict import StrictRoute
from hub.casework.kinds import KINDS, Kind

router = APIRouter(route_class=StrictRoute)


class Leeg(Schema):
    """Nothing: ending needs no more than the call itself."""


def _name(kind: Kind) -> str:
    return "".join(part.capitalize() for part in kind.path.split("-"))


def _record_route(kind: Kind) -> None:
    model: Any = body_model(kind)

    def record(request: Request, casus: str, inhoud: model, key: IdempotencyKey, body: Body) -> Response:
        hub, call, once = writing_of(request, casus, key, body)
        return answer(hub.recording.record(call, once, kind, on_file(kind, inhoud)), 201)

    router.add_api_route(
        f"/casussen/{{casus}}/{kind.path}",
        record,
        methods=["POST"],
        status_code=201,
        operation_id=f"leg{_name(kind)}Vast",
        tags=["Vastleggingen"],
        summary=f"Leg vast: {kind.title}",
        description="Geldt vanaf de volgende vraag.",
        response_model=VastleggingUit,
    )


def _end_route(kind: Kind) -> None:
    def end(
        request: Request,
        casus: str,
        vastlegging: Id,
        key: IdempotencyKey,
        body: Body,
        leeg: Leeg | None = None,  # noqa: ARG001 - asked for its shape alone: a body with anything in it is refused
    ) -> Response:
        hub, call, once = writing_of(request, casus, key, body)
        return answer(hub.recording.end(call, once, kind, vastlegging), 201)

    router.add_api_route(
        f"/casussen/{{casus}}/{kind.path}/{{vastlegging}}/beeindigingen",
        end,
        methods=["POST"],
        status_code=201,
        operation_id=f"beeindig{_name(kind)}",
        tags=["Vastleggingen"],
        summary=f"Beëindig of trek in: {kind.title}",
        description="Geldt vanaf de volgende vraag. De oude vastlegging blijft bewaard.",
        response_model=VastleggingUit,
    )


def _correct_route(kind: Kind) -> None:
    model: Any = body_model(kind)

    def correct(
        request: Request,
        casus: str,
        vastlegging: Id,
        inhoud: model,
        key: IdempotencyKey,
        body: Body,
    ) -> Response:
        hub, call, once = writing_of(request, casus, key, body)
        return answer(hub.recording.correct(call, once, kind, vastlegging, on_file(kind, inhoud)), 201)

    router.add_api_route(
        f"/casussen/{{casus}}/{kind.path}/{{vastlegging}}/correcties",
        correct,
        methods=["POST"],
        status_code=201,
        operation_id=f"corrigeer{_name(kind)}",
        tags=["Vastleggingen"],
        summary=f"Corrigeer: {kind.title}",
        description="De nieuwe vastlegging komt in de plaats van de oude. Beide blijven bewaard.",
        response_model=VastleggingUit,
    )


for _kind in KINDS:
    _record_route(_kind)
    if _kind.endable:
        _end_route(_kind)
        _correct_route(_kind)
