"""Which claim is of the person of a casus: by BSN, or by name and date of birth together; less shows nothing."""

from typing import Any

import pytest

from hub.casework.person import must_be_about
from hub.errors import OtherPerson
from hub.model.delivery import PersonClaim

BSN, OTHER_BSN = "999990019", "999990020"
WITHOUT_BSN = {"family_name": "Voorbeeld", "birth_date": "1990-05-17", "given_names": "Robin", "bsn": None}
WITH_BSN = {**WITHOUT_BSN, "bsn": BSN}
WHOLE = PersonClaim(BSN, "Voorbeeld", None, "1990-05-17")


@pytest.mark.parametrize(
    ("person", "claims"),
    [
        (WITH_BSN, [PersonClaim(BSN)]),
        (WITH_BSN, [PersonClaim(BSN, "Voorbeeld")]),
        (WITH_BSN, [PersonClaim(None, "VOORBEELD", None, "1990-05-17")]),
        (WITHOUT_BSN, [PersonClaim(None, "Voorbeeld", "Robin", "1990-05-17")]),
        (WITHOUT_BSN, [WHOLE]),
        (WITHOUT_BSN, [PersonClaim(BSN), WHOLE]),
        (WITHOUT_BSN, [PersonClaim(None, "Voorbeeld", None, "1990-05")]),
        (WITHOUT_BSN, []),
        (None, []),
    ],
)
def test_who_is_shown_to_be_the_person_passes(person: dict[str, Any] | None, claims: list[PersonClaim]) -> None:
    must_be_about(person, claims)


@pytest.mark.parametrize(
    ("person", "claims"),
    [
        (WITH_BSN, [PersonClaim(None, "Voorbeeld")]),
        (WITH_BSN, [PersonClaim(None, None, None, "1990-05-17")]),
        (WITH_BSN, [PersonClaim(None, "Voorbeeld", None, "1990-05-18")]),
        (WITH_BSN, [PersonClaim(None, "Voorbeeld", None, "")]),
        (WITH_BSN, [PersonClaim(OTHER_BSN, "Voorbeeld", None, "1990-05-17")]),
        (WITH_BSN, [WHOLE, PersonClaim(None, "Voorbeeld")]),
        (WITH_BSN, [WHOLE, PersonClaim()]),
        (WITHOUT_BSN, [PersonClaim(BSN)]),
        (WITHOUT_BSN, [PersonClaim(BSN, "Voorbeeld")]),
        (WITHOUT_BSN, [WHOLE, PersonClaim(OTHER_BSN)]),
        (WITHOUT_BSN, [PersonClaim(None, None, "Robin")]),
        (WITHOUT_BSN, [PersonClaim()]),
        (None, [WHOLE]),
    ],
)
def test_who_is_another_or_may_be_another_is_refused(person: dict[str, Any] | None, claims: list[PersonClaim]) -> None:
    with pytest.raises(OtherPerson):
        must_be_about(person, claims)
