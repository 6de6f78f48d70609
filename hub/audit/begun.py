"""Whether the data and the keys that a hub is started with are of one hub.

With other keys the log would be gone on with under another signature, and with other data begun a second time under the
same: either way what was proven before could not be told from what was made up.
"""

from contextlib import suppress
from typing import Protocol

from hub.audit.note import NoteError, names_key
from hub.errors import HubError, WeakConfiguration
from hub.store.log import Connection, checkpoint

MARK = "log-begun"
"""The name of the mark in the key store."""

_WHERE = "Kijk naar HUB_STORE_URL en HUB_KEYS_URL"
_OTHER_KEYS = f"Deze sleutels horen niet bij deze opslag: een andere sleutel tekende het logboek. {_WHERE}"
_OTHER_DATA = (
    "Deze opslag hoort niet bij deze sleutels: zij tekenden al een logboek, en hier is er geen. "
    f"{_WHERE}, of zet de opslag terug"
)


class Marks(Protocol):
    """The settings of the key store."""

    def setting(self, name: str) -> bytes | None: ...
    def set(self, name: str, value: bytes) -> None: ...


class Begun:
    """The mark in the key store that the log which its key signs has begun."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self.known = marks.setting(MARK) is not None
        """The mark is there."""

    def must_fit(self, conn: Connection, public: bytes) -> None:
        """Raise WeakConfiguration where the log that is read by `conn` is none of the hub whose key is `public`."""
        note = checkpoint(conn)
        if note is None:
            if self.known:
                raise WeakConfiguration([_OTHER_DATA])
            return
        with suppress(NoteError):
            # What is damaged is told by whoever looks at the end of the log.
            if not names_key(note, public):
                raise WeakConfiguration([_OTHER_KEYS])
            self.mark()

    def mark(self) -> None:
        """It has begun. Where the key store does not take the mark, the next write tries again."""
        if not self.known:
            with suppress(HubError):
                self._marks.set(MARK, b"1")
                self.known = True
