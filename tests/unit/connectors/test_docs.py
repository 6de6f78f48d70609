"""The documentation is written from the code."""

from pathlib import Path

from connectors import describe
from connectors.fhir import mapping
from connectors.reasons import SENTENCES, Reason

PAGE = Path(__file__).parents[3] / "docs" / "connectors.md"


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
