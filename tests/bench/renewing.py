"""Brings each casus under a new casus key, in a process of its own; tells how many, and in how many seconds."""

import json
import os
import time
from contextlib import closing

from hub.casework.renewing import renew
from hub.settings import from_environment
from hub.wiring import ROOT, open_hub


def main() -> None:
    """Every casus of the world at HUB_HOME, one after the other."""
    with closing(open_hub(from_environment(os.environ, ROOT))) as hub:
        known = json.loads((hub.settings.home / "world.json").read_text())
        casussen = [hub.names.casus_of(*next(iter(names.items()))) for names in known["names"]]
        begin = time.perf_counter()
        for casus in casussen:
            assert casus is not None
            renew(hub.store, hub.compartments, casus)
        print(len(casussen), time.perf_counter() - begin)


if __name__ == "__main__":
    main()
