"""One frozen Settings, read once from the environment; the production profile names every reason to refuse at once."""

import difflib
import ipaddress
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from hub.errors import WeakConfiguration
from hub.model.address import DATABASE_FORMS, HTTP_FORM, URI_FORM, is_bare, is_database, is_http, is_uri, port_of

PROFILES = DEMO, TEST, PRODUCTION = "demo", "test", "production"
ENGINES = EMBEDDED, OPA = "embedded", "opa"
STORES = SQLITE, POSTGRESQL = "sqlite", "postgresql"
PLACEHOLDER = "beheer@hub.example.nl"
"""The contact of a demonstration: nobody reads what is sent there (RFC 2606)."""
_MAILBOX = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
DEMO_APPROVAL = "demo"
"""The approval reference of a policy that no FG or RAC has seen (R33)."""
NAMES: Final = frozenset({
    "HUB_PROFILE", "HUB_HOME", "HUB_STORE_URL", "HUB_KEYS_URL", "HUB_KEK", "HUB_POLICY_ENGINE", "HUB_OPA_SERVERS",
    "HUB_OPA_TOKEN_FILE", "HUB_OPA_CA_FILE", "HUB_POLICY_KEY_FILE", "HUB_FLEET_TOKEN_FILE", "HUB_ISSUER",
    "HUB_PUBLIC_URL", "HUB_HOST", "HUB_PORT", "HUB_TLS_CERTIFICATE", "HUB_TLS_KEY", "HUB_TLS_CLIENT_CA",
    "HUB_TLS_AHEAD", "HUB_POLICIES", "HUB_CACHES", "HUB_POSTVAK_DAYS", "HUB_REGISTER_URL", "HUB_TEST_TENANT",
    "HUB_CONTACT", "HUB_OPERATOR_PASSPHRASE_FILE",
})  # fmt: skip
"""Every setting that the hub reads; the guide for operators says what each is."""
_OURS: Final = "HUB_"
_SERVER = re.compile(r"(?P<name>[a-z][a-z0-9-]{0,31})=(?P<url>https?://[^\s,@]+)")


