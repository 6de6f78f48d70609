"""`make bench`: each figure beside its floor or peer, measured in turns in one run; written to var/bench.json."""

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hub.wiring import ROOT
from tests.bench import decision, view
from tests.bench.world import make_world

CASUSSEN, ROUNDS, REQUESTS = 1_000, 5, 1_500


def main() -> None:
    """Run the benches named (all when none is)."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("name", nargs="*", choices=["view", "decision", []], help="which benches (all when none)")
    parser.add_argument("--casussen", type=int, default=CASUSSEN)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    options = parser.parse_args()
    wanted = options.name or ["decision", "view"]
    results: dict[str, Any] = {}
    if "decision" in wanted:
        results["decision"] = decision.run()
    if "view" in wanted:
        results.update(_views(options))
    target = ROOT / "var" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=2) + "\n")
    for name, figures in results.items():
        print(f"{name}: " + ", ".join(f"{key} {value:.2f}" for key, value in figures.items()))


def _views(options: argparse.Namespace) -> dict[str, Any]:
    home = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    try:
        world = make_world(home, options.casussen)
        measured = {}
        for name, caches in (("view", True), ("view_no_caches", False)):
            measured[name] = view.measure(world, caches=caches, rounds=options.rounds, requests=options.requests)
        return measured
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
