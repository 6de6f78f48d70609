"""Several OPA servers as one engine: whichever fails, however it fails, another answers, and only with what counts."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from hub.errors import EngineUnavailable
from hub.pdp import opa_fleet, opa_server
from hub.pdp.bundle import Bundle, bundle_of_files, default_directory, read_bundle, server_bundle
from hub.pdp.canonical import canonical, canonical_bytes
from hub.pdp.opa_fleet import FleetDecisionPoint, OpaFleetEngine
from hub.pdp.opa_server import OpaServer
from hub.pdp.pdp import PROBE
from tests import servers

pytestmark = pytest.mark.opa
FACTS = canonical_bytes(canonical(PROBE))
ALL_TURNS = 4
"""Questions after which each server has been the first to be asked."""


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return read_bundle(default_directory())


def told(server: servers.OpaServer) -> OpaServer:
    return OpaServer(server.url, server.token, str(server.ca_file))


@pytest.fixture
def well(opa_server: servers.OpaServer) -> OpaServer:
    return told(opa_server)


@contextlib.contextmanager
def started(folder: Path, bundle: bytes | None) -> Iterator[servers.RunnableOpa]:
    """A server of its own, with this policy or none."""
    options: list[str | Path] = []
    if bundle is not None:
        (folder / "bundle.tar.gz").write_bytes(bundle)
        options = [f"--set=bundles.hub.resource=file://{folder}/bundle.tar.gz"]
    with servers.RunnableOpa(folder, options, {}) as process:
        process.start()
        yield process


def decides(members: Mapping[str, OpaServer], bundle: Bundle, seconds: float = 20) -> OpaFleetEngine:
    """The engine of `members`, after each was the first to be asked: every answer was that of the policy that counts."""
    engine = OpaFleetEngine(members, bundle.revision, seconds=seconds)
    for _ in range(ALL_TURNS):
        document = engine.answer(FACTS)
        assert isinstance(document, dict)
        assert document["policy_revision"] == bundle.revision
    return engine


def test_a_server_with_another_policy_is_passed_over(well: OpaServer, bundle: Bundle, tmp_path: Path) -> None:
    other = bundle_of_files({**bundle.rules, "hub/more.rego": b"package hub.more\n"}, bundle.tables, None)
    with started(tmp_path, server_bundle(other)) as process:
        engine = decides({"een": told(process.server), "twee": well}, bundle)
        assert engine.states() == {"een": opa_fleet.OTHER, "twee": opa_fleet.WELL}
        alone = OpaFleetEngine({"een": told(process.server)}, bundle.revision, seconds=20)
        with pytest.raises(EngineUnavailable):
            alone.answer(FACTS)
        assert FleetDecisionPoint(alone).ready() == "OPA-server een werkt met een ander beleid dan de hub."


def test_a_server_without_policy_is_passed_over(well: OpaServer, bundle: Bundle, tmp_path: Path) -> None:
    with started(tmp_path, None) as process:
        engine = decides({"een": told(process.server), "twee": well}, bundle)
        assert engine.states() == {"een": opa_server.NO_POLICY, "twee": opa_fleet.WELL}


def test_a_server_that_refuses_our_token_is_passed_over(well: OpaServer, bundle: Bundle) -> None:
    engine = decides({"een": OpaServer(well.url, "x" * 43, well.ca), "twee": well}, bundle)
    assert engine.states() == {"een": opa_server.NO_ANSWER, "twee": opa_fleet.WELL}


def test_a_server_that_is_gone_is_passed_over(well: OpaServer, bundle: Bundle) -> None:
    engine = decides({"een": OpaServer(f"https://127.0.0.1:{servers.free_port()}"), "twee": well}, bundle)
    assert engine.states() == {"een": opa_server.UNREACHABLE, "twee": opa_fleet.WELL}


def test_a_server_that_hangs_leaves_the_other_its_part_of_the_time(
    well: OpaServer, bundle: Bundle, tmp_path: Path
) -> None:
    with started(tmp_path, server_bundle(bundle)) as process:
        process.pause()
        began = time.monotonic()
        engine = OpaFleetEngine({"een": told(process.server), "twee": well}, bundle.revision, seconds=8)
        first = engine.answer(FACTS)
        assert isinstance(first, dict)
        assert 4 <= time.monotonic() - began < 8
        # Who hung is asked last for a while: the next is not kept waiting.
        began = time.monotonic()
        assert engine.answer(FACTS) == first
        assert time.monotonic() - began < 4
        alone = OpaFleetEngine({"een": told(process.server)}, bundle.revision, seconds=1)
        with pytest.raises(EngineUnavailable):
            alone.answer(FACTS)
        assert alone.states() == {"een": opa_server.UNREACHABLE}
