"""AuthZEN 1.0 (and its NL GOV profile): evaluations and searches over HTTP. docs/authzen.md says what maps on what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError

from hub.api import authzen_models as models
from hub.api.answers import App, Message, Receive, Scope, Send, answer
from hub.api.caller import caller_of, hub_of
from hub.api.problems import status_of
from hub.api.strict import StrictRoute
from hub.audit import decision_log
from hub.casework.asked import Entity, Question
from hub.casework.evaluating import Asker, Verdict
from hub.errors import HubError, NotFound, ShapeError
from hub.model.release import Release
from hub.model.trace import current, of_headers, within
from hub.texts.sentences import sentences

T = TypeVar("T")
BASE = "/access/v1"
"""The paths below it are the standard's."""

TENANT = "interop"
"""The name of the one tenant that there may be, in a test profile."""

_PATHS = {
    "access_evaluation_endpoint": "/evaluation",
    "access_evaluations_endpoint": "/evaluations",
    "search_subject_endpoint": "/search/subject",
    "search_resource_endpoint": "/search/resource",
    "search_action_endpoint": "/search/action",
}
_UNTIL = {"execute_all": None, "deny_on_first_deny": False, "permit_on_first_permit": True}

router = APIRouter(route_class=StrictRoute)
metadata_router = APIRouter()


class Point(Protocol):
    """A policy decision point: the hub's (hub.casework.evaluating), or a tenant's (hub.casework.tenant)."""

    def evaluate(
        self, asker: Asker, questions: Sequence[Question | ShapeError], *, event: str = ..., until: bool | None = ...
    ) -> list[Verdict]: ...
    def subjects(self, asker: Asker, kind: str, question: Question) -> list[Entity]: ...
    def resources(self, asker: Asker, question: Question) -> list[Entity]: ...
    def actions(self, asker: Asker, question: Question) -> list[str]: ...


