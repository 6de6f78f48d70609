"""Facts that are kept: named by a key, sealed to their casus, and written with the same work whoever asks."""

import pytest

from hub.broker.keeping import keeper, name_of, opened_facts
from hub.crypto.aead import seal
from hub.errors import Sealed
from hub.store import casus as rows

KEY, OTHER = b"1" * 32, b"2" * 32
FACTS = b'{"rows":[]}' * 50


class _Answered:
    """What a query gave."""

    def __init__(self, *, there: bool) -> None:
        self._there = there

    def row(self) -> tuple[str] | None:
        return ("n",) if self._there else None


def test_the_name_is_of_these_facts_and_this_key() -> None:
    assert name_of(KEY, FACTS) == name_of(KEY, bytes(FACTS))
    assert len({name_of(KEY, FACTS), name_of(OTHER, FACTS), name_of(KEY, FACTS + b" ")}) == 3
    assert len(name_of(KEY, FACTS)) == 32


@pytest.mark.parametrize(("there", "always", "written"), [(False, False, 1), (True, False, 0), (True, True, 1)])
def test_facts_are_written_where_they_are_not_or_always(
    monkeypatch: pytest.MonkeyPatch, *, there: bool, always: bool, written: int
) -> None:
    kept: list[bytes] = []
    monkeypatch.setattr(rows, "ask_whether_kept", lambda _, name: _Answered(there=there and name == "n"))
    monkeypatch.setattr(rows, "keep_facts", lambda *given: kept.append(given[-1]))
    keeper(KEY, "c", "n", FACTS, always=always)(None)()  # type: ignore[arg-type]
    assert len(kept) == written
    for sealed in kept:
        assert opened_facts(KEY, "c", "n", sealed) == FACTS
        assert len(sealed) < len(FACTS) / 4
        for key, casus, name in ((OTHER, "c", "n"), (KEY, "d", "n"), (KEY, "c", "m")):
            with pytest.raises(Sealed):
                opened_facts(key, casus, name, sealed)


def test_what_is_sealed_but_not_pressed_does_not_open() -> None:
    with pytest.raises(Sealed):
        opened_facts(KEY, "c", "n", seal(KEY, b"plain", ("facts", "c", "n")))
