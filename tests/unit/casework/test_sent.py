"""What is kept of a push: the answer comes back as it was given, and no value is in it."""

from datetime import UTC, datetime

from hub.casework.sent import Sent, document, of_document
from hub.model.canonical import canonical_json
from hub.model.release import Obligation, OpenedField, Release, Released, Withheld

RELEASE = Release(
    at=datetime(2027, 1, 10, 11, tzinfo=UTC),
    fields=((Released("naam", "gem-1", "sam", "lb-1", None), OpenedField("naam", "gem-1", "sam", "CANARY", "x")),),
    withheld=(Withheld("bsn", (("E_NOOIT", ("f13", "r09")), ("E_BSN", ())), ("toest",)), Withheld("*", ())),
    obligations=(
        Obligation("no_export"),
        Obligation("feedback_due", within="P1Y"),
        Obligation("expires_at", at="2027-02-01T00:00:00.000000Z", fields=("naam",)),
    ),
    concealed=False,
    policy_revision="sha256:0",
)


def test_the_answer_comes_back_without_values() -> None:
    kept = document(Sent("id-1", RELEASE))
    assert b"CANARY" not in canonical_json(kept)
    again = of_document(kept)
    assert document(again) == kept
    assert again.id == "id-1"
    assert (again.release.withheld, again.release.obligations) == (RELEASE.withheld, RELEASE.obligations)
    assert [line for line, _ in again.release.fields] == [line for line, _ in RELEASE.fields]
    assert [item.value for _, item in again.release.fields] == [None]
