"""The tree of errors of the hub. It knows nothing of HTTP; doors translate it in one table.

Every error carries a stable `code` (lower case, hyphens) and a Dutch sentence for the asker that
never holds a value, name, BSN or token.
"""


class HubError(Exception):
    """Base of all errors that a door may show. `code` is stable; `sentence` is Dutch, for the asker."""

    code = "fout"
    sentence = "Er ging iets mis."

    def __init__(self, sentence: str | None = None, *, place: str | None = None) -> None:
        self.sentence = sentence or type(self).sentence
        self.place = place
        super().__init__(f"{self.code}: {self.sentence}" + (f" ({place})" if place else ""))


class ShapeError(HubError):
    """What came in is not of the agreed shape. `place` is the path of the fault, never a value."""

    code = "verkeerde-vorm"
    sentence = "Dit bericht heeft niet de afgesproken vorm."


class ManyShapeErrors(ShapeError):
    """Several faults at once (API design rules: all validation errors together)."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        self.faults = faults
        super().__init__(place=faults[0][0] if faults else None)


class TooLarge(ShapeError):
    """Over the limit of size, depth or number."""

    code = "te-groot"
    sentence = "Dit bericht is te groot."


class NotAuthenticated(HubError):
    """The caller did not prove who he is."""

    code = "niet-aangemeld"
    sentence = "De aanmelding klopt niet of is verlopen."


class NotPermitted(HubError):
    """The caller is known, but this call is not his to make. Never used where it tells that a casus exists."""

    code = "niet-toegestaan"
    sentence = "U mag dit niet doen."


class NotFound(HubError):
    """Unknown, foreign and hidden casus: one and the same answer (R15)."""

    code = "onbekend"
    sentence = "Deze casus is bij ons niet bekend."


class Conflict(HubError):
    """The call contradicts what is on record."""

    code = "strijdig"
    sentence = "Dit past niet bij wat al is vastgelegd."


class OtherPerson(Conflict):
    """A document about another person than the casus's. Nothing of it is kept or repeated."""

    code = "andere-persoon"
    sentence = "Dit document gaat over iemand anders. Er is niets van bewaard."


class IdempotencyConflict(Conflict):
    """The same Idempotency-Key with another content."""

    code = "sleutel-hergebruikt"
    sentence = "Deze Idempotency-Key is al gebruikt voor een ander bericht."


class TooMany(HubError):
    """Over the limit of tries to find a person: searches, and deliveries about somebody else."""

    code = "te-vaak"
    sentence = "U hebt te vaak gezocht of over een ander geleverd. Probeer het later opnieuw."


class Unavailable(HubError):
    """The hub cannot answer now; nothing was released. The same call may be made again."""

    code = "niet-beschikbaar"
    sentence = "De hub kan nu niet antwoorden. Er is niets vrijgegeven. Probeer het later opnieuw."


class EngineUnavailable(Unavailable):
    """The policy engine erred, timed out or answered out of shape: it has refused everything."""

    code = "beleid-niet-beschikbaar"


class StoreUnavailable(Unavailable):
    """The store or the log cannot write or read: no entry, no reply."""

    code = "opslag-niet-beschikbaar"


class KeysUnavailable(Unavailable):
    """The key store does not answer."""

    code = "sleutels-niet-beschikbaar"


class ClockBehind(Unavailable):
    """The clock of the hub is behind what the log has already: what had ended would seem to go on."""

    code = "klok-loopt-achter"
    sentence = "De klok van de hub loopt achter. Er is niets vrijgegeven. Probeer het later opnieuw."


class Unreadable(Unavailable):
    """What stands of a casus does not open, so nothing can be decided: not who takes part, nor what was withdrawn."""

    code = "vastleggingen-onleesbaar"
    sentence = (
        "De hub kan de vastleggingen van deze casus niet lezen. Er is niets vrijgegeven. De beheerder krijgt bericht."
    )


class Stale(HubError):
    """What was read has moved before it was written: the caller decides anew. Never reaches a door."""

    code = "verouderd"


class Sealed(HubError):
    """A ciphertext does not open: moved, cut, swapped, replayed, re-versioned, or its key is gone."""

    code = "gaat-niet-open"


class WeakConfiguration(HubError):
    """The configuration is refused at start. `reasons` names every reason at once."""

    code = "configuratie-geweigerd"

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))
