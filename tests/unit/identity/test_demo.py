"""Clients of the demonstration, and what the certificate of a client is known by."""

import json
import stat
from pathlib import Path

import pytest

from hub.errors import ShapeError, WeakConfiguration
from hub.identity.certificate import certificate_print_of_pem
from hub.identity.demo import make_demo_clients, read_demo_client

PARTNERS = {"ggz-noord": "ggz-noord", "politie-noord": "politie-noord"}

CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBAg==
-----END CERTIFICATE-----
"""


def test_keys_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = make_demo_clients(tmp_path, PARTNERS)
    again = make_demo_clients(tmp_path, PARTNERS)
    assert [each.key.thumbprint for each in again.values()] == [each.key.thumbprint for each in first.values()]
    for client, partner in PARTNERS.items():
        path = tmp_path / "demo" / "clients" / f"{client}.json"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert read_demo_client(tmp_path, client).partner == partner
    assert len({each.key.thumbprint for each in first.values()}) == 2


def test_a_private_key_is_not_shown_by_accident(tmp_path: Path) -> None:
    (made,) = make_demo_clients(tmp_path, {"ggz-noord": "ggz-noord"}).values()
    assert made.key.jwk["d"] not in repr(made)


def test_a_file_open_to_others_is_refused(tmp_path: Path) -> None:
    make_demo_clients(tmp_path, PARTNERS)
    (tmp_path / "demo" / "clients" / "ggz-noord.json").chmod(0o644)
    with pytest.raises(WeakConfiguration):
        read_demo_client(tmp_path, "ggz-noord")


@pytest.mark.parametrize("name", ["", "../keys", "a/b", "GGZ", "x\0"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ShapeError):
        read_demo_client(tmp_path, name)


@pytest.mark.parametrize("change", [{"key": {"kty": "OKP"}}, {"key": None}, {"partner": None}])
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    make_demo_clients(tmp_path, PARTNERS)
    path = tmp_path / "demo" / "clients" / "ggz-noord.json"
    content = {name: value for name, value in {**json.loads(path.read_text()), **change}.items() if value is not None}
    path.write_text(json.dumps(content))
    with pytest.raises(ShapeError):
        read_demo_client(tmp_path, "ggz-noord")


def test_a_certificate_is_known_by_its_digest() -> None:
    for pem in (CERTIFICATE, f"\n{CERTIFICATE}\n"):
        assert certificate_print_of_pem(pem) == "yrBz-jYN593wum3Fdvs7dDZWCqao_8KZXP2b5HT9FUI"
    with pytest.raises(ShapeError):
        certificate_print_of_pem("geen certificaat")
