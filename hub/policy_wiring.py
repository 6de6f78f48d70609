"""The composition of what decides: the policy beside the hub or in its store, the engine that runs it, the OPA servers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hub.crypto import policy_key
from hub.crypto.policy_key import PublicKey, SigningKey
from hub.errors import EngineUnavailable, WeakConfiguration
from hub.governance.in_force import InForce
from hub.governance.served import Served
from hub.pdp.bundle import Bundle, read_bundle
from hub.pdp.embedded import EmbeddedEngine
from hub.pdp.fleet import Fleet, NoRevision, OneRevision, Revisions
from hub.pdp.opa_fleet import FleetDecisionPoint, OpaFleetEngine
from hub.pdp.opa_server import OpaServer
from hub.pdp.opening import Teller
from hub.pdp.pdp import NoPolicy, PolicyDecisionPoint
from hub.pdp.policy import Policy
from hub.settings import EMBEDDED, TEST, Settings, secret_in
from hub.store.engine import Store

_NO_BUNDLE = Bundle("", {}, {"hub": {"catalog": {"fields": {}, "groups": {}}, "tables": {}}}, None, frozenset())


def bundle_of(settings: Settings) -> Bundle:
    """The policy that the settings name; an empty one where there is none that can be read."""
    try:
        return read_bundle(settings.policies)
    except EngineUnavailable:
        return _NO_BUNDLE


def policy_of(settings: Settings, bundle: Bundle, fleet: Fleet | None = None) -> PolicyDecisionPoint | NoPolicy:
    """What decides by `bundle`; what refuses everything where it cannot be loaded. `fleet`: what OPA servers told."""
    if bundle is _NO_BUNDLE:
        return NoPolicy()
    try:
        if settings.engine == EMBEDDED:
            return PolicyDecisionPoint(EmbeddedEngine(bundle))
    except EngineUnavailable as error:
        return NoPolicy(error.sentence)
    token = opa_token(settings)
    ca = str(settings.opa_ca_file) if settings.opa_ca_file else None
    servers = {name: OpaServer(url, token, ca) for name, url in settings.opa_servers}
    return FleetDecisionPoint(OpaFleetEngine(servers, bundle.revision, fleet))


def opa_token(settings: Settings) -> str | None:
    """What the hub shows to OPA servers, where it shows something. Raises WeakConfiguration."""
    return secret_in("HUB_OPA_TOKEN_FILE", settings.opa_token_file) if settings.opa_token_file else None


def teller_of(policy: PolicyDecisionPoint | NoPolicy, bundle: Bundle) -> Teller | None:
    """What works out from the tables what opens a field: the embedded engine, also where a server decides."""
    if isinstance(policy, NoPolicy) or bundle.module is None:
        return None
    return policy.engine if isinstance(policy.engine, Teller) else EmbeddedEngine(bundle)


def policies_of(settings: Settings, bundle: Bundle, store: Store) -> tuple[Fleet | None, InForce]:
    """What OPA servers fetch and tell, and what decides for whom: `bundle`, until operators let a revision in the store
    count. What counts for chosen partners alone is decided in process: the servers have what counts for everyone."""
    named_key(settings)
    fleet = fleet_of(settings, bundle, lambda: in_force)

    def load(one: Bundle, everyone: bool) -> Policy:
        chosen = settings if everyone else replace(settings, engine=EMBEDDED)
        policy = policy_of(chosen, one, fleet)
        return Policy(one, policy, teller_of(policy, one))

    in_force = InForce(
        store, load(bundle, True), load, lambda: policy_keys_of(settings), demo=settings.demo, remember=settings.caches
    )
    return fleet, in_force


def policy_key_file(settings: Settings) -> Path:
    """The file with the key that signs policy; the demonstration has one of its own. Raises WeakConfiguration."""
    if settings.policy_key_file is None and not settings.demo:
        raise WeakConfiguration(["HUB_POLICY_KEY_FILE: noem de sleutel waarmee beleid wordt ondertekend"])
    return settings.policy_key_file or settings.home / "keys" / "policy.pem"


def named_key(settings: Settings) -> SigningKey | None:
    """The key that HUB_POLICY_KEY_FILE names, None where it names none. Raises WeakConfiguration where it holds none:
    without it no policy that operators let count could be read, and nothing would be released."""
    if settings.policy_key_file is None:
        return None
    try:
        return policy_key.load(settings.policy_key_file)
    except WeakConfiguration as refusal:
        raise WeakConfiguration([f"HUB_POLICY_KEY_FILE: {reason}" for reason in refusal.reasons]) from refusal


def policy_keys_of(settings: Settings) -> dict[str, PublicKey]:
    """The keys whose signature under a bundle counts, by kid: that which signs, and those beside it that signed before
    (`NAME.1.pub`, ...). Raises EngineUnavailable where there is none."""
    try:
        file = policy_key_file(settings)
        earlier = [policy_key.public_key(path) for path in sorted(file.parent.glob(f"{file.name}.*.pub"))]
        return {key.kid: key for key in (policy_key.load(file).public, *earlier)}
    except WeakConfiguration as refusal:
        raise EngineUnavailable("De sleutel waarmee beleid is ondertekend, is er niet.", place="policies") from refusal


def fleet_of(settings: Settings, bundle: Bundle, in_force: Callable[[], InForce]) -> Fleet | None:
    """What OPA servers fetch and tell, where the settings give them a token. Raises WeakConfiguration."""
    if settings.fleet_token_file is None:
        return None
    key = named_key(settings)
    if key is None:
        raise WeakConfiguration(["HUB_POLICY_KEY_FILE: OPA-servers krijgen alleen ondertekend beleid; noem de sleutel"])
    own: Revisions = NoRevision() if bundle is _NO_BUNDLE else OneRevision(bundle, key)
    names = [name for name, _ in settings.opa_servers]
    return Fleet(
        Served(own, key.public.kid, in_force), key, names, secret_in("HUB_FLEET_TOKEN_FILE", settings.fleet_token_file)
    )


def tenant_of(settings: Settings) -> EmbeddedEngine | None:
    """What runs the policy of the tenant of a test profile; None where there is none. Raises WeakConfiguration."""
    if settings.test_tenant is None or settings.profile != TEST:
        return None
    try:
        return EmbeddedEngine(read_bundle(settings.test_tenant))
    except EngineUnavailable:
        raise WeakConfiguration(["HUB_TEST_TENANT: dit beleid kan niet worden gelezen"]) from None
