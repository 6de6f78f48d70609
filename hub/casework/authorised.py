"""Who may work with the hub at all: only people that their organisation designated (Wgs 1.8(2), Bgs 1.11, 1.17; R28).

Asked of every call that writes to a casus, as the policy asks it of every look.
"""

from hub.errors import NotPermitted
from hub.model.partner import PartnerKind
from hub.store.partners import FLAGS, Admitted

SYSTEM_ROLE = "systeem"
"""The role of a system that delivers by itself: a user on record, designated, but nobody who is screened or trained."""


def must_be_reader(caller: Admitted) -> None:
    """Raise NotPermitted for a user who is not designated, screened, trained and bound to secrecy (R28; Wgs 1.8(2), UAVG
    30(4)). Not asked of the betrokkene, as in the policy."""
    if not is_reader(caller):
        raise NotPermitted("U bent niet (meer) bevoegd verklaard om met gegevens te werken.")


def is_reader(caller: Admitted) -> bool:
    """Whether `must_be_reader` lets this user."""
    of_betrokkene = caller.partner.kind is PartnerKind.BETROKKENE
    return of_betrokkene or all(getattr(caller.user, flag) is True for flag in FLAGS)


def must_deliver(caller: Admitted) -> None:
    """As `must_be_reader`; a system that its organisation designated delivers and takes back by itself as well: it gets
    nothing to see, and says of no record of the casus that it counts."""
    if caller.user.role == SYSTEM_ROLE and caller.user.designated is True:
        return
    must_be_reader(caller)
