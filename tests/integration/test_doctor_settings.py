"""`hub doctor` on settings, policy, clock and disk: the true cause, and a deed that helps."""

import shutil
from pathlib import Path

import pytest

from hub.cli import doctor, examining
from hub.cli.finding import Grade
from hub.pdp.bundle import MODULE_NAME, RULES_OF_MODULE, digest_of, read_bundle
from hub.pdp.opa_fleet import SENTENCES, WELL
from hub.pdp.opa_server import UNREACHABLE
from hub.wiring import ROOT
from tests.examined import Examined
from tests.region import AT
from tests.servers import free_port


@pytest.mark.parametrize("place", ["/dev/null", "file", "file/below"])
def test_a_home_that_is_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, examined: Examined, place: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HUB_HOME", str(tmp_path / place))
    status, lines = examined()
    assert status == 1
    assert any(line.startswith("fout    instellingen: HUB_HOME: dit is geen map -> ") for line in lines)
    assert not any("serve" in line for line in lines), lines


def test_the_test_profile_is_called_so(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PROFILE", "test")
    assert any("dit is het testprofiel" in line for line in examined()[1])
    assert home


def test_a_server_of_policy_that_is_down(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_POLICY_ENGINE", "opa")
    monkeypatch.setenv("HUB_OPA_SERVERS", f"een=http://127.0.0.1:{free_port()}")
    status, lines = examined()
    found = [line for line in lines if " beleid: " in line]
    assert status == 1
    assert len(found) == 1
    assert found[0].startswith("fout    beleid: OPA-server een antwoordt niet op tijd -> ")
    assert "HUB_OPA_SERVERS" in found[0]
    assert "HUB_POLICIES" not in found[0]
    assert home


def test_a_server_that_is_down_beside_one_that_is_well_is_no_fault() -> None:
    (found,) = examining._servers({"een": WELL, "twee": UNREACHABLE, "drie": WELL})
    assert (found.grade, found.what) == (Grade.CARE, "OPA-server twee antwoordt niet op tijd")
    for code in SENTENCES:
        (found,) = examining._servers({"een": code})
        assert found.grade is Grade.WRONG
        assert found.remedy


def test_a_name_that_is_no_setting_is_named_without_its_value(
    home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_PORTT", "zwaluw")
    status, lines = examined()
    assert status == 0
    (found,) = [line for line in lines if "HUB_PORTT" in line]
    assert found.startswith(
        "let op  instellingen: de hub kent deze instelling niet: HUB_PORTT (bedoelt u HUB_PORT?) -> "
    )
    assert not any("zwaluw" in line for line in lines)
    assert home


@pytest.fixture
def policies(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "policies", home / "policies")
    monkeypatch.setenv("HUB_POLICIES", str(home / "policies"))
    return home / "policies"


def test_a_policy_that_does_not_load(policies: Path, examined: Examined) -> None:
    rules = next(path for path in sorted(policies.rglob("*.rego")) if not path.name.endswith("_test.rego"))
    rules.write_text(rules.read_text() + "\n# other rules, so that the module here counts\n")
    (policies / RULES_OF_MODULE).write_text(digest_of(read_bundle(policies).rules))
    (policies / MODULE_NAME).write_bytes(b"\0asm")
    status, lines = examined()
    assert status == 1
    assert any(line.startswith("fout    beleid: ") and "HUB_POLICIES" in line for line in lines)


def test_a_policy_that_answers_otherwise(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(examining.KNOWN, "legal_bases", [])
    status, lines = examined()
    assert status == 1
    assert any("een bekende vraag krijgt een ander antwoord" in line for line in lines)
    assert home


def test_another_policy_than_of_the_newest_decision_is_no_fault_but_is_said(policies: Path, examined: Examined) -> None:
    rules = next(path for path in sorted(policies.rglob("*.rego")) if not path.name.endswith("_test.rego"))
    rules.write_text(rules.read_text() + "\n# another revision\n")
    status, lines = examined()
    assert any(line.startswith("let op  beleid: het beleid is een ander") for line in lines)
    assert status in (0, 1)


def test_a_clock_that_is_behind(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "utc_now", lambda: AT.replace(hour=10))
    status, lines = examined()
    assert status == 1
    assert any(line.startswith("fout    klok: de klok loopt 3600 seconden achter") for line in lines)
    assert home


@pytest.mark.parametrize(("free", "grade"), [(50 << 20, "fout"), (500 << 20, "let op"), (5 << 30, "goed")])
def test_room_on_the_disk(
    home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch, free: int, grade: str
) -> None:
    monkeypatch.setattr(examining.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, free))  # type: ignore[attr-defined]
    status, lines = examined()
    assert [line[:7].strip() for line in lines if " schijf: " in line] == [grade]
    assert status == (grade == "fout")
    assert home


def test_all_reasons_of_production_at_once(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PROFILE", "production")
    monkeypatch.setenv("HUB_TLS_KEY", str(home / "none.key"))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.nl:4318")
    status, lines = examined()
    found = [line for line in lines if line.startswith("fout    instellingen: ")]
    assert status == 1
    for name in (
        "HUB_ISSUER",
        "HUB_KEK",
        "HUB_STORE_URL",
        "HUB_KEYS_URL",
        "HUB_PUBLIC_URL",
        "HUB_TLS_KEY",
        "beleid",
        "OTEL",
    ):
        assert any(name in line for line in found), (name, found)


def test_a_setting_that_cannot_be_read(home: Path, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PORT", "eighty")
    assert examined() == (1, [line for line in examined()[1] if "HUB_PORT" in line])
    assert home
