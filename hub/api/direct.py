"""A route that the web framework describes, finds and guards, and whose question is read here, in one go, beside its answer.

The framework's own way to an endpoint takes a question apart parameter by parameter and passes it through a stack of
exits that nothing here uses: a fifth of the time of a look. This keeps what it promises: the same path, description and
errors.
"""

import asyncio
import json
from collections.abc import Mapping
from email.message import Message
from functools import partial
from typing import Any, get_type_hints

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from hub.api.answers import Receive, Scope, Send
from hub.api.strict import MAX_QUESTION, StrictRoute, most_values, read
from hub.lanes import carried

_JSON = "application/json"


class DirectRoute(StrictRoute):
    """A route whose endpoint takes `request`, the names in its path, and one model, the JSON body."""

    def __init__(self, path: str, endpoint: Any, **more: Any) -> None:
        super().__init__(path, endpoint, **more)
        hints = get_type_hints(endpoint)
        ((self._name, self._model),) = ((name, kind) for name, kind in hints.items() if _is_model(kind))
        if hints.keys() - {"return", "request", self._name, *self.param_convertors}:
            raise TypeError(f"{path}: a direct route reads its path and its body, nothing else")

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call; what is raised goes to the handlers of errors of the application."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        if len(body) > MAX_QUESTION:
            raise HTTPException(413)
        response = await self._carried(request, body)
        await response(scope, receive, send)

    async def _carried(self, request: Request, body: bytes) -> Response:
        lanes: asyncio.Semaphore = request.app.state.lanes
        async with lanes:
            return await carried(partial(self._answered, request, body))

    def _answered(self, request: Request, body: bytes) -> Response:
        question = _question(self._model, request.headers.get("content-type", ""), body)
        response: Response = self.endpoint(request=request, **request.path_params, **{self._name: question})
        return response


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _question(model: type[BaseModel], media_type: str, body: bytes) -> BaseModel:
    """The question in a body. Raises RequestValidationError with the place of each fault."""
    try:
        # What does not call itself JSON is not read as JSON: a page of another site can send it unasked.
        return model.model_validate(read(body, most_values(model)) if _is_json(media_type) else None)
    except json.JSONDecodeError:
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": "", "input": {}}]) from None
    except ValidationError as faults:
        raise RequestValidationError([_in_body(fault) for fault in faults.errors(include_input=False)]) from None


def _in_body(fault: Mapping[str, Any]) -> dict[str, Any]:
    return {**fault, "loc": ("body", *fault["loc"])}


def _is_json(media_type: str) -> bool:
    if media_type == _JSON:
        return True
    header = Message()
    header["Content-Type"] = media_type.replace("\r", " ").replace("\n", " ")
    kind, subtype = header.get_content_maintype(), header.get_content_subtype()
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))
