"""JSON of a question, read strictly: what two readers could understand differently is no JSON here.

A gateway that reads the first of two equal keys and a hub that reads the last would each see another question (RFC 8259
section 4).
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

from hub.model.strict_json import distinct_keys, no_number

MAX_QUESTION = 1024 * 1024
"""Bytes of a question at most, a first delivery with an aanmelding included; documents on their own may have more."""
_DECODER = json.JSONDecoder(object_pairs_hook=distinct_keys, parse_constant=no_number)


def read(body: bytes) -> Any:
    """The value of one JSON text in UTF-8. Raises JSONDecodeError, without a word of it, for anything else."""
    try:
        return _DECODER.decode(body.decode())
    except (ValueError, RecursionError):
        # Doubled keys, NaN, invalid UTF-8, numbers of thousands of digits, endless nesting.
        raise json.JSONDecodeError("no JSON", "", 0) from None


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:
        """The body. It is read and judged while others wait: so no more than MAX_QUESTION bytes of it."""
        body = await self.body()
        if len(body) > MAX_QUESTION:
            raise HTTPException(413)
        return read(body)


class StrictRoute(APIRoute):
    """A route that reads its questions so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given a strict request."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict
