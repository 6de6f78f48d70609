"""JSON of a question, read strictly: what two readers could understand differently is no JSON here.

A gateway that reads the first of two equal keys and a hub that reads the last would each see another question (RFC 8259
section 4).
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

from hub.model.strict_json import number_of_values, one_value

MAX_QUESTION = 1024 * 1024
"""Bytes of a question at most, a first delivery with an aanmelding included; documents on their own may have more."""
MOST_VALUES = 1_000
"""Values in a question at most; a model that may hold more says so by this name."""


def most_values(model: object) -> int:
    """How many values a question of this shape may hold."""
    return getattr(model, "MOST_VALUES", MOST_VALUES)


def read(body: bytes, most: int) -> Any:
    """The value of one JSON text in UTF-8 of at most `most` values, counted before any of them is made or judged.

    Raises HTTPException (400) for more, and JSONDecodeError, without a word of it, for anything else.
    """
    if number_of_values(body, most) > most:
        raise HTTPException(400)
    try:
        return one_value(body)
    except ValueError:
        raise json.JSONDecodeError("no JSON", "", 0) from None


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    most_values = MOST_VALUES

    async def json(self) -> Any:
        """The body. It is read and judged while others wait: so no more than MAX_QUESTION bytes of it."""
        body = await self.body()
        if len(body) > MAX_QUESTION:
            raise HTTPException(413)
        return read(body, self.most_values)


class StrictRoute(APIRoute):
    """A route that reads its questions so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given a strict request."""
        handler = super().get_route_handler()
        most = most_values(self.body_field.field_info.annotation if self.body_field else None)

        async def strict(request: Request) -> Response:
            question = StrictRequest(request.scope, request.receive)
            question.most_values = most
            return await handler(question)

        return strict
