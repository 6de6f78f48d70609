"""`two_workers`: two processes of the hub on one PostgreSQL against one of them, in turns in one run.

Both stay on the air all the time; in a turn of one, the other has nothing to do. Where the processors are few, the load
and the server of the database take from what the hubs could have: their share is measured and printed. So it is measured
a second time (`two_workers_held`) with each hub held to a share of one processor, that there is enough for all: what is
left to see is whether two processes are in each other's way.
"""

import itertools
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from hub.run.region.plans import WIDE_FIELDS
from tests import servers
from tests.bench import running, shares
from tests.bench.looks import Looks, drawn, every_pair
from tests.bench.paired import compared
from tests.bench.running import Running
from tests.bench.world import SEED, World, make_world, settings_of


@dataclass
class Shares:
    """Seconds of processor in the turns of one kind, by who used them, and how long the turns took."""

    used: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        return ", ".join(f"{name} {used / self.seconds:.2f}" for name, used in self.used.items())


def measure(count: int, *, rounds: int, requests: int, share: float) -> dict[str, dict[str, float]]:
    """Looks a second of two processes (`ours`) and of one (`other`), and the ratio: medians of `rounds` pairs; and the same
    with each process held to `share` of a processor."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder, servers.postgres() as server:
        home = Path(folder) / "home"
        stores = {name: server.url(server.create()) for name in ("HUB_STORE_URL", "HUB_KEYS_URL")}
        world = make_world(settings_of(home, **stores), count, WIDE_FIELDS)
        return _measured(world, server, stores, (rounds, requests), share)


def _measured(
    world: World, server: servers.Postgres, stores: Mapping[str, str], turns: tuple[int, int], share: float
) -> dict[str, dict[str, float]]:
    ports = [servers.free_port(), servers.free_port()]
    # Partners know both by one address, as behind a balancer.
    environment = {**stores, "HUB_PUBLIC_URL": f"http://127.0.0.1:{ports[0]}"}
    with ExitStack() as stack:
        hubs = [stack.enter_context(running.hub(world.settings.home, port=port, **environment)) for port in ports]
        looks = Looks(world, hubs[0].base)
        for port in ports:
            looks.send(every_pair(world.casussen), [port])
        found = {"two_workers": _in_turns("two_workers", looks, world, hubs, server, turns)}
        with shares.held([hub.pid for hub in hubs], share) as are_held:
            if are_held:
                found["two_workers_held"] = _in_turns("two_workers_held", looks, world, hubs, server, turns)
            else:
                print("two_workers_held: this machine lets no process be held to a share", flush=True)
        held = " and ".join(f"{hub.most_megabytes:.0f}" for hub in hubs)
    print(f"two_workers: {len(world.casussen)} casussen on PostgreSQL, seed {SEED}, {turns[0]} rounds of {turns[1]} looks; "
          f"held to {share:.2f} of a processor the second time; {held} MB at most")  # fmt: skip
    return found


def _in_turns(
    name: str,
    looks: Looks,
    world: World,
    hubs: Sequence[Running],
    server: servers.Postgres,
    turns: tuple[int, int],
) -> dict[str, float]:
    two, one = Shares(), Shares()
    pairs = [
        [_turn(looks, world, hubs[:size], server, (turn, turns[1]), used) for size, used in ((2, two), (1, one))]
        for turn in range(1, turns[0] + 1)
    ]
    found = {**compared(pairs), "load": two.used["the load"] / two.seconds}
    print(f"{name}: two {found['ours']:.0f}/s, one {found['other']:.0f}/s, ratio {found['ratio']:.2f}; "
          f"of {os.cpu_count()} processors, two used: {two}; one used: {one}", flush=True)  # fmt: skip
    return found


def _turn(
    looks: Looks, world: World, hubs: Sequence[Running], server: servers.Postgres, turn: tuple[int, int], shares: Shares
) -> float:
    number, requests = turn
    before = _used(hubs, server)
    outcome = looks.send(itertools.islice(drawn(world.casussen, SEED + number), requests), [hub.port for hub in hubs])
    after = _used(hubs, server)
    # What happens between bursts, where proofs are made ahead, is not of the hubs: only the seconds of bursts count.
    shares.seconds += outcome.seconds
    for name, used in after.items():
        shares.used[name] = shares.used.get(name, 0.0) + used - before[name]
    shares.used["the load"] = shares.used.get("the load", 0.0) + outcome.own_seconds
    return outcome.per_second


def _used(hubs: Sequence[Running], server: servers.Postgres) -> dict[str, float]:
    postmaster = int((server.folder / "cluster" / "postmaster.pid").read_text().split()[0])
    used = {f"hub {number}": hub.processor_seconds for number, hub in enumerate(hubs, 1)}
    return used | {"PostgreSQL": running.processor_seconds(*running.children(postmaster))}
