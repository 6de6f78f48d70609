"""What OPA servers fetch: the signed bundle of the revision that counts for everyone."""

from collections.abc import Callable

from hub.governance.in_force import InForce
from hub.pdp.fleet import Revision, Revisions


class Served:
    """See `hub.pdp.fleet.Revisions`. `own`: the policy that stands beside the hub; `kid`: of the key that signs."""

    def __init__(self, own: Revisions, kid: str, in_force: Callable[[], InForce]) -> None:
        self._own = own
        self._kid = kid
        self._in_force = in_force
        self._last: Revision | None = None

    def current(self) -> Revision:
        """The one that counts for everyone now. Raises EngineUnavailable where it cannot be believed or loaded."""
        act = self._in_force().act()
        if act is None or act.everyone is None:
            return self._own.current()
        last = self._last
        if last is None or last.name != act.everyone:
            packed = self._in_force().packed(act.everyone)
            last = self._last = Revision(act.everyone, packed, f"{act.everyone}.{self._kid}")
        return last

    def known(self, name: str) -> bool:
        """Whether the revision `name` counted for everyone at any time."""
        return self._own.known(name) or self._in_force().counted(name)
