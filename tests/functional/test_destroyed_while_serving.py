"""A casus destroyed while a server has it in all its caches: from the next request on that server gives nothing of it."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.wiring import utc_now
from tests.region import CLOSED_TABLE, OPEN, OWN_FORM, Line, Server, server, template_of_today

ASKER, SENDER, DERDE, SOURCE, CARE = "politie-noord", "zvh-noord", "wonen-noord", "gemeente-noord", "forfact-noord"
SECRETS = {"eerste": "twee koeien en een hek", "tweede": "vier sloten bij de dijk"}
QUESTION = {"doel": "D02", "velden": ["*"]}
PUSH = {"ontvanger": DERDE, "doel": "D07", "velden": ["*"]}
AGREED = {"velden": ["*"], "akkoordDoorgeven": True}
REFERENCE = {"doel": "D02", "kenmerk": f"{OPEN}-{SOURCE}"}


class Partners:
    """Partners with one connection each to a running hub."""

    def __init__(self, running: Server) -> None:
        self.lines = {name: Line(running.base, running.home, name) for name in (ASKER, SENDER, DERDE, SOURCE, CARE)}
        self.names = template_of_today().names

    def close(self) -> None:
        """End the connections."""
        for line in self.lines.values():
            line.http.close()

    def on(self, partner: str, what: str, body: Any, casus: str = OPEN, **more: Any) -> httpx.Response:
        """A call about a casus."""
        return self.lines[partner].post(f"/casussen/{self.names[casus][partner]}/{what}", body, **more)

    def done(self, partner: str, what: str, body: Any, **more: Any) -> Any:
        """What a call answers that must have been taken."""
        answer = self.on(partner, what, body, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Server]:
    """A server whose home has two operators."""
    shutil.copytree(template_of_today().home, tmp_path / "home")
    with server(tmp_path) as found:
        for name, secret in SECRETS.items():
            (tmp_path / f"{name}.txt").write_text(secret)
            words = ("beheerder", name, "--nieuwe-sleutel", str(tmp_path / f"{name}.key"))
            made = found.run(*words, HUB_OPERATOR_PASSPHRASE_FILE=str(tmp_path / f"{name}.txt"))
            assert made.returncode == 0, made.stderr
        yield found


def destroys(running: Server, operator: str) -> int:
    """One operator's say on the command line, beside the server."""
    folder, name = running.home.parent, template_of_today().names[OPEN][SOURCE]
    words = ("casus", "vernietig", name, "--partner", SOURCE, "--operator", operator)
    key, secret = folder / f"{operator}.key", folder / f"{operator}.txt"
    return running.run(*words, "--sleutel", str(key), HUB_OPERATOR_PASSPHRASE_FILE=str(secret)).returncode


def prepared(partners: Partners) -> str:
    """Everything that a server may remember of the casus; the id of a sending that waits."""
    until = (utc_now() + timedelta(days=365)).isoformat()
    partners.done(SOURCE, "bronvoorwaarden", AGREED, key="akkoord-0001")
    partners.done(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": until})
    basis = {"grondslag": "derde", "partner": DERDE, "doelen": ["D07"], "groepen": ["*"], "racKenmerk": "RAC-2027-1"}
    partners.done(SOURCE, "grondslagen", basis)
    sent = partners.done(SENDER, "verstrekkingen", PUSH, key="sturen-0001")
    for _ in range(2):
        asked = partners.on(ASKER, "raadplegingen", QUESTION)
        assert len(asked.json()["gegevens"]) > 10
        assert partners.lines[SOURCE].post("/zoekingen", REFERENCE).json()["casus"]
    id_: str = sent["zending"]
    return id_


@pytest.fixture
def partners(running: Server) -> Iterator[Partners]:
    """Their connections to the running hub."""
    found = Partners(running)
    yield found
    found.close()


def test_a_destroyed_casus_is_gone_at_the_next_request_of_a_running_server(running: Server, partners: Partners) -> None:
    sent = prepared(partners)
    assert destroys(running, "eerste") == 3
    assert partners.on(ASKER, "raadplegingen", QUESTION).status_code == 200, "one operator destroys nothing"
    values = [str(item["waarde"]) for item in partners.on(ASKER, "raadplegingen", QUESTION).json()["gegevens"]]
    assert destroys(running, "tweede") == 0
    # The very next request, the one that was answered from memory a moment ago.
    unknown = partners.lines[ASKER].post(f"/casussen/{'a' * 52}/raadplegingen", QUESTION).json()
    gone = [partners.on(ASKER, "raadplegingen", QUESTION), *nothing_is_left(partners, sent)]
    assert [answer.status_code for answer in gone] == [404] * len(gone)
    assert gone[0].json() == unknown
    assert [value for value in values if len(value) > 5 and value in "".join(answer.text for answer in gone)] == []
    # The hub itself is none the worse for it.
    assert partners.on(CARE, "raadplegingen", QUESTION, casus=CLOSED_TABLE).json()["gegevens"]
    assert running.run("log", "check").returncode == 0
    assert "Traceback" not in running.printed()


def nothing_is_left(partners: Partners, sent: str) -> list[httpx.Response]:
    """Every other call about the casus."""
    document = {"velden": [{"veld": "woonvorm", "niveaus": {"sam": "later"}}]}
    return [
        partners.on(ASKER, "raadplegingen", {**QUESTION, "actie": "export"}),
        partners.on(SOURCE, "leveringen", document, media=OWN_FORM),
        partners.on(SOURCE, "beperkingen", {"velden": ["naam"], "aan": True}),
        partners.on(SENDER, "verstrekkingen", PUSH),
        partners.on(SENDER, "verstrekkingen", PUSH, key="sturen-0001"),
        partners.on(SOURCE, "bronvoorwaarden", AGREED, key="akkoord-0001"),
        partners.lines[SOURCE].post("/zoekingen", REFERENCE),
        partners.lines[DERDE].post(f"/postvak/{sent}/ontvangsten", {}),
        partners.on(SOURCE, "raadplegingen", QUESTION),
    ]
