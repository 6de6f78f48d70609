"""An emergency as the policy hears of it: a second professional counts by his own word alone."""

from consent import dossier as kinds
from consent.dossier import dossier_of
from consent.facts import emergencies, emergency
from hub.model.registry import Record, Recorder

AT = "2027-01-10T11:00:00.000000Z"
FIRST, SECOND = Recorder("ggz-1", "ggz", "een"), Recorder("ggz-2", "ggz", "twee")
BODY = {
    "emergency": "vitaal_belang", "source": "ggz-1", "source_kind": "ggz", "receivers": ["ggz-1"], "purposes": ["D04"],
    "fields": ["*"], "started_at": AT, "unable_to_consent": True,
}  # fmt: skip


def _second(*records: Record) -> object:
    dossier = dossier_of(records)
    found = emergency(dossier, *emergencies(dossier, "ggz-1", "D04", AT))
    assert found is not None
    return found["second_professional"]


def test_a_name_that_stands_in_the_emergency_itself_is_nobodys_word() -> None:
    named = Record("n", kinds.EMERGENCY, AT, FIRST, {**BODY, "second_professional": "twee"})
    word = Record("w", kinds.SECOND_PROFESSIONAL, AT, SECOND, {"record": "n", "second_professional": "twee"})
    assert _second(named) is None
    assert _second(named, word) == "twee"
