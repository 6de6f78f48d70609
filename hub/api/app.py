"""The HTTP application: versioned API below `/v1`, token endpoint, and whether the hub lives and is ready."""

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from fastapi.telemetry import TelemetryConfig
from starlette.routing import Route

from hub.api import asking, authzen, filing, fleet, following, oauth, problems, proofs, pushing, recording
from hub.api.answers import API_VERSION, App, Guarded, Receive, Scope, Send, answer
from hub.api.caller import CallersFirst, hub_of
from hub.api.descriptions import SIGNING_IN, put_in_dutch
from hub.api.schemas import Probleem
from hub.api.watched import Watched
from hub.settings import PLACEHOLDER
from hub.wiring import Hub

LANES = 12
"""Callers and looks that are under way at once on the event loop: fewer than a store has connections, for there nobody may
wait, and than there are threads for what is done aside."""

_UNTOLD: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""The framework's own telemetry tells of paths, which hold pseudonyms: what may be told is `hub.events`'s."""
TITLE = "Informatiehub zorg en veiligheid"
_DESCRIPTION = (
    "Partners in zorg en veiligheid vragen en leveren hier gegevens over een casus. "
    "De hub beslist per veld, zegt waarom iets niet mag, en geeft een bewijs dat u zelf kunt controleren."
)
_PROBLEMS = {
    400: "De vraag heeft niet de afgesproken vorm.",
    401: "De aanmelding klopt niet of is verlopen.",
    403: "U mag deze aanroep niet doen.",
    404: "Onbekend, of niet voor u.",
    408: "Het bericht kwam te langzaam binnen.",
    409: "Strijdig met wat al is vastgelegd.",
    413: "Het bericht is te groot.",
    429: "Te vaak.",
    431: "De koppen van het bericht zijn te groot.",
    500: "Er ging iets mis. Er is niets vrijgegeven.",
    503: "De hub kan nu niet antwoorden. Er is niets vrijgegeven.",
}

_LIMITS = {oauth.PATH: oauth.MAX_FORM, fleet.STATUS_PATH: fleet.MAX_STATUS}
"""Doors that take fewer bytes than others: those where who calls is not asked first (hub.api.caller)."""
_PARTS = (asking, filing, recording, pushing, following, proofs)
_DESCRIPTION_PATH = "/openapi.json"

state_router = APIRouter()


@state_router.get("/gezond", include_in_schema=False)
def alive() -> Response:
    """The process lives."""
    return answer({"status": "gezond"})


@state_router.get("/gereed", include_in_schema=False)
def ready(request: Request) -> Response:
    """The hub can answer: store, keys, log and policy are there. Of OPA servers it says how each is."""
    hub = hub_of(request)
    servers = hub.servers()
    wrong = hub.not_ready(servers)
    told = {"opa": servers} if servers else {}
    if wrong is not None:
        part, reason = wrong
        headers = {"Retry-After": "5"}
        return problems.problem(503, "niet-gereed", "Niet gereed", reason, onderdeel=part, headers=headers, **told)
    return answer({"status": "gereed", **told})


class Below:
    """Gives what lies below a path to an application of its own, past the routes of the other."""

    def __init__(self, path: str, app: App, otherwise: App) -> None:
        self._path = path
        self._app = app
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{self._path}/"):
            await self._app({**scope, "root_path": self._path}, receive, send)
        else:
            await self._otherwise(scope, receive, send)


def create_app(hub: Hub, ending: Callable[[], bool] = lambda: False) -> Watched:
    """The application around a ready hub. `ending`: whether its server is to end, so that nobody is kept waiting."""
    root = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=_UNTOLD)
    api = api_app(hub.settings.public_url, hub.settings.contact)
    lanes = asyncio.Semaphore(LANES)
    for app in (root, api):
        app.state.hub = hub
        app.state.lanes = lanes
        app.state.ending = ending
        problems.install(app)
    roots = (oauth.router, state_router, fleet.router, authzen.metadata_router)
    for router in roots:
        root.include_router(router)
    routers = (*roots, authzen.router, *(part.router for part in _PARTS))
    routes = [_DESCRIPTION_PATH, *(r.path for router in routers for r in router.routes if isinstance(r, Route))]
    doors = Below(authzen.BASE, _deciding(hub, hub.evaluating, lanes), root)
    if hub.tenant is not None:
        doors = Below(f"/{authzen.TENANT}{authzen.BASE}", _deciding(hub, hub.tenant, lanes), doors)
    return Watched(Guarded(Below("/v1", CallersFirst(api, hub, lanes), doors), _LIMITS), routes)


def _deciding(hub: Hub, point: authzen.Point, lanes: asyncio.Semaphore) -> App:
    """The AuthZEN doors of one policy decision point, open to partners alone."""
    app = authzen_app(hub.settings.public_url, hub.settings.contact)
    app.state.hub, app.state.point = hub, point
    problems.install(app)
    return authzen.Echoing(CallersFirst(app, hub, lanes, ("/evaluation", "/search")))


def api_app(public_url: str, contact: str = PLACEHOLDER) -> FastAPI:
    """The versioned API alone, with its description."""
    return _described_app(TITLE, _DESCRIPTION, public_url, "/v1", contact, _TAGS, *(part.router for part in _PARTS))


def authzen_app(public_url: str, contact: str = PLACEHOLDER) -> FastAPI:
    """The AuthZEN doors alone, with their description."""
    return _described_app(
        _DECIDING, _DECIDING_DESCRIPTION, public_url, authzen.BASE, contact, _DECIDING_TAGS, authzen.router
    )


def _described_app(
    title: str,
    description: str,
    public_url: str,
    base: str,
    contact: str,
    tags: list[dict[str, Any]],
    *routers: APIRouter,
) -> FastAPI:
    app = FastAPI(
        title=title,
        version=API_VERSION,
        description=description,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        contact={"name": "Beheer van de hub", "url": public_url, "email": contact},
        servers=[{"url": f"{public_url}{base}", "description": "Deze hub"}],
        openapi_tags=tags,
        root_path_in_servers=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_UNTOLD,
    )
    for router in routers:
        app.include_router(router)

    app.add_api_route(_DESCRIPTION_PATH, openapi_json, methods=["GET"], include_in_schema=False)
    return app


def openapi_json(request: Request) -> Response:
    """The description of the API. A function of no one application: the library remembers it, and would that one too."""
    response = answer(described(request.app))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def described(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, by the NLGov REST API Design Rules."""
    if api.openapi_schema is None:
        document = get_openapi(
            title=api.title, version=api.version, description=api.description,
            license_info=api.license_info, servers=api.servers, routes=api.routes, tags=api.openapi_tags,
        )  # fmt: skip
        _add_problem_schemas(document)
        for path, methods in document["paths"].items():
            for operation in methods.values():
                _describe(operation, public=_is_public(path))
        document["info"]["contact"] = api.contact
        put_in_dutch(document)
        document["components"]["securitySchemes"] = _SECURITY
        api.openapi_schema = document
    return api.openapi_schema


