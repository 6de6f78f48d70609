"""Both engines, real: how each works, and a refusal of everything when one of them is not well.

That they say the same is law 8: `tests/property/test_laws.py`, and every test of `tests/policy`.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from hub.errors import EngineUnavailable
from hub.pdp.bundle import Bundle, default_directory, read_bundle
from hub.pdp.canonical import canonical, canonical_bytes
from hub.pdp.document import decision_of, document_of
from hub.pdp.embedded import Bounds, EmbeddedEngine
from hub.pdp.opa_server import OpaServer, OpaServerEngine
from hub.pdp.pdp import PROBE, PolicyDecisionPoint
from tests import servers
from tests.compiling import bundle_of, module_of
from tests.policy.facts import document
from tests.unit.pdp.facts import example, wide

pytestmark = pytest.mark.opa
MIB = 1024 * 1024
FACTS = 500


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return read_bundle(default_directory())


@pytest.fixture(scope="module")
def embedded(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle)


@pytest.fixture(scope="module")
def server(opa_server: servers.OpaServer) -> OpaServer:
    return OpaServer(opa_server.url, opa_server.token, str(opa_server.ca_file), seconds=10)


def refuses(server: OpaServer, revision: str) -> None:
    pdp = PolicyDecisionPoint(OpaServerEngine(server, revision))
    with pytest.raises(EngineUnavailable):
        pdp.decide(example())
    assert pdp.ready()


# The same engine, in process and behind a socket


def test_the_engines_are_ready(embedded: EmbeddedEngine, server: OpaServer, bundle: Bundle) -> None:
    assert PolicyDecisionPoint(embedded).ready() is None
    assert PolicyDecisionPoint(OpaServerEngine(server, bundle.revision)).ready() is None


def test_two_of_one_module_share_its_code_and_neither_tables_nor_bounds(bundle: Bundle) -> None:
    whole, without, short = (
        EmbeddedEngine(bundle),
        EmbeddedEngine(replace(bundle, periods=())),
        EmbeddedEngine(bundle, Bounds(memory=MIB)),
    )
    assert whole._module is without._module is short._module
    facts = canonical_bytes(canonical(example()))
    told = whole.answer(facts)
    assert decision_of(told).released
    for other in (without, short):
        with pytest.raises(EngineUnavailable):
            other.answer(facts)
    assert whole.answer(facts) == told


def test_many_threads_get_what_one_gets(embedded: EmbeddedEngine) -> None:
    questions = [wide(10 + number % 7, 5) for number in range(40)]
    pdp = PolicyDecisionPoint(embedded)
    alone = [pdp.decide(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(pdp.decide, questions * 5)) == alone * 5


def test_a_decision_leaves_nothing_behind(embedded: EmbeddedEngine) -> None:
    """The heap pointer is put back: neither the answers nor the memory change, however many were made before."""
    facts, small = canonical_bytes(canonical(wide())), canonical_bytes(canonical(PROBE))
    first = embedded.answer(small)
    for _ in range(20):
        embedded.answer(facts)
    held = [instance.size for instance in embedded.pool(PROBE["at"]).idle]
    for _ in range(100):
        embedded.answer(facts)
    assert embedded.answer(small) == first
    assert [instance.size for instance in embedded.pool(PROBE["at"]).idle] == held


def test_the_contracts_own_form_says_the_same(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    """`hub/release/decision`, for who asks the policy without the hub, against what the hub makes of its answer."""
    ours = EmbeddedEngine(bundle)
    ours.answer(canonical_bytes(canonical(PROBE)))
    monkeypatch.setattr("hub.pdp.embedded.ENTRYPOINT", "hub/release/decision")
    contract = EmbeddedEngine(bundle)
    for seed in range(FACTS):
        text = canonical_bytes(canonical(document(seed)))
        assert document_of(decision_of(ours.answer(text))) == contract.answer(text), f"seed {seed}"


# What is wrong with a server


def test_another_revision_is_refused(server: OpaServer) -> None:
    refuses(server, "sha256:" + "0" * 64)


def test_a_wrong_or_missing_token_is_refused(server: OpaServer, bundle: Bundle) -> None:
    refuses(replace(server, token="x" * 43), bundle.revision)
    refuses(replace(server, token=None), bundle.revision)


def test_a_server_that_nobody_vouches_for_is_refused(server: OpaServer, bundle: Bundle) -> None:
    refuses(replace(server, ca=None), bundle.revision)
    refuses(replace(server, url=server.url.replace("https", "http")), bundle.revision)


def test_a_server_that_is_gone_is_refused(bundle: Bundle) -> None:
    refuses(OpaServer(f"http://127.0.0.1:{servers.free_port()}"), bundle.revision)


# What is wrong with a module: real rules that go too far


def compiled(folder: Path, rules: str, bounds: Bounds) -> EmbeddedEngine:
    """An engine over `rules`, compiled as the hub's own policy is."""
    (folder / "policy").mkdir()
    (folder / "policy" / "release.rego").write_text(f"package hub.release\n{rules}\n", encoding="utf-8")
    module = module_of(folder / "policy")
    return EmbeddedEngine(bundle_of(module), bounds)


SMALL = Bounds(memory=4 * MIB, seconds=5)
SHORT = Bounds(memory=256 * MIB, seconds=0.3)
LOOP = """
gathered := count({1 | some a in r; some b in r; some c in r; a * b * c == -1})
r := numbers.range(1, 900)
"""
CONFLICT = """
gathered := 1 if input.at
gathered := 2 if input.user
"""
TOO_FAR = {
    "memory": ("gathered := numbers.range(1, 1000000)", SMALL),
    "time": (LOOP, SHORT),
    "undefined": ("gathered := 1 if input.nothing == 2", SMALL),
    "conflict": (CONFLICT, SMALL),
}


@pytest.mark.parametrize("how", TOO_FAR)
def test_a_rule_that_goes_too_far_is_refused(tmp_path: Path, how: str) -> None:
    engine = compiled(tmp_path, *TOO_FAR[how])
    for _ in range(2):
        with pytest.raises(EngineUnavailable) as caught:
            engine.answer(canonical_bytes(canonical(example())))
        assert ("Late" in repr(caught.value.__cause__)) == (how == "time")


def test_a_rule_that_needs_a_built_in_of_the_host_is_refused(tmp_path: Path) -> None:
    engine = compiled(tmp_path, 'gathered := http.send({"method": "get", "url": "http://127.0.0.1:9"})', SMALL)
    with pytest.raises(EngineUnavailable):
        engine.answer(canonical_bytes(canonical(example())))
