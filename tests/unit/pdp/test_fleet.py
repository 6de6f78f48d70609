"""What is heard of OPA servers: a code and no word of theirs, told once, and from servers that are known."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from hub.crypto import policy_key
from hub.errors import EngineUnavailable, ShapeError, WeakConfiguration
from hub.pdp import signing
from hub.pdp.fleet import ACTIVE, DISCOVERY_SCOPE, NOT_FETCHED, UNREADABLE, Fleet, NoRevision
from hub.pdp.opa_fleet import SENTENCES, WELL, trouble

TOKEN = "t" * 32
CANARY = "canary-4711"


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return Fleet(NoRevision(), policy_key.create(tmp_path / "keys" / "policy.pem"), ["een", "twee"], TOKEN)


def status(bundle: Any = None, discovery: Any = None, server: str = "twee") -> bytes:
    """A status as OPA sends it: much more than is asked, fractions included."""
    parts = {"bundles": {"hub": bundle} if bundle else None, "discovery": discovery}
    more = {"metrics": {"prometheus": {"seconds": 0.25}}, "plugins": {"bundle": {"state": "OK"}}}
    return json.dumps({"labels": {"id": CANARY, "server": server}, **more, **parts}).encode()


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"name": "hub", "code": "bundle_error", "message": f"{message} {CANARY}", **more}


# The texts are those of OPA 1.17.
TOLD: list[tuple[bytes, str]] = [
    (status({"name": "hub", "active_revision": "sha256:1"}), ACTIVE),
    (status(), NOT_FETCHED),
    (status({"name": "hub"}), NOT_FETCHED),
    (status(error("failed to verify JWT signature: invalid ECDSA signature")), signing.BAD_SIGNATURE),
    (status(error("scope mismatch")), signing.BAD_SIGNATURE),
    (status(error("bundle missing .signatures.json file")), signing.BAD_SIGNATURE),
    (status(error("verification key corresponding to ID x not found")), signing.BAD_SIGNATURE),
    (status(error("hub.wasm: digest mismatch (want: 1, got: 2)")), signing.BAD_SIGNATURE),
    (status(error("server replied with Unauthorized", http_code="401")), NOT_FETCHED),
    (status(error("request failed: dial tcp: connection refused")), NOT_FETCHED),
    (status(error("rego_parse_error: unexpected token")), UNREADABLE),
    (status(None, error("failed to verify JWT signature")), signing.BAD_SIGNATURE),
    (status({"name": "hub", "active_revision": "sha256:1"}, error("request failed")), NOT_FETCHED),
]


@pytest.mark.parametrize(("said", "code"), TOLD)
def test_a_status_is_kept_as_a_code(fleet: Fleet, said: bytes, code: str) -> None:
    assert fleet.told("twee") is None
    fleet.hear(said)
    assert fleet.told("twee") == code
    assert fleet.told("een") is None
    assert code == ACTIVE or SENTENCES[code]


def test_what_is_new_is_told_once_without_a_word_of_the_server(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(3):
        fleet.hear(status(error("scope mismatch")))
    fleet.hear(status({"active_revision": "sha256:1"}))
    told = [record.hub_event[1] for record in caplog.records if record.message == "fleet.status"]  # type: ignore[attr-defined]
    assert told == [{"server": 2, "code": signing.BAD_SIGNATURE}, {"server": 2, "code": ACTIVE}]
    assert CANARY not in caplog.text


def test_a_server_that_is_not_known_is_not_heard(fleet: Fleet) -> None:
    with pytest.raises(ShapeError):
        fleet.hear(status(server="drie"))
    assert fleet.told("drie") is None


def test_the_token_is_one_and_not_short(fleet: Fleet, tmp_path: Path) -> None:
    assert fleet.knows(TOKEN)
    for other in ("", "t", TOKEN + "t", TOKEN.upper(), "\ud800"):
        assert not fleet.knows(other)
    with pytest.raises(WeakConfiguration):
        Fleet(NoRevision(), policy_key.load(tmp_path / "keys" / "policy.pem"), [], TOKEN[1:])


def test_the_discovery_document_is_signed_for_itself_alone(fleet: Fleet, tmp_path: Path) -> None:
    key = policy_key.load(tmp_path / "keys" / "policy.pem").public
    with pytest.raises(signing.BundleRefused) as refused:
        signing.verified_bundle(fleet.discovery.bundle, {key.kid: key})
    assert refused.value.code == signing.OTHER_SCOPE
    files = signing._unpacked(fleet.discovery.bundle)
    told = json.loads(files["vloot/data.json"])
    assert told["bundles"]["hub"]["signing"] == {"scope": signing.SCOPE} != {"scope": DISCOVERY_SCOPE}
    assert told["decision_logs"] == {"console": False}


def test_without_policy_nothing_is_served(fleet: Fleet) -> None:
    with pytest.raises(EngineUnavailable):
        fleet.revisions.current()
    assert not fleet.revisions.known("sha256:1")


def test_one_server_that_is_well_is_enough() -> None:
    assert trouble({"een": NOT_FETCHED, "twee": WELL}) is None
    both = trouble({"een": NOT_FETCHED, "twee": signing.BAD_SIGNATURE})
    assert both == (
        "OPA-server een kan het beleid niet ophalen bij de hub. "
        "OPA-server twee weigert het beleid, want de handtekening klopt niet."
    )