_TAGS = [
    {"name": "Vragen", "description": "Gegevens vragen en casussen zoeken."},
    {"name": "Casussen", "description": "Een casus aanmelden."},
    {"name": "Leveringen", "description": "Gegevens leveren, voorwaarden stellen, terugnemen."},
    {
        "name": "Verstrekkingen",
        "description": "Gegevens sturen naar een andere partner, en ophalen wat naar u is gestuurd.",
    },
    {"name": "Vastleggingen", "description": "Grondslagen, toestemmingen, betrokkenen, fasen: met datum en afzender."},
    {"name": "Verplichtingen", "description": "Wat u nog moet doen, en om een noodsituatie vragen."},
    {"name": "Rechten", "description": "Beperken, betwisten, bezwaar."},
    {"name": "Logboek", "description": "Bewijzen die iedereen kan controleren."},
]
_DECIDING = "Informatiehub zorg en veiligheid: beoordelingen"
_DECIDING_DESCRIPTION = (
    "AuthZEN Authorization API 1.0, met het NL GOV-profiel. U vraagt of gegevens uit een casus voor u vrij zouden komen. "
    "U hoort velden, niveaus en redenen; nooit een waarde."
)
_DECIDING_TAGS = [{"name": "Beoordelingen", "description": "Vragen of iets vrij zou komen, en zoeken wat u mag."}]
_SECURITY = {
    "dpop": {
        "type": "http",
        "scheme": "DPoP",
        "description": SIGNING_IN,
    }
}


def _is_public(path: str) -> bool:
    return path.startswith(("/checkpoint", "/sleutel", "/tile/"))


def _describe(operation: dict[str, Any], *, public: bool) -> None:
    """No 422; problems as problem+json; the version in every answer; who may call."""
    responses = operation["responses"]
    responses.pop("422", None)
    for status, description in _PROBLEMS.items():
        if not (public and status in (401, 403, 409, 413, 429)):
            schema = {"$ref": "#/components/schemas/Probleem"}
            responses[str(status)] = {"description": description, "content": {problems.MEDIA_TYPE: {"schema": schema}}}
    for response in responses.values():
        response["headers"] = {"API-Version": {"schema": {"type": "string"}, "description": "Versie van de API."}}
    operation["security"] = [] if public else [{"dpop": []}]


def _add_problem_schemas(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Probleem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Probleem"] = problem
