"""The second guard: pure, and independent of the policy engine and of the step that opened the fields."""

from collections.abc import Sequence

from hub.model.release import Decision, OpenedField, Released

_FORMS = frozenset({"hit", "sam", "vol", "agg"})


def filtered(opened: Sequence[OpenedField], decision: Decision) -> tuple[tuple[Released, OpenedField], ...]:
    """The opened fields that the decision lets out, each with its line of the decision, in the decision's order.

    A field that was opened but not released, at another level, of another source, or twice, stays in. A `hit` leaves as
    the bare fact, whatever was opened. Nothing leaves when the decision refuses the whole request.
    """
    if not decision.allow or any(refusal.field == "*" for refusal in decision.refusals):
        return ()
    by_place = {(item.field, item.source, item.level): item for item in opened if item.level in _FORMS}
    return tuple(
        (line, item)
        for line in decision.released
        if line.legal_basis and (item := by_place.pop((line.field, line.source, line.level), None)) is not None
        if line.level != "hit" or item.value is True
    )
