"""Settings that are merely wrong: `hub doctor` says which and what to do, `hub serve` refuses with the same sentence,
and neither breaks off or repeats what may be a secret."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from hub.cli import doctor
from hub.cli.examining import PARTS
from hub.cli.main import main
from hub.crypto import policy_key
from hub.errors import WeakConfiguration
from hub.run import serving
from hub.settings import NAMES, from_environment, must_have_tls, unknown_names
from hub.starting import refusals
from hub.wiring import ROOT
from tests import servers

NO_KEY = "merel"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where no hub was before; a serving one would be a fault of the test."""

    def served(*_: object) -> NoReturn:
        raise AssertionError("this hub must not serve")

    for name in [name for name in os.environ if name.startswith(("HUB_", "OTEL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUB_PORT", str(servers.free_port()))
    monkeypatch.setattr(serving, "serve", served)
    monkeypatch.setattr(serving, "to_standard_error", lambda: None)
    monkeypatch.setattr(doctor, "utc_now", lambda: datetime(2027, 1, 10, 11, tzinfo=UTC))
    (tmp_path / "odd.pem").write_text(NO_KEY)
    (tmp_path / "odd.pem").chmod(0o600)
    policy_key.create(tmp_path / "policy.pem")
    return tmp_path


ADDRESSES = {
    "a driver that is not there": {"HUB_STORE_URL": "postgresql://hub@/hub"},
    "no address": {"HUB_STORE_URL": "nonsense"},
    "an empty address": {"HUB_STORE_URL": ""},
    "another database": {"HUB_KEYS_URL": "mysql://x/y"},
    "no port": {"HUB_STORE_URL": "postgresql+psycopg://h:abc/x"},
    "a port too high": {"HUB_STORE_URL": "postgresql+psycopg://h:99999/x"},
    "an @ in a password": {"HUB_STORE_URL": "postgresql+psycopg://hub:een@zwaluw:12@db.example/hub"},
    "an @ and a / in a password": {"HUB_KEYS_URL": "postgresql+psycopg://hub:een@zwaluw/12@db.example/hub"},
    "an @ and a ? in a password": {"HUB_KEYS_URL": "postgresql+psycopg://hub:een@zwaluw?a=12@db.example/hub"},
    "no file": {"HUB_STORE_URL": "sqlite:///:memory:"},
    "options of a file": {"HUB_STORE_URL": "sqlite:///hub.db?mode=ro"},
    "an OPA server without an end": {"HUB_OPA_SERVERS": "a=https://[::1", "HUB_POLICY_ENGINE": "opa"},
    "an OPA port too high": {"HUB_OPA_SERVERS": "a=https://x:99999999", "HUB_POLICY_ENGINE": "opa"},
    "an OPA address with a path": {"HUB_OPA_SERVERS": "a=https://x/v1", "HUB_POLICY_ENGINE": "opa"},
    "a kind of key that is not there": {"HUB_KEK": "fiel:/run/keys"},
    "a word of a token": {"HUB_KEK": "pkcs11:/usr/lib/module.so?tokn=hub&pin_file=/run/pin"},
    "a key in no folder": {"HUB_KEK": "file:"},
    "a flag of another setting": {"HUB_TLS_AHEAD": "on"},
    "a flag in Dutch": {"HUB_TLS_AHEAD": "ja"},
    "a register with a space": {"HUB_REGISTER_URL": "onzin zwaluw"},
    "a register that is no address": {"HUB_REGISTER_URL": "zwaluw"},
    "a register that ends in a question": {"HUB_REGISTER_URL": "https://register.example.nl/?naam="},
    "an empty register": {"HUB_REGISTER_URL": ""},
    "a space in the public address": {"HUB_PUBLIC_URL": "https://hub.example nl"},
    "a public address without an end": {"HUB_PUBLIC_URL": "https://[::1"},
    "a password in the public address": {"HUB_PUBLIC_URL": "https://hub:zwaluw@hub.example.nl"},
    "a collector without an end": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://[::1"},
    "a port of a collector": {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:99999999"},
}
FILES = {
    "a certificate without a key": {"HUB_TLS_CERTIFICATE": "odd.pem"},
    "a key without a certificate": {"HUB_TLS_KEY": "odd.pem"},
    "no certificate": {"HUB_TLS_CERTIFICATE": "odd.pem", "HUB_TLS_KEY": "odd.pem"},
    "client certificates without TLS": {"HUB_TLS_CLIENT_CA": "odd.pem"},
    "no key of policy": {"HUB_POLICY_KEY_FILE": "odd.pem"},
    "a key of policy that is gone": {"HUB_POLICY_KEY_FILE": "gone.pem"},
    "a short token": {"HUB_FLEET_TOKEN_FILE": "odd.pem", "HUB_POLICY_KEY_FILE": "policy.pem"},
    "a folder for a token": {
        "HUB_OPA_TOKEN_FILE": ".", "HUB_OPA_SERVERS": "a=https://127.0.0.1:1", "HUB_POLICY_ENGINE": "opa",
    },
    "no authority of OPA servers": {
        "HUB_OPA_CA_FILE": "odd.pem", "HUB_OPA_SERVERS": "a=https://127.0.0.1:1", "HUB_POLICY_ENGINE": "opa",
    },
    "a tenant that is not there": {"HUB_TEST_TENANT": "gone", "HUB_PROFILE": "test"},
}  # fmt: skip


def _told(capsys: pytest.CaptureFixture[str], command: str) -> tuple[int, list[str]]:
    capsys.readouterr()
    status = main([command])
    printed = capsys.readouterr()
    text = printed.out + printed.err
    assert not any(part in text for part in ("zwaluw", "db.example", NO_KEY, "Traceback", "doctor: ")), text
    return status, text.splitlines()


def _is_refused(capsys: pytest.CaptureFixture[str], name: str) -> None:
    status, lines = _told(capsys, "doctor")
    assert status == 1
    found = [line.partition(" -> ") for line in lines if line.startswith("fout    instellingen: ") and name in line]
    assert found
    assert all(remedy for _, _, remedy in found)
    status, lines = _told(capsys, "serve")
    assert status == 2
    assert lines[0] == "De hub start niet:"
    assert {f"- {reason.removeprefix('fout    instellingen: ')}" for reason, _, _ in found} <= set(lines)


@pytest.mark.parametrize("what", ADDRESSES)
def test_an_address_that_the_hub_cannot_use(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    for name, value in ADDRESSES[what].items():
        monkeypatch.setenv(name, value)
    _is_refused(capsys, next(iter(ADDRESSES[what])))
    assert home


def test_the_likely_slip_is_answered_with_what_it_must_be(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_STORE_URL", "postgresql://hub@/hub")
    assert "postgresql+psycopg://" in _told(capsys, "doctor")[1][0]
    assert home


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_does_not_hold_what_it_must(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    for name, value in FILES[what].items():
        is_file = name.endswith(("_FILE", "_TENANT")) or name.startswith("HUB_TLS")
        monkeypatch.setenv(name, str(home / value) if is_file else value)
    _is_refused(capsys, next(iter(FILES[what])))


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = {"HUB_PORT": "x", "HUB_STORE_URL": "x", "HUB_CACHES": "x", "HUB_POSTVAK_DAYS": "0", "HUB_PUBLIC_URL": "x"}
    with pytest.raises(WeakConfiguration) as refused:
        from_environment(wrong, ROOT)
    assert sorted(reason.partition(":")[0] for reason in refused.value.reasons) == sorted(wrong)


@pytest.mark.parametrize("host", ["192.0.2.1", "h" * 300])
def test_an_address_of_another_machine_is_not_called_a_port_in_use(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HUB_HOST", host)
    status, lines = _told(capsys, "serve")
    assert (status, lines[0]) == (2, "De hub start niet:")
    assert lines[1].startswith("- HUB_HOST: ")
    assert home


AWAY = {
    "no server": ("postgresql+psycopg://hub:zwaluw@/hub?host={home}/gone", "de database is niet te bereiken"),
    "no database": ("sqlite:///{home}/odd.pem", "dit bestand is geen database"),
    "no folder": ("sqlite:///{home}/odd.pem/hub.db", "waar de map van de database moet zijn, staat een bestand"),
}


@pytest.mark.parametrize("what", AWAY)
@pytest.mark.parametrize("name", ["HUB_STORE_URL", "HUB_KEYS_URL"])
def test_a_database_that_is_not_there_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, what: str
) -> None:
    address, said = AWAY[what]
    monkeypatch.setenv(name, address.format(home=home))
    status, lines = _told(capsys, "doctor")
    assert status == 1
    assert any(said in line and name in line.partition(" -> ")[2] for line in lines)
    assert _told(capsys, "serve") == (3, ["De database is niet te bereiken of geen database. `hub doctor` zegt welke."])


ADDRESSES_THAT_DO = {
    "HUB_STORE_URL": (
        "postgresql+psycopg://hub@/hub?host=first,second&target_session_attrs=read-write",
        "postgresql+psycopg://hub:een%40zwaluw@db.example:5432/hub?sslmode=verify-full&sslrootcert=/run/secrets/ca.crt",
        "postgresql+psycopg://hub@[::1]/hub",
        "sqlite:///hub.db",
        "sqlite:////var/lib/de hub/hub.db",
    ),
    "HUB_OPA_SERVERS": ("a=https://[::1]:8181, b=http://opa:8182",),
    "HUB_REGISTER_URL": ("https://register.example.nl/activiteiten/", "urn:nl:oin:00000099:register"),
    "HUB_TLS_AHEAD": ("yes", "no"),
    "HUB_KEK": ("file:keys", "pkcs11:/usr/lib/module.so?token=hub&pin_file=/run/pin"),
    "HUB_PUBLIC_URL": ("https://hub.example.nl", "http://127.0.0.1:8000/"),
}


@pytest.mark.parametrize(("name", "value"), [(name, one) for name, them in ADDRESSES_THAT_DO.items() for one in them])
def test_an_address_that_the_hub_can_use_is_taken(name: str, value: str) -> None:
    assert from_environment({name: value}, ROOT)


def test_an_address_of_its_own_is_one_that_can_be_used() -> None:
    assert from_environment({"HUB_HOST": "::1"}, ROOT).public_url == "http://[::1]:8000"


def test_without_tls_nothing_of_it_is_asked() -> None:
    must_have_tls(from_environment({}, ROOT))
    with pytest.raises(WeakConfiguration) as refused:
        must_have_tls(from_environment({"HUB_TLS_KEY": "k", "HUB_TLS_CLIENT_CA": "c"}, ROOT))
    assert len(refused.value.reasons) == 3


def test_what_nobody_foresaw_in_one_part_does_not_hide_the_others(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(_: object) -> NoReturn:
        raise ValueError("zwaluw")

    monkeypatch.setattr(doctor, "PARTS", (odd, *PARTS))
    status = main(["doctor"])
    lines = capsys.readouterr().out.splitlines()
    assert status == 1
    assert lines[0].startswith("fout    doctor: odd: een fout die niemand voorzag (ValueError at odd:")
    assert "zwaluw" not in lines[0]
    assert any(" beleid: " in line for line in lines)
    assert home


DEMO_POLICY = "beleid: de goedkeuring is 'demo'"


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"HUB_TLS_CERTIFICATE": "odd.pem", "HUB_TLS_KEY": "odd.pem"}, ["HUB_TLS_CERTIFICATE", DEMO_POLICY, "HUB_KEK"]),
        ({"HUB_HOST": "192.0.2.1"}, ["HUB_HOST: op dit adres", DEMO_POLICY, "HUB_STORE_URL", "HUB_KEYS_URL", "HUB_KEK"]),
        ({"HUB_POSTVAK_DAYS": "0", "HUB_KEYS_URL": "x"}, ["HUB_POSTVAK_DAYS", DEMO_POLICY, "HUB_KEYS_URL: geef sqlite"]),
        ({"HUB_KEK": "pkcs11:m?token=t&pin_file=gone"}, ["HUB_KEK: het bestand met het geheim", DEMO_POLICY]),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example.nl"}, ["OTEL_EXPORTER", DEMO_POLICY, "HUB_ISSUER"]),
    ],
)  # fmt: skip
def test_production_names_every_reason_at_once(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    names: list[str],
) -> None:
    monkeypatch.setenv("HUB_PROFILE", "production")
    for name, value in changed.items():
        monkeypatch.setenv(name, str(home / value) if name.startswith("HUB_TLS") else value)
    for command, status in (("doctor", 1), ("serve", 2)):
        found = _told(capsys, command)
        assert found[0] == status
        assert all(any(name in line for line in found[1]) for name in names), (command, found)
    assert len([line for line in found[1] if "HUB_KEYS_URL" in line]) == 1, "a default is not what was asked for"


def test_of_a_profile_that_is_not_there_nothing_else_is_said() -> None:
    with pytest.raises(WeakConfiguration) as refused:
        from_environment({"HUB_PROFILE": "prod"}, ROOT)
    assert refusals({"HUB_PROFILE": "prod"}, ROOT)[1] == refused.value.reasons


def test_serve_names_settings_that_are_none_in_one_line_without_their_values(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_PORTT", "zwaluw")
    monkeypatch.setenv("HUB_ZZ", "zwaluw")
    monkeypatch.setenv("HUB_CACHES", "nee")
    status, lines = _told(capsys, "serve")
    assert status == 2
    assert lines[0] == "Deze instellingen kent de hub niet: HUB_PORTT (bedoelt u HUB_PORT?), HUB_ZZ"
    assert lines[1] == "De hub start niet:"
    assert home


def test_the_settings_that_are_known_are_those_that_are_read_and_those_of_the_guide() -> None:
    words = {name for path in (ROOT / "hub").rglob("*.py") for name in re.findall(r'"(HUB_[A-Z_]+)"', path.read_text())}
    assert words <= NAMES | {"HUB_OPA_TOKEN"}
    rows = re.findall(r"^\| (`HUB_.*?) \|", (ROOT / "docs/guides/operator.md").read_text(), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"HUB_[A-Z_]+", row)} == NAMES
    assert not unknown_names(dict.fromkeys(NAMES, ""))
