"""Cursors of paging: opaque and keyed, so that no number of rows, order or id can be read from one or made up."""

import base64
from binascii import Error as Base64Error

from hub.crypto.aead import open_, seal
from hub.errors import Sealed, ShapeError

_BYTES = 8
_MAX_TEXT = 200


class Cursors:
    """Seals a position in a list. `place` names the list and for whom it is; elsewhere a cursor does not open."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sealed(self, position: int, place: tuple[str, ...]) -> str:
        """The cursor of `position` (0 up to 2**63), URL-safe; another text each time."""
        return base64.urlsafe_b64encode(seal(self._key, position.to_bytes(_BYTES), ("cursor", *place))).decode()

    def opened(self, text: str | None, place: tuple[str, ...]) -> int | None:
        """The position in `text`; None for no cursor. Raises ShapeError for a cursor that is not of this list."""
        if text is None:
            return None
        try:
            raw = base64.b64decode(text[:_MAX_TEXT], altchars=b"-_", validate=True)
            return int.from_bytes(open_(self._key, raw, ("cursor", *place)))
        except (Base64Error, ValueError, Sealed):
            raise ShapeError("Deze cursor is niet van deze lijst.", place="cursor") from None
