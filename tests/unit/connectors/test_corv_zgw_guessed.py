"""What a file without a media type is taken for: CORV, ZGW, and what only looks like them."""

import json

import pytest

from connectors import table
from hub.errors import ShapeError
from tests.unit.connectors import samples
from tests.unit.connectors import samples_corv_zgw as own


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (own.MELDING, own.CORV),
        (own.VCOB, own.CORV),
        ("<c:vcobDi01 xmlns:c='x'/>", own.CORV),
        ("\ufeff <!-- <Patient> --><vcobDi01/>", samples.XML),
        ("<Patient/>", samples.XML),
        ("<", samples.XML),
        (json.dumps(own.ZAAK), own.ZGW),
        (json.dumps(own.PAGE), own.ZGW),
        (json.dumps(own.SUPPLIED), own.CORV_SUPPLY),
        (json.dumps(samples.VERSTREKKING), samples.SUPPLY),
        (json.dumps({"resourceType": "Goal", "zaaktype": 1}), samples.JSON),
        (json.dumps({"bericht": own.MELDING}), samples.OWN),
        (json.dumps({"results": []}), samples.OWN),
        ("[1]", samples.OWN),
        ("{", samples.OWN),
    ],
)
def test_a_file_is_taken_for(document: str, media_type: str) -> None:
    assert table.media_type_of(document.encode()) == media_type


@pytest.mark.parametrize("name", [own.ZGW, own.CORV, own.CORV_SUPPLY])
def test_each_name_is_that_of_one_format(name: str) -> None:
    assert [each.name for each in table.FORMATS if name in each.media_types]


def test_a_wrong_guess_is_refused_with_a_place() -> None:
    with pytest.raises(ShapeError) as fault:
        table.parse("application/xml", b"<!-- <Patient> --><vcobDi01/>", samples.context())
    assert fault.value.place
