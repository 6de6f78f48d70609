"""A small region for tests, made once a run through the calls that partners use, and copied for each test.

`World` is a copy with an open hub: calls go over HTTP in process, at a clock that the test moves. `Server` is a copy
behind a real `hub serve` on a real socket.
"""

import asyncio
import contextlib
import itertools
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.api.app import create_app
from hub.crypto.pseudonym import Pseudonyms
from hub.identity import register
from hub.identity.client import assertion, dpop_proof, public_jwks, token_form
from hub.identity.demo import DemoClient, make_demo_clients, read_demo_client
from hub.identity.register import UserChange
from hub.model.purpose import Action
from hub.model.release import Release, ReleaseRequest, Subject
from hub.run.region.caller import Region
from hub.run.region.casus import Plan, make_casus
from hub.run.region.make import Steps, register_partners, within
from hub.run.region.partners import BY_ID, PARTNERS
from hub.settings import Settings, from_environment
from hub.wiring import ROOT, Hub, open_hub
from tests import servers
from tests.region_plans import CLOSED_TABLE as CLOSED_TABLE  # noqa: PLC0414 - for the tests
from tests.region_plans import OPEN as OPEN  # noqa: PLC0414 - for the tests
from tests.region_plans import PLANS

AT = datetime(2027, 1, 10, 11, tzinfo=UTC)
OWN_FORM = "application/vnd.hub.levering+json"
SUPPLY_FORM = "application/vnd.hub.politie-justitie+json"
BY = register.operator("demonstratie")


@dataclass(frozen=True)
class Template:
    """A home that was made; each partner's own names of its casussen."""

    home: Path
    names: Mapping[str, Mapping[str, str]]


def settings_of(home: Path, **changed: Any) -> Settings:
    """Demonstration settings below `home`."""
    policies = {name: os.environ[name] for name in ("HUB_POLICIES",) if name in os.environ}
    return replace(from_environment({"HUB_HOME": str(home), **policies}, ROOT), **changed)


def make(settings: Settings, now: datetime, plans: Sequence[Plan] = PLANS) -> dict[str, dict[str, str]]:
    """The region in an empty store; gives the names of its casussen."""
    clock = Steps(now - timedelta(days=1))
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    hub = open_hub(settings, clock=clock)
    try:
        clients = make_demo_clients(settings.home, {partner.id: partner.id for partner in PARTNERS})
        register_partners(hub, {id_: public_jwks(client.key) for id_, client in clients.items()}, clock.now)
        chance = random.Random(7)
        with Region(hub, clients, clock) as region:
            return {plan.name: make_casus(region, plan, clock.now, chance).pseudonyms for plan in plans}
    finally:
        hub.close()


@cache
def template(now: datetime = AT) -> Template:
    """The region as it stands at `now`, made at the first call of this run."""
    home = Path(_folder().name) / f"region-{int(now.timestamp())}"
    return Template(home, make(settings_of(home), now))


@cache
def template_of_today() -> Template:
    """The region for a server that goes by the real clock."""
    return template(datetime.now(UTC))


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="hub-region-")


