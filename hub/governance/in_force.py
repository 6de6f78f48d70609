"""Which policy decides for whom: what operators let count, read from the store in the snapshot of the facts.

An act moves the version of every partner, in the same durable write. So nothing has to be asked for it at a look: whose
version stands has the revision that was read with it, and who read before the act is stale at the append (step 5).
What counts is loaded once a process, from the signed bundle; what cannot be believed or loaded decides nothing.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, Protocol

from hub.errors import EngineUnavailable, HubError
from hub.governance.acts import Keys, believed, usable
from hub.lanes import aside
from hub.pdp.bundle import Bundle
from hub.pdp.policy import Policy
from hub.pdp.signing import BundleRefused
from hub.store import policy as rows
from hub.store.engine import Connection
from hub.store.partners import PartnerRow
from hub.store.policy import ActRow

UNBELIEVED: Final = "geen"
"""In the place of a revision where the newest act is not signed as it should be: nothing decides."""
_MISSING: Final = "De bundel van de revisie die geldt, is er niet. Er is niets vrijgegeven."
_UNSIGNED_ACT: Final = "Welke revisie geldt, staat niet goed ondertekend vast. Er is niets vrijgegeven."
_KEPT_POLICIES, _KEPT_PARTNERS = 4, 4_096


class Moments(Protocol):
    """The store: snapshots."""

    def snapshot(self) -> AbstractContextManager[Connection]: ...


class InForce:
    """What counts. `own`: the policy that stands beside the hub; `load`: what decides by a bundle, in process or, where it
    counts for everyone, by the servers of the deployment. `demo`: whether the demonstration's approval counts here.
    `remember`: whether which revision decides for a partner is remembered under the version of that partner."""

    def __init__(
        self,
        store: Moments,
        own: Policy,
        load: Callable[[Bundle, bool], Policy],
        keys: Keys,
        *,
        demo: bool,
        remember: bool,
    ) -> None:
        self._store = store
        self._own = own
        self._load = load
        self._keys = keys
        self._demo = demo
        self._remember = remember
        self._known: dict[str, tuple[int, str | None]] = {}
        self._believed: ActRow | None = None
        self._loaded: dict[tuple[str, bool], Policy] = {}
        self._lock = threading.Lock()

    # --- which ---

    def revision_of(self, moment: Connection, partner: PartnerRow) -> str | None:
        """The revision that decides for `partner`, as read in this snapshot; None: the policy beside the hub."""
        known = self._known.get(partner.id)
        if known is not None and known[0] == partner.version:
            return known[1]
        revision = self.revision_read(moment, partner)
        if len(self._known) >= _KEPT_PARTNERS:
            self._known.clear()
        if self._remember:
            self._known[partner.id] = (partner.version, revision)
        return revision

    def revision_read(self, moment: Connection, partner: PartnerRow) -> str | None:
        """The same, not remembered: inside a unit of work nothing is committed yet."""
        act = rows.newest_act(moment)
        if act is None:
            return None
        return act.of(partner.id) if self._is_believed(moment, act) else UNBELIEVED

    def _is_believed(self, moment: Connection, act: ActRow) -> bool:
        if act != self._believed:
            if not believed(moment, act):
                return False
            self._believed = act
        return True

    def act(self) -> ActRow | None:
        """The newest act, or None where nothing was ever activated. Raises EngineUnavailable for one not to be believed."""
        with self._store.snapshot() as moment:
            act = rows.newest_act(moment)
            if act is not None and not self._is_believed(moment, act):
                raise EngineUnavailable(_UNSIGNED_ACT)
        return act

    # --- what decides ---

    def of(self, revision: str | None) -> Policy:
        """The policy of this name, loaded and verified. Raises EngineUnavailable."""
        if revision is None:
            return self._own
        if revision == UNBELIEVED:
            raise EngineUnavailable(_UNSIGNED_ACT)
        everyone = self._believed is not None and self._believed.everyone == revision
        found = self._loaded.get((revision, everyone))
        return found or aside(lambda: self._read(revision, everyone))

    def _read(self, revision: str, everyone: bool) -> Policy:
        with self._lock:
            if (known := self._loaded.get((revision, everyone))) is not None:
                return known
            policy = self._load(self._verified(revision)[0], everyone)
            while len(self._loaded) >= _KEPT_POLICIES:
                self._loaded.pop(next(iter(self._loaded)))
            self._loaded[revision, everyone] = policy
            return policy

    def loaded(self, revision: str) -> Policy | None:
        """The policy of this name, where this process has it at hand, as it has what decided just now."""
        if self._own.bundle.revision == revision:
            return self._own
        return next((policy for (name, _), policy in list(self._loaded.items()) if name == revision), None)

    def packed(self, revision: str) -> bytes:
        """The signed bundle of a revision, verified. Raises EngineUnavailable."""
        return self._verified(revision)[1]

    def _verified(self, revision: str) -> tuple[Bundle, bytes]:
        with self._store.snapshot() as moment:
            row = rows.revision_row(moment, revision)
        if row is None:
            raise EngineUnavailable(_MISSING)
        try:
            bundle = usable(row.bundle, self._keys(), demo=self._demo)
        except BundleRefused as refusal:
            # What is wrong with it is the operator's affair: who asks hears the one code of a policy that is not there.
            raise EngineUnavailable(refusal.sentence) from refusal
        if bundle.revision != revision:
            raise EngineUnavailable(_MISSING)
        return bundle, row.bundle

    def counted(self, revision: str) -> bool:
        """Whether `revision` counted for everyone at any time."""
        with self._store.snapshot() as moment:
            return any(act.everyone == revision for act in rows.acts(moment))

    def everyone(self) -> Policy:
        """What counts for all but chosen partners, read anew. Raises EngineUnavailable."""
        act = self.act()
        return self.of(act.everyone if act else None)

    def trouble(self, at: str) -> str | None:
        """None when every revision that counts for anybody decides at `at`; else what is wrong, in Dutch."""
        try:
            act = self.act()
            found = [self.of(revision).pdp.ready(at) for revision in (act.counting if act else (None,))]
        except HubError as error:
            return error.sentence
        return next((reason for reason in found if reason is not None), None)
