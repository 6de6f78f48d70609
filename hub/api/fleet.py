"""What OPA servers call: discovery, bundle and status (OPA's Discovery, Bundle and Status APIs), under their own token.

No part of the API for partners: no token of theirs counts here, and this one counts nowhere else.
"""

import asyncio
import re
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from hub.api import problems
from hub.api.caller import hub_of
from hub.errors import NotAuthenticated
from hub.pdp.fleet import Fleet, Revision
from hub.wiring import Hub

router = APIRouter()

LONGEST_WAIT = 60
"""Seconds that a server may be kept waiting for another bundle."""
LOOK_SECONDS = 0.25
"""Between two looks whether there is another: it may have been put there by another process."""
STATUS_PATH = "/vloot/status"
MAX_STATUS = 1024 * 1024
"""Bytes of what a server tells of itself (hub.api.answers)."""
WAITING = "application/vnd.openpolicyagent.bundles"
"""Says to OPA that this answer was worth waiting for, and the next will be."""
_WAIT = re.compile(r"(?:^|;)\s*wait=([0-9]{1,4})\s*(?:;|$)")


@router.get("/vloot/ontdekking", include_in_schema=False)
async def discovery(request: Request) -> Response:
    """How a server is to fetch and check its policy."""
    fleet = _fleet(request)
    if fleet is None:
        return _unknown(request)
    return await _polled(request, lambda: fleet.discovery)


@router.get("/vloot/bundel", include_in_schema=False)
async def bundle(request: Request) -> Response:
    """The policy that counts, signed; with `Prefer: wait=…` as soon as it is another than the server has."""
    fleet = _fleet(request)
    if fleet is None:
        return _unknown(request)
    return await _polled(request, fleet.revisions.current)


@router.post(STATUS_PATH, include_in_schema=False)
async def status(request: Request) -> Response:
    """What a server tells of itself."""
    fleet = _fleet(request)
    if fleet is None:
        return _unknown(request)
    fleet.hear(await request.body())
    return Response(status_code=204)


def _fleet(request: Request) -> Fleet | None:
    """The fleet, for who has its token. None: there is none here, or the token is another's."""
    hub: Hub = hub_of(request)
    given = request.headers.getlist("authorization")
    scheme, _, token = (given[0] if len(given) == 1 else "").partition(" ")
    known = hub.fleet is not None and scheme.lower() == "bearer" and hub.fleet.knows(token)
    return hub.fleet if known else None


def _unknown(request: Request) -> Response:
    if hub_of(request).fleet is None:
        return problems.of_status(404, headers={})
    code, sentence = NotAuthenticated.code, NotAuthenticated.sentence
    return problems.problem(401, code, "Niet aangemeld", sentence, headers={"WWW-Authenticate": "Bearer"})


async def _polled(request: Request, read: Callable[[], Revision]) -> Response:
    """What `read` gives, when it is another than the caller has; 304 when it was not, for as long as he wanted to wait."""
    # A hub that ends lets go of who waits.
    ending: Callable[[], bool] = request.app.state.ending
    loop = asyncio.get_running_loop()
    had, wait = request.headers.get("if-none-match"), _wait_of(request)
    until = loop.time() + (wait or 0)
    found = await run_in_threadpool(read)
    while f'"{found.tag}"' == had and loop.time() < until and not ending():
        await asyncio.sleep(min(LOOK_SECONDS, until - loop.time()))
        found = await run_in_threadpool(read)
    headers = {"ETag": f'"{found.tag}"', "Cache-Control": "no-cache"}
    media = "application/gzip" if wait is None else WAITING
    if headers["ETag"] == had:
        return Response(status_code=304, headers=headers, media_type=media)
    return Response(found.bundle, headers=headers, media_type=media)


def _wait_of(request: Request) -> int | None:
    """Seconds that the caller wants to wait; None: he did not say that he can."""
    found = _WAIT.search(request.headers.get("prefer", ""))
    return min(int(found[1]), LONGEST_WAIT) if found else None
