"""`two_workers`: two processes of the hub on one PostgreSQL against one of them, in turns in one run.

All stay on the air all the time; in a turn of one, the others have nothing to do. Where the processors are few, the load
and the server of the database take from what the hubs could have: their share is measured and printed. So two more things
are measured, to tell what the machine does from what two processes do to each other:

- `two_workers_apart`: in the same turns, two that share the machine and the server alone, for the second has databases of
  its own, copies.
- `two_workers_held`: the same as the first with each hub held to a share of one processor, that there is enough for all.
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
    """Of the turns of one kind: looks a second of each, seconds of processor by who used them, and how long all took."""

    rates: list[float] = field(default_factory=list)
    used: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        return ", ".join(f"{name} {used / self.seconds:.2f}" for name, used in self.used.items())


def measure(count: int, *, rounds: int, requests: int, share: float) -> dict[str, dict[str, float]]:
    """Looks a second of two processes (`ours`) and of one (`other`), and the ratio: medians of `rounds` pairs. The same of two
    with databases apart; and of two on one with each process held to `share` of a processor."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder, servers.postgres() as server:
        home = Path(folder) / "home"
        named = {name: server.create() for name in ("HUB_STORE_URL", "HUB_KEYS_URL")}
        world = make_world(settings_of(home, **_urls(server, named)), count, WIDE_FIELDS)
        copies = {name: server.create(database) for name, database in named.items()}
        return _measured(
            world, server, [_urls(server, each) for each in (named, named, copies)], (rounds, requests), share
        )


def _urls(server: servers.Postgres, named: Mapping[str, str]) -> dict[str, str]:
    return {name: server.url(database) for name, database in named.items()}


def _measured(
    world: World, server: servers.Postgres, stores: Sequence[Mapping[str, str]], turns: tuple[int, int], share: float
) -> dict[str, dict[str, float]]:
    ports = [servers.free_port() for _ in stores]
    # Partners know all by one address, as behind a balancer.
    public = {"HUB_PUBLIC_URL": f"http://127.0.0.1:{ports[0]}"}
    with ExitStack() as stack:
        one, beside, apart = (
            stack.enter_context(running.hub(world.settings.home, port=port, **public, **urls))
            for port, urls in zip(ports, stores, strict=True)
        )
        looks = Looks(world, one.base)
        for port in ports:
            looks.send(every_pair(world.casussen), [port])
        found = _in_turns(one, {"two_workers": beside, "two_workers_apart": apart}, looks, world, server, turns)
        with shares.held([one.pid, beside.pid], share) as are_held:
            if are_held:
                found |= _in_turns(one, {"two_workers_held": beside}, looks, world, server, turns)
            else:
                print("two_workers_held: this machine lets no process be held to a share", flush=True)
        held = " and ".join(f"{hub.most_megabytes:.0f}" for hub in (one, beside))
    print(f"two_workers: {len(world.casussen)} casussen on PostgreSQL, seed {SEED}, {turns[0]} rounds of {turns[1]} looks; "
          f"held to {share:.2f} of a processor the second time; {held} MB at most")  # fmt: skip
    return found


def _in_turns(
    hub: Running,
    others: Mapping[str, Running],
    looks: Looks,
    world: World,
    server: servers.Postgres,
    turns: tuple[int, int],
) -> dict[str, dict[str, float]]:
    """`hub` with each of `others`, by the name of that, and then alone: so many rounds."""
    both, one = {name: Shares() for name in others}, Shares()
    for number in range(1, turns[0] + 1):
        turn = (number, turns[1])
        for name, other in others.items():
            _turn(looks, world, (hub, other), server, turn, both[name])
        _turn(looks, world, (hub,), server, turn, one)
    found = {}
    for name, two in both.items():
        found[name] = each = {
            **compared(zip(two.rates, one.rates, strict=True)),
            "load": two.used["the load"] / two.seconds,
        }
        print(f"{name}: two {each['ours']:.0f}/s, one {each['other']:.0f}/s, ratio {each['ratio']:.2f}; "
              f"of {os.cpu_count()} processors, two used: {two}; one used: {one}", flush=True)  # fmt: skip
    return found


def _turn(
    looks: Looks, world: World, hubs: Sequence[Running], server: servers.Postgres, turn: tuple[int, int], shares: Shares
) -> None:
    number, requests = turn
    before = _used(hubs, server)
    outcome = looks.send(itertools.islice(drawn(world.casussen, SEED + number), requests), [hub.port for hub in hubs])
    after = _used(hubs, server)
    # What happens between bursts, where proofs are made ahead, is not of the hubs: only the seconds of bursts count.
    shares.seconds += outcome.seconds
    for name, used in after.items():
        shares.used[name] = shares.used.get(name, 0.0) + used - before[name]
    shares.used["the load"] = shares.used.get("the load", 0.0) + outcome.own_seconds
    shares.rates.append(outcome.per_second)


def _used(hubs: Sequence[Running], server: servers.Postgres) -> dict[str, float]:
    postmaster = int((server.folder / "cluster" / "postmaster.pid").read_text().split()[0])
    used = {f"hub {number}": hub.processor_seconds for number, hub in enumerate(hubs, 1)}
    return used | {"PostgreSQL": running.processor_seconds(*running.children(postmaster))}
