"""`deploy/`: compose.yaml, the image, the settings of OPA and those of the hub fit each other. No engine is needed."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml  # type: ignore[import-untyped,unused-ignore]

from hub.settings import NAMES, from_environment, kek_of, reasons_to_refuse
from tests.repository import ROOT

DEPLOY = ROOT / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text()
HEAD = TEXT.partition("\nname: hub\n")[0]
CONTAINER = (DEPLOY / "Containerfile").read_text()
OPA = (DEPLOY / "opa.yaml").read_text()
PUBLIC = "hub.example.nl"
MADE = {f"./{path}" for path in re.findall(r"(?:secrets|pkcs11|policy)/[\w.-]*", HEAD)} | {
    "./secrets",
    "./policy",
    "./pkcs11",
}


def composed() -> Any:
    """The file with the settings of the profile `opa` in, and its own variables filled."""
    text = re.sub(r"# (HUB_[A-Z_]+: )", r"\1", TEXT)
    text = re.sub(r"\$\{PUBLIC_NAME[^}]*\}", PUBLIC, text)
    return yaml.safe_load(re.sub(r"\$\{POSTGRES_PASSWORD[^}]*\}", "een", text))


SERVICES = composed()["services"]
HUB, OPA_SERVER = SERVICES["hub"], SERVICES["opa"]


def mounts(service: dict[str, Any]) -> dict[str, str]:
    """Inside -> outside."""
    return {inside: outside for outside, inside, *_ in (volume.split(":") for volume in service["volumes"])}


def files(service: dict[str, Any]) -> set[str]:
    """The files that settings and command of a service name, inside."""
    words = [*service.get("environment", {}).values(), *service.get("command", ())]
    return {path for word in words for path in re.findall(r"(?:^|[=:])(/[a-z][\w./-]*)", str(word))}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_file_that_a_setting_names_is_mounted_and_told_of(name: str) -> None:
    there = mounts(SERVICES[name])
    for file in sorted(files(SERVICES[name])):
        above = [inside for inside in there if file == inside or file.startswith(f"{inside}/")]
        assert above, f"{file} is in no mount of {name}"
        outside = there[above[0]] + file.removeprefix(above[0])
        made = outside.partition("/")[0] == "home" or outside in MADE or (DEPLOY / outside).exists()
        assert made, f"{outside} is not among the files in the head"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_mount_is_of_a_volume_of_this_folder_or_of_what_the_head_names(name: str) -> None:
    for outside in mounts(SERVICES[name]).values():
        assert outside in composed()["volumes"] or outside in MADE or (DEPLOY / outside).exists(), outside


def test_every_file_of_the_head_is_used() -> None:
    outside = set()
    for service in SERVICES.values():
        there = mounts(service)
        outside |= set(there.values()) | {service.get("env_file")}
        for file in files(service):
            outside |= {
                base + file.removeprefix(inside) for inside, base in there.items() if file.startswith(f"{inside}/")
            }
    assert {path.rstrip("/") for path in MADE} - {"./secrets"} <= outside


def test_the_hub_is_given_settings_that_it_knows_and_starts_with() -> None:
    image = set(re.findall(r"\b(HUB_[A-Z_]+)=", CONTAINER))
    assert set(HUB["environment"]) | image <= NAMES
    settings = from_environment(HUB["environment"], ROOT)
    assert reasons_to_refuse(settings, frozenset({"FG 2027-01, RAC 2027-02"})) == []
    assert kek_of(settings.kek)
    # As it stands, without what is a comment.
    plain = yaml.safe_load(TEXT)["services"]["hub"]["environment"]
    assert from_environment({**plain, "HUB_PUBLIC_URL": f"https://{PUBLIC}"}, ROOT).engine == "embedded"


def test_the_policy_is_not_that_of_the_image() -> None:
    assert mounts(HUB)[HUB["environment"]["HUB_POLICIES"]] == "./policy"


def test_an_opa_server_is_given_what_its_settings_take() -> None:
    taken = set(re.findall(r"\$\{(\w+)\}", OPA)) | {"HUB_OPA_TOKEN"}
    assert "runtime().env.HUB_OPA_TOKEN" in (DEPLOY / "opa/authz.rego").read_text()
    in_file = {name for name in taken if f"{name}=" in HEAD}
    assert set(OPA_SERVER["environment"]) | in_file == taken
    assert not set(OPA_SERVER["environment"]) & in_file
    head = OPA.partition("\nservices:")[0]
    assert {name for name in taken if re.search(rf"^#   .*{name}[ ,]", head, re.MULTILINE)} == taken


def test_ports_are_the_same_everywhere() -> None:
    (published,) = HUB["ports"]
    port = HUB["environment"]["HUB_PORT"]
    assert published == f"443:{port}"
    assert f"HUB_PORT={port}\n" in CONTAINER
    assert f"EXPOSE {port}\n" in CONTAINER
    assert urlsplit(OPA_SERVER["environment"]["HUB_URL"]).port == int(port)
    (server,) = from_environment(HUB["environment"], ROOT).opa_servers
    assert f"--addr=0.0.0.0:{urlsplit(server[1]).port}" in OPA_SERVER["command"]


def test_each_is_reached_under_a_name_that_its_certificate_has() -> None:
    environment = HUB["environment"]
    public = urlsplit(environment["HUB_PUBLIC_URL"]).hostname
    assert urlsplit(OPA_SERVER["environment"]["HUB_URL"]).hostname == public
    (shared,) = OPA_SERVER["networks"]
    assert HUB["networks"][shared]["aliases"] == [public]
    ((name, url),) = from_environment(environment, ROOT).opa_servers
    assert OPA_SERVER["environment"]["HUB_OPA_NAME"] == name
    hosts = {
        urlsplit(url).hostname,
        *(urlsplit(environment[one]).hostname for one in ("HUB_STORE_URL", "HUB_KEYS_URL")),
    }
    assert hosts == set(SERVICES) - {"hub"}
    for host in hosts:
        assert shared in SERVICES[str(host)]["networks"]
        assert re.search(rf"secrets/{host}.crt .*for `{host}`", HEAD)
    # Who signed that of the hub is somebody else than who signed those of the servers.
    assert mounts(OPA_SERVER)[OPA_SERVER["environment"]["HUB_CA_FILE"]] == "./secrets/tls-ca.crt"
    assert environment["HUB_OPA_CA_FILE"].endswith("/ca.crt")


def test_what_hub_and_opa_server_share_is_of_one_user() -> None:
    assert f"useradd --uid {OPA_SERVER['user']} " in CONTAINER
    assert f"chown {OPA_SERVER['user']}," in HEAD
    assert mounts(OPA_SERVER)[OPA_SERVER["environment"]["HUB_FLEET_TOKEN_FILE"]] == "./secrets/fleet.token"
    assert HUB["environment"]["HUB_FLEET_TOKEN_FILE"] == "/run/secrets/fleet.token"


def test_the_first_start_makes_each_store_its_role() -> None:
    guide = (ROOT / "docs/guides/operator.md").read_text()
    assert "/etc/hub/roles.sql" in guide
    assert mounts(SERVICES["data"])["/etc/hub"] == mounts(SERVICES["keys"])["/etc/hub"] == "./postgresql"
    assert (DEPLOY / "postgresql/roles.sql").is_file()
