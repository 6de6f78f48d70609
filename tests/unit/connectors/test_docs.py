"""The documentation is written from the code."""

import re
from pathlib import Path

from connectors import describe, table
from connectors.fhir import mapping
from connectors.reasons import SENTENCES, Reason
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "connectors.md"
GUIDE = DOCS / "guides" / "partner-system.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == describe.render(), "run: python -m connectors.describe docs/connectors.md"


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)


def test_a_field_is_a_list_everywhere_or_nowhere() -> None:
    shapes: dict[str, set[bool]] = {}
    for rule in mapping.RULES:
        shapes.setdefault(rule.field, set()).add(rule.many)
    assert not [field for field, many in shapes.items() if len(many) > 1]


def test_no_rule_feeds_a_consent() -> None:
    assert not {"toestemming", "weigering"} & {rule.field for rule in mapping.RULES}


def test_the_delivery_of_a_corporation_in_the_guide_is_taken_in_whole() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    media = table.media_type_of(shown.encode())
    parsed = table.parse(media, shown.encode(), samples.context(PartnerKind.WONINGCORPORATIE))
    assert [(each.field, sorted(each.levels)) for each in parsed.fields] == [("overlast_meldingen", ["sam", "vol"])]
    assert (parsed.not_taken, parsed.reference) == ((), "H-10213")


def test_every_media_type_that_the_guide_names_is_one_of_the_table() -> None:
    named = set(re.findall(r"application/(?:vnd[.]hub|fhir)[a-z.+-]*", GUIDE.read_text("utf-8")))
    assert named <= {each for one in table.FORMATS for each in one.media_types}
    assert "application/vnd.hub.vera+json" in named
