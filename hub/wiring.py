"""The composition root: Settings in, a Hub of ready parts out. Used by doors and tests only."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from hub.audit.begun import Begun
from hub.audit.log import Log
from hub.audit.onward import Onward
from hub.audit.processing import Processing
from hub.audit.recent import end_faults
from hub.broker.broker import Broker, Judging
from hub.broker.decided import Decider
from hub.broker.entering import Entering
from hub.broker.facts import Facts
from hub.broker.following import Following
from hub.broker.search import Searching
from hub.broker.state import States
from hub.broker.weighing import Weighing
from hub.casework.delivering import Delivering
from hub.casework.destroying import Destroying, recorded
from hub.casework.emergencies import Asking
from hub.casework.evaluating import Evaluating
from hub.casework.filing import Filing
from hub.casework.listing import Listing
from hub.casework.moment import Ground
from hub.casework.notices import Notices
from hub.casework.obligations import Obligations
from hub.casework.person import MAY_HOLD_BSN
from hub.casework.pushing import AtTheTable, Pushing
from hub.casework.recording import Recording
from hub.casework.renewing import Renewing
from hub.casework.tenant import Tenant
from hub.casework.writing import Writing
from hub.compartment.compartments import Compartments
from hub.crypto.cursor import Cursors
from hub.crypto.destruction import holds, redo
from hub.crypto.kek import FileKeks, Keks
from hub.crypto.keyring import Keyring
from hub.crypto.pkcs11_kek import Pkcs11Keks
from hub.crypto.pseudonym import Pseudonyms
from hub.crypto.signing import Signer
from hub.errors import ClockBehind, HubError
from hub.governance.acts import Governing
from hub.governance.in_force import InForce
from hub.governance.tables import TablesInForce
from hub.identity.check import TokenCheck
from hub.identity.endpoints import Endpoints
from hub.identity.token_endpoint import TokenEndpoint
from hub.identity.token_keys import TokenKeys, ensure_token_key
from hub.model.instant import to_text
from hub.model.release import Release
from hub.pdp.bundle import Bundle
from hub.pdp.fleet import Fleet
from hub.pdp.opa_fleet import FleetDecisionPoint, trouble
from hub.pdp.pdp import NoPolicy, PolicyDecisionPoint
from hub.pdp.tables import LawTables
from hub.policy_wiring import bundle_of, policies_of, policy_keys_of, tenant_of
from hub.settings import EMBEDDED, Settings, kek_of, must_be_strong, secret_in
from hub.store.connecting import create_tables
from hub.store.destruction import signed_accounts
from hub.store.engine import Store
from hub.store.operators import keys_ever
from hub.store.partners import Admissions
from hub.store.tables import data
from hub.store.wrapped_keys import KeyStore

ROOT = Path(__file__).resolve().parents[1]
"""Where the repository stands: the policies lie beside the code."""

ORIGIN = "hub/log"
"""The name of the log where the deployment gives no public address."""

ADMITTED_KEPT = 4_096
STATES_KEPT = 72 * 1024 * 1024
"""Bytes (`hub.broker.state`): some 1,024 casussen of 72 fields, of which each takes 60 KB at most."""
LINES_KEPT = 600_000
"""Of decisions (`hub.broker.decided`): some 0.15 KB each."""

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Hub:
    """All parts, ready. Close it to finish what is queued."""

    settings: Settings
    clock: Clock
    now: Clock
    """The instant of a decision or an entry: never before the last one (hub.audit.onward)."""
    store: Store
    key_store: KeyStore
    keyring: Keyring
    names: Pseudonyms
    compartments: Compartments
    log: Log
    in_force: InForce
    """Which policy decides for whom."""
    fleet: Fleet | None
    """What OPA servers fetch and tell; None where they are given nothing."""
    bundle: Bundle
    tables: TablesInForce
    decider: Decider
    broker: Broker
    searching: Searching
    filing: Filing
    delivering: Delivering
    recording: Recording
    pushing: Pushing
    listing: Listing
    following: Following
    asking: Asking
    obligations: Obligations
    destroying: Destroying
    evaluating: Evaluating
    tenant: Tenant | None
    endpoints: Endpoints
    token_check: TokenCheck
    token_endpoint: TokenEndpoint
    token_keys: TokenKeys

    @property
    def policy(self) -> PolicyDecisionPoint | NoPolicy:
        """What decides by the policy that stands beside the hub: until operators let another count."""
        return self.in_force.of(None).pdp

    def tables_of(self, release: Release) -> LawTables:
        """The tables by which `release` was decided; those of now where that was another time."""
        policy = self.in_force.loaded(release.policy_revision)
        return self.tables.current() if policy is None else policy.tables_at(to_text(release.at))

    @property
    def governing(self) -> Governing:
        """The acts of operators by which another policy counts."""
        return Governing(self.store, lambda: policy_keys_of(self.settings), demo=self.settings.demo)

    @property
    def notices(self) -> Notices:
        """What the hub itself found wrong, for the operator and the privacy officer."""
        return Notices(self.store, self.keyring, self.names)

    @property
    def renewing(self) -> Renewing:
        """What brings casussen under new casus keys."""
        return Renewing(self.store, self.key_store, self.compartments, self.clock)

    def servers(self) -> dict[str, str]:
        """How each OPA server is that decides, by name, asked now (hub.pdp.opa_fleet); none with the embedded engine."""
        try:
            policy = self.in_force.everyone().pdp
        except HubError:
            return {}
        return policy.states(to_text(self.clock())) if isinstance(policy, FleetDecisionPoint) else {}

    def not_ready(self, servers: Mapping[str, str]) -> tuple[str, str] | None:
        """None when the hub can answer; else which part cannot (opslag, klok, sleutels, beleid) and what is wrong, in Dutch."""
        part = "opslag"
        try:
            with self.store.snapshot() as moment:
                self.log.must_be_in_time(moment)
                faults = end_faults(moment)
            if faults:
                return part, f"Het logboek klopt niet: {faults[0]}. Er is niets vrijgegeven."
            part = "sleutels"
            self.keyring.get("hub/index")
            at = to_text(self.now())
        except ClockBehind as error:
            return "klok", error.sentence
        except HubError as error:
            return part, error.sentence
        reason = trouble(servers) if servers else None
        reason = reason or self.in_force.trouble(at)
        return None if reason is None else ("beleid", reason)

    def close(self) -> None:
        """Finish what is queued and drop the connections."""
        self.store.close()
        self.key_store.close()


def utc_now() -> datetime:
    """The clock of a serving hub."""
    return datetime.now(UTC)


def open_hub(settings: Settings, *, clock: Clock = utc_now) -> Hub:
    """The hub that `settings` describe; the store and keys of a demonstration are made at the first start.

    Raises WeakConfiguration, naming every reason at once, when this hub must not serve.
    """
    bundle = bundle_of(settings)
    must_be_strong(settings, bundle.approvals)
    KeyStore.create(settings.keys_url)
    with ExitStack() as opened:
        key_store = KeyStore(settings.keys_url, clock)
        opened.callback(key_store.close)
        key_store.check_erasing()
        # One login for the whole process: a PKCS#11 token refuses a second one (CKR_USER_ALREADY_LOGGED_IN).
        keks = keks_of(settings)
        keyring = _keyring(settings, key_store, keks)
        for name in ("hub/log-signing", "hub/pseudonym", "hub/index"):
            keyring.create(name)
        processing = processing_of(settings, keyring, clock)
        now = Onward(clock)
        log = Log(Signer(keyring.get("hub/log-signing")), log_origin(settings), keyring, processing, now)
        store = _store(opened, settings, log, Begun(key_store))
        _redo_destructions(settings, store, keyring)
        with store.snapshot() as moment, suppress(ClockBehind):
            # With a clock that is behind it starts, says so, and decides nothing.
            log.must_be_in_time(moment)
        hub = _assembled(settings, clock, now, bundle, (keks, key_store, keyring, log, store))
        opened.pop_all()
        return hub


def _store(opened: ExitStack, settings: Settings, log: Log, begun: Begun) -> Store:
    """The data, durable and of the same hub as the keys, among what is `opened`. Raises WeakConfiguration."""

    def durable() -> None:
        log.is_durable()
        begun.mark()

    create_tables(settings.store_url, data)
    store = Store(settings.store_url, log.seal, asks=log.asks, durable=durable)
    opened.callback(store.close)
    store.check_durable()
    with store.snapshot() as moment:
        begun.must_fit(moment, log.key.public)
    return store


def processing_of(settings: Settings, keyring: Keyring, clock: Clock) -> Processing:
    """What makes the records of processing. Raises Sealed where the hub's own keys are not there."""
    return Processing(_names(keyring), settings.register_url, log_origin(settings), version("hub"), clock)


