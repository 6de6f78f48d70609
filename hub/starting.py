"""Every reason at once why a hub does not start: all that is to be known before it opens a store or asks a server."""

import errno
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

from hub.errors import EngineUnavailable, WeakConfiguration
from hub.pdp.bundle import Bundle
from hub.policy_wiring import bundle_of, fleet_of, named_key, opa_token, tenant_of
from hub.settings import Settings, Token, kek_of, must_have_tls, readable, reasons_to_refuse, secret_in
from hub.telemetry import reasons_to_refuse as reasons_against_telling

NOT_A_FOLDER: Final = "HUB_HOME: dit is geen map"
_NAME = re.compile(r"HUB_[A-Z_]+")
_FIRST_OPEN_PORT = 1024


def refusals(environment: Mapping[str, str], root: Path) -> tuple[Settings, list[str]]:
    """The settings, and every reason why a hub with them does not start. With a reason they are not to serve with."""
    settings, unread = readable(environment, root)
    if any(reason.startswith("HUB_PROFILE:") for reason in unread):
        # What is allowed hangs on the profile.
        return settings, unread
    # A default stands in the place of what could not be read: that is not what was asked for, and no reason.
    wrong = {name for reason in unread for name in _NAME.findall(reason)}
    more = reasons_not_to_start(settings, environment, bundle_of(settings))
    return settings, unread + [reason for reason in more if wrong.isdisjoint(_NAME.findall(reason))]


def reasons_not_to_start(settings: Settings, environment: Mapping[str, str], bundle: Bundle) -> list[str]:
    """The same of settings that can be read: what they say, and what stands in the files that they name, opened as
    `hub serve` opens them."""
    reasons = reasons_to_refuse(settings, bundle.approvals)
    reasons += reasons_against_telling(environment, demo=settings.demo)
    if not _may_be_folder(settings.home):
        reasons.append(NOT_A_FOLDER)
    for open_them in (
        lambda: must_have_tls(settings),
        lambda: named_key(settings),
        lambda: fleet_of(settings, bundle, _no_policy_yet),
        lambda: tenant_of(settings),
        lambda: opa_token(settings),
        lambda: _pin(settings),
        lambda: _address(settings),
    ):
        try:
            open_them()
        except WeakConfiguration as refusal:
            reasons += refusal.reasons
    return list(dict.fromkeys(reasons))


def bound(host: str, port: int) -> socket.socket | None:
    """A socket at this address. None: the port is taken. Raises WeakConfiguration for an address or port that the hub
    cannot have at all."""
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except (OSError, UnicodeError) as error:
        found.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            return None
        raise WeakConfiguration([_not_ours(error)]) from None
    return found


def _not_ours(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "HUB_PORT: deze poort mag de hub niet openen; kies een hogere dan 1023"
    return "HUB_HOST: op dit adres kan de hub niet luisteren; kies een adres van deze machine"


def _address(settings: Settings) -> None:
    """Whether the hub may listen there; any port does, where every user may open the one that is named."""
    found = bound(settings.host, settings.port if settings.port < _FIRST_OPEN_PORT else 0)
    if found is not None:
        found.close()


def _pin(settings: Settings) -> None:
    named = kek_of(settings.kek)
    if isinstance(named, Token):
        secret_in("HUB_KEK", named.pin_file)


def _may_be_folder(path: Path) -> bool:
    """Whether this is a folder or can be made: nothing else stands there or above it, as far as may be seen."""
    for place in (path, *path.parents):
        try:
            place.stat()
        except PermissionError:
            return True
        except OSError:
            continue
        return place.is_dir()
    return True


def _no_policy_yet() -> NoReturn:
    raise EngineUnavailable
