"""The hub that the settings name, for a command: one that is there. Only what is meant for a beginning makes one."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from hub.errors import NotFound
from hub.settings import Settings, from_environment
from hub.store.inspection import was_made

if TYPE_CHECKING:
    from hub.wiring import Hub


@contextmanager
def opened_hub() -> "Iterator[Hub]":
    """The hub of the settings of this environment. Raises as `must_be_there` and as `hub.wiring.open_hub`."""
    # The engine and its kin are imported when a command needs them, so that `hub --help` is quick.
    from hub.wiring import ROOT, open_hub

    settings = from_environment(os.environ, ROOT)
    must_be_there(settings)
    with closing(open_hub(settings)) as hub:
        yield hub


def must_be_there(settings: Settings) -> None:
    """Raise NotFound where no hub was ever made: in a wrong folder a command would tell of an empty one that all is well."""
    missing = [name for name, url, keys in (
        ("HUB_STORE_URL", settings.store_url, False), ("HUB_KEYS_URL", settings.keys_url, True),
    ) if not was_made(url, keys=keys)]  # fmt: skip
    if missing:
        raise NotFound(
            f"Hier is nog geen hub: HUB_HOME is de map {settings.home.resolve()}, en in {' en '.join(missing)} staat niets. "
            "Noem de goede plek, of begin met `hub serve` of `hub sleutels begin`."
        )
