"""What comes in as an instant."""

import pytest
from pydantic import TypeAdapter, ValidationError

from hub.api.models import Instant
from hub.model.instant import to_text

INSTANT = TypeAdapter(Instant)


@pytest.mark.parametrize("text", ["2027-01-10T12:00:00+01:00", "2027-01-10t11:00:00z", "2027-01-10T11:00:00.000000Z"])
def test_an_instant_is_taken_as_rfc_3339_writes_it(text: str) -> None:
    assert to_text(INSTANT.validate_python(text)) == "2027-01-10T11:00:00.000000Z"


@pytest.mark.parametrize(
    "text",
    [
        "1700000000", "1700000000.5", 1_700_000_000, "2027-01-10", "2027-01-10T11:00Z", "2027-01-10 11:00:00Z",
        "2027-01-10_11:00:00Z", "2027-01-10T11:00:00,5Z", "2027-01-10T11:00:00.1234567Z", "2027-W01-1T11:00:00Z",
        "20270110T110000Z", "2027-01-10T11:00:00−01:00", "2027-02-30T11:00:00Z", "2027-01-10T11:00:00Z\n", "", None,
    ],
)  # fmt: skip
def test_an_instant_that_is_written_otherwise_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        INSTANT.validate_python(text)


def test_an_instant_without_an_offset_is_told_so() -> None:
    with pytest.raises(ValidationError) as fault:
        INSTANT.validate_python("2027-01-10T11:00:00")
    assert [each["type"] for each in fault.value.errors()] == ["timezone_aware"]
