"""The embedded engine failing as the asker meets it: 503 at every door, nothing leaves, it is entered, and it passes."""

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import policy_wiring
from hub.errors import EngineUnavailable
from hub.model.instant import LAST
from hub.pdp import embedded, stopping
from hub.pdp.embedded import Bounds, EmbeddedEngine
from tests import servers
from tests.pushing import PROMISED, counted, fetch, levels, pushed, ready
from tests.refusing import ASKER, entered, every_door_refuses, refused, well
from tests.region import CLOSED_TABLE, OPEN, World, foreign_name, opened, region
from tests.repository import ROOT

__all__ = ["ready", "region"]

MIB = 1024 * 1024


@contextlib.contextmanager
def no_memory(engine: EmbeddedEngine) -> Iterator[None]:
    """Not even the tables of the law fit."""
    yield from _bounded(engine, Bounds(memory=MIB))


@contextlib.contextmanager
def little_memory(engine: EmbeddedEngine) -> Iterator[None]:
    """The tables fit, a decision does not."""
    roomy = _instance(engine)
    yield from _bounded(engine, Bounds(memory=roomy._heap + embedded.PAGE))


def _instance(engine: EmbeddedEngine) -> embedded.Instance:
    return embedded.Instance(engine._engine, engine._module, engine.pool(LAST).reference, Bounds(), engine._clock)


def _bounded(engine: EmbeddedEngine, bounds: Bounds) -> Iterator[None]:
    before = engine._bounds
    engine.pool(LAST).idle.clear()
    engine._bounds = bounds
    yield
    engine._bounds = before


@contextlib.contextmanager
def no_time(engine: EmbeddedEngine) -> Iterator[None]:
    """Every time-out is over before the decision begins."""
    before, stopping._TICKS = stopping._TICKS, -1  # type: ignore[misc]
    yield
    stopping._TICKS = before  # type: ignore[misc]


Trouble = Callable[[EmbeddedEngine], contextlib.AbstractContextManager[None]]


@pytest.mark.parametrize("trouble", [no_memory, little_memory, no_time])
def test_an_embedded_engine_in_trouble_refuses_at_every_door_and_comes_back(ready: World, trouble: Trouble) -> None:
    with opened(replace(ready.settings, caches=False), ready.names, ready.clock) as world:
        sent = pushed(world)["zending"]
        values = [str(item["waarde"]) for item in world.ask(ASKER, "naam", "wijkagent").json()["gegevens"]]
        assert len(values) == 2
        with trouble(embedded_engine(world)):
            every_door_refuses(world, sent)
            assert [value for value in values if value in world.ask(ASKER).text] == []
        well(world)
        assert levels(fetch(world, sent).json()) == PROMISED


def test_while_the_engine_fails_no_decision_of_before_is_given_again(ready: World) -> None:
    with opened(ready.settings, ready.names, ready.clock) as world:
        assert world.ask(ASKER, "naam").status_code == 200
        with no_memory(embedded_engine(world)):
            for fields in (["wijkagent"], ["naam"]):
                refused(world.ask(ASKER, *fields))
        assert world.ask(ASKER, "wijkagent").status_code == 200
        assert world.ask(ASKER, "naam").status_code == 200


def embedded_engine(world: World) -> EmbeddedEngine:
    """The engine of a hub that decides in process."""
    engine = world.hub.policy._engine  # type: ignore[union-attr]
    assert isinstance(engine, EmbeddedEngine)
    return engine


def test_what_one_may_not_know_is_refused_alike(region: World) -> None:
    """Own, unknown and foreign casus: one answer, one entry and the same work, when the engine is out as well."""
    names = (region.names[OPEN][ASKER], "a" * 52, foreign_name(region.hub, ASKER, region.casus_id(CLOSED_TABLE)))
    found = []
    with no_memory(embedded_engine(region)):
        # What the first call of a partner makes is made before.
        region.post(ASKER, f"/casussen/{'b' * 52}/raadplegingen", {"doel": "D02", "velden": ["*"]})
        for name in names:
            first = region.size()
            with counted(region) as work:
                answer = region.post(ASKER, f"/casussen/{name}/raadplegingen", {"doel": "D02", "velden": ["*"]})
            refused(answer)
            entered(region, first, ["raadpleging"])
            found.append((answer.json(), dict(work)))
    assert found == [found[0]] * 3


RULES = """
gathered := _answer if not input.purpose in {"D03", "D04", "D07", "D08", "D09"}

gathered := numbers.range(1, 1000000000) if input.purpose == "D03"

gathered := 1 if {
	input.purpose == "D04"
	some a in _many
	some b in _many
	some c in _many
	c < a
	c > b
	a == b
}

_many := numbers.range(1, 900)

gathered := 1 if input.purpose == "D07"

gathered := 2 if input.purpose == "D07"

gathered := object.union(_answer, {"policy_revision": "sha256:0"}) if input.purpose == "D08"

_answer := {"""
TOO_FAR = {"memory": "D03", "time": "D04", "abort": "D07", "another revision": "D08", "undefined": "D09"}


def broken_policy(folder: Path) -> Path:
    """The hub's own policy, compiled, but that it goes too far for some purposes."""
    policies = folder / "policies"
    shutil.copytree(ROOT / "policies", policies)
    release = policies / "hub" / "release" / "release.rego"
    rules = release.read_text(encoding="utf-8")
    assert rules.count("\ngathered := {") == 1
    release.write_text(rules.replace("\ngathered := {", RULES), encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", "OPA": str(servers.opa_program())}
    subprocess.run([policies / "build.sh"], check=True, capture_output=True, env=environment)
    return policies


@pytest.mark.opa
def test_one_question_that_goes_too_far_takes_nobody_else_along(
    ready: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = Bounds(memory=64 * MIB, seconds=1.5)
    monkeypatch.setattr(policy_wiring, "EmbeddedEngine", lambda bundle: EmbeddedEngine(bundle, bounds))
    settings = replace(ready.settings, policies=broken_policy(tmp_path))
    with opened(settings, ready.names, ready.clock) as other:
        causes: dict[str, str] = {}
        with seen_causes(other) as cause:
            for how, purpose in TOO_FAR.items():
                first = other.size()
                refused(other.ask(ASKER, purpose=purpose))
                causes[how] = cause.pop() if cause else "out of shape"
                entered(other, first, ["raadpleging"])
                well(other)
    # Each of them failed in its own way.
    assert causes == {
        "memory": "unreachable", "time": "late", "abort": "unreachable", "another revision": "out of shape",
        "undefined": "no result",
    }  # fmt: skip


@contextlib.contextmanager
def seen_causes(world: World) -> Iterator[list[str]]:
    """Why the engine failed, in one word each time."""
    engine = world.hub.policy._engine  # type: ignore[union-attr]
    answer, seen = type(engine).answer, list[str]()

    def watched(self: Any, facts: bytes) -> object:
        try:
            return answer(self, facts)
        except EngineUnavailable as error:
            cause = f"{error.__cause__!r} {error.__cause__}"
            seen.append(next((word for word in ("Late", "unreachable") if word in cause), "no result").lower())
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(engine), "answer", watched)
        yield seen
