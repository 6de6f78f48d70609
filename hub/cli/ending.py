"""How every command ends: one rule for its exit status, and one line on standard error in place of a traceback."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, TextIO

from hub.cli.told import told
from hub.errors import HubError, Unavailable, WeakConfiguration

NO: Final = 1
"""The answer is no: something is wrong in what was checked, or nothing was found or let out."""
WRONG_USE: Final = 2
"""Wrong words, a file or setting that will not do, or the hub refuses. Nothing was done."""
NOT_NOW: Final = 3
"""Not now: a part does not answer, output cannot be written, or somebody else has to do his part first."""
INTERRUPTED: Final = 130
NOT_READ: Final = 141
"""As a shell tells of SIGINT and SIGPIPE."""

_UNREAD = "Niet alles is getoond: de uitvoer werd niet verder gelezen."
_UNWRITTEN = (
    "De uitvoer of een bestand kan niet worden geschreven of gelezen. Kijk of de schijf vol is, en naar de rechten."
)


def ended(act: Callable[[], int], refused: str = "De opdracht lukt niet:") -> int:
    """The exit status of a command that does `act`: its own, or that of what went wrong, with a line that says so;
    `refused` stands above the reasons why the settings or a file that they name will not do."""
    _speak_utf8()
    try:
        with _printed_out():
            return act()
    except WeakConfiguration as refusal:
        return _said("\n".join((refused, *(f"- {reason}" for reason in refusal.reasons))), WRONG_USE)
    except HubError as error:
        return _said(told(error), NOT_NOW if isinstance(error, Unavailable) else WRONG_USE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _given_up(_UNREAD, NOT_READ)
    except OSError:
        return _given_up(_UNWRITTEN, NOT_NOW)
    except Exception as fault:  # noqa: BLE001 - Python would end with 1, which says that the answer is no
        return _said(_unforeseen(fault), NOT_NOW)


@contextmanager
def _printed_out() -> Iterator[None]:
    """Write what is held back before the end, also after `--help`: a closed pipe or a full disk shows now, not later."""
    try:
        yield
    except SystemExit:
        sys.stdout.flush()
        raise
    sys.stdout.flush()


def _speak_utf8() -> None:
    """All that is printed is UTF-8, as JSON has to be, whatever the locale can hold; no stream is left closed."""
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            # Else the next file that is opened, a database perhaps, would be standard output.
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _said(line: str, status: int) -> int:
    with suppress(OSError):
        print(line, file=sys.stderr)
    return status


def _given_up(line: str, status: int) -> int:
    """What still cannot be printed goes nowhere: the end of the process would fail by it once more."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return _said(line, status)


def _unforeseen(fault: Exception) -> str:
    """Where it went wrong, without the message: that may hold what was typed or read."""
    from hub.events.kinds import Fault

    return f"Er ging iets mis dat niemand voorzag ({Fault().shown(fault)}). Meld het aan de makers."
