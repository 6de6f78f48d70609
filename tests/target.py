"""A hub with a casus about the person of the samples (`tests/unit/connectors`), for what comes in at the door."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.run.region import values
from hub.run.region.casus import Plan
from tests.region import AT, Template, World, make, settings_of, world
from tests.unit.connectors import samples

CASUS = "doelwit"
_PLAN = Plan(
    CASUS, "wgs_zvh", "gemeente-noord", ("ggz-noord", "politie-noord", "gemeente-noord", "zvh-noord"),
    ("triage", "toegelaten", "traject"), {"wonen-noord": ("huurovereenkomst_status",)},
)  # fmt: skip
_ABOUT = values.Story("van Voorbeeld", "1990-05-17", samples.BSN, 0)


@contextmanager
def about_the_samples(folder: Path) -> Iterator[World]:
    """The region in `folder`, open, with that one casus; a woningcorporatie is the landlord."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "story", lambda _: _ABOUT)
        names = make(settings_of(folder / "region"), AT, [_PLAN])
    with world(folder / "copy", source=Template(folder / "region", names)) as found:
        yield found
