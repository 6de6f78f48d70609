"""A hub whose key-encryption key lies in a PKCS#11 token (SoftHSM), through the door: file, deliver, ask, rotate, restart.

Everything runs in processes of its own: the library of the token reads its configuration once a process.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hub.cli.ending import NOT_NOW, WRONG_USE
from tests.integration.test_pkcs11 import _module
from tests.region import OPEN, OWN_FORM, Line, Server, run_hub
from tests.repository import ROOT
from tests.servers import free_port

PIN = "483920"
ASKER, CARE, FILER = "politie-noord", "ggz-noord", "gemeente-noord"
ADVICE = "bejegeningsadvies"
CRITERIA = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")
MAKE = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path
from tests.region import make, settings_of
home = Path(sys.argv[1])
print(json.dumps(make(settings_of(home, kek=os.environ["HUB_KEK"]), datetime.now(UTC))))
"""


@dataclass
class Hardware:
    """A home whose keys are wrapped in a token, and the servers on it."""

    home: Path
    kek: str
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    started: list[Server] = field(default_factory=list)

    def server(self) -> Server:
        """A server that is ready."""
        self.started.append(Server(self.home))
        self.started[-1].wait_until_ready()
        return self.started[-1]

    def refused(self, kek: str, status: int = WRONG_USE) -> str:
        """What the hub says that does not start with the key at this address."""
        done = run_hub("serve", HUB_HOME=str(self.home), HUB_KEK=kek, HUB_PORT=str(free_port()))
        assert (done.returncode, done.stdout) == (status, ""), done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def hardware(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hardware]:
    """The region, made with its first key inside a fresh token."""
    library, folder = _module(), tmp_path_factory.mktemp("hardware")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    (folder / "pin").write_text(f"{PIN}\n")
    (folder / "pin").chmod(0o600)
    kek = f"pkcs11:{library}?token=hub&pin_file={folder}/pin"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        patch.setenv("HUB_KEK", kek)
        made = ["softhsm2-util", "--init-token", "--free", "--label", "hub", "--so-pin", "12345678", "--pin", PIN]
        subprocess.run(made, check=True, capture_output=True)
        found = Hardware(folder / "home", kek)
        words = [sys.executable, "-c", MAKE, str(found.home)]
        told = subprocess.run(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False, capture_output=True)
        assert told.returncode == 0, told.stderr.decode()
        found.names = json.loads(told.stdout)
        yield found
        for one in found.started:
            if one.process.poll() is None:
                one.stop(signal.SIGKILL)


def test_file_deliver_ask_rotate_restart_and_ask_again(hardware: Hardware) -> None:
    running = hardware.server()
    assert list((hardware.home / "keys").glob("*.key")) == [], "no key lies in a file"
    filed = _filed(running)
    _delivered(running, hardware.names[OPEN][CARE], CARE, ADVICE, "voor de sleutelwissel")
    _delivered(running, filed, FILER, "woonvorm", "alleen")
    assert _advice(running, hardware) == "voor de sleutelwissel"
    rotated = running.run("sleutels", "rotate", "--operator", "demonstratie")
    assert (rotated.returncode, rotated.stderr) == (0, "")
    assert "onder hoofdsleutel 2" in rotated.stdout
    assert _advice(running, hardware) == "voor de sleutelwissel"
    assert running.stop(signal.SIGINT) == 0
    running = hardware.server()
    assert _advice(running, hardware) == "voor de sleutelwissel"
    _delivered(running, filed, FILER, "woonvorm", "samen")
    _delivered(running, hardware.names[OPEN][CARE], CARE, ADVICE, "na de sleutelwissel")
    assert _advice(running, hardware) == "na de sleutelwissel"
    assert running.stop(signal.SIGINT) == 0
    assert PIN not in running.printed()
    assert "Traceback" not in running.printed()


def _filed(running: Server) -> str:
    """A casus that comes into being while the hub runs: keys of its own, wrapped in the token."""
    person = {"naam": "Toets", "geboortedatum": "1990-01-01"}
    body = {"persoon": person, "criteria": CRITERIA, "regime": "wgs_zvh", "triagegroep": [FILER]}
    name: str = _sent(running, FILER, "/casussen", body)["casus"]
    return name


def _delivered(running: Server, casus: str, source: str, key: str, text: str) -> None:
    document = {"velden": [{"veld": key, "niveaus": {"sam": text}}]}
    _sent(running, source, f"/casussen/{casus}/leveringen", document, media=OWN_FORM)


def _advice(running: Server, hardware: Hardware) -> str:
    path = f"/casussen/{hardware.names[OPEN][ASKER]}/raadplegingen"
    answer = _sent(running, ASKER, path, {"doel": "D02", "velden": [ADVICE, "naam"]})
    values = {item["veld"]: item["waarde"] for item in answer["gegevens"]}
    assert values["naam"]
    found: str = values[ADVICE]
    return found


def _sent(running: Server, partner: str, path: str, body: object, **more: str) -> dict[str, Any]:
    line = Line(running.base, running.home, partner)
    with line.http:
        answer = line.post(path, body, **more)
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_wrong_or_missing_pin_or_token_refuses_to_start(hardware: Hardware, tmp_path: Path) -> None:
    kek, pin = hardware.kek, str(hardware.home.parent / "pin")
    wrong = tmp_path / "pin"
    wrong.write_text("000000\n")
    said = [
        hardware.refused(kek.replace(pin, str(wrong)), NOT_NOW),
        hardware.refused(kek.replace(pin, str(tmp_path / "niet-hier"))),
        hardware.refused(kek.replace("token=hub", "token=elsewhere"), NOT_NOW),
    ]
    assert "Het token met de hoofdsleutel antwoordt niet (PinIncorrect)" in said[0]
    assert "HUB_KEK: het bestand met het geheim is leeg of niet te lezen" in said[1]
    assert "Het token met de hoofdsleutel antwoordt niet (NoSuchToken)" in said[2]
    assert [secret for secret in ("000000", PIN, "niet-hier") if secret in "".join(said)] == []


def test_a_token_of_another_hub_refuses_to_start(hardware: Hardware) -> None:
    make = ["softhsm2-util", "--init-token", "--free", "--label", "other", "--so-pin", "12345678", "--pin", PIN]
    subprocess.run(make, check=True, capture_output=True)
    said = hardware.refused(hardware.kek.replace("token=hub", "token=other"))
    assert "De hub start niet" in said
    assert "hoofdsleutel" in said
