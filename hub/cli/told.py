"""What the command line says of an error of the hub."""

from hub.errors import ClockBehind, HubError, KeysUnavailable, StoreUnavailable

_OWN = (StoreUnavailable, KeysUnavailable, ClockBehind)
"""Of this machine itself. What a hub on the network answers is not, and who asks there has no store to look at."""
_DOCTOR = "`hub doctor`"


def told(error: HubError) -> str:
    """Its sentence and place, on one line; where something of the hub itself is away, also what says which."""
    look = f" {_DOCTOR} zegt wat er mis is." if isinstance(error, _OWN) and _DOCTOR not in error.sentence else ""
    return error.sentence + (f" ({error.place})" if error.place else "") + look
