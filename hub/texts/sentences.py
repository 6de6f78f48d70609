"""The sentences that people read, in Dutch (B1) and in English: a file a language (`nl.json`, `en.json`), and no other place.

They belong to the doors, not to the policy: a decision names codes and ids, and here stands what these say. Each file
has the same keys; a test holds it complete. `of_receiver` says what differs where one speaks of the receiver and not to
him: to who sends, or to who has a decision explained.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

DUTCH: Final = "nl"
LANGUAGES: Final = (DUTCH, "en")
PURPOSE: Final = "doel:"
"""Starts a word of what opens a field: purposes, with commas between."""
_FAMILIES: Final = ("wpg", "wjsg", "wv", "wz", "uavg")
_UNKNOWN: Final = "E_NIET_BESCHIKBAAR"

Section = Mapping[str, Any]


class Sentences:
    """The sentences of one language, to the asker or of the receiver."""

    def __init__(self, texts: Mapping[str, Section]) -> None:
        self._texts = texts

    def of_receiver(self) -> "Sentences":
        """The same, speaking of the receiver in place of to the asker."""
        instead = self._texts["of_receiver"]
        return Sentences({name: {**section, **instead.get(name, {})} for name, section in self._texts.items()})

    def text(self, section: str, key: str) -> str:
        """What stands there; `key` itself where nothing does."""
        return str(self._texts[section].get(key, key))

    def sentence(self, code: str) -> str:
        """The sentence of a reason code."""
        codes = self._texts["codes"]
        return str(codes.get(code, codes[_UNKNOWN]))

    def duty(self, type_: str) -> str:
        """What an obligation asks, to who gets the release."""
        return str(self._texts["duties"][type_])

    def task(self, type_: str) -> str:
        """What is asked of who carries an obligation out."""
        return str(self._texts["tasks"][type_])

    def basis(self, kind: str) -> str:
        """A legal basis in words."""
        bases = self._texts["bases"]
        if kind in bases and kind not in _FAMILIES:
            return str(bases[kind])
        family = next((name for name in _FAMILIES if kind.startswith(name)), None)
        return str(bases[family]).format(kind=kind) if family else kind

    def opening(self, way: str, group: str) -> str:
        """What would open a field of `group`: ground words joined by `+`, which must all hold; or other purposes."""
        if way.startswith(PURPOSE):
            return self._ground("doel").format(purposes=self.purposes(way.removeprefix(PURPOSE).split(",")))
        named = self.text("groups", group)
        joined = f" {self.text('words', 'and')} "
        return joined.join(self._ground(word).format(group=named) for word in way.split("+"))

    def purposes(self, ids: list[str]) -> str:
        """Purposes by their name and id."""
        return ", ".join(f"{self.text('purposes', id_)} ({id_})" for id_ in ids)

    def gate(self, name: str) -> Mapping[str, str]:
        """The texts of a gate: its `name`, and what it says when `open`, `shut` or `spared` (missing: nothing)."""
        found: Mapping[str, str] = self._texts["gates"][name]
        return found

    def _ground(self, word: str) -> str:
        grounds = self._texts["grounds"]
        if word in grounds:
            return str(grounds[word])
        family = next((name for name in ("wpg", "wjsg") if word.startswith(name)), "basis")
        return str(grounds[family])


@cache
def sentences(language: str = DUTCH) -> Sentences:
    """The sentences of a language of `LANGUAGES`, to the asker."""
    return Sentences(json.loads((Path(__file__).parent / f"{language}.json").read_text(encoding="utf-8")))


@cache
def of_receiver(language: str = DUTCH) -> Sentences:
    """The sentences that speak of the receiver."""
    return sentences(language).of_receiver()
