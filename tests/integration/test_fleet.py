"""What OPA servers get from the hub and what they make of it: real servers, a real socket, and every way it goes wrong."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from hub.api.app import create_app
from hub.api.fleet import WAITING
from hub.crypto import policy_key
from hub.pdp import opa_fleet, opa_server, signing
from hub.pdp.bundle import Bundle, bundle_of_files
from hub.pdp.fleet import ACTIVE, OneRevision, Revision
from hub.settings import from_environment
from hub.wiring import ROOT
from tests import servers
from tests.fleet import Fleet, fleet
from tests.refusing import ASKER, refused, well
from tests.region import World, opened, region

__all__ = ["region"]
pytestmark = pytest.mark.opa
SECONDS = 60
"""For what takes a moment; on a busy machine longer."""


class Moving:
    """The policy that counts, moved by the test."""

    def __init__(self, now: Revision) -> None:
        self.now, self.names = now, {now.name}
        self.asked = threading.Event()
        """Somebody asked."""

    def move(self, revision: Revision) -> None:
        """From now on `revision` counts."""
        self.now = revision
        self.names.add(revision.name)

    def current(self) -> Revision:
        """See `Revisions.current`."""
        self.asked.set()
        return self.now

    def known(self, name: str) -> bool:
        """See `Revisions.known`."""
        return name in self.names


@dataclass(frozen=True)
class Place:
    """A hub on a socket, its policy, and two servers that are not started yet."""

    world: World
    base: str
    fleet: Fleet
    revisions: Moving

    def get(self, path: str, token: str | None = None, **headers: str) -> httpx.Response:
        """One GET as an OPA server makes it."""
        sent = {"Authorization": f"Bearer {token or self.fleet.token}", **headers}
        return httpx.get(f"{self.base}/vloot/{path}", headers=sent, timeout=SECONDS, trust_env=False)

    def states(self) -> Any:
        """What `/gereed` says of the servers."""
        return self.world.get("/gereed").json()["opa"]

    def becomes(self, **states: str) -> None:
        """Until `/gereed` says so."""
        until(lambda: self.states() == states)

    def signed(self, bundle: Bundle) -> Revision:
        """`bundle` as the hub would serve it."""
        return OneRevision(bundle, self.fleet.key).current()


def until(holds: Callable[[], bool]) -> None:
    """Until it holds."""
    pause = threading.Event()
    for _ in range(SECONDS * 10):
        if holds():
            return
        pause.wait(0.1)
    pytest.fail("it does not come to hold")


@contextlib.contextmanager
def listening(world: World, port: int) -> Iterator[None]:
    """The hub of `world` on a real socket, in this process."""
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(world.hub, lambda: server.should_exit), port=port, log_config=None, timeout_graceful_shutdown=30
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextlib.contextmanager
def placed(world: World, folder: Path, **trusted: Any) -> Iterator[Place]:
    port = servers.free_port()
    base = f"http://127.0.0.1:{port}"
    (folder / "fleet").mkdir()
    with fleet(folder / "fleet", base, **trusted) as found:
        told = from_environment(found.environment, ROOT)
        asked = replace(
            world.settings, engine=told.engine, opa_servers=told.opa_servers, opa_token_file=told.opa_token_file,
            opa_ca_file=told.opa_ca_file, policy_key_file=told.policy_key_file, fleet_token_file=told.fleet_token_file,
        )  # fmt: skip
        with opened(asked, world.names, world.clock) as hub:
            assert hub.hub.fleet is not None
            hub.hub.policy._engine.seconds = 20  # type: ignore[union-attr] # a busy machine is not what is tested
            revisions = Moving(hub.hub.fleet.revisions.current())
            hub.hub.fleet.revisions = revisions
            with listening(hub, port):
                yield Place(hub, base, found, revisions)


@pytest.fixture
def place(region: World, tmp_path: Path) -> Iterator[Place]:
    with placed(region, tmp_path) as found:
        yield found


def changed(bundle: Bundle) -> Bundle:
    """Another revision: a rule more."""
    return bundle_of_files({**bundle.rules, "hub/more.rego": b"package hub.more\n"}, bundle.tables, bundle.module)


# --- what the hub serves ---


def test_a_bundle_is_served_once_and_again_when_another_counts(place: Place) -> None:
    first = place.get("bundel")
    assert (first.status_code, first.headers["content-type"]) == (200, "application/gzip")
    key = place.fleet.key.public
    assert signing.verified_bundle(first.content, {key.kid: key}) == place.world.hub.bundle
    tag = {"If-None-Match": first.headers["etag"]}
    again = place.get("bundel", **tag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    place.revisions.move(place.signed(changed(place.world.hub.bundle)))
    other = place.get("bundel", **tag)
    assert (other.status_code, other.headers["etag"]) == (200, f'"{place.revisions.now.tag}"')


def test_who_waits_is_answered_as_soon_as_another_counts(place: Place) -> None:
    first = place.get("bundel", Prefer="modes=snapshot,delta;wait=30")
    assert (first.status_code, first.headers["content-type"]) == (200, WAITING)
    other = place.signed(changed(place.world.hub.bundle))
    moving = threading.Timer(1.0, place.revisions.move, [other])
    began = time.monotonic()
    moving.start()
    found = place.get("bundel", **{"If-None-Match": first.headers["etag"], "Prefer": "modes=snapshot,delta;wait=30"})
    assert (found.status_code, found.content) == (200, other.bundle)
    assert 0.9 < time.monotonic() - began < 30
    moving.join()


def test_who_waits_in_vain_hears_so_when_his_time_is_over(place: Place) -> None:
    tag = f'"{place.revisions.now.tag}"'
    began = time.monotonic()
    found = place.get("bundel", **{"If-None-Match": tag, "Prefer": "modes=snapshot,delta;wait=1"})
    assert (found.status_code, found.headers["content-type"]) == (304, WAITING)
    assert time.monotonic() - began >= 1


def test_a_hub_that_ends_lets_go_of_who_waits(region: World, tmp_path: Path) -> None:
    answers: list[httpx.Response] = []
    with placed(region, tmp_path) as place:
        headers = {"If-None-Match": f'"{place.revisions.now.tag}"', "Prefer": "wait=60"}
        waiting = threading.Thread(target=lambda: answers.append(place.get("bundel", **headers)))
        asked = threading.Event()
        place.revisions.asked = asked
        waiting.start()
        assert asked.wait(SECONDS)
        began = time.monotonic()
    waiting.join()
    assert [answer.status_code for answer in answers] == [304]
    assert time.monotonic() - began < 25


@pytest.mark.parametrize("token", ["x", "", "é", "x" * 43])
@pytest.mark.parametrize("path", ["bundel", "ontdekking"])
def test_without_the_token_nothing_is_served_or_taken(place: Place, path: str, token: str) -> None:
    for header in ((b"Bearer " + token.encode()).strip(), b"Basic " + place.fleet.token.encode(), b""):
        sent = [(b"Authorization", header)]
        answers = [
            httpx.get(f"{place.base}/vloot/{path}", headers=sent, timeout=SECONDS, trust_env=False),
            httpx.post(f"{place.base}/vloot/status", content=b"{}", headers=sent, timeout=SECONDS, trust_env=False),
        ]
        for answer in answers:
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert answer.json()["code"] == "niet-aangemeld"


def test_a_hub_without_a_fleet_does_not_know_these_addresses(region: World) -> None:
    for path in ("bundel", "ontdekking"):
        answer = region.get(f"/vloot/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "onbekend-pad")
    assert "opa" not in region.get("/gereed").json()


@pytest.mark.parametrize(
    "status",
    [b"", b"{", b"[]", b"{}", b'{"labels": {"server": 1}}', b'{"labels": {"server": "drie"}}', b'{"labels": []}',
     b'{"labels": {"server": "een"}, "bundles": [1]}', b'{"labels": {"server": "een"}, "bundles": {"hub": 1}}'],
)  # fmt: skip
def test_what_is_no_status_of_a_known_server_is_refused(place: Place, status: bytes) -> None:
    headers = {"Authorization": f"Bearer {place.fleet.token}"}
    answer = httpx.post(f"{place.base}/vloot/status", content=status, headers=headers, timeout=SECONDS, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (400, "verkeerde-vorm")
    assert place.world.hub.fleet is not None
    assert place.world.hub.fleet.told("een") is None


# --- what real servers make of it ---


def test_two_servers_fetch_verify_and_answer_and_say_so(place: Place) -> None:
    place.becomes(een=opa_server.UNREACHABLE, twee=opa_server.UNREACHABLE)
    refused(place.world.ask(ASKER))
    place.fleet.start()
    place.becomes(een=opa_fleet.WELL, twee=opa_fleet.WELL)
    well(place.world)
    told = place.world.hub.fleet
    assert told is not None
    until(lambda: (told.told("een"), told.told("twee")) == (ACTIVE, ACTIVE))


def test_a_server_that_waits_has_another_policy_at_once_and_the_hub_refuses_it(place: Place) -> None:
    """The hub itself still decides by the policy of before: of a server with another nothing counts."""
    place.fleet.processes[0].start()
    place.becomes(een=opa_fleet.WELL, twee=opa_server.UNREACHABLE)
    before = place.revisions.now
    place.revisions.move(place.signed(changed(place.world.hub.bundle)))
    place.becomes(een=opa_fleet.STALE, twee=opa_server.UNREACHABLE)
    refused(place.world.ask(ASKER))
    place.revisions.names.clear()
    answer = place.world.get("/gereed")
    assert (answer.status_code, answer.json()["onderdeel"]) == (503, "beleid")
    assert answer.json()["opa"] == {"een": opa_fleet.OTHER, "twee": opa_server.UNREACHABLE}
    assert answer.json()["detail"] == (
        "OPA-server een werkt met een ander beleid dan de hub. OPA-server twee antwoordt niet op tijd."
    )
    place.revisions.move(before)
    place.becomes(een=opa_fleet.WELL, twee=opa_server.UNREACHABLE)
    well(place.world)


def test_a_bundle_that_another_signed_is_not_activated_and_the_server_says_so(region: World, tmp_path: Path) -> None:
    other = policy_key.create(tmp_path / "other" / "policy.pem")
    with placed(region, tmp_path) as place:
        place.fleet.processes[0].start()
        place.becomes(een=opa_fleet.WELL, twee=opa_server.UNREACHABLE)
        # The same name of a key, another key: as who steals an address would.
        forged = replace(other, public=replace(other.public, kid=place.fleet.key.public.kid))
        bundle = signing.signed_bundle(changed(place.world.hub.bundle), forged)
        told = place.world.hub.fleet
        assert told is not None
        place.revisions.move(Revision("sha256:0", bundle, "forged"))
        until(lambda: told.told("een") == signing.BAD_SIGNATURE)
        # It goes on with the policy that it has, which still counts.
        assert place.states() == {"een": opa_fleet.WELL, "twee": opa_server.UNREACHABLE}
        assert ("naam", "vol") in place.world.released(ASKER)


def test_a_server_that_trusts_another_key_has_no_policy_and_says_why(region: World, tmp_path: Path) -> None:
    other = policy_key.create(tmp_path / "other" / "policy.pem")
    with placed(region, tmp_path, trusted=other.public) as place:
        for one in place.fleet.processes:
            one.start("/health")
        place.becomes(een=signing.BAD_SIGNATURE, twee=signing.BAD_SIGNATURE)
        refused(place.world.ask(ASKER))
        assert (
            place.world.get("/gereed")
            .json()["detail"]
            .startswith("OPA-server een weigert het beleid, want de handtekening klopt niet.")
        )
