"""`effect`: decisions of before taken again under another policy by `hub beleid effect`, start of the command included.

Decisions of 12 asked fields and 30 records, made by the steps that a call runs, many in one durable write. Fields are drawn
for each question, so that hardly any two are alike: no more is spared than in the worst case. `other` is what the engine
alone would take for as many decisions on as many cores.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from hub.casework.vouching import founded
from hub.crypto import operator_key
from hub.model.purpose import Action
from hub.model.release import ReleaseRequest, Subject
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.embedded import EmbeddedEngine
from hub.pdp.pdp import PolicyDecisionPoint
from hub.run.region.make import Steps
from hub.store.units import Tx
from hub.wiring import Hub, open_hub
from tests.bench.looks import PURPOSES
from tests.bench.paired import compared
from tests.bench.world import ASKER, SEED, USERS, World, world
from tests.other_policy import other_policy

RECORDS, ASKED, BATCH, CORES = 30, 12, 64, 2
SAMPLE = 300
"""Decisions by which the engine alone is measured."""
_SECRET = "een zin voor de meting alleen"


def measure(casussen: int, decisions: int) -> dict[str, float]:
    """`ours`: seconds of the command; `other`: of the engine alone; `ratio`; and how many decisions."""
    with world(casussen, RECORDS) as found, tempfile.TemporaryDirectory() as folder:
        alone = made(found, decisions, Path(folder))
        ours = _told(found, Path(folder))
    result = {**compared([(ours, alone)]), "decisions": decisions}
    print(f"effect: {decisions} decisions of {ASKED} fields, {casussen} casussen of {RECORDS} records, seed {SEED}: "
          f"{ours:.1f} s, the engine alone {alone:.1f} s on {CORES} cores", flush=True)  # fmt: skip
    return result


def made(found: World, decisions: int, folder: Path) -> float:
    """Make the decisions, and an operator with his key; seconds that the engine alone takes for as many, on both cores."""
    with closing(open_hub(found.settings, clock=Steps(datetime.now(UTC)))) as hub:
        key = operator_key.create(folder / "key", _SECRET).public
        hub.store.commit(lambda tx: founded(tx, "bench", key, hub.now()))
        requests = _requests(found, decisions)
        begin = time.monotonic()
        for first in range(0, decisions, BATCH):
            units = [_unit(hub, next(requests)) for _ in range(min(BATCH, decisions - first))]
            if faults := [one for one in hub.store.commit_all(units) if isinstance(one, Exception)]:
                raise faults[0]
        print(f"made {decisions} decisions in {time.monotonic() - begin:.1f} s", flush=True)
        return decisions * _alone(hub, requests) / CORES


def _requests(found: World, decisions: int) -> Iterator[ReleaseRequest]:
    chance = random.Random(SEED)
    for _ in range(decisions + SAMPLE):
        subject = Subject(ASKER, chance.choice(USERS), ASKER)
        fields = tuple(chance.sample(found.fields, ASKED))
        yield ReleaseRequest(subject, chance.choice(found.casussen), chance.choice(PURPOSES), fields, Action.LEZEN)


def _unit(hub: Hub, request: ReleaseRequest) -> Callable[[Tx], None]:
    with hub.store.snapshot() as moment:
        facts, decided, release = hub.broker._judged(moment, request, hub.now(), hub.broker.judging)
    return hub.broker._unit(facts, decided, release, None)


def _alone(hub: Hub, requests: Iterator[ReleaseRequest]) -> float:
    """Seconds of one decision of the engine."""
    pdp = PolicyDecisionPoint(EmbeddedEngine(read_bundle(default_directory())))
    with hub.store.snapshot() as moment:
        gathered = [hub.broker.judging.facts.gather(moment, request, hub.now()) for request in requests]
    documents = [facts.document for facts in gathered]
    pdp.decide(documents[0])
    begin = time.monotonic()
    for document in documents:
        pdp.decide(document)
    return (time.monotonic() - begin) / len(documents)


def _told(found: World, folder: Path) -> float:
    secret = folder / "secret"
    secret.write_text(_SECRET)
    policies = other_policy(folder, D02={"G01": "sam", "G02": "-"}, D03={"G06": "-"})
    environment = {
        **os.environ, "HUB_HOME": str(found.settings.home), "HUB_OPERATOR_PASSPHRASE_FILE": str(secret),
    }  # fmt: skip
    words = ["beleid", "effect", str(policies), "--operator", "bench", "--sleutel", str(folder / "key")]
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", *words, "--processen", str(CORES)], env=environment, capture_output=True,
        text=True, check=False, timeout=3600,
    )  # fmt: skip
    took = time.monotonic() - begin
    if done.returncode or "ANDERS: 0 " in done.stdout:
        raise RuntimeError(done.stderr + done.stdout[:2000])
    return took