def _names(keyring: Keyring) -> Pseudonyms:
    return Pseudonyms(keyring.get("hub/pseudonym"), keyring.get("hub/index"))


def _redo_destructions(settings: Settings, store: Store, keyring: Keyring) -> None:
    """A restored older key store may hold keys again that were destroyed: they go before anything is served.

    What was destroyed is known from the signed accounts in the store, and from those that lie beside it, should the
    store itself be an older copy. Without the hub's own signature, and those of two operators (ended since or not),
    nothing is destroyed: who can write the store alone can make nothing unreadable.
    """
    with store.snapshot() as moment:
        known = keys_ever(moment)
        accounts = signed_accounts(moment)
    accounts += [path.read_text() for path in sorted((settings.home / "vernietigingen").glob("*.json"))]
    public = Signer(keyring.create("hub/destruction-signing")).public
    found = [recorded(account) for account in accounts]
    redo(keyring, [record.order.casus for record, signature in found if holds(record, signature, public, known)])


Ready = tuple[Keks, KeyStore, Keyring, Log, Store]


@dataclass(frozen=True)
class _Path:
    """The one path, and what casework reads and writes with."""

    broker: Broker
    decider: Decider
    compartments: Compartments
    admissions: Admissions
    following: Following
    passing: States
    """Reads what is not committed yet, and remembers nothing."""
    anyone: Admissions
    """The same of partners."""


