"""The command line by hand, against a real server on a real socket."""

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.region import OPEN, Server, server, template_of_today
from tests.unit.connectors import samples_brp, samples_vera
from tests.unit.connectors import samples_corv_zgw as own


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("server")) as found:
        yield found


def _name(partner: str) -> str:
    return template_of_today().names[OPEN][partner]


def test_ask_shows_what_leaves_what_does_not_why_and_a_receipt_that_verifies(running: Server) -> None:
    asked = running.run("ask", "--als", "politie-noord", "--casus", _name("politie-noord"), "--doel", "D02")
    assert asked.returncode == 0, asked.stderr
    shown = asked.stdout.lower()
    for word in (
        "vrijgegeven: ",
        "niet vrijgegeven",
        "bejegeningsadvies",
        "samenvatting",
        "grondslag",
        "beroepsgeheim",
    ):
        assert word in shown
    assert "Traceback" not in asked.stderr
    receipt = asked.stdout.strip().splitlines()[-1].split()[-1]
    proven = running.run("log", "verify", receipt)
    assert proven.returncode == 0, proven.stdout + proven.stderr
    assert "bejegeningsadvies" in proven.stdout
    document = json.loads(Path(receipt).read_text())
    document["verteld"] = document["verteld"].replace("bejegeningsadvies", "diagnose_dsm_x")
    changed = Path(receipt).with_suffix(".changed")
    changed.write_text(json.dumps(document))
    assert running.run("log", "verify", str(changed)).returncode == 1


def test_a_wrong_casus_partner_or_purpose_is_told_plainly(running: Server) -> None:
    wrong = running.run("ask", "--als", "politie-noord", "--casus", "a" * 52, "--doel", "D02")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.strip() == "Deze casus is bij ons niet bekend."
    odd = running.run("ask", "--als", "politie-noord", "--casus", "../../gereed?x#y", "--doel", "D02")
    assert odd.stderr.strip() == "Deze casus is bij ons niet bekend."
    for words in (("niemand-noord", _name("politie-noord"), "D02"), ("politie-noord", _name("politie-noord"), "x")):
        answer = running.run("ask", "--als", words[0], "--casus", words[1], "--doel", words[2])
        assert answer.returncode in (1, 2)
        assert answer.stderr or "doel" in answer.stdout
        assert "Traceback" not in answer.stderr


def test_no_server_and_no_file_are_told_plainly(running: Server, tmp_path: Path) -> None:
    port = str(servers.free_port())
    words = ("--als", "ggz-noord", "--casus", _name("ggz-noord"))
    gone = running.run("ask", *words, "--doel", "D02", "--poort", port)
    assert gone.returncode == 3
    assert "geen hub" in gone.stderr
    missing = running.run("leveren", str(tmp_path / "niet-hier.json"), *words)
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr


def test_deliver_one_and_many(running: Server, tmp_path: Path) -> None:
    document = {"velden": [{"veld": "crisisplan_kort", "niveaus": {"sam": "kort en krachtig"}}]}
    one = tmp_path / "een.json"
    one.write_text(json.dumps(document))
    done = running.run("leveren", str(one), "--als", "ggz-noord", "--casus", _name("ggz-noord"))
    assert done.returncode == 0, done.stderr
    assert "crisisplan_kort" in done.stdout
    line = json.dumps({"casus": _name("ggz-noord"), "document": document})
    many = tmp_path / "veel.ndjson"
    many.write_text(f"{line}\n{{\n{line}\n")
    done = running.run("leveren", str(many), "--als", "ggz-noord", "--lines")
    assert done.returncode == 1
    results = [json.loads(row) for row in done.stdout.splitlines()]
    assert [row["regel"] for row in results] == [1, 2, 3]
    assert ["code" in row for row in results] == [False, True, False]


@pytest.mark.parametrize(
    ("document", "partner", "said"),
    [
        (samples_brp.ANSWER, "gemeente-noord", "iemand anders"),
        (samples_brp.ANSWER, "zvh-noord", "niet voor uw organisatie"),
        (samples_vera.DOCUMENT, "gemeente-noord", "niet voor uw organisatie"),
    ],
)
def test_a_file_shows_in_which_format_it_is(
    running: Server, tmp_path: Path, document: dict[str, Any], partner: str, said: str
) -> None:
    file = tmp_path / "document.json"
    file.write_text(json.dumps(document))
    done = running.run("leveren", str(file), "--als", partner, "--casus", _name(partner))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_deliver_a_zaak_and_a_message_without_record(running: Server, tmp_path: Path) -> None:
    zaak, message = tmp_path / "zaak.json", tmp_path / "melding.xml"
    zaak.write_text(json.dumps(own.expanded(rollen=[])))
    message.write_text(own.MELDING)
    done = running.run("leveren", str(zaak), "--als", "gemeente-noord", "--casus", _name("gemeente-noord"))
    assert "opgenomen: $ als schuldhulp_status (sam, vol; " in done.stdout, done.stderr
    assert done.returncode == 1, "its documents stay where they are"
    refused = running.run("leveren", str(message), "--als", "politie-noord", "--casus", _name("politie-noord"))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "verstrekkingsbesluit" in refused.stderr


def test_a_taken_port_says_so(running: Server, tmp_path: Path) -> None:
    second = running.run("serve", HUB_HOME=str(tmp_path / "elsewhere"))
    assert second.returncode == 2
    assert "al in gebruik" in second.stderr
    assert not (tmp_path / "elsewhere" / "hub.db").exists()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = running.run("serve", "--poort", str(other.getsockname()[1]), HUB_HOME=str(tmp_path / "elsewhere"))
    assert taken.returncode == 2


def test_the_demonstration_is_made_once_kept_and_ended_by_ctrl_c(tmp_path: Path) -> None:
    home = tmp_path / "home"
    printed: list[str] = []
    for _ in range(2):
        started = Server(home, arguments=["--demo"])
        started.wait_until_ready()
        before = len(printed)
        assert started.stop(signal.SIGINT) == 0
        printed.append(started.printed())
        assert before + 1 == len(printed)
        sheet = json.loads((home / "regio.json").read_text())
        assert any(one["pseudonyms"].get("ggz-noord", "-") in printed[-1] for one in sheet)
    assert "Traceback" not in printed[-1]
    first = printed[0].splitlines()
    assert len(first) <= 15
    assert sum("openapi.json" in line for line in first) == 1
    ready = next(line for line in first if " ask --als ggz-noord" in line)
    assert "--doel D02" in ready
    assert len(sheet) >= 12
    assert len({one["regime"] for one in sheet}) >= 4
