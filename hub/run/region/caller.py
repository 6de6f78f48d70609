"""A partner's system, driven in process: the same HTTP calls, tokens and proofs, over no socket, at an injected clock."""

import asyncio
import itertools
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from hub.api.app import create_app
from hub.identity.client import assertion, dpop_proof, token_form
from hub.identity.demo import DemoClient
from hub.wiring import Hub


class Region:
    """All partners of a region against one hub. `clock` is the hub's own."""

    def __init__(self, hub: Hub, clients: Mapping[str, DemoClient], clock: Callable[[], datetime]) -> None:
        self._hub = hub
        self._clients = {client.partner: client for client in clients.values()}
        self._clock = clock
        self._runner = asyncio.Runner()
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(create_app(hub)), base_url=hub.settings.public_url)
        self._numbers = itertools.count(1)
        self._tokens: dict[tuple[str, str], tuple[str, datetime]] = {}

    def __enter__(self) -> "Region":
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()

    def post(self, partner: str, user: str, path: str, body: Any, *, media: str | None = None) -> dict[str, Any]:
        """One call of `user` of `partner`. Raises RuntimeError, naming path and code, when the hub says no."""
        response = self._runner.run(self._post(partner, user, path, body, media or "application/json"))
        answer: dict[str, Any] = response.json()
        if response.status_code >= 400:
            faults = ", ".join(f"{fault['plaats']}: {fault['reden']}" for fault in answer.get("fouten") or ())
            what = path.rsplit("/", 1)[-1]
            raise RuntimeError(f"{what} by {partner}: {response.status_code} {answer.get('code')} {faults}")
        return answer

    async def _post(self, partner: str, user: str, path: str, body: Any, media: str) -> httpx.Response:
        client, url = self._clients[partner], f"{self._hub.endpoints.resource}{path}"
        token = await self._token(client, user)
        headers = {
            "Authorization": f"DPoP {token}",
            "DPoP": dpop_proof(client.key, "POST", url, self._clock(), token=token),
            "Idempotency-Key": f"regio-{next(self._numbers):08d}",
            "Content-Type": media,
        }
        return await self._http.post(url, content=json.dumps(body).encode(), headers=headers)

    async def _token(self, client: DemoClient, user: str) -> str:
        known = self._tokens.get((client.client, user))
        now = self._clock()
        if known is not None and 0 <= (now - known[1]).total_seconds() < 200:
            return known[0]
        endpoint = self._hub.endpoints.token
        form = token_form(assertion(client.key, client.client, user, endpoint, now))
        proof = dpop_proof(client.key, "POST", endpoint, now)
        response = await self._http.post(endpoint, data=form, headers={"DPoP": proof})
        token: str = response.raise_for_status().json()["access_token"]
        self._tokens[client.client, user] = (token, now)
        return token
