"""What may be a partner's own reference in the search index, whichever way it comes in."""

from hub.errors import ShapeError
from hub.model.bsn import canonical_bsn
from hub.model.reference import Reference, compared


def own_reference(text: str | None, place: str) -> Reference | None:
    """`text` as references are compared, null where it says nothing.

    Raises `ShapeError` with `place` where it is a BSN, also one without its leading zero: who may not use the number
    may not use it as a name either (UAVG 46).
    """
    told = compared(text or "")
    if canonical_bsn(told) is not None:
        raise ShapeError("Een burgerservicenummer mag geen kenmerk zijn.", place=place)
    return Reference(told) if told else None