@dataclass(frozen=True)
class Settings:
    """How this hub runs. Instants, ids and keys are never in here; secrets are named by the file that holds them.

    profile      demo, test (a demonstration that may have a tenant for tests of interoperability) or production
    home         directory of the embedded store, keys and demonstration files
    store_url    SQLAlchemy URL of the data store; keys_url of the key store
    kek          file:DIRECTORY, or pkcs11:MODULE?token=…&pin_file=…
    engine       embedded, or opa: asked of opa_servers, (name, https URL) each, with one bearer token and authority
    policy_key_file, fleet_token_file  the key that signs policy; the bearer token with which OPA servers fetch it
    issuer       demo (the demonstration region's own clients are known), or own
    public_url   the address under which partners reach the hub
    host, port   where it listens; tls_certificate, tls_key where TLS ends at the hub; tls_ahead: a proxy ends it
    tls_client_ca  authorities whose client certificates count, where TLS ends at the hub (RFC 8705)
    caches       whether decisions, states and unwrapped keys are remembered between requests
    postvak_days how many days a partner has to fetch what was sent to it
    test_tenant  directory of the policy of such a tenant (hub.casework.tenant); in the test profile alone
    contact      the e-mail address at which partners reach who runs the hub; it stands in the description of the API
    register_url before the name of an activity: its place in the controller's register of processing activities
    """

    profile: str
    home: Path
    store_url: str
    keys_url: str
    kek: str
    engine: str
    opa_servers: tuple[tuple[str, str], ...]
    opa_token_file: Path | None
    opa_ca_file: Path | None
    policy_key_file: Path | None
    fleet_token_file: Path | None
    issuer: str
    public_url: str
    host: str
    port: int
    tls_certificate: Path | None
    tls_key: Path | None
    tls_client_ca: Path | None
    tls_ahead: bool
    policies: Path
    caches: bool
    postvak_days: int
    contact: str
    register_url: str
    test_tenant: Path | None = None

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration, or a test: nobody in it is real."""
        return self.profile in (DEMO, TEST)

    @property
    def store(self) -> str:
        """Which kind of database the data store is."""
        return SQLITE if self.store_url.startswith(SQLITE) else POSTGRESQL


def from_environment(environment: Mapping[str, str], root: Path) -> Settings:
    """The settings that `environment` gives (names `HUB_…`), with defaults for an embedded demonstration.

    Raises WeakConfiguration, with every reason at once, for what cannot be read as a setting.
    """
    settings, reasons = readable(environment, root)
    if reasons:
        raise WeakConfiguration(reasons)
    return settings


def readable(environment: Mapping[str, str], root: Path) -> tuple[Settings, list[str]]:
    """The settings as far as they can be read, and why the others cannot. A default stands in the place of those: to say
    what else is wrong, and never to serve with."""
    found: dict[str, Any] = {}
    reasons: list[str] = []
    defaults = _readings({}, root)
    for name, read in _readings(environment, root).items():
        try:
            found[name] = read()
        except WeakConfiguration as refusal:
            reasons += refusal.reasons
            found[name] = defaults[name]()
    return Settings(**found), reasons


def unknown_names(environment: Mapping[str, str]) -> list[str]:
    """What is named as a setting and is none, each with the setting that it looks like. Values are never in it."""
    odd = sorted(name for name in environment if name.startswith(_OURS) and name not in NAMES and name.isprintable())
    return [f"{name} (bedoelt u {like}?)" if (like := _nearest(name)) else name for name in odd]


def _nearest(name: str) -> str | None:
    known = sorted(one.removeprefix(_OURS) for one in NAMES)
    found = difflib.get_close_matches(name.removeprefix(_OURS), known, n=1)
    return _OURS + found[0] if found else None


def _readings(environment: Mapping[str, str], root: Path) -> dict[str, Callable[[], object]]:
    """How each setting is read."""
    home = Path(environment.get("HUB_HOME", "var"))
    host, port = environment.get("HUB_HOST", "127.0.0.1"), environment.get("HUB_PORT", "8000")

    def path(name: str) -> Callable[[], Path | None]:
        return lambda: _path(environment.get(name))

    return {
        "profile": lambda: _word(environment, "HUB_PROFILE", DEMO, PROFILES),
        "home": lambda: home,
        "store_url": lambda: _database(environment, "HUB_STORE_URL", home / "hub.db"),
        "keys_url": lambda: _database(environment, "HUB_KEYS_URL", home / "keys" / "keys.db"),
        "kek": lambda: _kek(environment.get("HUB_KEK", f"file:{home / 'keys'}")),
        "engine": lambda: _engine(environment),
        "opa_servers": lambda: _servers(environment.get("HUB_OPA_SERVERS", "")),
        "opa_token_file": path("HUB_OPA_TOKEN_FILE"),
        "opa_ca_file": path("HUB_OPA_CA_FILE"),
        "policy_key_file": path("HUB_POLICY_KEY_FILE"),
        "fleet_token_file": path("HUB_FLEET_TOKEN_FILE"),
        "issuer": lambda: _word(environment, "HUB_ISSUER", "demo", ("demo", "own")),
        "public_url": lambda: _public(environment, host, port),
        "host": lambda: host,
        "port": lambda: _port(port),
        "tls_certificate": path("HUB_TLS_CERTIFICATE"),
        "tls_key": path("HUB_TLS_KEY"),
        "tls_client_ca": path("HUB_TLS_CLIENT_CA"),
        "tls_ahead": lambda: _word(environment, "HUB_TLS_AHEAD", "no", ("yes", "no")) == "yes",
        "policies": lambda: policies_of(environment, root / "policies"),
        "caches": lambda: _word(environment, "HUB_CACHES", "on", ("on", "off")) == "on",
        "postvak_days": lambda: _days(environment.get("HUB_POSTVAK_DAYS", "14")),
        "contact": lambda: _contact(environment.get("HUB_CONTACT", PLACEHOLDER)),
        "register_url": lambda: _register(environment.get("HUB_REGISTER_URL", "urn:hub:verwerking")),
        "test_tenant": path("HUB_TEST_TENANT"),
    }


def reasons_to_refuse(settings: Settings, approvals: frozenset[str]) -> list[str]:
    """Every reason why the production profile does not start with these settings; `approvals` are the policy's."""
    tenant = (
        settings.test_tenant is not None and settings.profile != TEST,
        "HUB_TEST_TENANT: een proefhuurder met ander beleid kan alleen in het testprofiel",
    )
    if settings.demo:
        listens = (
            not _is_loopback(settings.host),
            "HUB_HOST: buiten het productieprofiel luistert de hub alleen op 127.0.0.1",
        )
        return [reason for refused, reason in (listens, tenant) if refused]
    checks = (
        tenant,
        (settings.issuer == "demo", "HUB_ISSUER: de demo-uitgever is niet toegestaan"),
        (settings.kek.startswith("file:"), "HUB_KEK: een sleutel in een bestand is niet toegestaan; gebruik PKCS#11"),
        (settings.store_url.startswith("sqlite"), "HUB_STORE_URL: SQLite is niet toegestaan; gebruik PostgreSQL"),
        (settings.keys_url.startswith("sqlite"), "HUB_KEYS_URL: SQLite is niet toegestaan; gebruik PostgreSQL"),
        (settings.store_url == settings.keys_url, "HUB_KEYS_URL: sleutels horen in een eigen database"),
        (_plain_http(settings), "HUB_HOST: onversleuteld http op een openbaar adres is niet toegestaan"),
        (not settings.public_url.startswith("https://"), "HUB_PUBLIC_URL: moet met https:// beginnen"),
        (_plain_engine(settings), "HUB_OPA_SERVERS: een OPA-server moet over https en met een token"),
        (
            not approvals or DEMO_APPROVAL in approvals,
            "beleid: de goedkeuring is 'demo' (FG en RAC moeten akkoord zijn)",
        ),
    )
    return [reason for refused, reason in checks if refused]


