"""The law tables as doors read them: who may deliver a field, and what goes via its provider."""

import pytest

from hub.model.partner import PartnerKind
from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.tables import LawTables


@pytest.fixture(scope="module")
def tables() -> LawTables:
    return LawTables(read_bundle(default_directory()))


@pytest.mark.parametrize("employer", ["politie", "om", "dji"])
def test_a_casusregisseur_delivers_nothing_as_police_or_justice(tables: LawTables, employer: str) -> None:
    """Their data come from themselves with a supply record (R12, R13); what is his own to deliver stays."""
    of_employer = {field for field in tables.groups if tables.may_deliver(field, employer, None)}
    own = {field for field in tables.groups if tables.may_deliver(field, "casusregisseur", None)}
    got = {field for field in tables.groups if tables.may_deliver(field, "casusregisseur", employer)}
    assert of_employer - own
    assert got == own


def test_a_casusregisseur_of_a_college_delivers_as_it_does(tables: LawTables) -> None:
    of_college = {field for field in tables.groups if tables.may_deliver(field, "college", None)}
    own = {field for field in tables.groups if tables.may_deliver(field, "casusregisseur", None)}
    got = {field for field in tables.groups if tables.may_deliver(field, "casusregisseur", "college")}
    assert got == own | of_college
    assert of_college - own


def test_the_betrokkene_gets_five_groups_from_their_provider_and_nobody_else_does(tables: LawTables) -> None:
    """4.5, column betrokkene / vertegenwoordiger: G05 to G09 "vol via provider"."""
    via = tables.through_provider(PartnerKind.BETROKKENE)
    assert via == {field for field, group in tables.groups.items() if group in {"G05", "G06", "G07", "G08", "G09"}}
    assert {kind for kind in PartnerKind if tables.through_provider(kind)} == {PartnerKind.BETROKKENE}
