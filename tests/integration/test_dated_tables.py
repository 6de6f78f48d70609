"""A decision uses the tables that are valid at its instant, in both runtimes, to the byte (R33; law 8 of the contract)."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.errors import EngineUnavailable
from hub.model.canonical import canonical_json
from hub.pdp.bundle import Bundle, default_directory, read_bundle, server_bundle
from hub.pdp.canonical import canonical
from hub.pdp.document import document_of
from hub.pdp.embedded import EmbeddedEngine
from hub.pdp.opa_server import OpaServer, OpaServerEngine
from hub.pdp.pdp import PolicyDecisionPoint
from tests import servers
from tests.policy.facts import document
from tests.unit.pdp.facts import example

pytestmark = pytest.mark.opa

NEW_YEAR = "2027-01-01"
BEFORE, AT = "2026-12-31T23:59:59+01:00", "2027-01-01T00:00:00+01:00"
FIRST = "2025-03-01T00:00:00+01:00"
FIELD, GROUP = "naam", "G01"


class Both:
    """Both engines on one bundle."""

    def __init__(self, *points: PolicyDecisionPoint) -> None:
        self._points = points

    def __call__(self, facts: dict[str, Any]) -> dict[str, Any]:
        """What both decide: it must be the same, to the byte."""
        one, other = (canonical_json(document_of(p.decide_canonical(canonical(facts)))) for p in self._points)
        assert one == other
        found: dict[str, Any] = json.loads(one)
        return found

    def refuse(self, facts: dict[str, Any]) -> bool:
        """Whether both refuse to decide, and say that they are not ready at that moment."""
        for point in self._points:
            with pytest.raises(EngineUnavailable):
                point.decide(facts)
        return all(point.ready(facts["at"]) for point in self._points)


def changed(folder: Path, table: str, day: str, change: Callable[[dict[str, Any]], None], **heading: str) -> None:
    """Put a version of `table` beside the first that counts from `day` on."""
    content = json.loads((folder / "hub" / table / "data.json").read_text())
    change(content)
    content |= {"geldig_vanaf": day, "versie": day, **heading}
    (folder / "hub" / table / day).mkdir()
    (folder / "hub" / table / day / "data.json").write_text(json.dumps(content))


def shut(table: dict[str, Any]) -> None:
    """No purpose needs who it is about."""
    for levels in table["levels"].values():
        levels[GROUP] = "-"


def unknown(table: dict[str, Any]) -> None:
    """A field leaves the catalogue."""
    del table["fields"]["geslacht"]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("dated") / "policies"
    shutil.copytree(default_directory(), folder)
    changed(folder, "tables/need", NEW_YEAR, shut)
    changed(folder, "tables/ceiling", "2027-03-01", lambda table: table.update(columns={}), rac_ref="")
    changed(folder, "catalog", "2027-06-01", unknown)
    return read_bundle(folder)


@pytest.fixture(scope="module")
def decide(bundle: Bundle) -> Iterator[Both]:
    with servers.opa(server_bundle(bundle)) as server:
        there = OpaServerEngine(OpaServer(server.url, server.token, str(server.ca_file), seconds=20), bundle.revision)
        yield Both(PolicyDecisionPoint(EmbeddedEngine(bundle)), PolicyDecisionPoint(there))


def codes(decision: dict[str, Any], field: str) -> set[str]:
    return {refusal["code"] for refusal in decision["refusals"] if refusal["field"] == field}


def asked(at: str, field: str = FIELD) -> dict[str, Any]:
    return {**example(), "at": at, "requested": [field]}


def test_one_second_before_the_first_version_counts_and_at_that_instant_the_next(decide: Both, bundle: Bundle) -> None:
    before, at = decide(asked(BEFORE)), decide(asked(AT))
    assert "E_NIET_NODIG" not in codes(before, FIELD)
    assert "E_NIET_NODIG" in codes(at, FIELD)
    assert before["policy_revision"] == at["policy_revision"] == bundle.revision


def test_the_catalogue_of_the_moment_counts(decide: Both) -> None:
    assert codes(decide(asked("2027-05-31T23:59:59+02:00", "geslacht")), "geslacht") != {"E_VELD"}
    assert codes(decide(asked("2027-06-01T00:00:00+02:00", "geslacht")), "geslacht") == {"E_VELD"}


def test_a_version_without_approval_changes_nothing(decide: Both) -> None:
    one, other = (decide({**example(), "at": at}) for at in ("2027-02-28T23:59:59+01:00", "2027-03-01T00:00:00+01:00"))
    assert {**one, "valid_until": None} == {**other, "valid_until": None}


def test_before_the_first_versions_nothing_is_decided(decide: Both) -> None:
    assert decide(asked(FIRST))["allow"] is False
    assert decide.refuse(asked("2025-02-28T23:59:59+01:00"))


def test_both_runtimes_agree_around_the_instant_on_random_facts(decide: Both) -> None:
    differing = 0
    for seed in range(60):
        one, other = (decide({**document(seed), "at": at}) for at in (BEFORE, AT))
        differing += one["released"] != other["released"]
    assert differing
