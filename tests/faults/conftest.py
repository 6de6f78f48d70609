"""The region that these tests work on; and what they did, told at the end of a run and kept of a full one."""

import json
import os
import platform
from collections.abc import Mapping

import pytest

from tests import extent
from tests.region import region as region
from tests.repository import ROOT

KEPT = ROOT / "var" / f"faults-{extent.PART}.json"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The seeds and counts of this run; of a full one the outcome of each test too, in a file."""
    if extent.FIGURES:
        terminalreporter.section("faults", sep="-")
    for figures in extent.FIGURES:
        terminalreporter.write_line(_line(figures))
    if extent.FULL:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(_run(terminalreporter), indent=1) + "\n")
        terminalreporter.write_line(f"kept in {KEPT.relative_to(ROOT)}")


def _line(figures: Mapping[str, object]) -> str:
    return ", ".join(str(value) if name == "what" else f"{name} {value}" for name, value in figures.items())


def _run(terminalreporter: pytest.TerminalReporter) -> dict[str, object]:
    done = [one for kind in ("passed", "failed", "skipped", "error") for one in terminalreporter.stats.get(kind, [])]
    return {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()},
        "seed": extent.SEED,
        "seconds": round(sum(one.duration for one in done), 1),
        "figures": extent.FIGURES,
        "tests": {one.nodeid: [one.outcome, round(one.duration, 2)] for one in done},
    }
