"""The command line as a partner's system: tokens and proofs of a client, and calls to a running hub."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from hub.errors import HubError, NotAuthenticated, NotFound, Unavailable, WeakConfiguration
from hub.identity.client import assertion, dpop_proof, token_form
from hub.identity.demo import DemoClient, read_demo_client
from hub.settings import Settings, from_environment


class Refused(HubError):
    """The hub said no. `problem` is its answer."""

    def __init__(self, problem: dict[str, Any]) -> None:
        detail = str(problem.get("detail", "De hub weigert."))
        faults = "; ".join(_fault(fault, detail) for fault in problem.get("fouten") or ())
        super().__init__(f"{detail} {faults}".rstrip())


def _fault(fault: dict[str, Any], detail: str) -> str:
    """Where it is, and what is wrong there where `detail` does not say it."""
    place, reason = fault.get("plaats"), fault.get("reden")
    return f"({place})" if reason == detail else f"{place}: {reason}"


@dataclass(frozen=True)
class Connection:
    """A user of a client, towards the hub at `base`."""

    base: str
    client: DemoClient
    user: str

    def post(
        self, path: str, *, json: Any = None, content: bytes | None = None, media: str | None = None
    ) -> dict[str, Any]:
        """One call. Raises Refused with the hub's own words, Unavailable when there is no hub."""
        headers = {"Idempotency-Key": secrets.token_hex(16)} | ({} if media is None else {"Content-Type": media})
        return self._call("POST", path, headers, json=json, content=content)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """One call that reads. Raises as `post`."""
        return self._call("GET", path, {}, params=query)

    def all_of(self, path: str, name: str) -> Iterator[dict[str, Any]]:
        """All items of a list that comes page by page; they stand under `name`."""
        page = self.get(path)
        yield from page[name]
        while page["volgende"] is not None:
            page = self.get(path, cursor=page["volgende"])
            yield from page[name]

    def _call(self, method: str, path: str, headers: dict[str, str], **call: Any) -> dict[str, Any]:
        with httpx.Client(timeout=60, trust_env=False) as http:
            url = f"{self.base}/v1{path}"
            token = self._token(http)
            proof = dpop_proof(self.client.key, method, url, datetime.now(UTC), token=token)
            headers |= {"Authorization": f"DPoP {token}", "DPoP": proof}
            return _answer(_sent(http, url, method, headers=headers, **call))

    def _token(self, http: httpx.Client) -> str:
        url, now = f"{self.base}/oauth/token", datetime.now(UTC)
        form = token_form(assertion(self.client.key, self.client.client, self.user, url, now))
        response = _sent(http, url, data=form, headers={"DPoP": dpop_proof(self.client.key, "POST", url, now)})
        if response.status_code == 503:
            raise Unavailable
        if response.status_code != 200:
            raise NotAuthenticated
        token: str = response.json()["access_token"]
        return token


def casus_name(text: str) -> str:
    """A pseudonym as it goes into an address. Raises NotFound for what cannot be one: it would lead elsewhere."""
    if not (text.isascii() and text.isalnum()):
        raise NotFound
    return text


def demo_connection(partner: str, port: int | None) -> Connection:
    """As a partner of the demonstration. Raises WeakConfiguration outside its profile, NotFound for an unknown one."""
    settings = demo_settings(port)
    known = sorted(path.stem for path in (settings.home / "demo" / "clients").glob("*.json"))
    if not known:
        raise Unavailable("Er is hier nog geen demonstratie. Maak haar met: make run")
    if partner not in known:
        raise NotFound(f"Deze partner is niet in de demonstratie. Kies uit: {', '.join(known)}.")
    return Connection(settings.public_url, read_demo_client(settings.home, partner), f"{partner}-1")


def demo_settings(port: int | None) -> Settings:
    """The settings of the demonstration on this machine."""
    environment = dict(os.environ)
    if port is not None:
        environment["HUB_PORT"] = str(port)
    settings = from_environment(environment, Path())
    if not settings.demo:
        raise WeakConfiguration(["--als: alleen in het demoprofiel"])
    return settings


def _sent(http: httpx.Client, url: str, method: str = "POST", **call: Any) -> httpx.Response:
    try:
        return http.request(method, url, **call)
    except httpx.HTTPError:
        raise Unavailable("Er is geen hub op dit adres. Zet hem aan met: make run") from None


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = response.json()
    except ValueError:
        raise Unavailable from None
    if response.status_code == 503:
        raise Unavailable(answer.get("detail"))
    if response.status_code >= 400:
        raise Refused(answer)
    return answer
