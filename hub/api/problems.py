"""Errors as `application/problem+json` (RFC 9457): one table from the tree of errors to a status, with stable codes."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from hub import errors
from hub.identity.refusal import INVALID_TOKEN, Refused

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:hub:probleem:"

STATUS: tuple[tuple[type[errors.HubError], int, str], ...] = (
    (errors.TooLarge, 413, "Te groot"),
    (errors.ShapeError, 400, "Verkeerde vorm"),
    (errors.NotAuthenticated, 401, "Niet aangemeld"),
    (errors.NotPermitted, 403, "Niet toegestaan"),
    (errors.NotFound, 404, "Niet gevonden"),
    (errors.Conflict, 409, "Strijdig"),
    (errors.TooMany, 429, "Te vaak"),
    (errors.Unavailable, 503, "Niet beschikbaar"),
    (errors.HubError, 500, "Fout"),
)
"""First match counts."""

MOST_FAULTS = 100
"""Faults of a shape that one answer tells at most."""

_HTTP = {
    400: ("verkeerde-vorm", "Verkeerde vorm", errors.ShapeError.sentence),
    404: ("onbekend-pad", "Niet gevonden", "Dit adres bestaat niet."),
    405: ("methode", "Methode niet toegestaan", "Deze methode kan hier niet."),
    406: ("vorm-antwoord", "Niet leverbaar", "Deze vorm van antwoord kan de hub niet geven."),
    408: ("te-traag", "Te traag", "Dit bericht kwam te langzaam binnen."),
    413: ("te-groot", "Te groot", "Dit bericht is te groot."),
    415: ("soort-inhoud", "Soort inhoud onbekend", "Deze soort inhoud kent de hub niet."),
    431: ("koppen-te-groot", "Koppen te groot", "De koppen van dit bericht zijn te groot."),
}


def problem(status: int, code: str, title: str, detail: str, **more: Any) -> Response:
    """One problem document. `detail` never holds a value, name, BSN or token."""
    headers: Mapping[str, str] = more.pop("headers", {})
    body = {"type": TYPE + code, "title": title, "status": status, "detail": detail, "code": code, **more}
    return Response(orjson.dumps(body), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers))


def status_of(error: errors.HubError) -> int:
    """The status that an error of the hub is answered with."""
    return _told(error)[0]


def _told(error: errors.HubError) -> tuple[int, str]:
    return next((status, title) for kind, status, title in STATUS if isinstance(error, kind))


def of_error(error: errors.HubError) -> Response:
    """The problem that an error of the hub is."""
    status, title = _told(error)
    more: dict[str, Any] = {}
    if isinstance(error, errors.ManyShapeErrors):
        more["fouten"] = [{"plaats": place, "reden": reason} for place, reason in error.faults]
    elif error.place is not None and status < 500:
        more["fouten"] = [{"plaats": error.place, "reden": error.sentence}]
    if status == 401:
        # A used proof, and who counts no more, are heard of behind the door: told as a token that does not hold.
        refused = error if isinstance(error, Refused) else Refused(INVALID_TOKEN, "behind the door")
        more["headers"] = {"WWW-Authenticate": refused.challenge}
    if status in (429, 503):
        more["headers"] = {"Retry-After": "5" if status == 503 else "600"}
    return problem(status, error.code, title, error.sentence, **more)


def of_status(status: int, *, headers: Mapping[str, str]) -> Response:
    """The problem that the framework or the server tells by its status alone."""
    code, title, detail = _HTTP.get(status, ("fout", "Fout", errors.HubError.sentence))
    return problem(status, code, title, detail, headers=headers)


def unforeseen() -> Response:
    """The problem that everything is which nobody foresaw."""
    return problem(500, "fout", "Fout", "Er ging iets mis. Er is niets vrijgegeven.")


def install(app: FastAPI) -> None:
    """Every error of `app` leaves as a problem document."""

    def hub_error(_request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.HubError)  # noqa: S101 - what it was registered for
        return of_error(error)

    def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - what it was registered for
        faults = [{"plaats": _place(fault), "reden": _reason(fault["type"])} for fault in error.errors()[:MOST_FAULTS]]
        return problem(400, "verkeerde-vorm", "Verkeerde vorm", errors.ShapeError.sentence, fouten=faults)

    def http_error(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - what it was registered for
        return of_status(error.status_code, headers=error.headers or {})

    async def passed_on(_request: Request, error: Exception) -> Response:
        # Answered around the application (hub.api.answers.Guarded), as is what goes wrong outside of it.
        raise error

    app.add_exception_handler(errors.HubError, hub_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, passed_on)


_WORD = re.compile(r"[A-Za-z]{1,32}")


def _place(fault: Mapping[str, Any]) -> str:
    """Where a fault stands. A key that is not known is the caller's own text: it is told only where it is a plain word."""
    first, *parts = (str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden" and not _WORD.fullmatch(parts[-1]):
        parts[-1] = "?"
    # The first part says body, query or header.
    return ".".join(parts) or first


_REASONS = {
    "missing": "Dit gegeven moet erbij.",
    "extra_forbidden": "Deze sleutel kent de hub niet.",
    "json_invalid": "Dit is geen geldige JSON.",
    "string_too_long": "Deze tekst is te lang.",
    "too_long": "Dit zijn er te veel.",
    "too_short": "Dit zijn er te weinig.",
    "enum": "Kies uit de bekende waarden.",
    "literal_error": "Kies uit de bekende waarden.",
    "timezone_aware": "Geef een tijdstip met tijdzone.",
}


def _reason(kind: str) -> str:
    return _REASONS.get(kind, "Deze waarde heeft niet de goede vorm.")
