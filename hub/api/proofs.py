"""The public side of the log (C2SP tlog-tiles): checkpoint, tiles, growth. Salted hashes only; no log-in is needed."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from hub.api.caller import hub_of
from hub.errors import NotFound

router = APIRouter()


class TileResponse(Response):
    """Bytes."""

    media_type = "application/octet-stream"


_LEVEL = re.compile(r"0|[1-9][0-9]?")
_NUMBER = re.compile(r"(?:x[0-9]{3}/){0,4}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?")


@router.get(
    "/checkpoint",
    operation_id="haalCheckpoint",
    tags=["Logboek"],
    summary="De laatste ondertekende stand",
    response_class=PlainTextResponse,
)
def checkpoint(request: Request) -> Response:
    """Ondertekende notitie (C2SP tlog-checkpoint)."""
    hub = hub_of(request)
    with hub.store.snapshot() as moment:
        found = hub.log.checkpoint(moment)
    return PlainTextResponse(found)


@router.get(
    "/sleutel",
    operation_id="haalSleutel",
    tags=["Logboek"],
    summary="De sleutel waarmee u bewijzen controleert",
    response_class=PlainTextResponse,
)
def key(request: Request) -> Response:
    """Vergelijk deze sleutel met wat u van de beheerder kreeg; alleen dan zegt een bewijs iets."""
    return PlainTextResponse(f"{hub_of(request).log.key}\n")


@router.get(
    "/tile/entries/{nummer:path}",
    operation_id="haalRegels",
    tags=["Logboek"],
    summary="Een tegel met regels",
    response_class=TileResponse,
)
def entries(request: Request, nummer: str) -> Response:
    """Per regel 64 bytes: twee gezouten hashes."""
    number, width = _tile(nummer)
    hub = hub_of(request)
    with hub.store.snapshot() as moment:
        return _bytes(hub.log.entries_tile(moment, number, width))


@router.get(
    "/tile/{niveau}/{nummer:path}",
    operation_id="haalTegel",
    tags=["Logboek"],
    summary="Een tegel met hashes",
    response_class=TileResponse,
)
def tile(request: Request, niveau: str, nummer: str) -> Response:
    """Tot 256 hashes van 32 bytes (C2SP tlog-tiles)."""
    if not _LEVEL.fullmatch(niveau):
        raise NotFound("Deze tegel is er niet.")
    number, width = _tile(nummer)
    hub = hub_of(request)
    with hub.store.snapshot() as moment:
        return _bytes(hub.log.tile(moment, int(niveau), number, width))


def _bytes(found: bytes) -> Response:
    return TileResponse(found)


def _tile(path: str) -> tuple[int, int]:
    if not _NUMBER.fullmatch(path):
        raise NotFound("Deze tegel is er niet.")
    number, _, width = path.partition(".p/")
    return int(number.replace("x", "").replace("/", "")), int(width or 256)
