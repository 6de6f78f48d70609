"""Processes of a hub, forked from one that has loaded everything, so that hundreds of starts do not take long."""

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial

from hub.cli.main import main
from hub.errors import Sealed, Stale
from hub.settings import from_environment
from hub.store.units import Tx
from hub.wiring import ROOT, Hub, open_hub
from tests import servers
from tests.faults.load import Place
from tests.region import await_ready

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.faults.preload"])


class Forked:
    """A process that can be killed as the power that fails does."""

    def __init__(self, work: str, environment: Mapping[str, str]) -> None:
        self.process = _FORKING.Process(target=_WORK[work], args=(dict(environment),), daemon=True)
        self.process.start()

    def kill(self) -> None:
        """At once, whatever it is doing."""
        self.process.kill()
        self.process.join(30)


class ForkedHub(Forked):
    """`hub serve`."""

    def __init__(self, place: Place) -> None:
        port = servers.free_port()
        self.base = f"http://127.0.0.1:{port}"
        super().__init__("serve", {**place.environment, "HUB_PORT": str(port)})

    def wait_until_ready(self) -> None:
        """Until it answers."""
        assert await_ready(self.base, self.process.is_alive), "the hub did not come up"


def rotating(place: Place) -> Forked:
    """A process that brings all keys under new ones, again and again."""
    return Forked("rotate", place.environment)


def _serve(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    main(["serve"])


def _rotate(environment: dict[str, str]) -> None:
    with closing(open_hub(from_environment(environment, ROOT))) as hub:
        pause = threading.Event()
        while True:
            hub.keyring.rewrap_all(str(int(hub.keyring.current) + 1))
            _rewrap_casussen(hub)
            pause.wait(0.02)


def _rewrap_casussen(hub: Hub) -> None:
    # Of a casus that was killed before it stood there may be a key and nothing else.
    for casus in sorted({name.split("/")[1] for name in hub.keyring.names("casus/")}):
        with contextlib.suppress(Stale, Sealed):
            hub.store.commit(partial(_rewrapped, hub, casus))
            with hub.store.snapshot() as moment:
                hub.compartments.drop_older(moment, casus)


def _rewrapped(hub: Hub, casus: str, tx: Tx) -> int:
    return hub.compartments.rewrap(tx.connection, casus)


_WORK = {"serve": _serve, "rotate": _rotate}


@contextlib.contextmanager
def serving(place: Place, count: int = 1) -> Iterator[list[ForkedHub]]:
    """So many hubs on one store, ready; killed in the end."""
    found = [ForkedHub(place) for _ in range(count)]
    try:
        for hub in found:
            hub.wait_until_ready()
        yield found
    finally:
        for hub in found:
            hub.kill()
