"""`hub postvak` on the demonstration region: what was sent is listed, fetched once, and its receipt verifies."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.region import Server

DERDE = "wonen-noord"


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Server]:
    """`hub serve --demo` in an empty home."""
    (tmp_path / "home").mkdir()
    server = Server(tmp_path / "home", arguments=("--demo",))
    try:
        server.wait_until_ready()
        yield server
    finally:
        assert server.stop(signal.SIGINT) == 0


def test_list_fetch_once_and_verify(demonstration: Server) -> None:
    listed = demonstration.run("postvak", "--als", DERDE)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "In het postvak: 1" in listed.stdout
    (sending,) = json.loads(demonstration.run("postvak", "--als", DERDE, "--json").stdout)
    assert (sending["afzender"], sending["doel"]) == ("zvh-noord", "D07")
    fetch = ("postvak", "--als", DERDE, "--ophalen", sending["id"])
    fetched = demonstration.run(*fetch)
    assert (fetched.returncode, fetched.stderr) == (0, "")
    for field in ("naam", "brp_adres", "crisiscontact_24_7", "veiligheidsafspraak"):
        assert field in fetched.stdout
    (receipt,) = (demonstration.home / "ontvangstbewijzen").glob("*.json")
    assert demonstration.run("log", "verify", str(receipt)).returncode == 0
    again = demonstration.run(*fetch)
    assert (again.returncode, again.stdout) == (2, "")
    assert "niet bekend" in again.stderr
    assert demonstration.run("postvak", "--als", DERDE).returncode == 1