def must_be_strong(settings: Settings, approvals: frozenset[str]) -> None:
    """Raise WeakConfiguration, with every reason at once, when these settings must not serve."""
    if reasons := reasons_to_refuse(settings, approvals):
        raise WeakConfiguration(reasons)


def _plain_http(settings: Settings) -> bool:
    encrypted = settings.tls_certificate is not None and settings.tls_key is not None
    return not (encrypted or _is_loopback(settings.host) or (settings.tls_ahead and _is_private(settings.host)))


def _plain_engine(settings: Settings) -> bool:
    if settings.engine == EMBEDDED:
        return False
    plain = any(urlsplit(url).scheme != "https" for _, url in settings.opa_servers)
    return plain or settings.opa_token_file is None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private and host not in ("0.0.0.0", "::")  # noqa: S104 - refused here
    except ValueError:
        return False


def _port(text: str) -> int:
    if (found := port_of(text)) is None:
        raise WeakConfiguration(["HUB_PORT: geen geldig poortnummer"])
    return found


def _engine(environment: Mapping[str, str]) -> str:
    engine = _word(environment, "HUB_POLICY_ENGINE", EMBEDDED, ENGINES)
    if engine == OPA and not environment.get("HUB_OPA_SERVERS"):
        raise WeakConfiguration(["HUB_OPA_SERVERS: noem de OPA-servers, als NAAM=ADRES met een komma ertussen"])
    return engine


def _servers(text: str) -> tuple[tuple[str, str], ...]:
    """(name, address) of each server; a name is what `/gereed` shows of it."""
    found = tuple(_SERVER.fullmatch(part.strip()) for part in text.split(",") if part.strip())
    servers = tuple((one["name"], one["url"].rstrip("/")) for one in found if one is not None)
    sound = all(is_http(url) and is_bare(url) for _, url in servers)
    if not sound or len(servers) != len(found) or len(dict(servers)) != len(servers):
        raise WeakConfiguration(
            ["HUB_OPA_SERVERS: geef NAAM=ADRES, met een komma ertussen; elke naam een keer, elk adres zonder pad"]
        )
    return servers


def policies_of(environment: Mapping[str, str], default: Path) -> Path:
    """The folder of the policy that the deployment names, else `default`."""
    return Path(environment.get("HUB_POLICIES", default))


