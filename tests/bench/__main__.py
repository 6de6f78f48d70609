"""`make bench`: each figure beside its floor or peer, measured in turns in one run; written to var/bench.json."""

import argparse
import json
from collections.abc import Callable, Mapping
from typing import Any

from hub.wiring import ROOT
from tests.bench import decision, effect, growth, rotating, two_workers, view, withdrawing
from tests.bench.world import world

Results = dict[str, Any]


def _decision(_: argparse.Namespace) -> Results:
    return {
        "decision": decision.run(*decision.LARGE),
        "decision_small": decision.run(*decision.SMALL),
        "decide_lines": decision.lines(*decision.LARGE),
        "decide_lines_small": decision.lines(*decision.SMALL),
    }


def _view(options: argparse.Namespace) -> Results:
    with world(options.casussen) as found:
        return {
            name: view.measure(found, caches=caches, rounds=options.rounds, requests=options.requests)
            for name, caches in (("view", True), ("view_no_caches", False))
        }


def _view_20k(options: argparse.Namespace) -> Results:
    size = (options.casussen, options.many)
    return growth.view(*size, rounds=options.rounds, requests=options.requests, warm=options.warm)


def _start_20k(options: argparse.Namespace) -> Results:
    return {"start_20k": growth.start(options.casussen, options.many, rounds=options.rounds)}


def _two_workers(options: argparse.Namespace) -> Results:
    return two_workers.measure(options.shared, rounds=options.rounds, requests=options.requests, share=options.share)


def _withdraw(options: argparse.Namespace) -> Results:
    found = withdrawing.measure(options.shared, options.busy, rounds=options.rounds, seconds=options.seconds)
    return {"withdraw_under_load": found}


def _rotate(options: argparse.Namespace) -> Results:
    return rotating.measure(options.shared, rounds=options.rounds)


def _effect(options: argparse.Namespace) -> Results:
    return {"effect": effect.measure(options.casussen, options.decisions)}


BENCHES: Mapping[str, Callable[[argparse.Namespace], Results]] = {
    "decision": _decision,
    "view": _view,
    "view_20k": _view_20k,
    "start_20k": _start_20k,
    "two_workers": _two_workers,
    "withdraw_under_load": _withdraw,
    "rotate": _rotate,
    "effect": _effect,
}


def main() -> int:
    """Run the benches named (all when none is). 1 when something happened that must never: it is no matter of speed."""
    options = _options()
    results: Results = {}
    for name in options.name or BENCHES:
        results |= BENCHES[name](options)
        # After each, so that what was measured stands when a later one fails.
        target = ROOT / "var" / "bench.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(results, indent=2) + "\n")
    for name, figures in results.items():
        print(f"{name}: " + ", ".join(f"{key} {value:.2f}" for key, value in figures.items()))
    return 1 if any(figures.get(never) for figures in results.values() for never in ("seen", "failed")) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("name", nargs="*", choices=[*BENCHES, []], help="which benches (all when none)")
    parser.add_argument("--decisions", type=int, default=100_000, help="past decisions that are taken again")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of turns")
    parser.add_argument("--requests", type=int, default=1_500, help="requests in a turn")
    parser.add_argument("--casussen", type=int, default=1_000, help="casussen of view, and of the smaller store")
    parser.add_argument("--many", type=int, default=20_000, help="casussen of the larger store")
    parser.add_argument("--warm", type=int, default=3_000, help="looks to warm up each store of view_20k")
    parser.add_argument("--shared", type=int, default=300, help="casussen of two_workers, withdraw_under_load, rotate")
    parser.add_argument("--share", type=float, default=0.3, help="of a processor, for each hub of two_workers_held")
    parser.add_argument("--busy", type=int, default=50, help="casussen in which consents are withdrawn and given anew")
    parser.add_argument("--seconds", type=float, default=10, help="length of a turn of withdraw_under_load")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