class Clock:
    """A clock that moves when the test says so."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **duration: float) -> None:
        """On by `timedelta(**duration)`."""
        self.at += timedelta(**duration)


class World:
    """A hub in a home of its own, and partners that call it over HTTP in process."""

    def __init__(self, settings: Settings, names: Mapping[str, Mapping[str, str]], clock: Clock) -> None:
        self.settings, self.names, self.clock = settings, names, clock
        self.hub: Hub = open_hub(settings, clock=clock)
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(create_app(self.hub), raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url=settings.public_url)
        self._keys = itertools.count(1)
        self._tokens: dict[tuple[str, str], tuple[str, datetime]] = {}

    def close(self) -> None:
        """End the hub and what calls it."""
        self._runner.run(self._http.aclose())
        self._runner.close()
        self.hub.close()

    def numbered_from(self, first: int) -> None:
        """The Idempotency-Keys of its calls go on from `first`."""
        self._keys = itertools.count(first)

    # --- calls ---

    def send(
        self, partner: str | None, method: str, path: str, body: Any = None, *, user: str | None = None,
        content: bytes | None = None, media: str | None = "application/json", key: str | None = None,
        headers: Mapping[str, str] | None = None, base: str | None = None,
    ) -> httpx.Response:  # fmt: skip
        """One call below `/v1` (or `base`), as `user` (else the first one) of `partner`, or of nobody."""
        url = f"{base or self.hub.endpoints.resource}{path}"
        return self._runner.run(self._send(partner, user, method, url, body, content, media, key, headers or {}))

    def post(self, partner: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """One `POST`."""
        return self.send(partner, "POST", path, body, **more)

    def get(self, path: str) -> httpx.Response:
        """One `GET` of anybody, from the root."""
        return self._runner.run(self._http.get(f"{self.settings.public_url}{path}"))

    def on(self, partner: str, what: str, body: Any, *, casus: str = OPEN, **more: Any) -> httpx.Response:
        """A call about a casus, under the partner's own name of it."""
        return self.post(partner, f"/casussen/{self.names[casus][partner]}/{what}", body, **more)

    def ask(
        self, partner: str, *fields: str, purpose: str = "D02", casus: str = OPEN, action: str = "lezen", **more: Any
    ) -> httpx.Response:
        """A question."""
        body = {"doel": purpose, "velden": list(fields or ["*"]), "actie": action}
        return self.on(partner, "raadplegingen", body, casus=casus, **more)

    def released(self, partner: str, *fields: str, **more: Any) -> set[tuple[str, str]]:
        """(field, level) of what a question gets."""
        answer = self.ask(partner, *fields, **more)
        assert answer.status_code == 200, answer.text
        return {(item["veld"], item["niveau"]) for item in answer.json()["gegevens"]}

    def recorded(self, partner: str, what: str, body: Any, *, casus: str = OPEN, **more: Any) -> dict[str, Any]:
        """What a call that writes answers; it must have been taken."""
        answer = self.on(partner, what, body, casus=casus, **more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def release(self, partner: str, *fields: str, purpose: str = "D02", casus: str = OPEN) -> Release:
        """The same question straight to the broker."""
        subject = Subject(partner, BY_ID[partner].user, partner)
        return self.hub.broker.release(
            ReleaseRequest(subject, self.names[casus][partner], purpose, fields or ("*",), Action.LEZEN)
        )

    # --- looking inside ---

    def casus_id(self, casus: str = OPEN) -> str:
        """The id of a casus."""
        partner, name = next(iter(self.names[casus].items()))
        found = self.hub.names.casus_of(partner, name)
        assert found is not None
        return found

    def entries(self, first: int = 0) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """(told, internal) of the entries from `first` on."""
        with self.hub.store.snapshot() as moment:
            size = self.hub.log.head(moment).size
            return [
                (dict(told), dict(internal))
                for told, internal in (self.hub.log.read(moment, index) for index in range(first, size))
            ]

    def size(self) -> int:
        """How many entries the log has."""
        with self.hub.store.snapshot() as moment:
            return self.hub.log.head(moment).size

    def faults(self) -> list[str]:
        """What a check of the whole log finds."""
        with self.hub.store.snapshot() as moment:
            return self.hub.log.check(moment)

    def change_user(self, partner: str, **known: str) -> None:
        """Record attributes of the first user of a partner."""
        self.hub.store.commit(
            lambda tx: register.record_user(tx, partner, BY_ID[partner].user, UserChange(known), by=BY, at=self.clock())
        )

    # --- inside ---

    async def _send(
        self, partner: str | None, user: str | None, method: str, url: str, body: Any, content: bytes | None,
        media: str | None, key: str | None, headers: Mapping[str, str],
    ) -> httpx.Response:  # fmt: skip
        sent = {"Idempotency-Key": key or f"toets-{next(self._keys):08d}", **headers}
        if media is not None:
            sent.setdefault("Content-Type", media)
        if partner is not None:
            client = read_demo_client(self.settings.home, partner)
            token = await self._token(client, user or BY_ID[partner].user)
            sent.setdefault("Authorization", f"DPoP {token}")
            sent.setdefault("DPoP", dpop_proof(client.key, method, url, self.clock(), token=token))
        bytes_ = content if content is not None or body is None else json.dumps(body).encode()
        return await self._http.request(method, url, content=bytes_, headers=sent)

    async def _token(self, client: DemoClient, user: str) -> str:
        known = self._tokens.get((client.client, user))
        now = self.clock()
        if known is not None and 0 <= (now - known[1]).total_seconds() < 200:
            return known[0]
        endpoint = self.hub.endpoints.token
        form = token_form(assertion(client.key, client.client, user, endpoint, now))
        response = await self._http.post(
            endpoint, data=form, headers={"DPoP": dpop_proof(client.key, "POST", endpoint, now)}
        )
        token: str = response.raise_for_status().json()["access_token"]
        self._tokens[client.client, user] = (token, now)
        return token


@contextlib.contextmanager
def world(folder: Path, *, caches: bool = True, source: Template | None = None, **changed: Any) -> Iterator[World]:
    """A copy of the region in `folder`, open."""
    made = source or template()
    home = folder / "home"
    if not home.exists():
        shutil.copytree(made.home, home)
    with opened(replace(within(settings_of(home), home), caches=caches, **changed), made.names) as found:
        yield found


@contextlib.contextmanager
def opened(settings: Settings, names: Mapping[str, Mapping[str, str]], clock: Clock | None = None) -> Iterator[World]:
    """Another hub on a store that is there."""
    found = World(settings, names, clock or Clock(AT))
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def region(tmp_path: Path) -> Iterator[World]:
    """A copy of the region, open, with caches on."""
    with world(tmp_path) as found:
        yield found


def foreign_name(hub: Hub, partner: str, casus: str) -> str:
    """The name that `partner` would have of a casus in which it has no part. No call of the API gives it."""
    names: Pseudonyms = hub.names
    return names.casus_pseudonym(partner, casus)


# --- a real server ----------------------------------------------------------------------------------------------


class Server:
    """`hub serve` as a process of its own, with what it printed."""

    def __init__(self, home: Path, *, port: int | None = None, arguments: Sequence[str] = ()) -> None:
        self.home, self.port = home, port or servers.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ, "HUB_HOME": str(home), "HUB_PORT": str(self.port), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.out = (home.parent / "stdout").open("ab")
        self.err = (home.parent / "stderr").open("ab")
        self.process = subprocess.Popen(
            [*hub_command(), "serve", *arguments], env=self.environment, stdout=self.out, stderr=self.err
        )

    def wait_until_ready(self) -> None:
        """Until `/gereed` says so."""
        if not await_ready(self.base, lambda: self.process.poll() is None):
            raise RuntimeError(f"the hub did not come up: {self.printed()}")

    def printed(self) -> str:
        """Standard output and error so far."""
        return (self.home.parent / "stdout").read_text() + (self.home.parent / "stderr").read_text()

    def stop(self, signal: int) -> int:
        """Send a signal and wait: the exit status."""
        self.process.send_signal(signal)
        status = self.process.wait(30)
        self.out.close()
        self.err.close()
        return status

    def run(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """A command of the command line, beside this server."""
        return run_hub(*words, **{**self.environment, **environment})


def await_ready(base: str, alive: Callable[[], bool], seconds: float = 90) -> bool:
    """Whether the hub at `base` came up in time."""
    pause = threading.Event()
    with httpx.Client(verify=False, trust_env=False) as http:  # noqa: S501 - plain http on loopback
        for _ in range(int(seconds * 50)):
            with contextlib.suppress(httpx.HTTPError):
                if http.get(f"{base}/gereed").status_code == 200:
                    return True
            if not alive():
                return False
            pause.wait(0.02)
    return False


class Line:
    """A partner's system on a real socket, with one connection and one token."""

    def __init__(self, base: str, home: Path, partner: str) -> None:
        self.base, self.client = base, read_demo_client(home, partner)
        self.user = BY_ID[partner].user
        self.http = httpx.Client(verify=False, trust_env=False, timeout=60)  # noqa: S501 - plain http on loopback
        self._known: tuple[str, datetime] | None = None

    def post(self, path: str, body: Any, *, media: str = "application/json", key: str | None = None) -> httpx.Response:
        """One `POST` below `/v1`."""
        url = f"{self.base}/v1{path}"
        headers = {"Content-Type": media, "Idempotency-Key": key or secrets.token_hex(8), **self.proven("POST", url)}
        return self.http.post(url, content=json.dumps(body).encode(), headers=headers)

    def proven(self, method: str, url: str) -> dict[str, str]:
        """The headers that prove who makes this one call."""
        token = self._token()
        proof = dpop_proof(self.client.key, method, url, datetime.now(UTC), token=token)
        return {"Authorization": f"DPoP {token}", "DPoP": proof}

    def _token(self) -> str:
        url, now = f"{self.base}/oauth/token", datetime.now(UTC)
        if self._known is None or (now - self._known[1]).total_seconds() > 100:
            form = token_form(assertion(self.client.key, self.client.client, self.user, url, now))
            proof = dpop_proof(self.client.key, "POST", url, now)
            answer = self.http.post(url, data=form, headers={"DPoP": proof}).raise_for_status().json()
            self._known = (answer["access_token"], now)
        return self._known[0]


def hub_command() -> list[str]:
    """How the command line is started from this checkout."""
    return [sys.executable, "-c", "from hub.cli.main import main; raise SystemExit(main())"]


def run_hub(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """One command of the command line, in an environment of its own."""
    return subprocess.run(
        [*hub_command(), *words], env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@contextlib.contextmanager
def server(folder: Path, port: int | None = None, meanwhile: Callable[[], None] = lambda: None) -> Iterator[Server]:
    """A real server on a copy of the region of today. `meanwhile`: what it needs from others before it is ready."""
    home = folder / "home"
    if not home.exists():
        shutil.copytree(template_of_today().home, home)
    found = Server(home, port=port)
    try:
        meanwhile()
        found.wait_until_ready()
        yield found
    finally:
        if found.process.poll() is None:
            found.stop(9)