def _path(settings: Settings, ready: Ready, in_force: InForce, tables: TablesInForce, names: Pseudonyms) -> _Path:
    keks, key_store, keyring, log, store = ready
    compartments, admissions = Compartments(keyring, tables.groups), Admissions(ADMITTED_KEPT if settings.caches else 0)
    # A state is read with no key remembered: a partner who probes must not see which casussen others work in (R15).
    unremembered = Keyring(key_store, keks, caches=False)
    states = States(Compartments(unremembered, tables.groups), most=STATES_KEPT if settings.caches else 0)
    # While a server is away, slow or unsound everything is refused: no decision of before stands in for it.
    remembered = settings.caches and settings.engine == EMBEDDED
    decider = Decider(in_force.of, most=LINES_KEPT if remembered else 0)
    # What a unit of work reads is not committed yet: it must never be remembered.
    passing, anyone = States(Compartments(unremembered, tables.groups, settled=True), most=0), Admissions(0)
    alone = Judging(Facts(names, passing, anyone, in_force.revision_read), Decider(in_force.of, most=0))
    judging = Judging(Facts(names, states, admissions, in_force.revision_of), decider)
    following = Following(names, keyring.create("hub/obligations"), tables.groups)
    broker = Broker(store, judging, alone, compartments, Entering(store, keyring, following), AtTheTable(), log.now)
    return _Path(broker, decider, compartments, admissions, following, passing, anyone)


def _assembled(settings: Settings, clock: Clock, now: Onward, bundle: Bundle, ready: Ready) -> Hub:
    _, key_store, keyring, log, store = ready
    names = _names(keyring)
    ensure_token_key(keyring, clock())
    fleet, in_force = policies_of(settings, bundle, store)
    tables = TablesInForce(in_force, now)
    path = _path(settings, ready, in_force, tables, names)
    broker, compartments = path.broker, path.compartments
    ground = Ground(keyring, names, path.passing, path.anyone, path.following, log.now)
    writing = Writing(store, ground)
    delivering = Delivering(writing, compartments, tables)
    cursors, keep = Cursors(keyring.create("hub/cursor")), timedelta(days=settings.postvak_days)
    endpoints, token_keys = Endpoints.below(settings.public_url), TokenKeys(keyring)
    return Hub(
        settings=settings,
        clock=clock,
        now=now,
        store=store,
        key_store=key_store,
        keyring=keyring,
        names=names,
        compartments=compartments,
        log=log,
        in_force=in_force,
        fleet=fleet,
        bundle=bundle,
        tables=tables,
        decider=path.decider,
        broker=broker,
        searching=Searching(broker, store, names, path.passing, path.admissions, MAY_HOLD_BSN, now),
        filing=Filing(writing, delivering),
        delivering=delivering,
        recording=Recording(writing, tables),
        pushing=Pushing(broker, writing, store, log, keyring.create("hub/postvak"), cursors, keep),
        listing=Listing(writing, cursors),
        following=path.following,
        asking=Asking(writing, tables),
        obligations=Obligations(writing, store, cursors),
        destroying=Destroying(store, keyring, compartments, names, Signer(keyring.create("hub/destruction-signing"))),
        evaluating=Evaluating(broker, Weighing(store, in_force.everyone, now), store, ground, now),
        tenant=_tenant(settings, store, ground, now),
        endpoints=endpoints,
        token_check=TokenCheck(token_keys, endpoints),
        token_endpoint=TokenEndpoint(store, token_keys, endpoints),
        token_keys=token_keys,
    )


def _tenant(settings: Settings, store: Store, ground: Ground, now: Clock) -> Tenant | None:
    """The tenant of a test profile: a policy of others, run as the hub's own is. It is handed nothing of a casus."""
    engine = tenant_of(settings)
    return None if engine is None else Tenant(engine, store, ground, now)


def log_origin(settings: Settings) -> str:
    """The name of the log: the public address without its scheme, or a fixed one in the demonstration."""
    return ORIGIN if settings.demo else f"{urlsplit(settings.public_url).netloc}/log"


def _keyring(settings: Settings, key_store: KeyStore, keks: Keks) -> Keyring:
    keyring = Keyring(key_store, keks, caches=settings.caches)
    if settings.demo:
        keyring.establish("1")
    keyring.check()
    return keyring


def keks_of(settings: Settings) -> Keks:
    """Where the key-encryption keys are. Raises WeakConfiguration for a PIN that cannot be read."""
    named = kek_of(settings.kek)
    if isinstance(named, Path):
        return FileKeks(named)
    return Pkcs11Keks(named.module, named.name, secret_in("HUB_KEK", named.pin_file))