class Echoing:
    """Around the AuthZEN doors: the caller's `X-Request-ID` comes back with every answer."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = [header for header in scope["headers"] if header[0] == b"x-request-id"]

        async def echoed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *named[:1]]
            await send(message)

        await self._app(scope, receive, echoed)


@metadata_router.get("/.well-known/authzen-configuration", include_in_schema=False)
def metadata(request: Request) -> Response:
    """Where the hub decides (AuthZEN, Policy Decision Point Metadata)."""
    return answer(_metadata(hub_of(request).settings.public_url))


@metadata_router.get(f"/.well-known/authzen-configuration/{TENANT}", include_in_schema=False)
def tenant_metadata(request: Request) -> Response:
    """Where the tenant decides, when there is one."""
    hub = hub_of(request)
    if hub.tenant is None:
        raise NotFound("Dit adres bestaat niet.")
    return answer(_metadata(f"{hub.settings.public_url}/{TENANT}"))


def _metadata(base: str) -> dict[str, str]:
    return {"policy_decision_point": base, **{name: f"{base}{BASE}{path}" for name, path in _PATHS.items()}}


@router.post(
    "/evaluation",
    operation_id="beoordeel",
    tags=["Beoordelingen"],
    summary="Beoordeel of gegevens vrij zouden komen",
    response_model=models.Decision,
)
def evaluation(request: Request, vraag: models.EvaluationIn) -> Response:
    """U vraagt dit over uzelf. U hoort welke velden vrij zouden komen en op welk niveau, maar geen waarde. Elke vraag wordt
    vastgelegd."""
    return answer(_single(request, vraag, decision_log.EVALUATION))


@router.post(
    "/evaluations",
    operation_id="beoordeelMeer",
    tags=["Beoordelingen"],
    summary="Beoordeel meer vragen in één keer",
    response_model=models.Decisions | models.Decision,
)
def evaluations(request: Request, vraag: models.EvaluationsIn) -> Response:
    """Ten hoogste 100 vragen, met de drie manieren van AuthZEN om ze te beantwoorden."""
    common = {key: getattr(vraag, key) for key in ("subject", "action", "resource", "context")}
    given = {key: value for key, value in common.items() if value is not None}
    if not vraag.evaluations:
        return answer(_single(request, _read(given), decision_log.EVALUATIONS))
    questions = [_one_of_many(given, one) for one in vraag.evaluations]
    until = _UNTIL[vraag.options.evaluations_semantic]
    verdicts = _asked(
        request,
        given.get("context"),
        lambda point, asker: point.evaluate(asker, questions, event=decision_log.EVALUATIONS, until=until),
    )
    return answer({"evaluations": [_verdict_view(verdict) for verdict in verdicts]})


@router.post(
    "/search/subject",
    operation_id="zoekSubject",
    tags=["Beoordelingen"],
    summary="Zoek wie dit mag",
    response_model=models.Results,
)
def search_subject(request: Request, vraag: models.SubjectSearchIn) -> Response:
    """U zoekt alleen naar uzelf: u bent het resultaat, of er is er geen."""
    kind, question = vraag.subject.type, _question(vraag)
    found = _asked(request, vraag.context, lambda point, asker: point.subjects(asker, kind, question))
    return answer({"results": [_found(one) for one in found]})


@router.post(
    "/search/resource",
    operation_id="zoekResource",
    tags=["Beoordelingen"],
    summary="Zoek wat u mag",
    response_model=models.Results,
)
def search_resource(request: Request, vraag: models.ResourceSearchIn) -> Response:
    """Soort `veld` met `properties.casus`: welke velden. Soort `casus` met `properties.casussen`: welke van die casussen."""
    question = _question(vraag)
    found = _asked(request, vraag.context, lambda point, asker: point.resources(asker, question))
    return answer({"results": [_found(one) for one in found]})


@router.post(
    "/search/action",
    operation_id="zoekActie",
    tags=["Beoordelingen"],
    summary="Zoek welke handelingen u mag",
    response_model=models.ActionResults,
)
def search_action(request: Request, vraag: models.ActionSearchIn) -> Response:
    """Welke van lezen, export en zoeken iets zou opleveren."""
    question = Question(_entity(vraag.subject), "", _entity(vraag.resource), vraag.context)
    found = _asked(request, vraag.context, lambda point, asker: point.actions(asker, question))
    return answer({"results": [{"name": name} for name in found]})


# --- in ---


def _asked(request: Request, context: Any, ask: Callable[[Point, Asker], list[T]]) -> list[T]:
    """What the decision point of this door says to who calls, within the trace of the call."""
    caller = caller_of(request)
    with _traced(request, context):
        return ask(request.app.state.point, Asker(caller.subject, caller.proof_ids))


def _single(request: Request, vraag: models.EvaluationIn, event: str) -> Mapping[str, Any]:
    questions = [_question(vraag)]
    (verdict,) = _asked(request, vraag.context, lambda point, asker: point.evaluate(asker, questions, event=event))
    if verdict.error is not None and not isinstance(verdict.error, NotFound):
        raise verdict.error
    return _verdict_view(verdict)


def _read(given: Mapping[str, Any]) -> models.EvaluationIn:
    try:
        return models.EvaluationIn.model_validate(given)
    except ValidationError as faults:
        found = [{**fault, "loc": ("body", *fault["loc"])} for fault in faults.errors(include_input=False)]
        raise RequestValidationError(found) from None


def _one_of_many(given: Mapping[str, Any], one: Any) -> Question | ShapeError:
    """One of several: what it says itself replaces what they have in common, whole. Out of shape: its own error."""
    try:
        return _question(models.EvaluationIn.model_validate({**given, **one} if isinstance(one, dict) else None))
    except ValidationError as faults:
        first = faults.errors(include_input=False)[0]["loc"]
        return ShapeError(place=".".join(str(part) for part in first) or None)


def _question(vraag: models.EvaluationIn | models.SubjectSearchIn | models.ResourceSearchIn) -> Question:
    subject, resource = _entity(vraag.subject), _entity(vraag.resource)
    return Question(subject, vraag.action.name, resource, vraag.context, vraag.action.properties)


def _entity(given: models.Wanted) -> Entity:
    """Of what is searched for an `id` that is there all the same is ignored (AuthZEN, search)."""
    return Entity(given.type, given.id if isinstance(given, models.Named) else "", given.properties)


def _traced(request: Request, context: Any) -> Any:
    """The trace of this call: of its headers, else of `context.traceparent`, where the NL GOV profile has it."""
    trace = current()
    named = context.get("traceparent") if isinstance(context, dict) else None
    if trace.parent is None and isinstance(named, str):
        trace = of_headers(named, request.headers.get("fsc-transaction-id"))
    return within(trace)


# --- out ---


def _verdict_view(verdict: Verdict) -> Mapping[str, Any]:
    if verdict.error is not None:
        return {"decision": False, "context": {"error": _error_view(verdict.error)}}
    if verdict.release is None:
        return {"decision": verdict.decision}
    return {"decision": verdict.decision, "context": _context_view(verdict.release)}


def _error_view(error: HubError) -> Mapping[str, Any]:
    view: dict[str, Any] = {"status": status_of(error), "message": error.sentence}
    return view if error.place is None else {**view, "place": error.place}


def _context_view(release: Release) -> Mapping[str, Any]:
    say = sentences()
    return {
        "released": [line._asdict() for line, _ in release.fields],
        "refusals": [
            {"field": one.field, "code": code, "reason": say.sentence(code), "law": list(law), "opens": list(one.opens)}
            for one in release.withheld
            for code, law in one.reasons
        ],
        "obligations": [duty.document() for duty in release.obligations],
        "policy_revision": release.policy_revision,
    }


def _found(entity: Entity) -> Mapping[str, str]:
    return {"type": entity.kind, "id": entity.id}
