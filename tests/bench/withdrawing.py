"""`withdraw_under_load`: consents are withdrawn and given anew while a partner asks for what they open.

An answer names the consent that lifted the secret. So each ask is held against the withdrawals that were answered before
it was sent: such an ask that still names the withdrawn consent is counted, one by one. A consent that is given anew has
an id of its own. Turns with asks and turns without give what asks cost the withdrawals.
"""

import json
import random
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.bench import load, running
from tests.bench.paired import compared
from tests.bench.running import Asker, Running
from tests.bench.world import SEED, World, world

SOURCE, RECEIVER, PURPOSE = "ggz-noord", "politie-noord", "D02"
FIELDS = ("bejegeningsadvies", "crisiscontact_24_7", "crisisplan_kort")
"""Fields of care that a consent opens to the police."""

WRITERS, BURST = 2, 80


@dataclass(frozen=True)
class Asked:
    """An ask: when it was sent (seconds of the clock that all here go by), and what lifted a secret: consents by id."""

    sent: float
    consents: frozenset[str]


def seen_after(asks: Iterable[Asked], withdrawn: Mapping[str, float]) -> int:
    """How many asks name a consent whose withdrawal had been answered before they were sent."""
    return sum(any(withdrawn.get(id_, ask.sent) < ask.sent for id_ in ask.consents) for ask in asks)


class Consents:
    """Consents of the source in casussen (by its own name of them): given, withdrawn, given anew, by several writers."""

    def __init__(self, found: World, hub: Running, casussen: Sequence[str]) -> None:
        self.given: set[str] = set()
        self.withdrawn: dict[str, float] = {}
        """When the withdrawal of each was answered."""
        self._shares = [dict.fromkeys(casussen[number::WRITERS]) for number in range(WRITERS)]
        """Casus -> the consent that stands."""
        key = found.key_of(SOURCE)
        self._writers = [Asker(key, SOURCE, f"{SOURCE}-1", hub.base) for _ in range(WRITERS)]
        self._faults: list[Exception] = []

    def begin(self) -> None:
        """A consent in every casus."""
        for writer, share in zip(self._writers, self._shares, strict=True):
            for casus in share:
                self._change(writer, share, casus)

    def started(self, end: float) -> list[threading.Thread]:
        """Writers that go past their casussen until `end`."""
        pairs = zip(self._writers, self._shares, strict=True)
        threads = [threading.Thread(target=self._go_past, args=(*pair, end)) for pair in pairs if pair[1]]
        for thread in threads:
            thread.start()
        return threads

    def ended(self, threads: Iterable[threading.Thread]) -> None:
        """Wait for the writers. Raises what went wrong in one of them."""
        for thread in threads:
            thread.join()
        if self._faults:
            raise self._faults[0]

    def _go_past(self, writer: Asker, share: dict[str, str | None], end: float) -> None:
        try:
            while time.monotonic() < end:
                for casus in share:
                    if time.monotonic() < end:
                        self._change(writer, share, casus)
        except Exception as fault:  # noqa: BLE001 - told to who waits for it
            self._faults.append(fault)

    def _change(self, writer: Asker, share: dict[str, str | None], casus: str) -> None:
        """Withdraw the consent that stands, or give one where none does."""
        path, key = f"/casussen/{casus}/toestemmingen", f"bench-{time.monotonic_ns()}-{threading.get_ident()}"
        if (id_ := share[casus]) is None:
            share[casus] = given = writer.post(path, _consent(), key)["id"]
            self.given.add(given)
        else:
            writer.post(f"{path}/{id_}/beeindigingen", {}, key)
            self.withdrawn[id_] = time.monotonic()
            share[casus] = None


class Receiver:
    """Asks for all 72 fields, casus after casus, and keeps what each answer names."""

    def __init__(self, found: World, hub: Running, casussen: Sequence[str]) -> None:
        self.asks: list[Asked] = []
        self.outcomes: list[load.Outcome] = []
        self._asker = Asker(found.key_of(RECEIVER), RECEIVER, f"{RECEIVER}-1", hub.base)
        self._fields, self._port, self._casussen = found.fields, hub.port, casussen
        self._chance = random.Random(SEED)

    def ask_until(self, end: float) -> None:
        """Burst after burst."""
        while time.monotonic() < end:
            casussen = self._chance.choices(self._casussen, k=BURST)
            burst = [self._asker.ask(self._port, casus, PURPOSE, self._fields) for casus in casussen]
            self.outcomes.append(load.run([self._port], burst, told=self._hear))

    def _hear(self, _number: int, sent: float, status: int, body: bytes) -> None:
        if status == 200:
            lines = json.loads(body)["gegevens"]
            lifted = frozenset(line["geheimUitzondering"] for line in lines if line["geheimUitzondering"])
            self.asks.append(Asked(sent, lifted))


def measure(count: int, busy: int, *, rounds: int, seconds: float) -> dict[str, float]:
    """Withdrawals a second with asks (`ours`) and without (`other`); `seen`: asks that used what was withdrawn;
    `failed`: asks that were refused."""
    with world(count) as found, running.hub(found.settings.home) as hub:
        chosen = random.Random(SEED).sample(found.names, min(busy, count))
        consents = Consents(found, hub, [names[SOURCE] for names in chosen])
        receiver = Receiver(found, hub, [names[RECEIVER] for names in chosen])
        consents.begin()
        turns = [(_turn(consents, receiver, seconds), _turn(consents, None, seconds)) for _ in range(rounds)]
        held = hub.most_megabytes
    used = sum(bool(ask.consents & consents.given) for ask in receiver.asks)
    if not 0 < used < len(receiver.asks) or not consents.withdrawn:
        raise RuntimeError("no ask used a consent, or each did, or none was withdrawn: this would count nothing")
    result = {
        **compared(turns),
        "asks": len(receiver.asks) / sum(outcome.seconds for outcome in receiver.outcomes),
        "seen": seen_after(receiver.asks, consents.withdrawn),
        "failed": running.refused(receiver.outcomes),
    }
    print(f"withdraw_under_load: {count} casussen, {len(chosen)} of them with consents that come and go, seed {SEED}, "
          f"{rounds} rounds of {seconds:g} s, {WRITERS} writers, {load.CONNECTIONS} connections that ask; "
          f"{len(consents.withdrawn)} withdrawals: {result['ours']:.1f}/s beside {result['asks']:.0f} asks/s, "
          f"{result['other']:.1f}/s alone; of {len(receiver.asks)} asks {used} used a consent, "
          f"{result['seen']:.0f} one that was withdrawn; {result['failed']:.0f} failed; "
          f"{held:.0f} MB at most", flush=True)  # fmt: skip
    return result


def _turn(consents: Consents, receiver: Receiver | None, seconds: float) -> float:
    """Withdrawals a second of one turn, while the receiver asks, where there is one."""
    end, before = time.monotonic() + seconds, len(consents.withdrawn)
    threads = consents.started(end)
    if receiver is not None:
        receiver.ask_until(end)
    consents.ended(threads)
    return (len(consents.withdrawn) - before) / seconds


def _consent() -> dict[str, Any]:
    return {
        "ontvangers": [RECEIVER], "doelen": [PURPOSE], "groepen": list(FIELDS), "gegevenOp": datetime.now(UTC).isoformat(),
        "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
    }  # fmt: skip
