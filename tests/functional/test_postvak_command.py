"""`hub postvak` and `hub verplichtingen` on the demonstration region: what was sent is fetched once, and reported on."""

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
    _reported_on(demonstration)


def _reported_on(demonstration: Server) -> None:
    listed = demonstration.run("verplichtingen", "--als", DERDE)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "waarvan te laat: 0" in listed.stdout
    found = json.loads(demonstration.run("verplichtingen", "--als", DERDE, "--json").stdout)
    (due,) = [one for one in found if one["soort"] == "feedback_due"]
    assert {one["casus"] for one in found} == {None}
    for_all = demonstration.run("verplichtingen")
    assert f"gedaan en of het hielp (Wgs 1.7 lid 4). (feedback_due)\n      voor {DERDE}, verplichting: {due['id']}" in (
        for_all.stdout
    )
    done = ("verplichtingen", "--als", DERDE, "--afhandelen", due["id"], "--uitkomst", "heeft-geholpen")
    settled = demonstration.run(*done)
    assert settled.returncode == 0
    assert settled.stdout.startswith("Vastgelegd als heeft-geholpen: Meld wat u met de gegevens hebt gedaan ")
    assert demonstration.run(*done).returncode == 2
    assert due["id"] not in demonstration.run("verplichtingen", "--als", DERDE).stdout
    assert "terugmelding" in demonstration.run("verplichtingen", "--als", "zvh-noord").stdout
