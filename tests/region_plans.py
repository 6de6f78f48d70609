"""The casussen of the region for tests: one under the Wgs in its traject, one of care partners alone."""

from hub.run.region.casus import Plan

OPEN = "zvh"
"""A casus under the Wgs in its traject: care, police and municipality take part, and the ggz has consent for police."""
CLOSED_TABLE = "zorgteam"
"""A casus of care partners alone: all others must not know of it."""

_TABLE = ("ggz-noord", "forfact-noord", "verslavingszorg-noord", "politie-noord", "gemeente-noord", "zvh-noord")
_PHASES = ("triage", "toegelaten", "traject")
PLANS = (
    Plan(
        OPEN, "wgs_zvh", "gemeente-noord", _TABLE, _PHASES,
        {
            "gemeente-noord": ("naam", "geboortedatum", "brp_adres", "wmo_voorziening"),
            "ggz-noord": ("bejegeningsadvies", "crisiscontact_24_7", "crisisplan_kort", "diagnose_dsm"),
            "politie-noord": ("politie_mutaties_samenvatting", "wijkagent"),
        },
        [("ggz-noord", ("politie-noord",), ("bejegeningsadvies", "crisiscontact_24_7", "crisisplan_kort"))],
    ),
    Plan(
        CLOSED_TABLE, "zorgteam", "ggz-noord", ("ggz-noord", "forfact-noord"), _PHASES,
        {"ggz-noord": ("diagnose_dsm", "medicatie_actueel")},
        [("ggz-noord", ("forfact-noord",), ("G04", "G05", "G06"))],
        {"ggz-noord": ("forfact-noord",)},
    ),
)  # fmt: skip
