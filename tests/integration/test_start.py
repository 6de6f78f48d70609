"""What refuses to start: a weak production, each reason by itself and all at once; a key that is not as it must be."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.errors import WeakConfiguration
from hub.settings import Settings, from_environment, must_be_strong, reasons_to_refuse
from hub.wiring import ROOT, open_hub
from tests.region import settings_of, template

APPROVED = frozenset({"FG 2027-01, RAC 2027-02"})
STRONG = {
    "HUB_PROFILE": "production",
    "HUB_ISSUER": "own",
    "HUB_KEK": "pkcs11:/usr/lib/softhsm/libsofthsm2.so?token=hub&pin_file=/run/pin",
    "HUB_STORE_URL": "postgresql+psycopg://hub@db/hub",
    "HUB_KEYS_URL": "postgresql+psycopg://keys@db/keys",
    "HUB_PUBLIC_URL": "https://hub.example.nl",
    "HUB_HOST": "0.0.0.0",  # noqa: S104 - a public address, encrypted
    "HUB_TLS_CERTIFICATE": "/run/tls.pem",
    "HUB_TLS_KEY": "/run/tls.key",
}
FLEET = {"HUB_POLICY_ENGINE": "opa", "HUB_OPA_SERVERS": "a=https://opa:8181"}
WEAK: dict[str, tuple[dict[str, str], str]] = {
    "demo issuer": ({"HUB_ISSUER": "demo"}, "HUB_ISSUER"),
    "file kek": ({"HUB_KEK": "file:/run/keys"}, "HUB_KEK"),
    "sqlite": ({"HUB_STORE_URL": "sqlite:///hub.db"}, "HUB_STORE_URL"),
    "sqlite for keys": ({"HUB_KEYS_URL": "sqlite:///keys.db"}, "HUB_KEYS_URL"),
    "keys beside data": ({"HUB_KEYS_URL": STRONG["HUB_STORE_URL"]}, "HUB_KEYS_URL"),
    "plain http": ({"HUB_TLS_KEY": ""}, "HUB_HOST"),
    "plain http behind a proxy, on every address": ({"HUB_TLS_KEY": "", "HUB_TLS_AHEAD": "yes"}, "HUB_HOST"),
    "plain public address": ({"HUB_PUBLIC_URL": "http://hub.example.nl"}, "HUB_PUBLIC_URL"),
    "plain engine": (
        {**FLEET, "HUB_OPA_SERVERS": "a=https://opa:8181, b=http://opa:8182", "HUB_OPA_TOKEN_FILE": "/run/t"},
        "HUB_OPA_SERVERS",
    ),
    "engine without token": (FLEET, "HUB_OPA_SERVERS"),
    "a tenant of the tests": ({"HUB_TEST_TENANT": "tests/interop/policy"}, "HUB_TEST_TENANT"),
}


def _settings(**changed: str) -> Settings:
    return from_environment({**STRONG, **changed}, ROOT)


def test_a_strong_production_starts() -> None:
    assert reasons_to_refuse(_settings(), APPROVED) == []
    inside = _settings(HUB_TLS_KEY="", HUB_TLS_AHEAD="yes", HUB_HOST="10.0.0.7")
    assert reasons_to_refuse(inside, APPROVED) == []


@pytest.mark.parametrize("what", sorted(WEAK))
def test_each_weakness_refuses_by_itself(what: str) -> None:
    changed, name = WEAK[what]
    reasons = reasons_to_refuse(_settings(**changed), APPROVED)
    assert len(reasons) == 1
    assert reasons[0].startswith(name)


@pytest.mark.parametrize("approvals", [frozenset({"demo"}), frozenset[str](), APPROVED | {"demo"}])
def test_a_policy_that_nobody_approved_refuses(approvals: frozenset[str]) -> None:
    reasons = reasons_to_refuse(_settings(), approvals)
    assert len(reasons) == 1
    assert reasons[0].startswith("beleid")


def test_all_reasons_come_at_once() -> None:
    changed = {"HUB_ISSUER": "demo", "HUB_KEK": "file:x", "HUB_STORE_URL": "sqlite:///x", "HUB_KEYS_URL": "sqlite:///y",
               "HUB_TLS_KEY": "", "HUB_PUBLIC_URL": "http://x", **FLEET}  # fmt: skip
    with pytest.raises(WeakConfiguration) as refused:
        must_be_strong(_settings(**changed), frozenset({"demo"}))
    assert len(refused.value.reasons) == 8


def test_the_policy_of_this_repository_is_not_for_production(tmp_path: Path) -> None:
    with pytest.raises(WeakConfiguration) as refused:
        open_hub(replace(_settings(), home=tmp_path))
    assert any(reason.startswith("beleid") for reason in refused.value.reasons)


def test_a_tenant_of_the_tests_is_there_in_the_test_profile_alone(tmp_path: Path) -> None:
    tenant = {"HUB_TEST_TENANT": str(ROOT / "tests/interop/policy")}
    (reason,) = reasons_to_refuse(from_environment(tenant, ROOT), APPROVED)
    assert reason.startswith("HUB_TEST_TENANT")
    test = from_environment({**tenant, "HUB_PROFILE": "test", "HUB_HOME": str(tmp_path)}, ROOT)
    assert reasons_to_refuse(test, APPROVED) == []
    assert reasons_to_refuse(replace(test, host="192.0.2.1"), APPROVED)
    with pytest.raises(WeakConfiguration):
        open_hub(replace(test, test_tenant=tmp_path / "niets"))
    hub = open_hub(test)
    hub.close()
    assert hub.tenant is not None
    assert hub.bundle.revision != hub.tenant._engine.revision
    known = {type(part).__module__ for part in vars(hub.tenant).values()}
    assert not {one for one in known if "compartment" in one or "crypto" in one or "broker" in one}


def test_the_demonstration_listens_at_home_only() -> None:
    assert reasons_to_refuse(from_environment({"HUB_HOST": "192.0.2.1"}, ROOT), APPROVED)
    assert not reasons_to_refuse(from_environment({}, ROOT), APPROVED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_ENGINE", "embedded"),
        ("HUB_POLICY_ENGINE", "opa"),
        ("HUB_POLICY_ENGINE", "https://opa"),
        ("HUB_OPA_SERVERS", "https://opa"),
        ("HUB_OPA_SERVERS", "a=https://opa,a=https://opb"),
        ("HUB_OPA_SERVERS", "a=https://user@opa"),
        ("HUB_PROFILE", "prod"),
        ("HUB_PORT", "0"),
        ("HUB_PORT", "http"),
        ("HUB_CACHES", "no"),
        ("HUB_ISSUER", ""),
    ],
)
def test_an_unknown_word_is_refused(name: str, value: str) -> None:
    with pytest.raises(WeakConfiguration):
        from_environment({name: value}, ROOT)


def _other(kek: Path) -> None:
    kek.write_bytes(os.urandom(32))


def _gone(kek: Path) -> None:
    kek.unlink()


def _weak(kek: Path) -> None:
    kek.write_bytes(bytes(32))


def _short(kek: Path) -> None:
    kek.write_bytes(os.urandom(31))


def _readable(kek: Path) -> None:
    kek.chmod(0o644)


@pytest.mark.parametrize("harm", [_other, _gone, _weak, _short, _readable])
def test_a_key_that_is_wrong_missing_weak_or_open_to_others_refuses(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(template().home, home)
    harm(home / "keys" / "kek-1.key")
    with pytest.raises(WeakConfiguration):
        open_hub(settings_of(home))
    assert not (harm is _gone and (home / "keys" / "kek-1.key").exists()), "no new key in the place of a lost one"