def _database(environment: Mapping[str, str], name: str, default: Path) -> str:
    url = environment.get(name, f"sqlite:///{default}")
    if not is_database(url):
        raise WeakConfiguration([f"{name}: {DATABASE_FORMS}"])
    return url


def _public(environment: Mapping[str, str], host: str, port: str) -> str:
    url = environment.get("HUB_PUBLIC_URL")
    if url is None:
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if not is_http(url):
        raise WeakConfiguration([f"HUB_PUBLIC_URL: {HTTP_FORM}"])
    return url.rstrip("/")


def _register(text: str) -> str:
    if not is_uri(text):
        raise WeakConfiguration([f"HUB_REGISTER_URL: {URI_FORM}"])
    return text.rstrip("/")


@dataclass(frozen=True)
class Token:
    """A PKCS#11 token as HUB_KEK names it: the maker's library, the name of the token, the file with its PIN."""

    module: str
    name: str
    pin_file: Path


def kek_of(text: str) -> Path | Token:
    """Where the key-encryption keys are: a directory, or a PKCS#11 token. Raises WeakConfiguration for another form."""
    kind, _, rest = text.partition(":")
    if kind == "file" and rest:
        return Path(rest)
    module, _, query = rest.partition("?")
    named = parse_qs(query)
    if kind == "pkcs11" and module and set(named) == {"token", "pin_file"}:
        return Token(module, named["token"][0], Path(named["pin_file"][0]))
    raise WeakConfiguration(["HUB_KEK: geef file:MAP of pkcs11:MODULE?token=NAAM&pin_file=BESTAND"])


def _kek(text: str) -> str:
    kek_of(text)
    return text


def _contact(text: str) -> str:
    if not _MAILBOX.fullmatch(text):
        raise WeakConfiguration(["HUB_CONTACT: geef een e-mailadres"])
    return text


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 90):
        raise WeakConfiguration(["HUB_POSTVAK_DAYS: geef 1 tot en met 90 dagen"])
    return int(text)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _word(environment: Mapping[str, str], name: str, default: str, words: tuple[str, ...]) -> str:
    word = environment.get(name, default)
    if word not in words:
        raise WeakConfiguration([f"{name}: kies uit {', '.join(words)}"])
    return word


def secret_in(name: str, path: Path) -> str:
    """The secret that stands in a file; the setting is named when there is none, and never the file."""
    try:
        found = path.read_text().strip()
    except (OSError, ValueError):
        found = ""
    if not found:
        raise WeakConfiguration([f"{name}: het bestand met het geheim is leeg of niet te lezen"])
    return found


def must_have_tls(settings: Settings) -> None:
    """Raise WeakConfiguration, with every reason at once, when what is named for TLS is not what the hub needs."""
    certificate, key, client_ca = settings.tls_certificate, settings.tls_key, settings.tls_client_ca
    reasons: list[str] = []
    if (certificate is None) != (key is None):
        reasons.append("HUB_TLS_CERTIFICATE, HUB_TLS_KEY: noem ze samen, of geen van beide")
    elif certificate is not None and not _is_pair(certificate, key):
        reasons.append("HUB_TLS_CERTIFICATE, HUB_TLS_KEY: geen certificaat met zijn sleutel (PEM, zonder wachtwoord)")
    if client_ca is not None and certificate is None:
        reasons.append("HUB_TLS_CLIENT_CA: alleen waar TLS eindigt bij de hub, met HUB_TLS_CERTIFICATE")
    if client_ca is not None and not _is_authority(client_ca):
        reasons.append("HUB_TLS_CLIENT_CA: geen certificaten (PEM)")
    if settings.opa_ca_file is not None and not _is_authority(settings.opa_ca_file):
        reasons.append("HUB_OPA_CA_FILE: geen certificaten (PEM)")
    if reasons:
        raise WeakConfiguration(reasons)


def _is_pair(certificate: Path, key: Path | None) -> bool:
    try:
        # With an empty password, so that a key that has one is refused and nobody is asked for it.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ValueError):
        return False
    return True


def _is_authority(file: Path) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(cafile=file)
    except (OSError, ValueError):
        return False
    return True
